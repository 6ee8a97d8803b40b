import asyncio
import io
import re
import signal
import subprocess
import sys
import time
import urllib.request

import pytest

pytest.importorskip("fastapi", reason="the page is an extra")

from fastapi import FastAPI
from fastapi.testclient import TestClient

from rolelens.rendering.answer import Answer
from rolelens.rendering.values import as_dict
from rolelens.web.app import create_app
from rolelens.web.guard import COOKIE, Guard
from rolelens.web.models import AnswerOut
from rolelens.web.views import EXAMPLES
from rolelens.web.wording import _WORDING
from support import EXPECTED
from written import KOREAN, POSTING, TITLE, html_of, page

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:starlette")
LOCAL = "http://127.0.0.1"


@pytest.fixture(scope="module")
def client():
    with TestClient(create_app(), base_url=LOCAL) as found:
        yield found


def ended(client, address):
    """Wait for a table; return its page."""
    deadline = time.monotonic() + 120
    while not client.get(f"{address}/progress").json()["ended"]:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return client.get(address)


def test_a_pasted_posting_is_answered(client):
    answer = client.post("/", data={"text": POSTING, "title": TITLE})
    assert answer.status_code == 200
    assert "ML/AI engineer" in answer.text
    assert "<mark" in answer.text
    assert "The title and the work disagree." in answer.text


def test_a_dropped_file_is_answered_whatever_its_kind(client):
    pytest.importorskip("trafilatura", reason="an extra that reads this kind of file")
    content = page(body=f"<main>{html_of(KOREAN)}</main>").encode()
    answer = client.post("/", files={"file": ("saved.html", content)}, headers={"accept-language": "ko"})
    assert "ML/AI 엔지니어" in answer.text
    assert "saved.html" in answer.text


@pytest.mark.parametrize(
    ("accepted", "word"), [("ko-KR,ko;q=0.9", "어떤 직무인가요"), ("de,en;q=0.5", "Which role is it")]
)
def test_the_page_speaks_the_browsers_language(client, accepted, word):
    assert word in client.get("/", headers={"accept-language": accepted}).text


def test_the_language_can_be_switched(client):
    with TestClient(create_app(), base_url=LOCAL) as other:
        other.get("/language/ko")
        assert "어떤 직무인가요" in other.get("/", headers={"accept-language": "en"}).text
    assert client.get("/language/xx").status_code == 404


def test_both_languages_have_all_the_words():
    assert set(_WORDING["en"]) == set(_WORDING["ko"])


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_are_a_click_away_and_have_an_address(client, name):
    found = client.get(f"/examples/{name}", headers={"accept-language": "en"})
    assert found.status_code == 200
    names = {"ml_ai_engineer": "ML/AI engineer", "ai_developer": "AI developer", "researcher": "AI/ML researcher"}
    expected = names.get(EXPECTED[name]["role"], "")
    assert f"<h1>{expected}" in found.text
    assert client.get("/examples/../expected").status_code == 404


def test_the_api_answers_as_the_command_does(client, classifier):
    answer = client.post("/api/classify", json={"text": POSTING, "title": TITLE, "explain": True})
    assert answer.status_code == 200
    prediction = classifier.predict(POSTING, title=TITLE)
    expected = as_dict(Answer(prediction, "", classifier.model, counterfactual=classifier.counterfactual(prediction)))
    assert answer.json() == AnswerOut.model_validate(expected).model_dump()
    assert set(expected) == set(AnswerOut.model_fields)


def test_the_api_scores_several(client, classifier):
    found = client.post("/api/score", json={"postings": [{"text": POSTING}, {"text": ""}]}).json()
    assert [each["role"] for each in found] == ["ml_ai_engineer", None]
    assert "empty" in found[1]["error"]
    assert set(found[0]["probabilities"]) == set(classifier.roles)


def test_the_api_lists_the_roles(client, classifier):
    found = client.get("/api/roles").json()
    assert [each["id"] for each in found] == list(classifier.roles)
    assert all(each["name"]["ko"] for each in found)


