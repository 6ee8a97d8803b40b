"""What every request passes: limits on size and time, where it may come from, a token, headers on the way out."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from http.cookies import SimpleCookie
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MAX_SECONDS = 60  # of one request; reading a document may take twenty of them
COOKIE = "rolelens_token"
LOCAL_NAMES = ("127.0.0.1", "localhost", "[::1]")
_OPEN = ("/login", "/style.css", "/page.js")  # what is needed to give the token
_HEADERS = [
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        b"connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
]


class Guard:
    """Wraps the application. Without a token only the names of this machine are answered to."""

    def __init__(self, app: App, *, max_bytes: int, token: str | None, max_seconds: float = MAX_SECONDS) -> None:
        self._app, self._max_bytes, self._token, self._max_seconds = app, max_bytes, token, max_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        answered, received = False, 0

        async def sending(message: MutableMapping[str, Any]) -> None:
            if received > self._max_bytes:  # whatever the application makes of a body cut short
                await refuse(*self._too_large())
            else:
                await answering(message)

        async def answering(message: MutableMapping[str, Any]) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                answered = True
                message["headers"] = [*message["headers"], *_HEADERS]
            await send(message)

        async def refuse(status: HTTPStatus, detail: str) -> None:
            if not answered:
                await _problem(answering, status, detail)

        async def receiving() -> MutableMapping[str, Any]:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._max_bytes:
                raise _TooLargeError
            return message

        if refusal := self._refusal(scope, headers):
            if refusal[0] == HTTPStatus.UNAUTHORIZED and "text/html" in headers.get("accept", ""):
                await _to_login(answering)  # a person, not a program
            else:
                await refuse(*refusal)
            return
        try:
            async with asyncio.timeout(self._max_seconds):
                await self._app(scope, receiving, sending)
        except _TooLargeError:
            await refuse(*self._too_large())
        except TimeoutError:
            await refuse(HTTPStatus.SERVICE_UNAVAILABLE, f"it takes more than {self._max_seconds:g} seconds; send less")

    def _refusal(self, scope: Scope, headers: dict[str, str]) -> tuple[HTTPStatus, str] | None:
        if self._token is None and _name_of(headers.get("host", "")) not in LOCAL_NAMES:
            return HTTPStatus.MISDIRECTED_REQUEST, "this server only answers to 127.0.0.1 and localhost"
        if scope["method"] not in ("GET", "HEAD") and headers.get("sec-fetch-site", "none") not in (
            "none",
            "same-origin",
        ):
            return HTTPStatus.FORBIDDEN, "another site sent this request; open the page itself"
        if self._token is not None and scope["path"] not in _OPEN and not self._admits(headers):
            return HTTPStatus.UNAUTHORIZED, "this server asks for its token: open /login, or send it as a Bearer token"
        length = headers.get("content-length", "0")
        if length.isdigit() and int(length) > self._max_bytes:
            return self._too_large()
        return None

    def _admits(self, headers: dict[str, str]) -> bool:
        cookies = SimpleCookie(headers.get("cookie", ""))
        shown = headers.get("authorization", "").removeprefix("Bearer ")
        given = cookies[COOKIE].value if COOKIE in cookies else shown
        return secrets.compare_digest(given.encode(), (self._token or "").encode())

    def _too_large(self) -> tuple[HTTPStatus, str]:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"more than {self._max_bytes:,} bytes; send less"


class _TooLargeError(Exception):
    """More came in than is read."""


def _name_of(host: str) -> str:
    return host[: host.rfind("]") + 1] if host.startswith("[") else host.partition(":")[0]


async def _to_login(send: Send) -> None:
    headers = [(b"location", b"/login"), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": int(HTTPStatus.SEE_OTHER), "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _problem(send: Send, status: HTTPStatus, detail: str) -> None:
    body = json.dumps({"type": "about:blank", "title": status.phrase, "status": status, "detail": detail}).encode()
    headers = [(b"content-type", b"application/problem+json"), (b"content-length", str(len(body)).encode())]
    if status == HTTPStatus.UNAUTHORIZED:
        headers.append((b"www-authenticate", b"Bearer"))
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": body})
