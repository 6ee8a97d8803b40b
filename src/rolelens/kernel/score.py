"""Hits become scores: the arithmetic of `scoring.py` and `evidence.py` for many postings in one compiled loop."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rolelens.kernel.clauses import HITS, WORDS
from rolelens.kernel.hashes import mixed
from rolelens.kernel.jit import compiled, inlined, kept_on_disk
from rolelens.kernel.lanes import LANES, add_product, fetch_soon
from rolelens.kernel.scan import read
from rolelens.kernel.tables import ALL_SECTIONS, STEPS, Tables
from rolelens.kernel.words import has_words, language, lower
from rolelens.records import TITLE

_SLOTS = 1024  # for runs of words; more than most postings have
_ROUNDING = 1e-9  # of a weighted count in steps
_TITLE, _SECTIONS = ALL_SECTIONS.index(TITLE), len(ALL_SECTIONS)


class Sums(NamedTuple):
    """Room for the arithmetic of one posting, used again for the next.

    A row is a phrase or duty found, an entry one of them in one section. `slot` holds the row of each phrase and duty,
    -1 where it was not found; `entry_of` the entries of a row by section; `coefficients` what a mention adds, by entry
    and view, before the weights, and `mentions` by entry after those of one role; `added` the sums of the text by view
    and block of roles, then those of the title; `first` and `most` what shares a slot with other runs of words.
    """

    slot: npt.NDArray[np.int32]
    keys: npt.NDArray[np.int32]
    idf: npt.NDArray[np.float64]
    totals: npt.NDArray[np.float64]
    values: npt.NDArray[np.float64]
    entry_of: npt.NDArray[np.int32]
    rows: npt.NDArray[np.int32]
    sections: npt.NDArray[np.int32]
    counts: npt.NDArray[np.int32]
    coefficients: npt.NDArray[np.float64]
    mentions: npt.NDArray[np.float64]
    added: npt.NDArray[np.float64]
    lengths: npt.NDArray[np.float64]
    found: npt.NDArray[np.int32]
    reach: npt.NDArray[np.int32]
    home: npt.NDArray[np.int32]
    runs: npt.NDArray[np.int32]
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
    keys = len(weights.idf)
    rows = min(keys, 12 * words + 1000) + 1  # one more than there can be, to be overwritten
    entries = min(keys * _SECTIONS, 12 * words + 1000) + 1
    return Sums(
        slot=np.full(keys, -1, dtype=np.int32),
        keys=np.empty(rows, dtype=np.int32),
        idf=np.empty(rows),
        totals=np.empty(rows),
        values=np.empty(rows),
        entry_of=np.full((rows, _SECTIONS), -1, dtype=np.int32),
        rows=np.empty(entries, dtype=np.int32),
        sections=np.empty(entries, dtype=np.int32),
        counts=np.empty(entries, dtype=np.int32),
        coefficients=np.empty((entries, len(weights.view_sections))),
        mentions=np.empty(entries),
        added=np.empty((2 * weights.worth.shape[1] * weights.worth.shape[2], LANES)),
        lengths=np.empty(_SECTIONS),
        found=np.zeros(2, dtype=np.int32),
        reach=np.empty(words, dtype=np.int32),
        home=np.empty(words, dtype=np.int32),
        runs=np.empty((words, 2), dtype=np.int32),
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
    flags = t.lexicon.flags
    for posting in range(len(results.named)):
        start, text = bounds[2 * posting], bounds[2 * posting + 1] - bounds[2 * posting]
        codes = all_codes[start : bounds[2 * posting + 2]]
        results.named[posting] = read(codes, text, t, scan)
        results.language[posting] = language(codes, scan.marks, text, t.common_words)
        results.short[posting] = not has_words(codes, text, len(codes), flags, least_words)
        _count(scan.hits, scan.found[HITS], t.weights, sums)
        for view in range(len(t.weights.view_sections)):
            if t.weights.view_by_section[view]:
                _share_by_section(view, t.weights, sums)
            else:
                _share_together(view, t.weights, sums)
        _share_duties(t.weights, sums)
        best = _add_up(posting, t.weights, sums, results)
        if results.evidence.shape[1]:
            _strongest(codes, best, t.weights, scan, sums, results.evidence[posting])
        _forget(sums)


@compiled
def _count(hits, hit_count, weights, sums):
    """Count the hits by phrase or duty and by section, and leave the number of its entry in each.

    No branch at a hit to guess wrong: what proves to be no new row or entry is overwritten.
    """
    slot, keys, entry_of, counts = sums.slot, sums.keys, sums.entry_of, sums.counts
    rows, entries = 0, 0
    for hit in range(hit_count):
        key, section = hits[hit, 0], hits[hit, 1]
        known = slot[key]
        row = rows if known < 0 else known
        slot[key] = row
        keys[rows] = key
        rows += known < 0
        known = entry_of[row, section]
        entry = entries if known < 0 else known
        entry_of[row, section] = entry
        sums.rows[entries], sums.sections[entries], counts[entries] = row, section, 0
        entries += known < 0
        counts[entry] += 1
        hits[hit, 0] = entry
    length = weights.worth[0].size
    for row in range(rows):
        sums.idf[row] = weights.idf[keys[row]]
        for place in range(0, length, 2 * LANES):
            fetch_soon(weights.worth, keys[row] * length + place)  # type: ignore[call-arg]
    sums.found[0], sums.found[1] = rows, entries


@inlined
def _forget(sums):
    """Make room for the next posting."""
    for row in range(sums.found[0]):
        sums.slot[sums.keys[row]] = -1
    for entry in range(sums.found[1]):
        sums.entry_of[sums.rows[entry], sums.sections[entry]] = -1


@inlined
def _damping(total, presence, weights):
    """Return what a mention adds to a value, given the weighted count: from the table where it is there."""
    step = int(total * STEPS + 0.5)
    if step < weights.damping.shape[1] and abs(total * STEPS - step) < _ROUNDING:
        return weights.damping[presence, step]
    return 1.0 / total if presence else math.log1p(min(total, weights.most_counted)) / total


@compiled
def _share_together(view, weights, sums):
    """Fill the coefficients of a view that makes one vector of all its sections."""
    presence, totals, values = weights.view_presence[view], sums.totals, sums.values
    for row in range(sums.found[0]):
        totals[row] = 0.0
    for entry in range(sums.found[1]):
        totals[sums.rows[entry]] += sums.counts[entry] * weights.mentions[view, sums.sections[entry]]
    length = 0.0
    for row in range(sums.found[0]):
        values[row] = sums.idf[row] * _damping(totals[row], presence, weights)
        length += (values[row] * totals[row]) ** 2
    scale = 1.0 / math.sqrt(length) if length > 0 else 0.0
    for entry in range(sums.found[1]):
        share = weights.mentions[view, sums.sections[entry]] * scale
        sums.coefficients[entry, view] = values[sums.rows[entry]] * share


@compiled
def _share_by_section(view, weights, sums):
    """Fill the coefficients of a view that makes a vector of each section."""
    presence, lengths = weights.view_presence[view], sums.lengths
    for section in range(_SECTIONS):
        lengths[section] = 0.0
    for entry in range(sums.found[1]):
        count = float(sums.counts[entry])
        value = sums.idf[sums.rows[entry]] * _damping(count, presence, weights)
        lengths[sums.sections[entry]] += (value * count) ** 2
        sums.coefficients[entry, view] = value
    pool = 0.0
    for section in range(_SECTIONS):
        if lengths[section] > 0:
            pool += weights.view_sections[view, section]
    for section in range(_SECTIONS):
        weight = weights.mentions[view, section]
        lengths[section] = weight / (math.sqrt(lengths[section]) * pool) if weight > 0 and lengths[section] > 0 else 0.0
    for entry in range(sums.found[1]):
        sums.coefficients[entry, view] *= lengths[sums.sections[entry]]


@compiled
def _share_duties(weights, sums):
    """Fill the coefficients of documented duties, in the place of the first view's."""
    for row in range(sums.found[0]):
        if sums.keys[row] < weights.phrases:
            continue
        total = 0.0
        for section in range(_SECTIONS):
            entry = sums.entry_of[row, section]
            if entry >= 0:
                total += sums.counts[entry] * weights.keyword_sections[section]
        value = weights.keyword_scale * _damping(total, 0, weights)
        for section in range(_SECTIONS):
            entry = sums.entry_of[row, section]
            if entry >= 0:
                sums.coefficients[entry, 0] = value * weights.keyword_sections[section]


