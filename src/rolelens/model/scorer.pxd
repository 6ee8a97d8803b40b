from rolelens.reading.reader cimport Reader
from rolelens.reading.sheet cimport Sheet

cdef class Weights:
    cdef int roles, phrases, views, lanes, sections, title, duties
    cdef double most, keyword_scale
    cdef float[::1] idf, weights, keyword_weights
    cdef double[::1] bias, keyword_sections
    cdef int[::1] lane_view, lane_pooled, section_lanes, section_first
    cdef double[::1] lane_sections, lane_share
    cdef double[::1] logarithms

cdef class Scorer:
    cdef Weights weights
    cdef readonly Sheet sheet
    cdef Reader reader
    cdef int[::1] slots, row_key, row_sections, counts
    cdef double[::1] values, lengths, shares, row_shares
    cdef double[::1] scores, title_scores, gains
    cdef int rows
    cdef double touched
    cdef int[::1] reach, home, mention_first, mention_last
    cdef double[::1] mention_gain
    cdef int mentions
    cdef void count(self, Sheet sheet) noexcept nogil
    cdef void weigh(self, Weights weights) noexcept nogil
    cdef void add_up(self, Weights weights) noexcept nogil
    cdef void share_out(self, Weights weights) noexcept nogil
    cdef double total_of(self, Weights weights, int row, int lane) noexcept nogil
    cdef double keyword_share(self, Weights weights, int row) noexcept nogil
    cdef void forget(self) noexcept nogil
    cdef void weigh_row(self, Weights weights, int row) noexcept nogil
    cdef void gain_of(self, Py_ssize_t hit) noexcept nogil
    cdef void find_mentions(self) noexcept nogil
