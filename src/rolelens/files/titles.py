"""The title of a posting in a plain text, where it is not the first line."""

from __future__ import annotations

import re

LINES = 6  # of a pasted page, among which its title stands
LONGEST = 80  # characters of a title
MOST_WORDS = 8

_OCCUPATION = re.compile(
    r"(?:engineer|developer|scientist|researcher|analyst|architect|manager|designer|specialist|consultant|executive|"
    r"엔지니어|개발자|사이언티스트|과학자|연구원|리서처|분석가|기획자|디자이너|매니저|컨설턴트|전문가|담당자|마케터)s?"
    r"(?:\s*[(\[][^()\[\]]{0,30}[)\]])?",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:job )?(?:title|position|role)|(?:채용 ?)?(?:공고명|포지션|직무명|모집 ?(?:부문|분야|직무))", re.IGNORECASE
)
_SENTENCE = re.compile(
    r"\b(?:we|you|our|are|is|as an?|for an?|looking|join|with)\b|[.!?]$|습니다|합니다|세요", re.IGNORECASE
)
_FIRST_HEADING = re.compile(r"\s(?:회사 ?소개|주요 ?업무|담당 ?업무|자격 ?요건|업무 ?내용)")


def title_in(text: str) -> str:
    r"""Return the title of a text: in front matter, behind a label, or among its first lines; empty if none is there.

    >>> title_in("Tidewater Metrics\n\nAI Developer\n\nWhat you will do")
    'AI Developer'
    """
    lines = [line.strip() for line in text[:4000].split("\n")]
    if lines[0] == "---" and "---" in lines[1:]:
        front = (_labelled(line) for line in lines[1 : lines.index("---", 1)])
        return next(filter(None, front), "")
    first = [line for line in lines if line][:LINES]
    if labelled := next(filter(None, map(_labelled, first)), ""):
        return labelled
    if len(first) == 1 and (heading := _FIRST_HEADING.search(text[: 2 * LONGEST])):
        before = text[: heading.start()].strip()
        return before if _is_title(before) else ""
    return next((line for line in first[1:] if _is_title(line)), "") if first and not _is_title(first[0]) else ""


def _labelled(line: str) -> str:
    """Return what stands behind a label such as "Title:", if that is short enough for a title."""
    label, colon, value = line[: 2 * LONGEST].partition(":")
    named = bool(colon) and _LABEL.fullmatch(label.strip(" -*#[]")) is not None
    value = value.strip().strip("\"'")
    return value if named and 0 < len(value) <= LONGEST else ""


def _is_title(line: str) -> bool:
    if len(line) > LONGEST or len(line.split()) > MOST_WORDS or _SENTENCE.search(line):
        return False
    return any(found.end() == len(line) for found in _OCCUPATION.finditer(line))
