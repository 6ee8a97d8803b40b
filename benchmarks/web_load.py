"""Ask the page's server from many clients at once, beside a server that does the same without the page.

Run with `python benchmarks/web_load.py`. Both servers are uvicorn with one process. The peer is the least a FastAPI
user would write: one route that calls a joblib scikit-learn pipeline of the same weights and returns its probabilities.
The clients run in a process of their own, on the other core.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

from cold_start import write_pipeline

CLIENTS = 50
REQUESTS = 1500
EXAMPLES = sorted((Path(__file__).parents[1] / "data" / "examples").glob("*.txt"))
PEER = """
import joblib, sys
from fastapi import FastAPI
from pydantic import BaseModel
app, pipeline = FastAPI(), joblib.load({path!r})
class Question(BaseModel):
    text: str
@app.post("/api/classify")
def classify(question: Question):
    return dict(zip(pipeline.classes_.tolist(), pipeline.predict_proba([question.text])[0].tolist()))
"""


async def ask(address: str, path: str, send: str) -> list[float]:
    """Return how long each request took, in seconds, of CLIENTS clients that ask again as soon as they are answered."""
    took: list[float] = []
    texts = [path.read_text(encoding="utf-8") for path in EXAMPLES]
    left = iter(range(REQUESTS))

    async def client(session: httpx.AsyncClient) -> None:
        for number in left:
            content = {send: {"text": texts[number % len(texts)]}}
            start = time.perf_counter()
            (await session.post(address + path, **content)).raise_for_status()
            took.append(time.perf_counter() - start)

    limits = httpx.Limits(max_connections=CLIENTS)
    async with httpx.AsyncClient(limits=limits, timeout=120) as session:
        await asyncio.gather(*(client(session) for _ in range(CLIENTS)))
    return took


def load(address: str, path: str, send: str) -> tuple[float, float, float]:
    """Return requests a second, and the median and 99th percentile of a request's seconds."""
    start = time.perf_counter()
    took = asyncio.run(ask(address, path, send))
    seconds = time.perf_counter() - start
    return len(took) / seconds, statistics.median(took), statistics.quantiles(took, n=100)[98]


def alone(address: str, path: str, send: str) -> float:
    """Return the median seconds of a request when nobody else asks."""
    text = EXAMPLES[0].read_text(encoding="utf-8")
    took = []
    with httpx.Client(timeout=60) as session:
        for _ in range(60):
            start = time.perf_counter()
            session.post(address + path, **{send: {"text": text}}).raise_for_status()
            took.append(time.perf_counter() - start)
    return statistics.median(took[10:])


def main() -> None:
    """Run the comparison and print it."""
    multiprocessing.set_start_method("spawn")
    with tempfile.TemporaryDirectory() as folder:
        pipeline = Path(folder) / "pipeline.joblib"
        write_pipeline(pipeline)
        (Path(folder) / "peer.py").write_text(PEER.format(path=str(pipeline)), encoding="utf-8")
        python = sys.executable
        servers = [
            subprocess.Popen([python, "-m", "rolelens", "serve", "--port", "8797"], stdout=subprocess.DEVNULL),
            subprocess.Popen(
                [python, "-m", "uvicorn", "peer:app", "--port", "8798", "--log-level", "warning"], cwd=folder
            ),
        ]
        asked = {
            "POST /api/classify": ("http://127.0.0.1:8797", "/api/classify", "json"),
            "POST / (the page)": ("http://127.0.0.1:8797", "/", "data"),
            "peer, POST /api/classify": ("http://127.0.0.1:8798", "/api/classify", "json"),
        }
        try:
            wait_for([address for address, _, _ in asked.values()])
            head = f"{CLIENTS} clients, {REQUESTS} requests"
            print(f"{head:30} {'alone, ms':>9} {'requests/s':>11} {'median, ms':>11} {'p99, ms':>9}")
            for name, where in asked.items():
                single = alone(*where)
                rate, median, worst = load(*where)
                print(f"{name:30} {1000 * single:>9.1f} {rate:>11.0f} {1000 * median:>11.0f} {1000 * worst:>9.0f}")
        finally:
            for server in servers:
                server.terminate()


def wait_for(addresses: list[str]) -> None:
    """Wait until servers answer."""
    for address in addresses:
        for _ in range(200):
            try:
                httpx.get(address, timeout=5)
                break
            except httpx.TransportError:
                time.sleep(0.1)


if __name__ == "__main__":
    main()
