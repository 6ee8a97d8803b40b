"""Where the tests find the project's own postings and the labelled ones."""

import json
import tomllib
from collections.abc import Sequence
from pathlib import Path

from rolelens import Posting
from rolelens.reading.layout import laid_out
from rolelens.reading.lexicon import keyword_table, reader_of
from rolelens.reading.reader import Reader
from rolelens.training.counting import every_phrase
from rolelens.training.pipeline import read_headings

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "data" / "examples"
POSTINGS = ROOT.parent / "shared" / "postings"
ROLE = """
id = "{id}"
name = {{ en = "{name}", ko = "{name}" }}
aliases = {{ en = ["{id}"], ko = ["{id}"] }}
definition = {{ en = "Works as a {id}.", ko = "{id}" }}
receives_from = []
hands_over_to = []
skills = {{ en = ["care"], ko = ["꼼꼼함"] }}
references = ["https://example.org"]
[[duties]]
id = "work"
title = {{ en = "The work", ko = "일" }}
statement = {{ en = "The work of a {id}.", ko = "일" }}
phrases = {{ en = {en}, ko = {ko} }}
"""
EXPECTED = tomllib.loads((EXAMPLES / "expected.toml").read_text(encoding="utf-8"))


def write_role(folder: Path, id_: str, en: Sequence[str], ko: Sequence[str]) -> None:
    """Write a role file with one duty, the phrases of which are given."""
    phrases = (json.dumps(list(each), ensure_ascii=False) for each in (en, ko))
    content = ROLE.format(id=id_, name=id_.title(), **dict(zip(("en", "ko"), phrases, strict=True)))
    (folder / f"{id_}.toml").write_text(content, encoding="utf-8")


def reader_with(documented: Sequence[Sequence[str]] = (), phrases: str | None = None) -> Reader:
    """Return a reader of our headings, of the documented phrases of some duties, and of every phrase or of some."""
    return reader_of(phrases, keyword_table(documented), read_headings(), {}, ())


def phrases_in(text: str) -> set[str]:
    """Return every phrase of a text."""
    found = every_phrase([Posting(text)], reader_with())
    return {found.text(phrase) for phrase in range(len(found.keys))}


def documented_in(phrase: str, text: str) -> list[str]:
    """Return the words of a text that a documented phrase is found in."""
    layout = laid_out([Posting(text)])
    hits = reader_with([[phrase]], "").hits_of(layout.symbols, layout.bounds)
    return [layout.text[start:end] for start, end in zip(hits.start, hits.end, strict=True)]
