"""The pages: what each address answers with."""

from __future__ import annotations

import secrets
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from markupsafe import Markup
from starlette.exceptions import HTTPException

from rolelens.classifier import MAX_CHARACTERS, RoleClassifier
from rolelens.errors import PostingError
from rolelens.files.reader import decode_postings, read_postings
from rolelens.posting import Posting
from rolelens.rendering.answer import Answer
from rolelens.rendering.page import as_article, style_sheet
from rolelens.support.packaged import data_path
from rolelens.web.guard import COOKIE
from rolelens.web.jobs import TableJob
from rolelens.web.wording import LANGUAGES, preferred_language, wording

MAX_POSTING = 20_000_000  # bytes of a posting's file
EXAMPLES = (
    *("en-lying-title", "en-llm-features", "en-researcher", "en-flattering-title"),
    *("ko-lying-title", "ko-llm-service", "ko-prompt-engineer", "ko-ai-company-marketing"),
)
_STATIC = Path(__file__).parent / "static"
router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)


@router.get("/")
def home(request: Request) -> Response:
    """Show the form."""
    return page(request, "home.html.jinja")


@router.post("/")
def answer(
    request: Request,
    text: Annotated[str, Form()] = "",
    title: Annotated[str, Form()] = "",
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Answer a pasted posting or a file."""
    content = file.file.read(MAX_POSTING + 1) if file is not None and file.filename else b""
    if content:
        name = Path(file.filename or "").name if file is not None else ""
        postings = decode_postings(content, name, title.strip(), max_bytes=MAX_POSTING)
    elif text.strip():
        postings = decode_postings(text.encode(), "", title.strip())
    else:
        return page(request, "home.html.jinja", HTTPStatus.UNPROCESSABLE_ENTITY, problem="nothing")
    return page(request, "home.html.jinja", answers=_answers(request, postings), text=text, title=title)


@router.get("/examples/{name}")
def example(request: Request, name: str) -> Response:
    """Answer one of the example postings."""
    if name not in EXAMPLES:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    (posting,) = read_postings(data_path("examples") / f"{name}.txt")
    answers = _answers(request, [Posting(posting.text)])
    return page(request, "home.html.jinja", answers=answers, text=posting.text)


@router.post("/tables")
def table(request: Request, file: Annotated[UploadFile, File()]) -> Response:
    """Begin to score a table."""
    id_ = request.app.state.jobs.start(file.filename or "table.csv", file.file)
    return RedirectResponse(f"/tables/{id_}", HTTPStatus.SEE_OTHER)


@router.get("/tables/{id_}")
def table_page(request: Request, id_: str) -> Response:
    """Show how far a table is, or what came of it."""
    return page(request, "table.html.jinja", job=_job(request, id_), id=id_)


@router.get("/tables/{id_}/progress")
def table_progress(request: Request, id_: str) -> Response:
    """Say how far a table is, for the page to follow."""
    job = _job(request, id_)
    return JSONResponse({"share": job.share, "rows": job.rows, "ended": job.ended is not None})


@router.get("/tables/{id_}/scored")
def table_scored(request: Request, id_: str) -> Response:
    """Hand out a scored table."""
    job = _job(request, id_)
    if job.summary is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return FileResponse(job.scored, filename=job.scored.name, media_type="application/octet-stream")


@router.get("/tables/{id_}/report")
def table_report(request: Request, id_: str) -> Response:
    """Show the charts of a scored table."""
    job = _job(request, id_)
    if job.ended is None or not job.report.exists():
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return FileResponse(job.report, media_type="text/html")


@router.get("/api")
def api_page(request: Request) -> Response:
    """Describe the JSON API."""
    return page(request, "api.html.jinja", schema=request.app.openapi())


@router.get("/login")
def login(request: Request) -> Response:
    """Ask for the token."""
    return page(request, "login.html.jinja", wrong=False)


@router.post("/login")
def enter(request: Request, token: Annotated[str, Form()] = "") -> Response:
    """Take the token."""
    expected = request.app.state.token or ""
    if not secrets.compare_digest(token.encode(), expected.encode()):
        return page(request, "login.html.jinja", HTTPStatus.FORBIDDEN, wrong=True)
    response = RedirectResponse("/", HTTPStatus.SEE_OTHER)
    response.set_cookie(COOKIE, token, httponly=True, samesite="strict")
    return response


@router.get("/language/{code}")
def language(code: str) -> Response:
    """Switch the language of the page."""
    if code not in LANGUAGES:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    response = RedirectResponse("/", HTTPStatus.SEE_OTHER)
    response.set_cookie("language", code, samesite="strict", httponly=True, max_age=31_536_000)
    return response


@router.get("/style.css")
def style() -> Response:
    """Hand out the style sheet."""
    own = (_STATIC / "page.css").read_text(encoding="utf-8")
    return Response(style_sheet() + own, media_type="text/css")


@router.get("/page.js")
def script() -> Response:
    """Hand out the script."""
    return FileResponse(_STATIC / "page.js", media_type="text/javascript")


@cache
def _examples() -> list[tuple[str, str]]:
    """Return the example postings and their titles."""
    paths = [(name, data_path("examples") / f"{name}.txt") for name in EXAMPLES]
    return [(name, path.read_text(encoding="utf-8").partition("\n")[0].strip("# ")) for name, path in paths]


def _answers(request: Request, postings: list[Posting]) -> list[Markup]:
    """Return the answer to each posting as HTML."""
    classifier: RoleClassifier = request.app.state.classifier
    found = []
    for posting in postings:
        if len(posting.text) > MAX_CHARACTERS:
            raise PostingError(f"more than {MAX_CHARACTERS:,} characters; that is no posting")
        prediction = classifier.predict(posting)
        counterfactual = classifier.counterfactual(prediction)
        answer = Answer(
            prediction, posting.source, classifier.model, counterfactual=counterfactual, reader=_language(request)
        )
        found.append(Markup(as_article(answer)))  # noqa: S704 - its template escapes
    return found


def _job(request: Request, id_: str) -> TableJob:
    try:
        found: TableJob = request.app.state.jobs[id_]
        return found
    except KeyError as error:
        raise HTTPException(HTTPStatus.NOT_FOUND) from error


def _language(request: Request) -> str:
    chosen = request.cookies.get("language", "")
    return chosen if chosen in LANGUAGES else preferred_language(request.headers.get("accept-language", ""))


def page(request: Request, template: str, status: int = HTTPStatus.OK, **values: Any) -> HTMLResponse:  # noqa: ANN401
    """Return a page of ours in the visitor's language."""
    language = _language(request)
    given = {"answers": [], "text": "", "title": "", "problem": "", "detail": "", **values}
    other = next(each for each in LANGUAGES if each != language)
    page = request.app.state.templates.get_template(f"templates/{template}")
    content = page.render(words=wording(language), language=language, other=other, examples=_examples(), **given)
    return HTMLResponse(content, status, headers={"Vary": "Accept-Language, Cookie"})
