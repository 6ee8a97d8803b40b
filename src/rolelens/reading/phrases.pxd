from rolelens.reading.kinds cimport CHARACTER, FIRST_SYLLABLE, LAST_SYLLABLE, SYLLABLE
from rolelens.reading.hashing cimport paired
from rolelens.reading.hashing cimport grown
from rolelens.reading.sheet cimport Sheet
from rolelens.reading.table cimport HashTable

cdef class Phrases:
    cdef HashTable table
    cdef unsigned char[::1] piece_lengths
    cdef bint every
    cdef readonly Py_ssize_t count
    cdef void find(self, Sheet sheet) noexcept nogil
    cdef void list_pieces(self, Sheet sheet, Py_ssize_t word) noexcept nogil
    cdef unsigned long long list_candidate(self, Sheet sheet, unsigned long long key, Py_ssize_t first, Py_ssize_t last) noexcept nogil

cdef unsigned long long _key(unsigned int[::1] symbols, Py_ssize_t start, Py_ssize_t end) noexcept nogil
