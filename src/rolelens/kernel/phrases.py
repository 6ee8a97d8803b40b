"""Tokens become hits: the phrases that a word is, makes with the one before, or has inside it if it is Hangul."""

from __future__ import annotations

import numpy as np

from rolelens.kernel.clauses import COMMON, HITS, IN_HANGUL, JOINED, TOKENS, UNITS
from rolelens.kernel.hashes import AT_ONCE, announce, find, pair_key, passes, piece_key, word_key
from rolelens.kernel.jit import at, inlined
from rolelens.kernel.machine import lowest_bit
from rolelens.kernel.tables import FIRST_SYLLABLE, common_of, phrase_of, unit_of, word_of
from rolelens.text import LONGEST_ENDING, SUBSTRING_SYLLABLES

_USUAL = sum(1 << length for length in SUBSTRING_SYLLABLES)  # as a bit set


@inlined
def add_hit(hits, count, key, section, first, last):
    """Write a hit behind so many; return how many there are then: no more if its key is -1, or if there is no room.

    The last row takes what no posting of human length brings.
    """
    hit = hits[at(count)]
    hit.key, hit.section, hit.first, hit.last = key, section, first, last
    return count + ((key >= 0) & (count < len(hits) - 1))


@inlined
def add_candidate(count, key, row, other, likely, scan):
    """Write a key to look up behind so many, with its token and another number; return how many if it is likely."""
    candidate = scan.candidates[at(count)]
    scan.keys[at(count)], candidate.token, candidate.other = key, row, other
    return count + likely


@inlined
def find_phrases(lexicon, scan):
    """Add the phrases that tokens are and make with the one before; list units; return whether there is Hangul.

    What is likely is listed before it is looked up, here and below: a list costs less than a branch that guesses wrong.
    """
    letters, tokens, hits, units = scan.marks.letters, scan.tokens, scan.hits, scan.units
    keys, candidates = scan.keys, scan.candidates
    count, unit, waiting = np.int64(0), np.int64(0), np.int64(0)
    before, kinds = np.int64(-1), np.int64(0)
    for row in range(scan.found[TOKENS]):
        token = tokens[row]
        start, end = np.int64(token.start), np.int64(token.end)
        close = _stem_end(letters, start, end, lexicon.endings) if token.kind & IN_HANGUL else end
        keys[row] = word_key(letters, start, close)
        announce(lexicon.words, keys[row])
    for row in range(scan.found[TOKENS]):
        token, pack = tokens[row], max(find(lexicon.words, keys[row]), 0)
        number, kind = word_of(pack), token.kind
        count = add_hit(hits, count, phrase_of(pack), token.section, token.word, token.word)
        units[at(unit)].token, units[at(unit)].number = row, unit_of(pack)
        token.unit = -1 if kind & IN_HANGUL else unit_of(pack)
        token.kind = kind | common_of(pack) * COMMON
        unit += token.unit >= 0
        key = pair_key(before, number)
        likely = (kind & JOINED != 0) & (before >= 0) & (number >= 0) & passes(lexicon.likely_pairs, key)
        waiting = add_candidate(waiting, key, row, 0, likely, scan)
        before, kinds = number, kinds | kind
    for place in range(waiting):
        token = tokens[at(candidates[place].token)]
        pair = find(lexicon.pairs, keys[place])
        count = add_hit(hits, count, pair, token.section, token.word - 1, token.word)
    scan.found[HITS], scan.found[UNITS] = count, unit
    return kinds & IN_HANGUL != 0


@inlined
def _stem_end(letters, start, end, endings):
    """Return where a Hangul word ends without its particle or ending."""
    lengths, longest = endings.lengths[at(letters[at(end - 1)] - FIRST_SYLLABLE)], 0
    for length in range(1, LONGEST_ENDING + 1):
        likely = passes(endings.sieve, piece_key(letters, max(start, end - length), length))
        longest = length if (lengths >> length & 1) & (length <= end - start - 2) & likely else longest
    while longest and find(endings.table, piece_key(letters, end - longest, longest)) < 0:
        longest -= 1
    return end - longest


@inlined
def find_pieces(pieces, scan):
    """Add the phrases inside Hangul words; return how many documented phrases may begin there, listed in `leads`."""
    letters, tokens, keys, candidates, leads = scan.marks.letters, scan.tokens, scan.keys, scan.candidates, scan.leads
    waiting = np.int64(0)
    for row in range(scan.found[TOKENS]):
        if not tokens[row].kind & IN_HANGUL:
            continue
        start, end = np.int64(tokens[row].start), np.int64(tokens[row].end)
        for opening in range(start, end):
            lengths = pieces.lengths[at(letters[at(opening)] - FIRST_SYLLABLE)] & (1 << (end - opening + 1)) - 1
            for length in SUBSTRING_SYLLABLES:
                key = piece_key(letters, opening, length)
                likely = lengths >> length & 1 & passes(pieces.sieve, key)
                waiting = add_candidate(waiting, key, row, opening + length - start, likely, scan)
            others = lengths & ~_USUAL
            while others:
                close = opening + lowest_bit(np.uint64(others))
                if close - opening > AT_ONCE:
                    key = word_key(letters, opening, close)
                else:
                    key = piece_key(letters, opening, close - opening)
                waiting = add_candidate(waiting, key, row, close - start, passes(pieces.sieve, key), scan)
                others &= others - 1
    count, leading = np.int64(scan.found[HITS]), 0
    for place in range(waiting):
        piece, candidate = max(find(pieces.table, keys[place]), 0), candidates[place]
        token = tokens[at(candidate.token)]
        count = add_hit(scan.hits, count, phrase_of(piece), token.section, token.word, token.word)
        lead = leads[at(leading)]
        lead.token, lead.offset, lead.unit = candidate.token, candidate.other, unit_of(piece)
        leading += unit_of(piece) >= 0
    scan.found[HITS] = count
    return leading