@pytest.mark.parametrize(
    ("send", "status"),
    [
        (lambda client: client.get("/api/nothing"), 404),
        (lambda client: client.get("/api/classify"), 405),
        (lambda client: client.post("/api/classify", json={"text": ""}), 422),
        (lambda client: client.post("/api/classify", json={"txt": "x"}), 422),
        (lambda client: client.post("/api/classify", content=b"{", headers={"content-type": "application/json"}), 400),
        (lambda client: client.post("/api/classify", json={"text": "x" * 600_000}), 422),
        (lambda client: client.post("/api/classify", json={"text": "これは日本語の求人です。データ分析"}), 422),
        (lambda client: client.get("/", headers={"host": "evil.example"}), 421),
        (lambda client: client.post("/api/score", json={}, headers={"sec-fetch-site": "cross-site"}), 403),
    ],
)
def test_errors_have_one_shape(client, send, status):
    answer = send(client)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert set(problem) == {"type", "title", "status", "detail"}
    assert problem["status"] == status


def test_a_page_says_what_went_wrong(client):
    empty = client.post("/", data={"text": " "})
    assert empty.status_code == 422
    assert "Paste a posting or choose a file first." in empty.text
    foreign = client.post("/", files={"file": ("a.bin", b"\x89PNG\0\0")})
    assert foreign.status_code == 422
    assert "a binary file of an unknown kind" in foreign.text
    assert client.get("/nothing").status_code == 404


def test_what_is_posted_is_escaped(client):
    text = f"<b>x</b> <script>alert(1)</script> {POSTING} \"'><img src=x onerror=alert(1)>"
    answer = client.post("/", data={"text": text, "title": "<script>alert(2)</script>"}).text
    assert "<script>alert" not in answer
    assert "<img src=x" not in answer


def test_every_answer_carries_its_defences(client):
    for path in ("/", "/page.js", "/style.css", "/api/roles", "/nothing", "/openapi.json"):
        headers = client.get(path).headers
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "unsafe-inline" not in headers["content-security-policy"].partition("script-src")[2].partition(";")[0]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
    assert "<script>" not in client.get("/").text


@pytest.mark.parametrize("path", ["/static/", "/templates/base.html.jinja", "/page.js/x", "//etc/passwd", "/tables/"])
def test_no_file_is_handed_out_that_is_not_meant_to_be(client, path):
    assert client.get(path).status_code in (404, 405)


def test_a_table_is_scored_and_handed_out(client):
    pytest.importorskip("matplotlib", reason="an extra that draws the charts")
    table = "title,description\n" + "\n".join(f'"{TITLE}","{POSTING}"' for _ in range(30))
    answer = client.post("/tables", files={"file": ("../my jobs.csv", table.encode())}, follow_redirects=False)
    assert answer.status_code == 303
    address = answer.headers["location"]
    found = ended(client, address)
    assert "my_jobs.csv" in found.text
    scored = client.get(f"{address}/scored")
    assert scored.content.startswith(b"\xef\xbb\xbftitle,description,role,")
    assert scored.content.count(b"ml_ai_engineer") >= 30
    assert "scored-my_jobs.csv" in scored.headers["content-disposition"]
    assert "<svg" in client.get(f"{address}/report").text


def test_a_table_that_cannot_be_read_says_why(client):
    answer = client.post("/tables", files={"file": ("a.csv", b"notes\nx\n")})
    found = ended(client, answer.url.path)
    assert "no column looks like a posting" in found.text
    assert "/tmp" not in found.text
    assert client.get(f"{answer.url.path}/scored").status_code == 404


def test_tables_are_gone_with_the_server_and_after_a_while(monkeypatch):
    with TestClient(create_app(), base_url=LOCAL) as other:
        address = other.post("/tables", files={"file": ("a.csv", b"description\nx\n")}).url.path
        ended(other, address)
        jobs = other.app.state.jobs
        folder = jobs[address.rpartition("/")[2]].folder
        assert folder.exists()
        monkeypatch.setattr("rolelens.web.jobs.KEPT_SECONDS", -1)
        assert other.get(address).status_code == 404
        assert not folder.exists()
        second = other.post("/tables", files={"file": ("a.csv", b"description\nx\n")}, follow_redirects=False)
        left = jobs._jobs[second.headers["location"].rpartition("/")[2]].folder
    assert not left.exists()


