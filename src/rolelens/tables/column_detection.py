"""Which columns of a table hold a posting's text, title and number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rolelens.errors import TableError
from rolelens.files.html import plain_text
from rolelens.files.jsonld import WHOLE, WORK, part_of
from rolelens.posting import Posting

# Names as they are compared: small letters and digits only. The first that a table has is taken.
WHOLE_TEXTS = (
    "description jobdescription text jobtext fulltext body jd jdtext content posting jobposting "
    "공고내용 상세내용 직무내용 직무상세 상세요강 채용상세 공고본문 본문 내용 직무소개 상세정보"
).split()
SECTION_TEXTS = (
    "responsibilities duties maintasks tasks 주요업무 담당업무 업무내용 "
    "requirements qualifications minimumqualifications 자격요건 지원자격 필수사항 "
    "preferred preferredqualifications preferredpoints nicetohave 우대사항 우대조건 skills 기술스택"
).split()
TITLES = "title jobtitle positiontitle position 공고명 공고제목 채용공고명 제목 직무명 포지션 포지션명 직무".split()
DATES = "date dateposted posteddate postedat posted publishedat createdat 등록일 게시일 공고일 작성일".split()
MONTH = re.compile(r"(\d{4})\s*[-./년]\s*(\d{1,2})")
MOST_TITLE_ROWS = 3  # above the header
_WORDLESS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Fields:
    """The places of the columns that are read. Several texts, and section texts, are joined under their names."""

    columns: tuple[str, ...]
    texts: tuple[int, ...]
    title: int | None
    id: int | None

    @property
    def used(self) -> tuple[int, ...]:
        """The places of all the columns that a posting is made of."""
        return tuple(sorted({*self.texts, *([] if self.title is None else [self.title])}))

    def posting(self, cells: Sequence[Any], source: str) -> Posting:
        """Return the posting of a row."""
        found = [(self.columns[place], _text(cells[place])) for place in self.texts]
        if len(found) == 1:
            text = found[0][1]
        else:
            text = "\n\n".join(f"{name}\n{value}" for name, value in found if value.strip())
        return Posting(text, _text(cells[self.title]).strip() if self.title is not None else "", source)

    def name(self, cells: Sequence[Any], number: int) -> str:
        """Return how to call a row in a message: by its number, and its id where there is one."""
        return f"row {number}" if self.id is None else f"row {number} ({self.columns[self.id]} {cells[self.id]})"

    def __str__(self) -> str:
        """Return what is read from where."""
        texts = ", ".join(self.columns[place] for place in self.texts)
        title = "no title column" if self.title is None else f"title from {self.columns[self.title]}"
        return f"text from {texts}; {title}"


def choose_fields(
    columns: Sequence[str], texts: Sequence[str] = (), title: str | None = None, id_: str | None = None
) -> Fields:
    """Return the columns named, or where none are, those with usual names.

    Raises:
        TableError: a column named is not there, or none has a usual name.
    """
    keys = [column_key(column) for column in columns]
    if texts:
        places = [_place(columns, name) for name in texts]
    else:
        parts = [part_of(column) for column in columns]
        whole = [keys.index(name) for name in WHOLE_TEXTS if name in keys] + [
            place for place, part in enumerate(parts) if part == WHOLE and keys[place] not in TITLES
        ]
        sections = [
            place
            for place, key in enumerate(keys)
            if (key in SECTION_TEXTS or parts[place] in WORK) and key not in TITLES and place not in whole[:1]
        ]
        places = whole[:1] + sections
        if not places:
            raise TableError(
                f"no column looks like a posting's text among {', '.join(columns)}; name it with --text-column"
            )
    titles = [keys.index(name) for name in TITLES if name in keys]
    return Fields(
        columns=tuple(columns),
        texts=tuple(places),
        title=_place(columns, title) if title else next((each for each in titles if each not in places), None),
        id=_place(columns, id_) if id_ else None,
    )


def is_title_row(cells: Sequence[Any]) -> bool:
    """Return whether a row above the header is the title of a table: of several cells one is filled."""
    return len(cells) > 1 and sum(bool(str(cell or "").strip()) for cell in cells) <= 1


def column_key(column: str) -> str:
    """Return a column's name as it is compared: small letters and digits only.

    >>> column_key("Job_Title")
    'jobtitle'
    """
    return _WORDLESS.sub("", column.casefold())


def _place(columns: Sequence[str], name: str) -> int:
    if name not in columns:
        raise TableError(f"there is no column {name!r}; the table has {', '.join(columns)}")
    return list(columns).index(name)


def _text(cell: Any) -> str:  # noqa: ANN401
    """Return a cell as text: nothing for a missing value, lines for a list, HTML without its tags."""
    if cell is None or cell != cell:
        return ""
    if isinstance(cell, list):
        return "\n".join(f"- {_text(each)}" for each in cell)
    return plain_text(str(cell))
