"""Hits become scores: bias plus contributions, the TF-IDF of phrases by section and the weight of documented duties."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from math import log1p, sqrt

try:
    import cython
except ModuleNotFoundError:  # where nothing was compiled
    from rolelens.reading import uncompiled as cython

if cython.compiled:
    from cython.cimports.libc.math import log1p, sqrt
    from cython.cimports.rolelens.reading.reader import Reader
    from cython.cimports.rolelens.reading.sheet import Sheet
else:
    from rolelens.reading.reader import Reader
    from rolelens.reading.sheet import Sheet

from rolelens.model.settings import Settings
from rolelens.reading.sections import ALL_SECTIONS, NUMBERS, TITLE

_SECTIONS = cython.declare(cython.int, len(ALL_SECTIONS))
_TITLE = cython.declare(cython.int, NUMBERS[TITLE])
_KEPT = 32  # logarithms of so many mentions in one section are kept
_LOGARITHMS = cython.declare(cython.int, _KEPT + 1)


@cython.final
@cython.cclass
class Weights:
    """The numbers of a model; a lane is a vector of TF-IDF values, one for a view or for one section of it."""

    def __init__(
        self,
        settings: Settings,
        idf: Sequence[float],
        weights: Sequence[float],
        keyword_weights: Sequence[float],
        bias: Sequence[float],
    ) -> None:
        self.idf, self.weights, self.keyword_weights = (array("f", each) for each in (idf, weights, keyword_weights))
        self.bias = array("d", bias)
        self.roles, self.phrases, self.views = len(bias), len(idf), len(settings.views)
        self.duties = len(keyword_weights) // len(bias)
        self.most, self.keyword_scale = settings.most_counted, settings.keyword_scale
        lanes = [
            (number, view.by_section, sections, share)
            for number, view in enumerate(settings.views)
            for sections, share in _lanes(view.sections, by_section=view.by_section)
        ]
        self.lanes = len(lanes)
        self.lane_view = array("i", [number for number, _, _, _ in lanes])
        self.lane_pooled = array("i", [by_section for _, by_section, _, _ in lanes])
        self.lane_share = array("d", [share for _, _, _, share in lanes])
        self.lane_sections = array(
            "d", [sections.get(section, 0.0) for _, _, sections, _ in lanes for section in ALL_SECTIONS]
        )
        self.keyword_sections = array("d", [settings.keyword_sections.get(section, 0.0) for section in ALL_SECTIONS])
        listed = [
            [number for number, (_, _, sections, _) in enumerate(lanes) if sections.get(section, 0.0) > 0]
            for section in ALL_SECTIONS
        ]
        self.section_lanes = array("i", [lane for each in listed for lane in each])
        self.section_first = array("i", [sum(map(len, listed[:section])) for section in range(len(listed) + 1)])
        self.logarithms = array(
            "d",
            [
                log1p(min(sections.get(section, 0.0) * count, settings.most_counted))
                for section in ALL_SECTIONS
                for count in range(_KEPT + 1)
                for _, _, sections, _ in lanes
            ],
        )


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
        self.scores, self.title_scores, self.gains = (array("d", bytes(8 * weights.roles)) for _ in range(3))
        self._make_room()

    def _make_room(self) -> None:
        rows = min(len(self.sheet.hit_key), self.weights.phrases + self.weights.duties) + 1
        words = self.sheet.room + 4
        self.row_key, self.row_sections = (array("i", bytes(4 * rows)) for _ in range(2))
        self.counts = array("i", bytes(4 * rows * len(ALL_SECTIONS)))
        self.values = array("d", bytes(8 * rows * self.weights.lanes))
        self.row_shares = array("d", bytes(8 * rows * self.weights.views))
        self.reach, self.home, self.mention_first, self.mention_last = (array("i", bytes(4 * words)) for _ in range(4))
        self.mention_gain = array("d", bytes(8 * words))

    def score(self, symbols: array[int], bounds: Sequence[int]) -> array[float]:
        sheet: Sheet = self.sheet
        sheet.symbols = symbols
        weights: Weights = self.weights
        roles: cython.int = weights.roles
        count: cython.Py_ssize_t = len(bounds) // 4
        marks: cython.int[::1] = bounds
        found = array("d", bytes(8 * count * roles))
        scores: cython.double[::1] = found
        longest = max(bounds[4 * number + 3] - bounds[4 * number] for number in range(count))
        if longest > sheet.room:
            sheet.make_room(longest)
            self._make_room()
        posting: cython.Py_ssize_t
        role: cython.int
        with cython.nogil:
            for posting in range(count):
                sheet.title_start, sheet.title_end = marks[4 * posting], marks[4 * posting + 1]
                sheet.text_start, sheet.text_end = marks[4 * posting + 2], marks[4 * posting + 3]
                self.reader.read(sheet)
                self.count(sheet)
                self.weigh(weights)
                self.share_out(weights)
                self.add_up(weights)
                for role in range(roles):
                    scores[posting * roles + role] = self.scores[role]
                self.forget()
        return found

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def count(self, sheet: Sheet) -> cython.void:
        """Count the mentions of every phrase and duty by section."""
        hit: cython.Py_ssize_t
        self.rows = 0
        for hit in range(sheet.hits):
            key: cython.int = sheet.hit_key[hit]
            row: cython.int = self.slots[key]
            section: cython.int = sheet.line_section[sheet.word_line[sheet.hit_first[hit]]]
            if row < 0:
                row = self.rows
                self.slots[key] = row
                self.row_key[row] = key
                self.row_sections[row] = 0
                self.rows += 1
            self.row_sections[row] |= 1 << section
            self.counts[row * _SECTIONS + section] += 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def forget(self) -> cython.void:
        row: cython.Py_ssize_t
        for row in range(self.rows):
            self.slots[self.row_key[row]] = -1
        for row in range(self.rows * _SECTIONS):
            self.counts[row] = 0

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def weigh(self, weights: Weights) -> cython.void:
        """Fill the values of a posting's vectors, before they get unit length, and what a view has of each of them."""
        lane: cython.int
        row: cython.int
        for lane in range(weights.lanes):
            self.lengths[lane] = 0.0
        for row in range(self.rows):
            if self.row_key[row] < weights.phrases:
                self.weigh_row(weights, row)
        lane = 0
        view: cython.int
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

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def weigh_row(self, weights: Weights, row: cython.int) -> cython.void:
        idf: cython.double = weights.idf[self.row_key[row]]
        sections: cython.int = self.row_sections[row]
        section: cython.int = 0
        while not sections >> section & 1:
            section += 1
        count: cython.int = self.counts[row * _SECTIONS + section]
        place: cython.int = row * weights.lanes
        value: cython.double
        lane: cython.int
        if sections >> section == 1 and count < _LOGARITHMS:
            known: cython.int = (section * _LOGARITHMS + count) * weights.lanes
            entry: cython.int
            for entry in range(weights.section_first[section], weights.section_first[section + 1]):
                lane = weights.section_lanes[entry]
                value = idf * weights.logarithms[known + lane]
                self.values[place + lane] = value
                self.lengths[lane] += value * value
            self.row_sections[row] = -1 - section
            return
        for lane in range(weights.lanes):
            total: cython.double = self.total_of(weights, row, lane)
            value = idf * log1p(min(total, weights.most)) if total > 0 else 0.0
            self.values[place + lane] = value
            self.lengths[lane] += value * value

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def total_of(self, weights: Weights, row: cython.int, lane: cython.int) -> cython.double:
        """Return what the mentions of a row count for in a lane."""
        total: cython.double = 0.0
        section: cython.int
        for section in range(_SECTIONS):
            total += weights.lane_sections[lane * _SECTIONS + section] * self.counts[row * _SECTIONS + section]
        return total

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def share_out(self, weights: Weights) -> cython.void:
        """Fill what each row has of each view, and look at its weights, so that memory brings them all at once."""
        touched: cython.double = 0.0
        row: cython.int
        for row in range(self.rows):
            lane: cython.int
            view: cython.int
            place: cython.int = row * weights.views
            if self.row_key[row] >= weights.phrases:
                continue
            touched += weights.weights[self.row_key[row] * weights.views * weights.roles]
            for view in range(weights.views):
                self.row_shares[place + view] = 0.0
            section: cython.int = -1 - self.row_sections[row]
            if section >= 0:
                entry: cython.int
                for entry in range(weights.section_first[section], weights.section_first[section + 1]):
                    lane = weights.section_lanes[entry]
                    self.row_shares[place + weights.lane_view[lane]] += (
                        self.shares[lane] * self.values[row * weights.lanes + lane]
                    )
                continue
            for lane in range(weights.lanes):
                self.row_shares[place + weights.lane_view[lane]] += (
                    self.shares[lane] * self.values[row * weights.lanes + lane]
                )
        self.touched = touched

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def add_up(self, weights: Weights) -> cython.void:
        roles: cython.int = weights.roles
        role: cython.int = 0
        row: cython.int
        view: cython.int
        for role in range(0, roles, 3):  # three at a time, which a processor keeps at hand
            second: cython.int = min(role + 1, roles - 1)
            third: cython.int = min(role + 2, roles - 1)
            one: cython.double = weights.bias[role]
            two: cython.double = weights.bias[second]
            three: cython.double = weights.bias[third]
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
                    continue
                base = cython.cast(cython.Py_ssize_t, key) * weights.views * roles
                for view in range(weights.views):
                    share = self.row_shares[row * weights.views + view]
                    if share != 0.0:
                        one += share * weights.weights[base + role]
                        two += share * weights.weights[base + second]
                        three += share * weights.weights[base + third]
                    base += roles
            self.scores[role], self.scores[second], self.scores[third] = one, two, three

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def keyword_share(self, weights: Weights, row: cython.int) -> cython.double:
        """Return what the mentions of a documented duty are worth together."""
        total: cython.double = 0.0
        section: cython.int
        for section in range(_SECTIONS):
            total += weights.keyword_sections[section] * self.counts[row * _SECTIONS + section]
        return weights.keyword_scale * log1p(min(total, weights.most))

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def gain_of(self, hit: cython.Py_ssize_t) -> cython.void:
        pass

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def find_mentions(self) -> cython.void:
        pass