@compiled
def _add_up(posting, weights, sums, results):
    """Fill the scores and probabilities of a posting; return the best role."""
    scores, title_scores, duty_scores, added = results.scores, results.by_title, results.by_duties, sums.added
    roles, views, blocks = len(weights.bias), sums.coefficients.shape[1], weights.worth.shape[2]
    for row in range(len(added)):
        for lane in range(LANES):
            added[row, lane] = 0.0
    for entry in range(sums.found[1]):
        part = views if sums.sections[entry] == _TITLE else 0
        key, count = sums.keys[sums.rows[entry]], sums.counts[entry]
        for view in range(views):
            share = count * sums.coefficients[entry, view]
            if share != 0.0:
                place, row = (part + view) * blocks, (key * views + view) * blocks
                for block in range(blocks):
                    add_product(added, place + block, weights.worth, row + block, share)  # type: ignore[call-arg]
    best = 0
    for role in range(roles):
        by_duties, by_title = weights.bias[role], 0.0
        for view in range(views):
            by_duties += added[view * blocks + role // LANES, role % LANES]
            by_title += added[(views + view) * blocks + role // LANES, role % LANES]
        duty_scores[posting, role], title_scores[posting, role] = by_duties, by_title
        scores[posting, role] = results.probabilities[posting, role] = by_duties + by_title
        best = role if scores[posting, role] > scores[posting, best] else best
    for each in (results.probabilities, title_scores, duty_scores):
        _to_probabilities(each[posting], weights.temperature)
    return best


@inlined
def _mention(entry, role, weights, sums):
    """Return what one mention adds to the score of a role."""
    key, total = sums.keys[sums.rows[entry]], 0.0
    for view in range(sums.coefficients.shape[1]):
        total += sums.coefficients[entry, view] * weights.worth[key, view, role // LANES, role % LANES]
    return total


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
def _strongest(codes, role, weights, scan, sums, shown):
    """Fill the bounds of the words that add most to a role: hits under the longest they touch, each phrase once."""
    words, reach, home, strength, mentions = scan.found[WORDS], sums.reach, sums.home, sums.strength, sums.mentions
    for entry in range(sums.found[1]):
        mentions[entry] = _mention(entry, role, weights, sums)
    for word in range(words):
        reach[word] = -1
    for hit in range(scan.found[HITS]):
        first = scan.hits[hit, 2]
        reach[first] = max(reach[first], scan.hits[hit, 3])
    runs, last = 0, -1
    for word in range(words):
        opens = reach[word] > last
        last = max(last, reach[word])
        sums.runs[runs, 0], sums.runs[runs, 1], strength[runs] = scan.words[word, 0], scan.words[last, 1], 0.0
        runs += opens
        home[word] = runs - 1
    for hit in range(scan.found[HITS]):
        strength[home[scan.hits[hit, 2]]] += mentions[scan.hits[hit, 0]]
    _show_strongest(codes, runs, sums, shown)


@compiled
def _show_strongest(codes, count, sums, shown):
    """Fill the bounds of the strongest runs of words, the first of equals first; -1 where there are no more.

    The same words in several places add up, under the first of them. They share a slot, with others, whose sum says
    what they come to at most: where that is too little, as it is with nearly all, no words are compared.
    """
    runs, strength, slots, later, first, most = sums.runs, sums.strength, sums.home, sums.reach, sums.first, sums.most
    for slot in range(len(most)):
        first[slot], most[slot] = -1, 0.0
    for run in range(count - 1, -1, -1):
        slot = _slot(codes, runs[run, 0], runs[run, 1], len(most))
        slots[run], later[run], first[slot] = slot, first[slot], run
        most[slot] += strength[run] if strength[run] > 0 else 0.0
    best, room, least = 0, len(shown), 0.0
    for run in range(count):
        if most[slots[run]] <= least or strength[run] == 0:  # of which the latter counts under another
            continue
        other = later[run]
        while other >= 0:
            if _same(codes, runs[run, 0], runs[run, 1], runs[other, 0], runs[other, 1]):
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
        shown[place, 0], shown[place, 1] = (runs[run, 0], runs[run, 1]) if place < best else (-1, -1)


@inlined
def _slot(codes, start, end, slots):
    """Return a slot for a run of words, whatever its case."""
    value = lower(codes[start]) << 24 ^ lower(codes[end - 1]) << 12 ^ lower(codes[(start + end) // 2])
    return np.int64(mixed(value * 31 + end - start) >> np.uint64(20) & np.uint64(slots - 1))


@inlined
def _same(codes, start, end, first, last):
    """Return whether a run of words is written like another, but for case."""
    if last - first != end - start:
        return False
    for step in range(end - start):
        if lower(codes[start + step]) != lower(codes[first + step]):
            return False
    return True
