from rolelens.reading.kinds cimport CHARACTER, FIRST_SYLLABLE, LAST_SYLLABLE, SYLLABLE, UPPER
from rolelens.reading.hashing cimport grown
from rolelens.reading.sheet cimport Sheet
from rolelens.reading.table cimport HashTable

cdef class Documented:
    cdef HashTable units, openings
    cdef unsigned short[::1] opening_lengths
    cdef int[::1] unit_first, unit_text, unit_letters
    cdef int[::1] pattern_start, pattern_unit, pattern_duty
    cdef unsigned long long[::1] pattern_second, pattern_written, unit_keys
    cdef int first_key
    cdef bint is_as_written(self, Sheet sheet, Py_ssize_t word, int unit, unsigned long long written) noexcept nogil
    cdef unsigned long long near(self, Sheet sheet, Py_ssize_t word, Py_ssize_t offset) noexcept nogil
    cdef void find(self, Sheet sheet) noexcept nogil
    cdef void find_from(self, Sheet sheet, int unit, Py_ssize_t word, Py_ssize_t offset) noexcept nogil
    cdef Py_ssize_t follow(self, Sheet sheet, int unit, int last, Py_ssize_t word, Py_ssize_t offset) noexcept nogil
    cdef Py_ssize_t place_in(self, Sheet sheet, int unit, Py_ssize_t start, Py_ssize_t end) noexcept nogil
