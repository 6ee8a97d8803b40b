"""Postings that announce several jobs at once: 모집부문 1, 2, 3, or "1. Data Engineer" and "2. Analyst"."""

from __future__ import annotations

import re

LONGEST_LINE = 200  # a job is announced on a line of its own; in a longer one the patterns would look for long
_WANTED_STEM = "모집"
_WANTED = r"모집\s?(?:부문|분야|직무|포지션)"
_JOB = (
    r"(?:엔지니어|개발자|연구원|리서처|사이언티스트|과학자|분석가|기획자|디자이너|매니저|마케터|담당자|전문가|컨설턴트|"
    r"engineer|developer|scientist|researcher|analyst|designer|manager|architect|executive|specialist|consultant)"
)
_NUMBER = r"(?:\d{1,2}|[①-⑳]|[가나다라마바사아]|[A-H])"
# "1. AI 엔지니어", "모집부문 2: 데이터 분석가 (0명)", "[모집분야 ③] …": a line of its own, a job's name its last words.
_ENTRY = re.compile(
    rf"^[^\w\n①-⑳]{{0,4}}(?:{_WANTED}\s*{_NUMBER}|{_NUMBER}(?=\s*[.):\]]|(?<=[①-⑳])))\s*[.):：\]-]*\s*"
    rf"([^\n.:：]{{0,40}}?{_JOB})\s*(?:\([^()\n]{{0,20}}\)|[0-9O○◯]{{0,3}}\s?명)?\s*$",
    re.MULTILINE | re.IGNORECASE,
)
_NUMBERED = re.compile(rf"[^\w①-⑳]{{0,4}}(?:모집|{_NUMBER}\s{{0,3}}[.):\]]|[①-⑳])")
# "모집부문: 백엔드 개발자, 데이터 분석가"
_LIST = re.compile(rf"{_WANTED}\s*[:：\]\n]\s*([^\n]{{0,80}}?[,/·][^\n]{{0,80}})$", re.MULTILINE)
_NAMED = re.compile(rf"{_JOB}(?=\W*$)", re.IGNORECASE)


def roles_announced(text: str) -> tuple[str, ...]:
    r"""Return the names of the jobs that a posting announces side by side, none if it is about one.

    >>> roles_announced("모집부문 1. AI 엔지니어\n모델을 학습합니다\n모집부문 2. 데이터 분석가\n지표를 봅니다")
    ('AI 엔지니어', '데이터 분석가')
    """
    lines = [line for line in text.splitlines() if len(line) <= LONGEST_LINE]
    listed: list[str] = []
    if _WANTED_STEM in text:
        for match in _LIST.finditer("\n".join(lines)):
            listed += (part.strip(" ㆍ·-•") for part in re.split(r"[,/·]", match.group(1)))
    numbered = [match.group(1) for match in map(_ENTRY.match, filter(_NUMBERED.match, lines)) if match]
    names = dict.fromkeys(" ".join(name.split()) for name in (*numbered, *filter(_NAMED.search, listed)))
    return tuple(names) if len(names) > 1 else ()
