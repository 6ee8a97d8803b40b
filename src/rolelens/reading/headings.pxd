from rolelens.reading.sheet cimport Sheet
from rolelens.reading.table cimport HashTable

cdef class Headings:
    cdef HashTable steps, ends
    cdef int nodes
    cdef bint add(self, unsigned int[::1] symbols, Py_ssize_t start, Py_ssize_t end, int section) noexcept nogil
    cdef void split(self, Sheet sheet) noexcept nogil
    cdef int end_of(self, int node, int kind) noexcept nogil
    cdef int whole(self, Sheet sheet, Py_ssize_t start, Py_ssize_t end, Py_ssize_t shortest) noexcept nogil
    cdef int begun(self, Sheet sheet, Py_ssize_t start, Py_ssize_t end, int kind) noexcept nogil
    cdef int ended(self, Sheet sheet, Py_ssize_t start, Py_ssize_t end) noexcept nogil
    cdef int like(self, Sheet sheet, Py_ssize_t start, Py_ssize_t end) noexcept nogil
    cdef Py_ssize_t bracketed_in(self, Sheet sheet, Py_ssize_t line, Py_ssize_t stop) noexcept nogil
    cdef Py_ssize_t marked_in(self, Sheet sheet, Py_ssize_t line, Py_ssize_t stop, Py_ssize_t bullet) noexcept nogil
