"""Tokens become hits: the phrases that a word is, makes with the one before, or has inside it if it is Hangul."""

from __future__ import annotations

import numpy as np

from rolelens.kernel.clauses import (
    END,
    HITS,
    IN_HANGUL,
    JOINED,
    KIND,
    SECTION,
    START,
    STOP,
    TOKENS,
    UNIT,
    UNITS,
    WORD,
)
from rolelens.kernel.hashes import announce, find, mixed, pair_hash, passes
from rolelens.kernel.jit import inlined
from rolelens.kernel.marks import piece_hash
from rolelens.kernel.tables import FIRST_SYLLABLE, phrase_of, unit_of, word_of
from rolelens.kernel.words import stem_end


@inlined
def add_hit(hits, count, key, section, first, last):
    """Write a hit behind so many; return how many there are then: no more if its key is -1, or if there is no room.

    The last row takes what no posting of human length brings.
    """
    hits[count, 0], hits[count, 1], hits[count, 2], hits[count, 3] = key, section, first, last
    return count + ((key >= 0) & (count < len(hits) - 1))


@inlined
def find_phrases(codes, lexicon, scan):
    """Add the phrases that tokens are and make with the one before; list units; return whether there is Hangul.

    What is likely is listed before it is looked up, here and below: a list costs less than a branch that guesses wrong.
    """
    marks, tokens, hits, units = scan.marks, scan.tokens, scan.hits, scan.units
    candidates, places = scan.candidates, scan.places
    count, unit, waiting = np.int64(0), np.int64(0), np.int64(0)
    before, kinds = np.int64(-1), np.int64(0)
    for row in range(scan.found[TOKENS]):
        start, stop, kind = tokens[row, START], tokens[row, STOP], tokens[row, KIND]
        close = stem_end(codes, marks, start, stop, lexicon.endings) if kind & IN_HANGUL else stop
        value = piece_hash(marks, start, close)
        for sign in range(stop, tokens[row, END]):
            value += np.uint64(codes[sign]) * marks.powers[sign - start]
        candidates[row] = mixed(value)
        announce(lexicon.words, candidates[row])
    for row in range(scan.found[TOKENS]):
        kind = tokens[row, KIND]
        word = max(find(lexicon.words, candidates[row]), 0)
        own, number = tokens[row, WORD], word_of(word)
        count = add_hit(hits, count, phrase_of(word), tokens[row, SECTION], own, own)
        units[unit, 0], units[unit, 1] = row, unit_of(word)
        tokens[row, UNIT] = -1 if kind & IN_HANGUL else unit_of(word)
        unit += tokens[row, UNIT] >= 0
        key = pair_hash(before, number)
        candidates[waiting], places[waiting, 0] = key, row
        waiting += (kind & JOINED != 0) & (before >= 0) & (number >= 0) & passes(lexicon.likely_pairs, key)
        before, kinds = number, kinds | kind
    for candidate in range(waiting):
        pair, token = find(lexicon.pairs, candidates[candidate]), places[candidate, 0]
        own = tokens[token, WORD]
        count = add_hit(hits, count, pair, tokens[token, SECTION], own - 1, own)
    scan.found[HITS], scan.found[UNITS] = count, unit
    return kinds & IN_HANGUL != 0


@inlined
def find_pieces(codes, pieces, scan):
    """Add the phrases inside Hangul words; return how many documented phrases may begin there, listed in `leads`."""
    marks, tokens, candidates, places, leads = scan.marks, scan.tokens, scan.candidates, scan.places, scan.leads
    waiting = np.int64(0)
    for row in range(scan.found[TOKENS]):
        if not tokens[row, KIND] & IN_HANGUL:
            continue
        start, end = tokens[row, START], tokens[row, END]
        for opening in range(start, end):
            lengths = pieces.lengths[codes[opening] - FIRST_SYLLABLE] >> 1
            place = opening + 1
            while lengths and place <= end:
                key = mixed(piece_hash(marks, opening, place))
                candidates[waiting], places[waiting, 0], places[waiting, 1] = key, row, place - start
                waiting += lengths & 1 & passes(pieces.sieve, key)
                lengths >>= 1
                place += 1
    count, leading = np.int64(scan.found[HITS]), 0
    for candidate in range(waiting):
        piece, token = max(find(pieces.table, candidates[candidate]), 0), places[candidate, 0]
        own = tokens[token, WORD]
        count = add_hit(scan.hits, count, phrase_of(piece), tokens[token, SECTION], own, own)
        leads[leading, 0], leads[leading, 1], leads[leading, 2] = token, places[candidate, 1], unit_of(piece)
        leading += unit_of(piece) >= 0
    scan.found[HITS] = count
    return leading
