"""Run the page's server."""

from __future__ import annotations

import contextlib
import ipaddress
import secrets
import socket
from collections.abc import Callable
from pathlib import Path

from rolelens.errors import RolelensError


def run_server(host: str, port: int, token: str | None, model: Path | None, *, say: Callable[[str], None]) -> None:
    """Serve until interrupted; `say` is told the address, and the token where one is asked for.

    Raises:
        RolelensError: the extra is not installed, or the address is taken.
        ModelError: the model is missing, damaged or of a newer format.
    """
    try:
        import uvicorn

        from rolelens.web.app import create_app
    except ImportError as error:
        raise RolelensError('the page needs more than the plain installation; pip install "rolelens[web]"') from error
    if token is None and not is_loopback(host):
        token = secrets.token_urlsafe(12)
    app = create_app(model, token=token)
    # Without its protocol asyncio would not know it for TCP, and answers would wait 40 ms to be sent in one piece.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen()  # who comes as soon as the address is said waits
    except OSError as error:
        raise RolelensError(f"{host}:{port}: {error.strerror}; choose another with --port") from error
    say(f"rolelens is at http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}  (Ctrl-C ends it)")
    if token is not None:
        say(f"visitors are asked for this token: {token}")
    # No access log: addresses hold no posting, but who looks at what is nobody's business.
    config = uvicorn.Config(
        app, access_log=False, log_level="warning", server_header=False, timeout_keep_alive=10, limit_concurrency=200
    )
    with contextlib.suppress(KeyboardInterrupt):  # the end that was announced
        uvicorn.Server(config).run(sockets=[listening])


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine alone.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
