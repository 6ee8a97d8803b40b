"""Tokens become hits: the documented phrases, whose words may stand a little apart."""

from __future__ import annotations

import numpy as np

from rolelens.kernel.clauses import END, HITS, IN_HANGUL, KIND, PLACE, REACH, SECTION, START, TOKENS, UNIT, UNITS, WORD
from rolelens.kernel.hashes import find, pair_hash, passes
from rolelens.kernel.jit import compiled, inlined
from rolelens.kernel.phrases import add_hit
from rolelens.kernel.tables import ALONE, BEFORE_ENGLISH, BEFORE_HANGUL, FIRST_SYLLABLE
from rolelens.text import MAX_GAP

_OFFSET_BITS = 32  # a place is a token and an offset in it
_OFFSET_MASK = (1 << _OFFSET_BITS) - 1


@inlined
def find_documented(codes, leading, in_hangul, patterns, phrases, scan):
    """Add the documented phrases that begin with an English word, or with one of so many leads inside Hangul words."""
    tokens, leads, places = scan.tokens, scan.leads, scan.places
    waiting, leading = _list_openings(leading, in_hangul, patterns, scan)
    for candidate in range(waiting):
        pair = find(patterns.pairs, scan.candidates[candidate])
        if pair >= 0:
            row, second = places[candidate, 0], places[candidate, 1]
            for pattern in range(patterns.of_pair[pair, 0], patterns.of_pair[pair, 1]):
                first, last = patterns.start[pattern] + 2, patterns.start[pattern + 1]
                end = _follow(codes, first, last, second, 0, patterns, tokens) if last > first else second
                if end >= 0:
                    _add_documented(pattern, row, end, patterns, phrases, scan)
    for lead in range(leading):
        _read_patterns(codes, leads[lead, 0], leads[lead, 1], leads[lead, 2], patterns, phrases, scan)


@inlined
def _list_openings(leading, in_hangul, patterns, scan):
    """List the pairs of English units that are likely to open a documented phrase, and the units that open others.

    Return how many pairs, and how many leads there are now. A unit goes with the next of a kind only.
    """
    tokens, leads, units, candidates, places = scan.tokens, scan.leads, scan.units, scan.candidates, scan.places
    bounds, openings, count, opening, waiting = patterns.of_unit, scan.openings, scan.found[UNITS], 0, 0
    for number in range(count, count + REACH):
        units[number, 0] = scan.found[TOKENS]  # nowhere
    for number in range(count):
        row, unit = units[number, 0], units[number, 1]
        english, alone = bounds[unit, BEFORE_ENGLISH], bounds[unit, ALONE]
        hangul, end = bounds[unit, BEFORE_HANGUL], bounds[unit, BEFORE_HANGUL + 1]
        openings[opening] = number
        opening += english < alone
        leads[leading, 0], leads[leading, 1], leads[leading, 2] = row, 0, unit
        leading += (alone < hangul) | (in_hangul & (hangul < end))
    for place in range(opening):
        number = openings[place]
        row, unit = units[number, 0], units[number, 1]
        reach = tokens[row, PLACE] + REACH
        for later in range(number + 1, number + REACH + 1):
            key, near = pair_hash(unit, units[later, 1]), tokens[units[later, 0], PLACE] <= reach
            for between in range(number + 1, later):
                near &= units[between, 1] != units[later, 1]
            candidates[waiting], places[waiting, 0], places[waiting, 1] = key, row, units[later, 0]
            waiting += near & passes(patterns.likely_pairs, key)
    return waiting, leading


@inlined
def _read_patterns(codes, row, offset, unit, patterns, phrases, scan):
    """Add the documented phrases that begin with a unit found in a token, up to `offset` of it."""
    tokens, bounds = scan.tokens, patterns.of_unit
    syllables = _neighbourhood(codes, row, offset, tokens)
    first_kind = BEFORE_ENGLISH if tokens[row, KIND] & IN_HANGUL else ALONE  # else the pairs have been found
    for pattern in range(bounds[unit, first_kind], bounds[unit, BEFORE_HANGUL + 1]):
        syllable = patterns.syllable[pattern]
        if syllable < 0 or syllables >> np.uint64(syllable) & np.uint64(1):
            first, last = patterns.start[pattern] + 1, patterns.start[pattern + 1]
            end = _follow(codes, first, last, row, offset, patterns, tokens)
            if end >= 0:
                _add_documented(pattern, row, end, patterns, phrases, scan)


