"""The application: pages and the JSON API behind one guard."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from rolelens.classifier import RoleClassifier
from rolelens.errors import RolelensError
from rolelens.support.templates import page_environment
from rolelens.web import api, views
from rolelens.web.guard import Guard
from rolelens.web.jobs import BusyError, Jobs

MAX_UPLOAD = 200_000_000  # bytes of a table


def create_app(model: Path | None = None, *, token: str | None = None, max_bytes: int = MAX_UPLOAD) -> FastAPI:
    """Return the application: pages, and the JSON API under /api.

    With a `token`, every request must show it; without, only 127.0.0.1 and localhost are answered to.

    Raises:
        ModelError: the model is missing, damaged or of a newer format.
    """
    jobs, classifier = Jobs(model), RoleClassifier.load(model)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        with jobs.running():
            yield

    app = FastAPI(title="rolelens", version=version("rolelens"), docs_url=None, redoc_url=None, lifespan=lifespan)
    app.state.classifier, app.state.jobs, app.state.token = classifier, jobs, token
    app.state.templates = page_environment(Path(__file__).parent)
    app.include_router(api.router)
    app.include_router(views.router)
    _add_errors(app)
    app.add_middleware(GZipMiddleware, minimum_size=2000)
    app.add_middleware(Guard, max_bytes=max_bytes, token=token)
    return app


def _add_errors(app: FastAPI) -> None:
    @app.exception_handler(RolelensError)
    async def refused(request: Request, error: RolelensError) -> Response:
        busy = isinstance(error, BusyError)
        status = HTTPStatus.SERVICE_UNAVAILABLE if busy else HTTPStatus.UNPROCESSABLE_ENTITY
        return _failure(request, status, str(error).removeprefix(": "))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        found = error.errors()
        status = HTTPStatus.BAD_REQUEST if any(each["type"] == "json_invalid" for each in found) else 422
        details = (f"{'.'.join(str(part) for part in each['loc'])}: {each['msg']}" for each in found)
        return _failure(request, status, "; ".join(details))

    @app.exception_handler(HTTPException)
    async def unanswered(request: Request, error: HTTPException) -> Response:
        return _failure(request, error.status_code, str(error.detail), error.headers)

    @app.exception_handler(Exception)
    async def broken(request: Request, _: Exception) -> Response:
        return _failure(request, HTTPStatus.INTERNAL_SERVER_ERROR, "something broke; the server's log says what")


def _failure(request: Request, status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return an error as a page to people and as a problem to programs."""
    if request.url.path.startswith("/api/") or request.url.path.endswith("/progress"):
        title = HTTPStatus(status).phrase
        content = {"type": "about:blank", "title": title, "status": int(status), "detail": detail}
        return JSONResponse(content, status, headers, media_type="application/problem+json")
    problem = "gone" if status == HTTPStatus.NOT_FOUND else "wrong"
    return views.page(request, "home.html.jinja", status, problem=problem, detail="" if problem == "gone" else detail)