def test_too_much_is_refused_as_it_comes():
    with TestClient(create_app(max_bytes=1000), base_url=LOCAL) as small:
        assert small.post("/", data={"text": "x" * 2000}).status_code == 413

        def pieces():
            for _ in range(100):
                yield b"x" * 100

        assert small.post("/api/classify", content=pieces()).status_code == 413


def test_a_token_is_asked_for_where_one_is_set():
    with TestClient(create_app(token="s3cret"), base_url="http://rolelens.example") as guarded:
        assert guarded.get("/").status_code == 401
        asked = guarded.get("/", headers={"accept": "text/html,*/*"}, follow_redirects=False)
        assert (asked.status_code, asked.headers["location"]) == (303, "/login")
        assert guarded.get("/api/roles", headers={"authorization": "Bearer wrong"}).status_code == 401
        assert guarded.get("/api/roles", headers={"authorization": "Bearer s3cret"}).status_code == 200
        assert guarded.get("/login").status_code == 200
        assert guarded.post("/login", data={"token": "wrong"}).status_code == 403
        assert guarded.post("/login", data={"token": "s3cret"}).status_code == 200
        assert guarded.cookies[COOKIE] == "s3cret"
        assert guarded.get("/").status_code == 200


def test_nothing_of_a_posting_reaches_the_log(client, caplog, capfd):
    secret = "Zanzibarian underwater basket weaving"
    client.post("/", data={"text": f"{POSTING}\n- {secret}"})
    client.post("/api/classify", json={"text": f"{POSTING}\n- {secret}"})
    client.post("/", files={"file": ("a.bin", f"\0{secret}".encode())})
    assert secret not in caplog.text
    assert secret not in "".join(capfd.readouterr())


def test_the_api_page_and_the_schema_need_nothing_from_elsewhere(client):
    for path in ("/api", "/", "/style.css", "/page.js"):
        assert "https://" not in client.get(path).text
    assert client.get("/openapi.json").json()["info"]["title"] == "rolelens"


def test_the_server_prints_its_address_and_asks_for_a_token_elsewhere(monkeypatch):
    from rolelens.web import server

    class Quiet:
        def __init__(self, config):
            assert not config.access_log

        def run(self, sockets):
            for each in sockets:
                each.close()

    monkeypatch.setattr("uvicorn.Server", Quiet)
    said: list[str] = []
    server.run_server("127.0.0.1", 0, None, None, say=said.append)
    assert said[0].startswith("rolelens is at http://127.0.0.1:")
    assert len(said) == 1
    server.run_server("0.0.0.0", 0, None, None, say=said.append)
    assert "visitors are asked for this token: " in said[-1]


def test_ctrl_c_ends_the_server_without_a_fuss():
    command = [sys.executable, "-c", "from rolelens.cli import run; run()", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        try:
            address = re.search(r"http://\S+", server.stdout.readline()).group()
            with urllib.request.urlopen(f"{address}/api/roles", timeout=60) as answer:
                assert answer.status == 200
            server.send_signal(signal.SIGINT)
            assert server.communicate(timeout=60) == ("", None)
        finally:
            server.kill()
    assert server.returncode == 0


def test_uploads_leave_no_memory_of_their_name(client):
    assert client.post("/tables", files={"file": ("", io.BytesIO(b""))}).status_code == 422


def test_what_takes_too_long_is_given_up():
    app = FastAPI()

    @app.get("/")
    async def slow():
        await asyncio.sleep(60)

    app.add_middleware(Guard, max_bytes=1000, token=None, max_seconds=0.05)
    with TestClient(app, base_url=LOCAL) as waiting:
        answer = waiting.get("/")
    assert answer.status_code == 503
    assert "more than 0.05 seconds" in answer.json()["detail"]
