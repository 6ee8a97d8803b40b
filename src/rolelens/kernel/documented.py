"""Tokens become hits: the documented phrases, whose words may stand a little apart."""

from __future__ import annotations

import numpy as np

from rolelens.kernel.clauses import HITS, IN_HANGUL, REACH, TOKENS, UNITS
from rolelens.kernel.hashes import find, pair_key, passes
from rolelens.kernel.jit import at, compiled, inlined
from rolelens.kernel.phrases import add_candidate, add_hit
from rolelens.kernel.tables import FIRST_SYLLABLE
from rolelens.text import MAX_GAP

_OFFSET_BITS = 32  # a place is a token and an offset in it
_OFFSET_MASK = (1 << _OFFSET_BITS) - 1


@inlined
def find_documented(leading, in_hangul, patterns, phrases, scan):
    """Add the documented phrases that begin with an English word, or with one of so many leads inside Hangul words."""
    letters, tokens, leads, candidates = scan.marks.letters, scan.tokens, scan.leads, scan.candidates
    waiting, leading = _list_openings(leading, in_hangul, patterns, scan)
    for place in range(waiting):
        pair, candidate = find(patterns.pairs, scan.keys[place]), candidates[place]
        if pair >= 0:
            for pattern in range(patterns.of_pair[at(pair)].first, patterns.of_pair[at(pair)].end):
                first, last = patterns.start[at(pattern)] + 2, patterns.start[at(pattern + 1)]
                second = np.int64(candidate.other)
                end = _follow(letters, first, last, second, 0, patterns, tokens) if last > first else second
                if end >= 0:
                    _add_documented(pattern, candidate.token, end, patterns, phrases, scan)
    for place in range(leading):
        lead = leads[place]
        _read_patterns(letters, lead.token, lead.offset, lead.unit, patterns, phrases, scan)


@inlined
def _list_openings(leading, in_hangul, patterns, scan):
    """List the pairs of English units that are likely to open a documented phrase, and the units that open others.

    Return how many pairs, and how many leads there are now. A unit goes with the next of a kind only.
    """
    tokens, leads, units = scan.tokens, scan.leads, scan.units
    openings, count, opening, waiting = scan.openings, scan.found[UNITS], 0, 0
    for number in range(count, count + REACH):
        units[at(number)].token = scan.found[TOKENS]  # nowhere
    for number in range(count):
        unit, lead = units[at(number)], leads[at(leading)]
        kinds = patterns.of_unit[at(unit.number)]
        openings[at(opening)] = number
        opening += kinds.english < kinds.alone
        lead.token, lead.offset, lead.unit = unit.token, 0, unit.number
        leading += (kinds.alone < kinds.hangul) | (in_hangul & (kinds.hangul < kinds.end))
    for place in range(opening):
        number = openings[place]
        unit = units[at(number)]
        reach = tokens[at(unit.token)].place + REACH
        for later in range(number + 1, number + REACH + 1):
            other = units[at(later)]
            key, near = pair_key(unit.number, other.number), tokens[at(other.token)].place <= reach
            for between in range(number + 1, later):
                near &= units[at(between)].number != other.number
            likely = near & passes(patterns.likely_pairs, key)
            waiting = add_candidate(waiting, key, unit.token, other.token, likely, scan)
    return waiting, leading


@inlined
def _read_patterns(letters, row, offset, unit, patterns, phrases, scan):
    """Add the documented phrases that begin with a unit found in a token, up to `offset` of it."""
    tokens, kinds = scan.tokens, patterns.of_unit[unit]
    syllables = _neighbourhood(letters, row, offset, tokens)
    begin = kinds.english if tokens[row].kind & IN_HANGUL else kinds.alone  # else the pairs have been found
    for pattern in range(begin, kinds.end):
        syllable = patterns.syllable[pattern]
        if syllable < 0 or syllables >> np.uint64(syllable) & np.uint64(1):
            first, last = patterns.start[pattern] + 1, patterns.start[pattern + 1]
            end = _follow(letters, first, last, row, offset, patterns, tokens)
            if end >= 0:
                _add_documented(pattern, row, end, patterns, phrases, scan)


@inlined
def _add_documented(pattern, row, end, patterns, phrases, scan):
    tokens, found = scan.tokens, scan.found
    key, token = phrases + patterns.duty[pattern], tokens[row]
    found[HITS] = add_hit(scan.hits, found[HITS], key, token.section, token.word, tokens[end].word)


@inlined
def _neighbourhood(letters, row, offset, tokens):
    """Return a bit set of the syllables that may follow a place in a word."""
    syllables = np.uint64(0)
    if tokens[row].kind & IN_HANGUL:
        for place in range(tokens[row].start + offset, tokens[row].end):
            syllables |= np.uint64(1) << np.uint64(letters[place] % 64)
    for following in range(row + 1, row + REACH):
        if tokens[following].kind & IN_HANGUL and tokens[following].place < tokens[row].place + REACH:
            start = tokens[following].start
            for place in range(start, min(start + MAX_GAP + 1, tokens[following].end)):
                syllables |= np.uint64(1) << np.uint64(letters[place] % 64)
    return syllables


@compiled
def _follow(letters, first, last, start, offset, patterns, tokens):
    """Return the token where a documented phrase ends, or -1 if the rest of it does not follow.

    A unit may stand in the same Hangul word or in a later one; where the former leads nowhere, the latter is tried.
    `later` has a bit for each unit that must stand in a later word.
    """
    later = 0
    while True:
        row, within, matched, same_word = start, offset, first, -1
        while matched < last:
            forced = later >> (matched - first) & 1
            found, stays = _next_place(letters, matched, row, within, patterns, tokens, forced)
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
def _next_place(letters, matched, row, within, patterns, tokens, forced):
    """Return the token and offset in it where a unit ends, or -1; and whether it is still the same Hangul word."""
    unit = patterns.units[matched]
    first, length = patterns.unit_start[unit], patterns.unit_start[unit + 1] - patterns.unit_start[unit]
    text, reach = patterns.unit_text, tokens[row].place + REACH
    if text[first] < FIRST_SYLLABLE:
        for following in range(row + 1, row + REACH + 1):
            if tokens[following].unit == unit and tokens[following].place <= reach:
                return following << _OFFSET_BITS, False
        return -1, False
    if tokens[row].kind & IN_HANGUL and not forced:
        found = _place_of_unit(letters, tokens[row].start, within, tokens[row].end, text, first, length)
        if found >= 0:
            return row << _OFFSET_BITS | (found + length), True
    for following in range(row + 1, row + REACH):
        if tokens[following].kind & IN_HANGUL and tokens[following].place < reach:
            found = _place_of_unit(letters, tokens[following].start, 0, tokens[following].end, text, first, length)
            if 0 <= found <= MAX_GAP:
                return following << _OFFSET_BITS | (found + length), False
    return -1, False


@compiled
def _place_of_unit(letters, start, offset, end, text, first, length):
    """Return how far into a word a unit stands, from an offset on, or -1."""
    for place in range(start + offset, end - length + 1):
        same = 0
        while same < length and letters[place + same] == text[first + same]:
            same += 1
        if same == length:
            return place - start
    return -1
