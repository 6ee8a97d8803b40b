"""Postings in JSON: schema.org JobPosting, and what applicant tracking systems and job boards give out."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from rolelens.files.html import plain_text
from rolelens.posting import Posting

# Keys are compared in small letters without punctuation.
_TITLES = ("jobtitle", "positiontitle", "title", "position", "name", "공고명", "공고제목", "직무명", "포지션", "제목")
# What a posting's text is made of, by what its keys hold; the heading opens the section where the text has none.
_PARTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("", re.compile(r"^(?!company)(?!.*(?:meta|short))\w*(?:descri|content|summary|jobtext|상세|본문|내용)|^text$")),
    ("회사소개", re.compile(r"^(?:group)?intro|^company\w*descri|^about|회사소개")),
    ("주요업무", re.compile(r"dut(?:y|ies)|responsib|^(?:main|job|key|your)?tasks?$|업무|직무(?:내용|상세|설명|소개)")),
    ("자격요건", re.compile(r"qualif|requirement|profile$|^skills$|^education$|자격|필수")),
    ("우대사항", re.compile(r"^prefer|nicetohave|우대")),
    ("", re.compile(r"^additional")),
    ("Benefits", re.compile(r"benefit|복지|복리")),
)
WHOLE, WORK = 0, (2, 3, 4)  # which of them is a whole posting, which tell of its work and of who does it
_WRITINGS = re.compile(r"(?:plain|html|body|text)$")  # one part in several writings: descriptionPlain, descriptionHtml
_OTHERS = re.compile(r"^(?:compan|employer|hiringorg|organi[sz]ation|publisher|address|location|department|category)")
_TELLING = ("text", "content", "value", "description", "name")
_HEADINGS = re.compile(
    "(?:key|main|your|job|our)?(?:responsibilit(?:y|ies)|duties|tasks?|requirements?|qualifications?|profile|benefits|"
    "description|companydescription|주요업무|담당업무|자격요건|우대사항|복리후생)"
)
_WORDLESS = re.compile(r"[\W_]+")
_JOB_POSTING = "JobPosting"
_SCRIPT = re.compile(r"<script\b([^>]*)>", re.IGNORECASE)
_SCRIPT_END = re.compile(r"</script", re.IGNORECASE)
_WRAPPED = re.compile(r"^\s*(?:<!--|/?/?\*?\s*<!\[CDATA\[\s*\*?/?)|(?:-->|/?/?\*?\s*\]\]>\s*\*?/?)\s*$")
_TEASER = 200  # characters of a description that may be followed by all of it in the page
MOST_POSTINGS = 1000  # of one file


def in_json(text: str) -> list[Posting]:
    """Return the postings in a JSON document, each once; none if it is no JSON or holds none.

    Line ends inside its texts are let pass, and so is a comma or semicolon behind it.
    """
    try:
        value = json.loads(_WRAPPED.sub("", text).strip().rstrip(";,"), strict=False)
    except (ValueError, RecursionError):
        return []
    return postings_in(value)


def postings_in(value: Any) -> list[Posting]:  # noqa: ANN401
    """Return the postings in a value of JSON, each once."""
    try:
        return list(dict.fromkeys(islice(_found(value, ""), MOST_POSTINGS)))
    except RecursionError:
        return []


def in_page(page: str) -> list[Posting]:
    """Return the postings that a web page describes as JSON-LD, each once."""
    found: list[Posting] = []
    position = 0
    while opened := _SCRIPT.search(page, position):
        closed = _SCRIPT_END.search(page, opened.end())
        if closed is None:
            break
        if "ld+json" in opened[1]:
            found += in_json(page[opened.end() : closed.start()])
        position = closed.end()
    return list(dict.fromkeys(found))


def is_teaser(postings: Sequence[Posting]) -> bool:
    """Return whether a page says so little of its one posting as JSON-LD that its text may say more."""
    return len(postings) == 1 and len(postings[0].text) < _TEASER


def posting_of(value: Mapping[str, Any], title: str = "") -> Posting | None:
    """Return the posting that a JSON object describes, if it is one and says something; `title` is that around it."""
    text = _text(value) if _is_posting(value) else ""
    return Posting(text, _title(value) or title) if text else None


def _found(value: Any, title: str) -> Iterator[Posting]:  # noqa: ANN401
    """Yield the postings in a value, which stands under a title."""
    if isinstance(value, list):
        if sections := _sections(value):
            yield Posting(sections, title)
            return
        for each in value:
            yield from _found(each, title)
    elif isinstance(value, dict):
        under = _title(value) or title
        several = [
            each for key, each in value.items() if key != "lists" and isinstance(each, list) and _are_postings(each)
        ]
        if several:  # what is beside a list of postings tells of the company or of the search
            for each in several:
                yield from _found(each, "")
            return
        posting = posting_of(value, title)
        if posting is None or len(posting.text) < _TEASER:
            deeper = [
                each for key, part in value.items() if not _OTHERS.match(compared(key)) for each in _found(part, under)
            ]
            if posting is None or not deeper:
                yield from deeper or filter(None, [posting])
                return
            posting = Posting("\n\n".join((posting.text, *(each.text for each in deeper))), posting.title)
        yield posting


def _are_postings(values: Sequence[Any]) -> bool:
    objects = [each for each in values if isinstance(each, dict)]
    return bool(objects) and not _sections(values) and all(_is_posting(each) and _text(each) for each in objects)


def _sections(values: Sequence[Any]) -> str:
    """Return the text of objects that are the parts of one posting under headings; empty if they are not."""
    objects = [each for each in values if isinstance(each, dict)]
    titles = [_title(each) for each in objects]
    if not any(_HEADINGS.fullmatch(compared(title)) for title in titles):
        return ""
    parts = [(title, _plain(each).strip()) for title, each in zip(titles, objects, strict=True)]
    return "\n\n".join(f"{title}\n{part}" for title, part in parts if part)


def compared(key: object) -> str:
    """Return a key as it is compared: small letters and digits only."""
    return _WORDLESS.sub("", str(key).casefold())


def _is_posting(value: Mapping[str, Any]) -> bool:
    kind = value.get("@type")
    if kind is not None:
        kinds = kind if isinstance(kind, list) else [kind]
        return any(re.split(r"[/#:]", str(each))[-1] == _JOB_POSTING for each in kinds)
    return "lists" in value or any(part_of(key) is not None for key, each in value.items() if _says(each))


def _says(value: Any) -> bool:  # noqa: ANN401
    return bool(_plain(value).strip())


def part_of(key: str) -> int | None:
    """Return which part of a posting's text a key holds."""
    name = compared(key)
    return next((number for number, (_, keys) in enumerate(_PARTS) if keys.search(name)), None)


