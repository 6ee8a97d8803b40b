"""Hits become scores: the arithmetic of `scoring.py` and `evidence.py` for many postings in one compiled loop."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rolelens.kernel.clauses import HITS, WORDS
from rolelens.kernel.hashes import grown
from rolelens.kernel.jit import at, compiled, inlined, kept_on_disk
from rolelens.kernel.language import language
from rolelens.kernel.machine import LANES, add_product, add_row, dot, fetch_soon
from rolelens.kernel.rows import WORD, Rows
from rolelens.kernel.scan import read
from rolelens.kernel.tables import ALL_SECTIONS, Tables
from rolelens.kernel.words import has_words
from rolelens.records import TITLE

_SLOTS = 1024  # for runs of words; more than most postings have
_TITLE, _SECTIONS = ALL_SECTIONS.index(TITLE), len(ALL_SECTIONS)


class Sums(NamedTuple):
    """Room for the arithmetic of one posting, used again for the next.

    A row is a phrase or duty found, a lane a vector. `slot` holds the row of each phrase and duty, -1 where it was not
    found; `keys` its number by row, `rows` the row of each hit; `totals` what its mentions count for, in steps;
    `values` its part of the vectors before they get unit length, `rates` that of a step; `portions` what a view has of
    each vector then; `gains` what a step adds to one role; `added` sums by view and block of roles, first of the whole
    posting, then of the title; `titled` the hits in the title; `found` counts rows and these. The others are for
    evidence: `first` and `most` what shares a slot with other runs of words.
    """

    slot: npt.NDArray[np.int32]
    keys: npt.NDArray[np.int32]
    rows: npt.NDArray[np.int32]
    totals: npt.NDArray[np.float64]
    rates: npt.NDArray[np.float64]
    values: npt.NDArray[np.float64]
    gains: npt.NDArray[np.float64]
    lengths: npt.NDArray[np.float64]
    portions: npt.NDArray[np.float64]
    added: npt.NDArray[np.float64]
    titled: npt.NDArray[np.int32]
    found: npt.NDArray[np.int64]
    reach: npt.NDArray[np.int32]
    home: npt.NDArray[np.int32]
    runs: Rows
    strength: npt.NDArray[np.float64]
    first: npt.NDArray[np.int32]
    most: npt.NDArray[np.float64]


class Results(NamedTuple):
    """The outcome of n postings.

    Shapes: scores (n, roles), what the whole posting adds up to; probabilities, by_title and by_duties (n, roles), of
    the whole, of its title and of the rest; named (n,), a bit for each role that the title names; language (n,); short
    (n,), whether there are too few words; evidence (n, shown, 2), the start and end of the words that speak most for
    the best role, -1 where there are fewer.
    """

    scores: npt.NDArray[np.float64]
    probabilities: npt.NDArray[np.float64]
    by_title: npt.NDArray[np.float64]
    by_duties: npt.NDArray[np.float64]
    named: npt.NDArray[np.int32]
    language: npt.NDArray[np.int32]
    short: npt.NDArray[np.uint8]
    evidence: npt.NDArray[np.int64]


def new_sums(tables: Tables, longest: int) -> Sums:
    """Return room for the arithmetic of postings of at most so many code points, title included."""
    weights, words = tables.weights, longest + 2
    keys, hits = len(weights.idf), 12 * words + 1000
    rows = min(keys, hits) + 1  # one more than there can be, to be overwritten
    return Sums(
        slot=np.full(keys, -1, dtype=np.int32),
        keys=np.empty(rows, dtype=np.int32),
        rows=np.empty(hits, dtype=np.int32),
        totals=np.zeros((rows, LANES)),
        rates=np.empty((rows, LANES)),
        values=np.empty((rows, LANES)),
        gains=np.empty((rows, LANES)),
        lengths=np.empty(LANES),
        portions=np.empty((len(weights.portions), LANES)),
        added=np.empty((2 * weights.worth.shape[1] * weights.worth.shape[2], LANES)),
        titled=np.empty(hits, dtype=np.int32),
        found=np.zeros(2, dtype=np.int64),
        reach=np.empty(words, dtype=np.int32),
        home=np.empty(words, dtype=np.int32),
        runs=np.empty(words, dtype=WORD),
        strength=np.empty(words),
        first=np.empty(_SLOTS, dtype=np.int32),
        most=np.empty(_SLOTS),
    )


def new_results(count: int, roles: int, shown: int) -> Results:
    """Return room for the outcome of so many postings."""
    return Results(
        scores=np.empty((count, roles)),
        probabilities=np.empty((count, roles)),
        by_title=np.empty((count, roles)),
        by_duties=np.empty((count, roles)),
        named=np.empty(count, dtype=np.int32),
        language=np.empty(count, dtype=np.int32),
        short=np.empty(count, dtype=np.uint8),
        evidence=np.full((count, shown, 2), -1, dtype=np.int64),
    )


@kept_on_disk
def score_postings(all_codes, bounds, least_words, t, scan, sums, results):
    """Fill the results of postings, whose titles and texts stand in turn in `all_codes` between the bounds."""
    kinds, letters = scan.marks.kinds, scan.marks.letters
    for posting in range(len(results.named)):
        start, text = bounds[2 * posting], bounds[2 * posting + 1] - bounds[2 * posting]
        codes = all_codes[start : bounds[2 * posting + 2]]
        results.named[posting] = read(codes, text, t, scan)
        results.language[posting] = language(codes, text, t.common_words, scan)
        results.short[posting] = not has_words(letters, kinds, text, len(codes), least_words)
        _count(scan.hits, scan.found[HITS], t.weights, sums)
        _weigh(t.weights, sums)
        best = _add_up(posting, t.weights, sums, results)
        if results.evidence.shape[1]:
            _strongest(letters, best, t.weights, scan, sums, results.evidence[posting])
        _forget(sums)


@compiled
def _count(hits, hit_count, weights, sums):
    """Add up what hits count for by phrase or duty, and fill the rows of hits.

    No branch at a hit to guess wrong: what proves to be no new row is overwritten.
    """
    slot, keys, rows_of_hits, totals, titled = sums.slot, sums.keys, sums.rows, sums.totals, sums.titled
    rows, titles = 0, 0
    for hit in range(hit_count):
        key, section = hits[hit].key, hits[hit].section
        known = slot[at(key)]
        row = rows if known < 0 else known
        slot[at(key)] = row
        keys[at(rows)] = key
        rows += known < 0
        rows_of_hits[hit] = row
        add_row(totals, row, weights.steps, _mentioned(key, section, weights))
        titled[at(titles)] = hit
        titles += section == _TITLE
    length = weights.worth[0].size
    for row in range(rows):
        for place in range(0, length, 2 * LANES):
            fetch_soon(weights.worth, keys[row] * length + place)
    sums.found[0], sums.found[1] = rows, titles


@inlined
def _mentioned(key, section, weights):
    """Return the row of `steps` that says what a mention of a phrase or duty in a section counts for."""
    return section + _SECTIONS * (key >= weights.phrases)


@inlined
def _forget(sums):
    """Make room for the next posting."""
    rows = sums.found[0]
    for row in range(rows):
        sums.slot[sums.keys[row]] = -1
    sums.totals[:rows] = 0


@compiled
def _weigh(weights, sums):
    """Fill the values of a posting's vectors, and the portions of the views that these are."""
    totals, rates, values, lengths, damping = sums.totals, sums.rates, sums.values, sums.lengths, weights.damping
    most, portions = len(damping) - 1, sums.portions
    for lane in range(LANES):
        lengths[lane] = 0.0
    for row in range(sums.found[0]):
        idf = weights.idf[at(sums.keys[row])]
        for lane in range(LANES):
            total = totals[row, lane]
            rates[row, lane] = idf * (damping[at(int(total))] if total <= most else damping[at(most)] * most / total)
        for lane in range(LANES):
            values[row, lane] = rates[row, lane] * totals[row, lane]
            lengths[lane] += values[row, lane] ** 2
            # A processor stumbles over numbers read as eight that were just written singly, hence now.
            sums.gains[row, lane] = 0.0
    for view in range(len(portions)):
        pool = 0.0
        for lane in range(LANES):
            pool += weights.portions[view, lane] if lengths[lane] > 0 else 0.0
        for lane in range(LANES):
            length = math.sqrt(lengths[lane]) * pool
            portions[view, lane] = weights.portions[view, lane] / length if length > 0 else 0.0
    portions[0, weights.duties] = weights.keyword_scale  # these are no vector of unit length


