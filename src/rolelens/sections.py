"""A posting is cut into its sections by the headings it uses, English and Korean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from rolelens.records import Span

BODY = "body"  # text before the first heading, or all of a posting that has none
HEADING = "heading"
SECTIONS = ("duties", "requirements", "preferred", "company", "benefits", "process", BODY, HEADING)
BACKGROUND = ("company", "benefits", "process")
MAX_HEADING_CHARS = 60  # a longer line is a sentence; headings inside it need brackets or a colon

_WORD = re.compile(r"[0-9A-Za-z]+|[가-힣]+")
_LINE = re.compile(r"[^\n]+")
_BLANK_LINE = re.compile(r"(?<=\S)[^\S\n]*\n\s*\n(?=[^\n]*\S)")
_BRACKETED = re.compile(r"[\[【<〈(《「]\s*([^\[\]【】<>〈〉()\n]{2,40}?)\s*[\]】>〉)》」]")
_WITH_COLON = re.compile(r"(?:(?<=[.!?)\]a-z가-힣])|(?<=\s)|^)([A-Z가-힣][A-Za-z가-힣'’&/ ]{2,45}?)\s*[:：]")
_CAPITAL = re.compile(r"(?<=[a-z ])[A-Z가-힣]")
_ABOUT_NAME = re.compile(r"\W*about\s+[A-Z]\S*(?:\s+\S+){0,2}\W*", re.IGNORECASE)
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
                        table.setdefault(key, section)
    return table


def _headings_in_line(line: str, table: Mapping[str, str]) -> Iterator[tuple[int, int, str]]:
    if len(line) <= MAX_HEADING_CHARS:
        section = table.get(heading_key(line))
        if section is None and _ABOUT_NAME.fullmatch(line):
            section = "company"
        if section:
            yield 0, len(line), section
            return
    for match in _BRACKETED.finditer(line):
        if section := table.get(heading_key(match.group(1))):
            yield match.start(), match.end(), section
    for match in _WITH_COLON.finditer(line):
        phrase, start = match.group(1), match.start(1)
        # Flattened postings glue the heading to the word before it ("the teamWhat You'll Do:").
        for offset in (0, *(capital.start() for capital in _CAPITAL.finditer(phrase))):
            if section := table.get(heading_key(phrase[offset:])):
                yield start + offset, match.end(), section
                break


def split_sections(text: str, table: Mapping[str, str]) -> list[Span]:
    """Return the sections of a text in order: spans that cover it whole, headings as sections of their own."""
    spans: list[Span] = []
    section, position = BODY, 0
    for line in _LINE.finditer(text):
        for start, end, found in sorted(_headings_in_line(line.group(), table)):
            start, end = line.start() + start, line.start() + end
            if start < position:
                continue
            if start > position:
                spans.append(Span(section, position, start))
            spans.append(Span(HEADING, start, end))
            section, position = found, end
    if position < len(text):
        spans.append(Span(section, position, len(text)))
    if any(span.section == "duties" for span in spans):
        return spans
    return [piece for span in spans for piece in _without_what_follows(text, span)]


def _without_what_follows(text: str, span: Span) -> list[Span]:
    """Return a background section cut at its first blank line: with no heading for the duties, they may follow it."""
    gap = _BLANK_LINE.search(text, span.start, span.end) if span.section in BACKGROUND else None
    if gap is None:
        return [span]
    return [Span(span.section, span.start, gap.end()), Span(BODY, gap.end(), span.end)]
