"""Hits become scores: bias plus contributions, the TF-IDF of phrases by section and the weight of documented duties."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from typing import NamedTuple

try:
    import cython
except ModuleNotFoundError:  # where nothing was compiled
    from rolelens.reading import uncompiled as cython

if not cython.compiled:
    from math import exp, log1p, sqrt

    from rolelens.reading.hashing import paired, spread
    from rolelens.reading.kinds import UPPER
    from rolelens.reading.reader import Reader
    from rolelens.reading.sheet import Sheet
    from rolelens.reading.words import word_key

from rolelens.errors import ModelError
from rolelens.model.settings import Settings
from rolelens.reading.sections import ALL_SECTIONS, NUMBERS, TITLE

_SECTIONS = cython.declare(cython.int, len(ALL_SECTIONS))
_TITLE = cython.declare(cython.int, NUMBERS[TITLE])
_KEPT = 32  # logarithms of so many mentions in one section are kept
_MIXED = cython.declare(cython.int, -1_000_000)  # in the place of a group: mentions in several sections, or very many
_UNKNOWN = cython.declare(cython.double, 1e300)
_LOGARITHMS = cython.declare(cython.int, _KEPT + 1)


class Scores(NamedTuple):
    """The scores of n postings.

    Shapes: scores (n * roles,), in log-odds; probabilities, by_title and by_duties (n * roles,), of the whole posting,
    of its title's part of the scores and of the rest; named (n,), a bit for each role that the title names; language
    (n,), the place in `language.NAMES`; words (n,) of the text; evidence (n * shown * 2,), where the strongest words
    for the best role begin and end, -1 where none do.
    """

    scores: array[float]
    probabilities: array[float]
    by_title: array[float]
    by_duties: array[float]
    named: array[int]
    language: array[int]
    words: array[int]
    evidence: array[int]


class Columns(NamedTuple):
    """What was read of one posting: where its title stands, and its lines, words and hits."""

    title_start: int
    title_end: int
    line_section: array[int]
    line_start: array[int]
    line_end: array[int]
    word_start: array[int]
    word_end: array[int]
    word_line: array[int]
    hit_key: array[int]
    hit_first: array[int]
    hit_last: array[int]


class Shares(NamedTuple):
    """What the parts of a posting add to the scores, in log-odds.

    Mentions are the longest runs of words that hits touch, by their first and last word; `mention_key` is the same for
    the same words, `home` (words,) the mention of the hits that begin with a word. `added` (hits * roles,),
    `mention_added` (mentions * roles,) and `line_added` (lines * roles,) are what each adds.
    """

    mention_first: array[int]
    mention_last: array[int]
    mention_key: array[int]
    home: array[int]
    added: array[float]
    mention_added: array[float]
    line_added: array[float]


@cython.final
@cython.cclass
class Weights:
    """The numbers of a model; a lane is a vector of TF-IDF values, one for a view or for one section of it."""

    def __init__(
        self,
        settings: Settings,
        idf: array[float],
        weights: array[float],
        keyword_weights: array[float],
        bias: Sequence[float],
        temperature: float,
    ) -> None:
        for name, numbers in (("idf", idf), ("weights", weights), ("keyword_weights", keyword_weights)):
            if not _are_finite(numbers):
                raise ModelError(f"the model's {name} are not all numbers; copy it again or train it anew")
        self.idf, self.weights, self.keyword_weights = idf, weights, keyword_weights
        self.temperature = temperature
        self.bias = array("d", bias)
        self.roles, self.phrases, self.views = len(bias), len(idf), len(settings.views)
        self.duties = len(keyword_weights) // len(bias)
        self.most, self.keyword_scale = settings.most_counted, settings.keyword_scale
        lanes = [
            (number, sections, share)
            for number, view in enumerate(settings.views)
            for sections, share in _lanes(view.sections, by_section=view.by_section)
        ]
        self.lanes = len(lanes)
        self.lane_view = array("i", [number for number, _, _ in lanes])
        self.lane_share = array("d", [share for _, _, share in lanes])
        self.lane_sections = array(
            "d", [sections.get(section, 0.0) for _, sections, _ in lanes for section in ALL_SECTIONS]
        )
        self.keyword_sections = array("d", [settings.keyword_sections.get(section, 0.0) for section in ALL_SECTIONS])
        self.logarithms = array(
            "d",
            [
                log1p(min(sections.get(section, 0.0) * count, settings.most_counted))
                for section in ALL_SECTIONS
                for count in range(_KEPT + 1)
                for _, sections, _ in lanes
            ],
        )


def _are_finite(numbers: cython.float[::1]) -> bool:
    place: cython.Py_ssize_t
    for place in range(len(numbers)):
        if not -1e6 < numbers[place] < 1e6:  # nor is NaN
            return False
    return True


def _lanes(sections: Mapping[str, float], *, by_section: bool) -> list[tuple[Mapping[str, float], float]]:
    if not by_section:
        return [(sections, 1.0)]
    return [({section: 1.0}, share) for section, share in sections.items() if share > 0]


@cython.final
@cython.cclass
class Scorer:
    """Reads and scores one posting at a time; each thread has its own."""

    def __init__(self, reader: Reader, weights: Weights) -> None:
        self.reader, self.weights, self.sheet = reader, weights, Sheet()
        self.slots = array("i", [-1]) * (weights.phrases + weights.duties)
        self.lengths, self.shares = (array("d", bytes(8 * weights.lanes)) for _ in range(2))
        self.scores, self.title_scores = (array("d", bytes(8 * weights.roles)) for _ in range(2))
        self.hit_shares = array("d", bytes(8 * max(1, weights.views)))
        groups = len(ALL_SECTIONS) * (_KEPT + 1)
        self.group_squares, self.groups_used = array("d", bytes(8 * groups)), array("i", bytes(4 * groups))
        self.group_shares = array("d", bytes(8 * groups * weights.views))
        self._make_room()

    def _make_room(self) -> None:
        rows = min(self.sheet.hit_room, self.weights.phrases + self.weights.duties) + 1
        words = self.sheet.room + 4
        self.row_key, self.row_group = (array("i", bytes(4 * rows)) for _ in range(2))
        self.counts = array("i", bytes(4 * rows * len(ALL_SECTIONS)))
        self.totals, self.values = (array("d", bytes(8 * rows * self.weights.lanes)) for _ in range(2))
        self.row_gains = array("d", bytes(8 * rows))
        self.row_shares = array("d", bytes(8 * rows * self.weights.views))
        self.reach, self.home, self.mention_first, self.mention_last = (array("i", bytes(4 * words)) for _ in range(4))
        self.mention_gain = array("d", bytes(8 * words))
        self.keys = array("Q", bytes(8 * words))
        self.groups = array("i", bytes(16 * words + 64))

    def score(self, symbols: array[int], bounds: array[int], shown: cython.int = 0) -> Scores:
        """Return the scores of n postings, of which `bounds` holds where title and text begin and end.

        `shown` is how many pieces of evidence for the best role to give the places of.
        """
        count: cython.Py_ssize_t = len(bounds) // 4
        roles: cython.int = self.weights.roles
        found = Scores(
            *(array("d", bytes(8 * count * roles)) for _ in range(4)),
            array("Q", bytes(8 * count)),
            array("i", bytes(4 * count)),
            array("i", bytes(4 * count)),
            array("i", [-1]) * (2 * count * shown),
        )
        scores: cython.double[::1] = found.scores
        probabilities: cython.double[::1] = found.probabilities
        by_title: cython.double[::1] = found.by_title
        by_duties: cython.double[::1] = found.by_duties
        named: cython.ulonglong[::1] = found.named
        language: cython.int[::1] = found.language
        words: cython.int[::1] = found.words
        evidence: cython.int[::1] = found.evidence
        marks: cython.int[::1] = bounds
        weights: Weights = self.weights
        sheet: Sheet = self.sheet
        posting: cython.Py_ssize_t = 0
        base: cython.Py_ssize_t
        role: cython.int
        sheet.symbols = symbols
        self.room_for(max((bounds[place + 3] - bounds[place] for place in range(0, len(bounds), 4)), default=0))
        while posting < count:
            with cython.nogil:
                while posting < count:
                    sheet.title_start, sheet.title_end = marks[4 * posting], marks[4 * posting + 1]
                    sheet.text_start, sheet.text_end = marks[4 * posting + 2], marks[4 * posting + 3]
                    self.reader.read(sheet)
                    if sheet.crowded:
                        break
                    self.weigh_all(sheet, weights)
                    base = posting * roles
                    for role in range(roles):
                        scores[base + role] = probabilities[base + role] = self.scores[role]
                        by_title[base + role] = self.title_scores[role]
                        by_duties[base + role] = self.scores[role] - self.title_scores[role]
                    _to_probabilities(probabilities, base, roles, weights.temperature)
                    _to_probabilities(by_title, base, roles, weights.temperature)
                    _to_probabilities(by_duties, base, roles, weights.temperature)
                    named[posting], language[posting] = sheet.named, sheet.language
                    words[posting] = sheet.text_words
                    if shown:
                        self.find_mentions(sheet)
                        self.find_gains(sheet, weights)
                        self.show_strongest(evidence, posting * shown, shown, sheet)
                    self.forget()
                    posting += 1
            if posting < count:  # more hits than any posting has: it is read again with room for them
                sheet.more_hits()
                self._make_room()
        return found

    def room_for(self, characters: int) -> None:
        """Have room for a posting of so many characters."""
        if characters > self.sheet.room:
            self.sheet.make_room(characters)
            self._make_room()

    def read(self, symbols: array[int], bounds: array[int]) -> tuple[Scores, Columns, Shares]:
        """Return the scores of one posting, what was read of it, and what its parts add to the scores."""
        found = self.score(symbols, bounds, 0)
        sheet: Sheet = self.sheet
        weights: Weights = self.weights
        columns = Columns(
            sheet.title_start,
            sheet.title_end,
            _copied(sheet.line_section, sheet.lines),
            _copied(sheet.line_start, sheet.lines),
            _copied(sheet.line_end, sheet.lines),
            _copied(sheet.word_start, sheet.words),
            _copied(sheet.word_end, sheet.words),
            _copied(sheet.word_line, sheet.words),
            _copied(sheet.hit_key, sheet.hits),
            _copied(sheet.hit_first, sheet.hits),
            _copied(sheet.hit_last, sheet.hits),
        )
        with cython.nogil:
            self.weigh_all(sheet, weights)
            self.find_mentions(sheet)
        shares = Shares(
            _copied(self.mention_first, self.mentions),
            _copied(self.mention_last, self.mentions),
            array("Q", bytes(8 * self.mentions)),
            _copied(self.home, sheet.words),
            *(array("d", bytes(8 * rows * weights.roles)) for rows in (sheet.hits, self.mentions, sheet.lines)),
        )
        keys: cython.ulonglong[::1] = shares.mention_key
        added: cython.double[::1] = shares.added
        by_mention: cython.double[::1] = shares.mention_added
        by_line: cython.double[::1] = shares.line_added
        roles: cython.int = weights.roles
        hit: cython.Py_ssize_t
        role: cython.int
        with cython.nogil:
            for hit in range(self.mentions):
                keys[hit] = self.mention_key(sheet, hit)
            for hit in range(sheet.hits):
                word: cython.int = sheet.hit_first[hit]
                self.add_hit(sheet, weights, hit, added, hit * roles)
                for role in range(roles):
                    by_mention[self.home[word] * roles + role] += added[hit * roles + role]
                    by_line[sheet.word_line[word] * roles + role] += added[hit * roles + role]
            self.forget()
        return found, columns, shares

    def without(self, columns: Columns, removed: array[int]) -> array[float]:
        """Return the scores of a posting that was read, without the lines for which `removed` holds 1."""
        weights: Weights = self.weights
        self.room_for(len(columns.hit_key))
        lines: cython.int[::1] = columns.word_line
        sections: cython.int[::1] = columns.line_section
        keys: cython.int[::1] = columns.hit_key
        firsts: cython.int[::1] = columns.hit_first
        gone: cython.int[::1] = removed
        count: cython.Py_ssize_t = len(columns.hit_key)
        hit: cython.Py_ssize_t
        with cython.nogil:
            self.rows = 0
            for hit in range(count):
                if not gone[lines[firsts[hit]]]:
                    self.count_hit(keys[hit], sections[lines[firsts[hit]]])
            self.weigh(weights)
            self.add_up(weights)
            self.forget()
        return array("d", self.scores)

    def weigh_all(self, sheet, weights):
        """Fill the scores of what stands on a sheet."""
        self.count(sheet)
        self.weigh(weights)
        self.add_up(weights)
        self.add_up_title(sheet, weights)

    def count(self, sheet):
        """Count the mentions of every phrase and duty by section."""
        hit: cython.Py_ssize_t
        self.rows = 0
        for hit in range(sheet.hits):
            self.count_hit(sheet.hit_key[hit], sheet.line_section[sheet.word_line[sheet.hit_first[hit]]])

    def count_hit(self, key, section):
        """Count one mention."""
        row: cython.int = self.slots[key]
        if row < 0:
            row = self.rows
            self.slots[key] = row
            self.row_key[row] = key
            self.row_group[row] = section * _LOGARITHMS
            self.rows += 1
        self.counts[row * _SECTIONS + section] += 1
        group: cython.int = self.row_group[row] + 1
        same: cython.bint = group >= section * _LOGARITHMS and group < (section + 1) * _LOGARITHMS
        self.row_group[row] = group if same else _MIXED

    def forget(self):
        """Make room for the next posting."""
        row: cython.Py_ssize_t
        for row in range(self.rows):
            self.slots[self.row_key[row]] = -1
        for row in range(self.rows * _SECTIONS):
            self.counts[row] = 0

    def weigh(self, weights):
        """Fill what the rows have of each view.

        Rows with all their mentions in one section, as often, are a group: their values differ by their rarity alone.
        """
        lane: cython.int
        row: cython.int
        view: cython.int
        group: cython.int
        entry: cython.int
        groups: cython.int = 0
        touched: cython.double = 0.0
        for lane in range(weights.lanes):
            self.lengths[lane] = 0.0
        for row in range(self.rows):
            if self.row_key[row] < weights.phrases:
                # A look at every row of weights, so that memory brings them all at once.
                touched += weights.weights[self.row_key[row] * weights.views * weights.roles]
                group = self.row_group[row]
                idf: cython.double = weights.idf[self.row_key[row]]
                if group == _MIXED:
                    self.weigh_mixed(weights, row)
                    continue
                if self.group_squares[group] == 0.0:
                    self.groups_used[groups] = group
                    groups += 1
                self.group_squares[group] += idf * idf
        self.touched = touched
        for entry in range(groups):
            group = self.groups_used[entry]
            for lane in range(weights.lanes):
                logarithm: cython.double = weights.logarithms[group * weights.lanes + lane]
                self.lengths[lane] += self.group_squares[group] * logarithm * logarithm
        lane = 0
        for view in range(weights.views):
            pooled: cython.double = 0.0
            other: cython.int = lane
            while other < weights.lanes and weights.lane_view[other] == view:
                pooled += weights.lane_share[other] if self.lengths[other] > 0 else 0.0
                other += 1
            while lane < other:
                length: cython.double = sqrt(self.lengths[lane]) * pooled
                self.shares[lane] = weights.lane_share[lane] / length if length > 0 else 0.0
                lane += 1
        for entry in range(groups):
            group = self.groups_used[entry]
            self.group_squares[group] = 0.0
            for view in range(weights.views):
                self.group_shares[group * weights.views + view] = 0.0
            for lane in range(weights.lanes):
                self.group_shares[group * weights.views + weights.lane_view[lane]] += (
                    self.shares[lane] * weights.logarithms[group * weights.lanes + lane]
                )
        for row in range(self.rows):
            if self.row_group[row] == _MIXED and self.row_key[row] < weights.phrases:
                for view in range(weights.views):
                    self.row_shares[row * weights.views + view] = 0.0
                for lane in range(weights.lanes):
                    self.row_shares[row * weights.views + weights.lane_view[lane]] += (
                        self.shares[lane] * self.values[row * weights.lanes + lane]
                    )

    def weigh_mixed(self, weights, row):
        """Fill what a row with mentions in several sections is worth in every lane, before these get unit length."""
        place: cython.int = row * weights.lanes
        lane: cython.int
        for lane in range(weights.lanes):
            total: cython.double = 0.0
            section: cython.int
            for section in range(_SECTIONS):
                total += weights.lane_sections[lane * _SECTIONS + section] * self.counts[row * _SECTIONS + section]
            value: cython.double = 0.0
            if total > 0:
                value = weights.idf[self.row_key[row]] * log1p(min(total, weights.most))
            self.totals[place + lane], self.values[place + lane] = total, value
            self.lengths[lane] += value * value

    def add_up(self, weights):
        """Fill the scores of all roles: the bias plus what every row adds."""
        roles: cython.int = weights.roles
        role: cython.int = 0
        row: cython.int
        view: cython.int
        for role in range(0, roles, 6):  # six at a time, which a processor keeps at hand
            second: cython.int = min(role + 1, roles - 1)
            third: cython.int = min(role + 2, roles - 1)
            fourth: cython.int = min(role + 3, roles - 1)
            fifth: cython.int = min(role + 4, roles - 1)
            sixth: cython.int = min(role + 5, roles - 1)
            one: cython.double = weights.bias[role]
            two: cython.double = weights.bias[second]
            three: cython.double = weights.bias[third]
            four: cython.double = weights.bias[fourth]
            five: cython.double = weights.bias[fifth]
            six: cython.double = weights.bias[sixth]
            for row in range(self.rows):
                key: cython.int = self.row_key[row]
                share: cython.double
                base: cython.Py_ssize_t
                if key >= weights.phrases:
                    share = self.keyword_share(weights, row)
                    base = (key - weights.phrases) * roles
                    one += share * weights.keyword_weights[base + role]
                    two += share * weights.keyword_weights[base + second]
                    three += share * weights.keyword_weights[base + third]
                    four += share * weights.keyword_weights[base + fourth]
                    five += share * weights.keyword_weights[base + fifth]
                    six += share * weights.keyword_weights[base + sixth]
                    continue
                base = cython.cast(cython.Py_ssize_t, key) * weights.views * roles
                group: cython.int = self.row_group[row]
                for view in range(weights.views):
                    if group == _MIXED:
                        share = self.row_shares[row * weights.views + view]
                    else:
                        share = weights.idf[key] * self.group_shares[group * weights.views + view]
                    if share != 0.0:
                        one += share * weights.weights[base + role]
                        two += share * weights.weights[base + second]
                        three += share * weights.weights[base + third]
                        four += share * weights.weights[base + fourth]
                        five += share * weights.weights[base + fifth]
                        six += share * weights.weights[base + sixth]
                    base += roles
            self.scores[role], self.scores[second], self.scores[third] = one, two, three
            self.scores[fourth], self.scores[fifth], self.scores[sixth] = four, five, six

    def keyword_share(self, weights, row):
        """Return what the mentions of a documented duty are worth together."""
        total: cython.double = 0.0
        section: cython.int
        for section in range(_SECTIONS):
            total += weights.keyword_sections[section] * self.counts[row * _SECTIONS + section]
        return weights.keyword_scale * log1p(min(total, weights.most))

    def find_shares(self, sheet, weights, hit):
        """Fill what one mention of a phrase has of each view; return its row, as -1 - row that of a documented duty."""
        key: cython.int = sheet.hit_key[hit]
        row: cython.int = self.slots[key]
        section: cython.int = sheet.line_section[sheet.word_line[sheet.hit_first[hit]]]
        view: cython.int
        lane: cython.int
        total: cython.double = 0.0
        if key >= weights.phrases:
            for lane in range(_SECTIONS):
                total += weights.keyword_sections[lane] * self.counts[row * _SECTIONS + lane]
            self.hit_shares[0] = (
                self.keyword_share(weights, row) * weights.keyword_sections[section] / total if total > 0 else 0.0
            )
            return -1 - row
        if self.row_group[row] != _MIXED:
            share: cython.double = weights.idf[key]
            share /= self.counts[row * _SECTIONS + section]
            for view in range(weights.views):
                self.hit_shares[view] = share * self.group_shares[self.row_group[row] * weights.views + view]
            return row
        for view in range(weights.views):
            self.hit_shares[view] = 0.0
        for lane in range(weights.lanes):
            total = self.totals[row * weights.lanes + lane]
            if total > 0:
                self.hit_shares[weights.lane_view[lane]] += (
                    self.shares[lane]
                    * self.values[row * weights.lanes + lane]
                    * weights.lane_sections[lane * _SECTIONS + section]
                    / total
                )
        return row

    def add_hit(self, sheet, weights, hit, sums, place):
        """Add what one mention adds to every role to the sums from a place on."""
        row: cython.int = self.find_shares(sheet, weights, hit)
        role: cython.int
        for role in range(weights.roles):
            sums[place + role] += self.gain_of(weights, row, role)

    def gain_of(self, weights, row, role):
        """Return what a mention, whose shares were found, adds to a role."""
        if row < 0:
            duty: cython.Py_ssize_t = self.row_key[-1 - row] - weights.phrases
            return self.hit_shares[0] * weights.keyword_weights[duty * weights.roles + role]
        gain: cython.double = 0.0
        view: cython.int
        base: cython.Py_ssize_t = cython.cast(cython.Py_ssize_t, self.row_key[row]) * weights.views * weights.roles
        for view in range(weights.views):
            gain += self.hit_shares[view] * weights.weights[base + view * weights.roles + role]
        return gain

    def add_up_title(self, sheet, weights):
        """Fill the part of the scores that the title has."""
        role: cython.int
        hit: cython.Py_ssize_t
        for role in range(weights.roles):
            self.title_scores[role] = 0.0
        if sheet.lines and sheet.line_section[0] == _TITLE:
            last: cython.int = sheet.line_word[1]
            for hit in range(sheet.hits):
                if sheet.hit_first[hit] < last:
                    self.add_hit(sheet, weights, hit, self.title_scores, 0)

    def find_mentions(self, sheet):
        """Gather hits under the longest run of words they overlap with, in one section: those are the mentions."""
        word: cython.Py_ssize_t
        hit: cython.Py_ssize_t
        for word in range(sheet.words):
            self.reach[word] = -1
        for hit in range(sheet.hits):
            self.reach[sheet.hit_first[hit]] = max(self.reach[sheet.hit_first[hit]], sheet.hit_last[hit])
        self.mentions = 0
        last: cython.int = -1
        for word in range(sheet.words):
            if self.reach[word] > last:
                last = self.reach[word]
                first: cython.Py_ssize_t = word
                while (
                    first > 0
                    and sheet.word_end[first - 1] == sheet.word_start[first]
                    and (sheet.symbols[sheet.word_start[first]] & UPPER)
                ):
                    first -= 1  # PyTorch is read as two words where a line might begin in it, and shown as one
                self.mention_first[self.mentions], self.mention_last[self.mentions] = first, last
                self.mentions += 1
            self.home[word] = self.mentions - 1

    def find_gains(self, sheet, weights):
        """Fill what every mention adds to the best role."""
        best: cython.int = 0
        role: cython.int
        for role in range(weights.roles):
            if self.scores[role] > self.scores[best]:
                best = role
        mention: cython.Py_ssize_t
        hit: cython.Py_ssize_t
        row: cython.int
        for mention in range(self.mentions):
            self.mention_gain[mention] = 0.0
        for row in range(self.rows):
            self.row_gains[row] = _UNKNOWN
        for hit in range(sheet.hits):
            row = self.slots[sheet.hit_key[hit]]
            gain: cython.double = self.row_gains[row]
            if gain == _UNKNOWN:
                gain = self.gain_of(weights, self.find_shares(sheet, weights, hit), best)
                if self.row_group[row] != _MIXED and self.row_key[row] < weights.phrases:  # the same for all mentions
                    self.row_gains[row] = gain
            self.mention_gain[self.home[sheet.hit_first[hit]]] += gain

    def show_strongest(self, places, first, shown, sheet):
        """Fill where the mentions stand that add most to the best role, the same words counted together."""
        mask: cython.ulonglong = 15
        while mask < 2 * self.mentions:
            mask = 2 * mask + 1
        slot: cython.ulonglong
        for slot in range(mask + 1):
            self.groups[slot] = -1
        mention: cython.int
        for mention in range(self.mentions):
            key: cython.ulonglong = self.mention_key(sheet, mention)
            self.keys[mention] = key
            slot = spread(key) >> 20 & mask
            while self.groups[slot] >= 0 and self.keys[self.groups[slot]] != key:
                slot = (slot + 1) & mask
            if self.groups[slot] < 0:
                self.groups[slot] = mention
            else:
                self.mention_gain[self.groups[slot]] += self.mention_gain[mention]
                self.mention_gain[mention] = 0.0
        taken: cython.int
        for taken in range(shown):
            best: cython.int = -1
            for mention in range(self.mentions):
                if self.mention_gain[mention] > (self.mention_gain[best] if best >= 0 else 0.0):
                    best = mention
            if best < 0:
                return
            places[2 * (first + taken)] = sheet.word_start[self.mention_first[best]]
            places[2 * (first + taken) + 1] = sheet.word_end[self.mention_last[best]]
            self.mention_gain[best] = 0.0

    def mention_key(self, sheet, mention):
        """Return the key of the words of a mention: the same words have the same, whatever their case."""
        value: cython.ulonglong = 0
        word: cython.Py_ssize_t
        for word in range(self.mention_first[mention], self.mention_last[mention] + 1):
            value = paired(value, word_key(sheet, sheet.word_start[word], sheet.word_end[word]))
        return value


def _to_probabilities(scores, first, count, temperature):
    """Turn scores into their softmax, divided by a temperature first."""
    highest: cython.double = scores[first]
    total: cython.double = 0.0
    place: cython.Py_ssize_t
    for place in range(first, first + count):
        highest = max(highest, scores[place])
    for place in range(first, first + count):
        scores[place] = exp((scores[place] - highest) / temperature)
        total += scores[place]
    for place in range(first, first + count):
        scores[place] /= total


def softmax(scores: Sequence[float], temperature: float = 1.0) -> list[float]:
    """Return probabilities proportional to exp(score / temperature).

    >>> softmax([0.0, 0.0])
    [0.5, 0.5]
    """
    found = array("d", scores)
    _to_probabilities(found, 0, len(found), temperature)
    return found.tolist()


def _copied(column: cython.int[::1], count: cython.Py_ssize_t) -> array[int]:
    copy = array("i")
    copy.frombytes(memoryview(column[:count]).tobytes())
    return copy
