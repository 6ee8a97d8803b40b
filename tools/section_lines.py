"""How well the duties of a posting are told from everything else, line by line, against lines judged by hand.

`tests/section_lines.json` holds, for 60 development postings, the spans that a reader took for duties: what the hire
will do, with the sub-headings among it. A line is a line of the posting, or a sentence or bullet of one longer than
LONG_LINE characters: flattened postings have no others.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rolelens.reading.lexicon import reader_of
from rolelens.training.pipeline import read_headings

JUDGED = Path(__file__).parents[1] / "tests" / "section_lines.json"
LONG_LINE = 200
_LINE = re.compile(r"[^\n]*\S[^\n]*")
_BREAK = re.compile(r"(?<=[.!?다요])\s+(?=[A-Z가-힣\[■●•▶○\-])|\s+(?=[•●▶○■] ?)")


def lines_of(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of the lines of a text, long ones in pieces."""
    for line in _LINE.finditer(text):
        start = line.start()
        if line.end() - start > LONG_LINE:
            for gap in _BREAK.finditer(text, start, line.end()):
                yield start, gap.start()
                start = gap.end()
        yield start, line.end()


def line_accuracy(postings: Path) -> dict[str, dict[str, float]]:
    """Return the share of lines rightly told to be duties or not, and their number, of each language.

    `postings` is the file of the development postings, .jsonl.gz.
    """
    with gzip.open(postings, "rt", encoding="utf-8") as rows:
        texts = {row["id"]: row["text"] for row in map(json.loads, rows)}
    reader, right, lines = reader_of("", {}, read_headings(), {}, ()), Counter[str](), Counter[str]()
    for id_, judged in json.loads(JUDGED.read_text(encoding="utf-8")).items():
        text, language = texts[id_], judged["language"]
        found = [(each.start, each.end) for each in reader.sections_of(text) if each.section == "duties"]
        for start, end in lines_of(text):
            middle = (start + end) // 2
            told, true = (any(a <= middle < b for a, b in spans) for spans in (found, judged["duties"]))
            lines[language] += 1
            right[language] += told == true
    return {name: {"lines": float(total), "accuracy": right[name] / total} for name, total in sorted(lines.items())}
