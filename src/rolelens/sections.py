"""A posting is cut into its sections by the headings it uses, English and Korean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import chain

from rolelens.records import Span

BODY = "body"  # text before the first heading, or all of a posting that has none
HEADING = "heading"
SECTIONS = ("duties", "requirements", "preferred", "company", "benefits", "process", BODY, HEADING)
BACKGROUND = ("company", "benefits", "process")
NO_OPENING = ("benefits", "process")  # no posting opens with these: they were pasted before it
LEFT_UNANNOUNCED = ("duties", BODY)  # the sections that a line may end without a heading
ANYTHING = "*"  # in a heading of the table: "* benefits" ends so, "about *" begins so
UNANNOUNCED = "…"  # "bachelor …": a line of any kind that begins so opens the section and is part of it
WILD = (ANYTHING, UNANNOUNCED)
MAX_HEADING_CHARS = 60  # a longer line is a sentence; headings inside it need brackets or a colon
MIN_GLUED_CHARS = 8  # of a heading glued to what follows it ("ResponsibilitiesBuild"), or TeamViewer would have one

_WORD = re.compile(r"[0-9A-Za-z]+|[가-힣]+")
_LINE = re.compile(r"[^\n]+")
_BLANK_LINE = re.compile(r"(?<=\S)[^\S\n]*\n\s*\n(?=[^\n]*\S)")
_BRACKETED = re.compile(r"[\[【<＜〈《「]\s*([^\[\]【】<>＜＞〈〉()\n]{2,40}?)\s*[\]】>＞〉》」]")
_MARKED = re.compile(
    r"(?:(?<=[.!?)\]a-z가-힣])|(?<=\s)|^)([A-Z가-힣][A-Za-z가-힣'’&/ ]{2,45}?)(?:\s*[:：•]|(?<=[a-z])(?=[A-Z][a-z]* ))"
)
_CAPITAL = re.compile(r"(?<=[a-z ])[A-Z가-힣]")
_BULLET = re.compile(r"\s*(?:[-•·ㆍ]|\*(?!\*))\s*")
_GROUP = re.compile(r"\{([^{}]*)\}")


def heading_key(text: str) -> str:
    """Return a heading as it is looked up: letters and digits only, in lower case.

    >>> heading_key("## What you'll do:")
    'whatyoulldo'
    """
    return "".join(match.group().lower() for match in _WORD.finditer(text))


def expand(pattern: str) -> list[str]:
    """Return every heading that a pattern of {a|b} groups stands for.

    >>> expand("{our|the} team")
    ['our team', 'the team']
    """
    group = _GROUP.search(pattern)
    if group is None:
        return [pattern]
    before, after = pattern[: group.start()], pattern[group.end() :]
    return [heading for choice in group.group(1).split("|") for heading in expand(before + choice + after)]


def heading_table(patterns: Mapping[str, Mapping[str, list[str]]]) -> dict[str, str]:
    """Return the section each heading key opens, from patterns by section and language; the first mention wins."""
    table: dict[str, str] = {}
    for section, languages in patterns.items():
        for lines in languages.values():
            for line in lines:
                for heading in expand(line):
                    key = heading_key(heading)
                    if len(key) > 1:
                        before, after = (mark if mark in WILD else "" for mark in (heading[0], heading[-1]))
                        table.setdefault(before + key + after, section)
    return table


def _headings_in_line(line: str, table: Mapping[str, str]) -> Iterator[tuple[int, int, str]]:
    short = len(line) <= MAX_HEADING_CHARS
    if short and (section := table.get(heading_key(line))):
        yield 0, len(line), section
        return
    found = False
    for start, end, section in _marked_headings(line, table):
        found = True
        yield start, end, section
    if short and not found and not _BULLET.match(line) and (section := _section_like(line, table)):
        yield 0, len(line), section


def _marked_headings(line: str, table: Mapping[str, str]) -> Iterator[tuple[int, int, str]]:
    """Yield the headings inside a line that brackets mark, or what comes after them: a colon, a bullet, a capital."""
    for match in _BRACKETED.finditer(line):
        phrase = match.group(1)
        if section := table.get(heading_key(phrase)) or _section_like(phrase, table):
            yield match.start(), match.end(), section
    bullet = _BULLET.match(line)
    for match in _MARKED.finditer(line):
        phrase, start = match.group(1), match.start(1)
        shortest = 0 if match.end() > match.end(1) else MIN_GLUED_CHARS
        # Flattened postings glue the heading to the word before it ("the teamWhat You'll Do:"), where no bullet begins.
        glued = () if bullet and bullet.end() == start else _CAPITAL.finditer(phrase)
        for offset in (0, *(capital.start() for capital in glued)):
            key = heading_key(phrase[offset:])
            if len(key) >= shortest and (section := table.get(key)):
                yield start + offset, match.end(), section
                break


def _section_like(phrase: str, table: Mapping[str, str]) -> str | None:
    """Return the section opened by what looks like a heading and begins or ends as one."""
    letters = "".join(_WORD.findall(phrase))
    if not letters or letters[0].islower() or phrase.rstrip()[-1] in ".,;":
        return None
    key = letters.lower()
    begun = (table.get(key[:stop] + ANYTHING) for stop in range(len(key), 1, -1))
    ended = (table.get(ANYTHING + key[start:]) for start in range(1, len(key) - 1) if not letters[start].islower())
    return next(filter(None, chain(begun, ended)), None)


def _unannounced(line: str, table: Mapping[str, str]) -> str | None:
    """Return the section that a line opens without being a heading, by how it begins."""
    key = heading_key(line[:MAX_HEADING_CHARS]).lstrip("0123456789")  # "5+ years of …"
    return next(filter(None, (table.get(key[:stop] + UNANNOUNCED) for stop in range(len(key), 1, -1))), None)


def split_sections(text: str, table: Mapping[str, str]) -> list[Span]:
    """Return the sections of a text in order: spans that cover it whole, headings as sections of their own."""
    spans: list[Span] = []
    section, position = BODY, 0
    for line in _LINE.finditer(text):
        headings = sorted(_headings_in_line(line.group(), table))
        if section in LEFT_UNANNOUNCED and not headings and (opened := _unannounced(line.group(), table)):
            if line.start() > position:
                spans.append(Span(section, position, line.start()))
            section, position = opened, line.start()
        for start, end, found in headings:
            start, end = line.start() + start, line.start() + end
            if start < position:
                continue
            if start > position:
                spans.append(Span(section, position, start))
            spans.append(Span(HEADING, start, end))
            section, position = found, end
    if position < len(text):
        spans.append(Span(section, position, len(text)))
    if not any(span.section == "duties" for span in spans):  # they may follow any background
        return [piece for span in spans for piece in _without_what_follows(text, span)]
    if len(spans) > 1 and spans[1].section in NO_OPENING:
        return [spans[0], *_without_what_follows(text, spans[1]), *spans[2:]]
    return spans


def _without_what_follows(text: str, span: Span) -> list[Span]:
    """Return a background section cut at its first blank line, and the rest as body."""
    gap = _BLANK_LINE.search(text, span.start, span.end) if span.section in BACKGROUND else None
    if gap is None:
        return [span]
    return [Span(span.section, span.start, gap.end()), Span(BODY, gap.end(), span.end)]