@compiled
def _add_up(posting, weights, sums, results):
    """Fill the scores and probabilities of a posting; return the best role."""
    scores, title_scores, duty_scores, added = results.scores, results.by_title, results.by_duties, sums.added
    keys, values, portions = sums.keys, sums.values, sums.portions
    roles, (views, blocks) = len(weights.bias), weights.worth.shape[1:3]
    for row in range(len(added)):
        for lane in range(LANES):
            added[row, lane] = 0.0
    for row in range(sums.found[0]):
        for view in range(views):
            _add_worth(dot(values, row, portions, view), keys[row], view, view, weights, added)
    for place in range(sums.found[1]):
        row = sums.rows[at(sums.titled[place])]
        mentioned = _mentioned(keys[row], _TITLE, weights)
        for lane in range(LANES):
            values[row, lane] = sums.rates[row, lane] * weights.steps[mentioned, lane]  # which the title has of them
        for view in range(views):
            share = dot(values, row, portions, view)
            _add_worth(share, keys[row], view, views + view, weights, added)
    best = 0
    for role in range(roles):
        whole, by_title = weights.bias[role], 0.0
        for view in range(views):
            whole += added[view * blocks + role // LANES, role % LANES]
            by_title += added[(views + view) * blocks + role // LANES, role % LANES]
        duty_scores[posting, role], title_scores[posting, role] = whole - by_title, by_title
        scores[posting, role] = results.probabilities[posting, role] = whole
        best = role if scores[posting, role] > scores[posting, best] else best
    for each in (results.probabilities, title_scores, duty_scores):
        _to_probabilities(each[posting], weights.temperature)
    return best


@inlined
def _add_worth(share, key, view, place, weights, added):
    """Add what a share of a view is worth to the sums at a place."""
    views, blocks = weights.worth.shape[1:3]
    if share != 0.0:
        for block in range(blocks):
            row = (key * views + view) * blocks + block
            add_product(added, place * blocks + block, weights.worth, row, share)


@inlined
def _find_gains(role, weights, sums):
    """Fill what a step of each row's mentions adds to a role."""
    gains = sums.gains
    for row in range(sums.found[0]):
        for view in range(len(sums.portions)):
            worth = weights.worth[sums.keys[row], view, role // LANES, role % LANES]
            add_product(gains, row, sums.portions, view, worth)
        for lane in range(LANES):
            gains[row, lane] *= sums.rates[row, lane]


@inlined
def _to_probabilities(scores, temperature):
    """Turn scores into their softmax, calibrated by a temperature."""
    highest, total = scores[0], 0.0
    for role in range(len(scores)):
        highest = max(highest, scores[role])
    for role in range(len(scores)):
        scores[role] = math.exp((scores[role] - highest) / temperature)
        total += scores[role]
    for role in range(len(scores)):
        scores[role] /= total


@compiled
def _strongest(letters, role, weights, scan, sums, shown):
    """Fill the bounds of the words that add most to a role: hits under the longest they touch, each phrase once."""
    words, reach, home, strength = scan.found[WORDS], sums.reach, sums.home, sums.strength
    _find_gains(role, weights, sums)
    for word in range(words):
        reach[word] = -1
    for hit in range(scan.found[HITS]):
        first = scan.hits[hit].first
        reach[first] = max(reach[first], scan.hits[hit].last)
    runs, last = 0, -1
    for word in range(words):
        opens = reach[word] > last
        last = max(last, reach[word])
        run = sums.runs[runs]
        run.start, run.end, strength[runs] = scan.words[word].start, scan.words[last].end, 0.0
        runs += opens
        home[word] = runs - 1
    for hit in range(scan.found[HITS]):
        key, section, row = scan.hits[hit].key, scan.hits[hit].section, sums.rows[hit]
        added = dot(sums.gains, row, weights.steps, _mentioned(key, section, weights))
        strength[home[scan.hits[hit].first]] += added
    _show_strongest(letters, runs, sums, shown)


@compiled
def _show_strongest(letters, count, sums, shown):
    """Fill the bounds of the strongest runs of words, the first of equals first; -1 where there are no more.

    The same words in several places add up, under the first of them. They share a slot, with others, whose sum says
    what they come to at most: where that is too little, as it is with nearly all, no words are compared.
    """
    runs, strength, slots, later, first, most = sums.runs, sums.strength, sums.home, sums.reach, sums.first, sums.most
    for slot in range(len(most)):
        first[slot], most[slot] = -1, 0.0
    for run in range(count - 1, -1, -1):
        slot = _slot(letters, runs[run].start, runs[run].end, len(most))
        slots[run], later[run], first[slot] = slot, first[slot], run
        most[slot] += strength[run] if strength[run] > 0 else 0.0
    best, room, least = 0, len(shown), 0.0
    for run in range(count):
        if most[slots[run]] <= least or strength[run] == 0:  # of which the latter counts under another
            continue
        other = later[run]
        while other >= 0:
            if _same(letters, runs[run].start, runs[run].end, runs[other].start, runs[other].end):
                strength[run] += strength[other]
                strength[other] = 0.0
            other = later[other]
        if strength[run] > least:
            place = min(best, room - 1)
            while place > 0 and strength[shown[place - 1, 0]] < strength[run]:
                shown[place, 0] = shown[place - 1, 0]
                place -= 1
            shown[place, 0] = run
            best = min(best + 1, room)
            least = strength[shown[room - 1, 0]] if best == room else 0.0
    for place in range(room):
        run = shown[place, 0]
        shown[place, 0], shown[place, 1] = (runs[run].start, runs[run].end) if place < best else (-1, -1)


@inlined
def _slot(letters, start, end, slots):
    """Return a slot for a run of words, whatever its case."""
    value = letters[start] << 32 | letters[end - 1] << 16 | letters[(start + end) // 2]
    return np.int64(grown(end - start, value) & np.uint64(slots - 1))


@inlined
def _same(letters, start, end, first, last):
    """Return whether a run of words is written like another, but for case."""
    if last - first != end - start:
        return False
    for step in range(end - start):
        if letters[start + step] != letters[first + step]:
            return False
    return True