def _title(value: Mapping[str, Any]) -> str:
    named = {compared(key): _valued(each) for key, each in value.items()}
    wanted = [named.get("text")] if "lists" in value and "text" in value else [named.get(key) for key in _TITLES]
    return next((" ".join(_plain(each).split()) for each in wanted if isinstance(each, str) and each.strip()), "")


def _text(value: Mapping[str, Any]) -> str:
    """Return the parts of a posting, one of several writings of the same part, each under its heading."""
    parts: list[list[tuple[str, Any]]] = [[] for _ in _PARTS]
    written: set[str] = set()
    for key in sorted(value, key=lambda key: not compared(key).endswith("plain")):  # plain text before HTML
        number, stem = part_of(key), _WRITINGS.sub("", compared(key))
        if number is None or stem in written or not _plain(value[key]).strip():
            continue
        written.add(stem)
        parts[number].append((_PARTS[number][0], value[key]))
    listed = [part for several in parts for part in several]
    lists = value.get("lists")
    if isinstance(lists, list):
        listed += [(str(each.get("text", "")), each.get("content")) for each in lists if isinstance(each, dict)]
    told = [(heading, _plain(part).strip()) for heading, part in listed]
    return "\n\n".join(f"{heading}\n{part}" if heading else part for heading, part in told if part)


def _valued(part: Any) -> Any:  # noqa: ANN401
    """Return what a JSON-LD value object stands for."""
    return part["@value"] if isinstance(part, dict) and "@value" in part else part


def _plain(part: Any) -> str:  # noqa: ANN401
    part = _valued(part)
    if isinstance(part, list):
        return "\n".join(f"- {_plain(each)}" for each in part)
    if isinstance(part, dict):  # a thing stands for its text, description or name
        return _plain(next((part[key] for key in _TELLING if isinstance(part.get(key), str | list)), ""))
    # Some give HTML out with its angle brackets escaped.
    text = part if isinstance(part, str) else ""
    return plain_text(html.unescape(text) if "&lt;" in text else text)
