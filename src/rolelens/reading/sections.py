"""The sections of a posting, and the headings that open them."""

from __future__ import annotations

import re
from collections.abc import Mapping

TITLE = "title"  # the section whose places count characters of the title, not of the text
BODY = "body"  # text before the first heading, or all of a posting that has none
HEADING = "heading"
SECTIONS = ("duties", "requirements", "preferred", "company", "benefits", "process", BODY, HEADING)
ALL_SECTIONS = (TITLE, *SECTIONS)
NUMBERS = {section: number for number, section in enumerate(ALL_SECTIONS)}
BACKGROUND = ("company", "benefits", "process")
NO_OPENING = ("benefits", "process")  # no posting opens with these: they were pasted before it
ANYTHING = "*"  # in a heading of the table: "* benefits" ends so, "about *" begins so
UNANNOUNCED = "…"  # "bachelor …": a line of any kind that begins so opens the section and is part of it
WILD = (ANYTHING, UNANNOUNCED)

_WORD = re.compile(r"[0-9A-Za-z]+|[가-힣]+")
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
    """Return the heading keys that open each section, with blanks between, from patterns by section and language.

    A heading that two sections claim is the first one's.
    """
    found: dict[str, list[str]] = {section: [] for section in patterns}
    taken: set[str] = set()
    for section, languages in patterns.items():
        for heading in (heading for lines in languages.values() for line in lines for heading in expand(line)):
            key = heading_key(heading)
            before, after = (mark if mark in WILD else "" for mark in (heading[0], heading[-1]))
            marked = before + key + after
            if len(key) > 1 and marked not in taken:
                taken.add(marked)
                found[section].append(marked)
    return {section: " ".join(keys) for section, keys in found.items()}
