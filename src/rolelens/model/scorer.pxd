from rolelens.reading.kinds cimport UPPER
from rolelens.reading.words cimport word_key
from rolelens.reading.hashing cimport spread
from rolelens.reading.hashing cimport paired
from libc.math cimport sqrt
from libc.math cimport log1p
from libc.math cimport exp
from rolelens.reading.reader cimport Reader
from rolelens.reading.sheet cimport Sheet

cdef class Weights:
    cdef int roles, phrases, views, lanes, duties
    cdef double most, keyword_scale, temperature
    cdef float[::1] idf, weights, keyword_weights
    cdef double[::1] bias, keyword_sections
    cdef int[::1] lane_view
    cdef double[::1] lane_sections, lane_share
    cdef double[::1] logarithms

cdef class Scorer:
    cdef Weights weights
    cdef Sheet sheet
    cdef Reader reader
    cdef int[::1] slots, row_key, row_group, counts, groups_used
    cdef double[::1] totals, values, lengths, shares, row_shares, row_gains, group_squares, group_shares, hit_shares
    cdef double[::1] scores, title_scores
    cdef int rows
    cdef double touched
    cdef int[::1] reach, home, mention_first, mention_last, groups
    cdef double[::1] mention_gain
    cdef unsigned long long[::1] keys
    cdef int mentions
    cdef void weigh_all(self, Sheet sheet, Weights weights) noexcept nogil
    cdef void count(self, Sheet sheet) noexcept nogil
    cdef void count_hit(self, int key, int section) noexcept nogil
    cdef void forget(self) noexcept nogil
    cdef void weigh(self, Weights weights) noexcept nogil
    cdef void weigh_mixed(self, Weights weights, int row) noexcept nogil
    cdef void add_up(self, Weights weights) noexcept nogil
    cdef void add_up_title(self, Sheet sheet, Weights weights) noexcept nogil
    cdef double keyword_share(self, Weights weights, int row) noexcept nogil
    cdef int find_shares(self, Sheet sheet, Weights weights, Py_ssize_t hit) noexcept nogil
    cdef void add_hit(self, Sheet sheet, Weights weights, Py_ssize_t hit, double[::1] sums, Py_ssize_t place) noexcept nogil
    cdef double gain_of(self, Weights weights, int row, int role) noexcept nogil
    cdef void find_mentions(self, Sheet sheet) noexcept nogil
    cdef void find_gains(self, Sheet sheet, Weights weights) noexcept nogil
    cdef void show_strongest(self, int[::1] places, Py_ssize_t first, int shown, Sheet sheet) noexcept nogil
    cdef unsigned long long mention_key(self, Sheet sheet, int mention) noexcept nogil

cdef void _to_probabilities(double[::1] scores, Py_ssize_t first, int count, double temperature) noexcept nogil
