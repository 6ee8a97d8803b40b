"""Postings are laid out one behind the other, as the reader reads them."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import NamedTuple

from rolelens.posting import Posting
from rolelens.reading.characters import kinds_in, symbols_of
from rolelens.reading.kinds import UNUSUAL
from rolelens.reading.normalising import Normalised, normalised


class Layout(NamedTuple):
    """Postings one behind the other, as text and as symbols; where titles and texts begin and end; their forms."""

    text: str
    symbols: array[int]
    bounds: array[int]
    forms: list[tuple[Normalised, Normalised]]


def laid_out(postings: Sequence[Posting]) -> Layout:
    """Return postings, each title on a line before its text."""
    pieces = [(Normalised(posting.title, None), Normalised(posting.text, None)) for posting in postings]
    layout = _laid_out(pieces)
    if not kinds_in(layout.symbols, 0, len(layout.symbols)) & UNUSUAL:
        return layout
    for number, (title, text) in enumerate(pieces):
        if kinds_in(layout.symbols, layout.bounds[4 * number], layout.bounds[4 * number + 3]) & UNUSUAL:
            pieces[number] = normalised(title.text), normalised(text.text)
    return _laid_out(pieces)


def _laid_out(pieces: list[tuple[Normalised, Normalised]]) -> Layout:
    parts, bounds, place = ["\n"], array("i"), 1
    for title, text in pieces:
        parts += (title.text, "\n", text.text, "\n")
        middle = place + len(title.text)
        end = middle + 1 + len(text.text)
        bounds.extend((place, middle, middle + 1, end))
        place = end + 1
    whole = "".join(parts)
    return Layout(whole, symbols_of(whole), bounds, pieces)
