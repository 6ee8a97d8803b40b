"""Postings in JSON: schema.org JobPosting, and what applicant tracking systems and job boards give out."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Mapping
from typing import Any

from rolelens.files.html import plain_text
from rolelens.posting import Posting

_TITLES = ("title", "position", "job_title", "jobTitle", "name")
# Key by key, what a posting's text is made of; a heading of its own opens the section where the text has none.
_PARTS: Mapping[str, str] = {
    **dict.fromkeys("description descriptionPlain descriptionHtml descriptionBody jobDescription content".split(), ""),
    "intro": "회사소개",
    "main_tasks": "주요업무",
    "responsibilities": "What you will do",
    "qualifications": "Qualifications",
    "requirements": "자격요건",
    "preferred_points": "우대사항",
    **dict.fromkeys(("experienceRequirements", "educationRequirements", "skills"), "Requirements"),
    **dict.fromkeys(("additional", "additionalPlain"), ""),
    **dict.fromkeys(("benefits", "jobBenefits"), "Benefits"),
}
_SAME = (("descriptionPlain", "description", "descriptionHtml", "descriptionBody"), ("additionalPlain", "additional"))
_JOB_POSTING = "JobPosting"
_SCRIPT = "<script"


def in_json(text: str) -> list[Posting]:
    """Return the postings in a JSON document; none if it is no JSON or holds none."""
    try:
        return list(_found(json.loads(text)))
    except (ValueError, RecursionError):
        return []


def in_page(page: str) -> list[Posting]:
    """Return the postings that a web page describes as JSON-LD."""
    found: list[Posting] = []
    start = page.find(_SCRIPT)
    while start >= 0:
        opened = page.find(">", start)
        closed = page.find("</script", opened)
        if opened < 0 or closed < 0:
            break
        if "ld+json" in page[start:opened]:
            found += in_json(page[opened + 1 : closed])
        start = page.find(_SCRIPT, closed)
    return found


def posting_of(value: Mapping[str, Any]) -> Posting | None:
    """Return the posting that a JSON object describes, if it is one and says something."""
    text = _text(value) if _is_posting(value) else ""
    return Posting(text, _title(value)) if text else None


def _found(value: Any) -> Iterator[Posting]:  # noqa: ANN401
    if isinstance(value, list):
        for each in value:
            yield from _found(each)
    elif isinstance(value, dict):
        if posting := posting_of(value):
            yield posting
            return
        for each in value.values():
            yield from _found(each)


def _is_posting(value: Mapping[str, Any]) -> bool:
    kind = value.get("@type")
    if kind is not None:
        return _JOB_POSTING in (kind if isinstance(kind, list) else [kind])
    return any(isinstance(value.get(key), str | list) for key in _PARTS) or "lists" in value


def _title(value: Mapping[str, Any]) -> str:
    named = [value["text"]] if "lists" in value and "text" in value else [value.get(key) for key in _TITLES]
    return next((" ".join(_plain(each).split()) for each in named if isinstance(each, str) and each.strip()), "")


def _text(value: Mapping[str, Any]) -> str:
    """Return the parts of a posting, one of several writings of the same part, each under its heading."""
    skipped = {key for same in _SAME for key in [each for each in same if value.get(each)][1:]}
    parts = [(_PARTS[key], value.get(key)) for key in _PARTS if key not in skipped]
    lists = value.get("lists")
    if isinstance(lists, list):
        parts += [(str(each.get("text", "")), each.get("content")) for each in lists if isinstance(each, dict)]
    written = [(heading, _plain(part).strip()) for heading, part in parts]
    return "\n\n".join(f"{heading}\n{part}" if heading else part for heading, part in written if part)


def _plain(part: Any) -> str:  # noqa: ANN401
    if isinstance(part, list):
        return "\n".join(f"- {_plain(each)}" for each in part)
    if isinstance(part, dict):  # a schema.org thing stands for its name or description
        return _plain(part.get("description") or part.get("name") or "")
    # Some give HTML out with its angle brackets escaped.
    text = part if isinstance(part, str) else ""
    return plain_text(html.unescape(text) if "&lt;" in text else text)
