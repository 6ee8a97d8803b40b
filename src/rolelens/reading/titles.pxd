from rolelens.reading.kinds cimport CHARACTER, DIGIT, NEWLINE, SPACE
from rolelens.reading.words cimport word_end
from rolelens.reading.sheet cimport Sheet
from rolelens.reading.table cimport HashTable

cdef class Titles:
    cdef HashTable steps, ends
    cdef int nodes
    cdef int[::1] roles, lengths
    cdef int longest
    cdef void find(self, Sheet sheet) noexcept nogil
    cdef unsigned long long named_in(self, Sheet sheet, Py_ssize_t start, Py_ssize_t end) noexcept nogil
    cdef unsigned long long listed(self, Sheet sheet, Py_ssize_t start, Py_ssize_t end, int root) noexcept nogil