@inlined
def _add_documented(pattern, row, end, patterns, phrases, scan):
    tokens, found = scan.tokens, scan.found
    key, section = phrases + patterns.duty[pattern], tokens[row, SECTION]
    found[HITS] = add_hit(scan.hits, found[HITS], key, section, tokens[row, WORD], tokens[end, WORD])


@inlined
def _neighbourhood(codes, row, offset, tokens):
    """Return a bit set of the syllables that may follow a place in a word."""
    syllables = np.uint64(0)
    if tokens[row, KIND] & IN_HANGUL:
        for place in range(tokens[row, START] + offset, tokens[row, END]):
            syllables |= np.uint64(1) << np.uint64(codes[place] % 64)
    for following in range(row + 1, row + REACH):
        if tokens[following, KIND] & IN_HANGUL and tokens[following, PLACE] < tokens[row, PLACE] + REACH:
            start = tokens[following, START]
            for place in range(start, min(start + MAX_GAP + 1, tokens[following, END])):
                syllables |= np.uint64(1) << np.uint64(codes[place] % 64)
    return syllables


@compiled
def _follow(codes, first, last, start, offset, patterns, tokens):
    """Return the token where a documented phrase ends, or -1 if the rest of it does not follow.

    A unit may stand in the same Hangul word or in a later one; where the former leads nowhere, the latter is tried.
    `later` has a bit for each unit that must stand in a later word.
    """
    later = 0
    while True:
        row, within, matched, same_word = start, offset, first, -1
        while matched < last:
            forced = later >> (matched - first) & 1
            found, stays = _next_place(codes, matched, row, within, patterns, tokens, forced)
            if found < 0:
                break
            if stays:
                same_word = matched
            row, within = found >> _OFFSET_BITS, found & _OFFSET_MASK
            matched += 1
        if matched == last:
            return row
        if same_word < 0:
            return -1
        bit = same_word - first
        later = later & ((1 << bit) - 1) | 1 << bit


@compiled
def _next_place(codes, matched, row, within, patterns, tokens, forced):
    """Return the token and offset in it where a unit ends, or -1; and whether it is still the same Hangul word."""
    unit = patterns.units[matched]
    first, length = patterns.unit_start[unit], patterns.unit_start[unit + 1] - patterns.unit_start[unit]
    text, reach = patterns.unit_text, tokens[row, PLACE] + REACH
    if text[first] < FIRST_SYLLABLE:
        for following in range(row + 1, row + REACH + 1):
            if tokens[following, UNIT] == unit and tokens[following, PLACE] <= reach:
                return following << _OFFSET_BITS, False
        return -1, False
    if tokens[row, KIND] & IN_HANGUL and not forced:
        found = _place_of_unit(codes, tokens[row, START], within, tokens[row, END], text, first, length)
        if found >= 0:
            return row << _OFFSET_BITS | (found + length), True
    for following in range(row + 1, row + REACH):
        if tokens[following, KIND] & IN_HANGUL and tokens[following, PLACE] < reach:
            found = _place_of_unit(codes, tokens[following, START], 0, tokens[following, END], text, first, length)
            if 0 <= found <= MAX_GAP:
                return following << _OFFSET_BITS | (found + length), False
    return -1, False


@compiled
def _place_of_unit(codes, start, offset, end, text, first, length):
    """Return how far into a word a unit stands, from an offset on, or -1."""
    for place in range(start + offset, end - length + 1):
        same = 0
        while same < length and codes[place + same] == text[first + same]:
            same += 1
        if same == length:
            return place - start
    return -1
