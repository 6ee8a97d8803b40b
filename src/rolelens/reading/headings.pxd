from rolelens.reading.sheet cimport Sheet
from rolelens.reading.table cimport HashTable

cdef class Headings:
    cdef HashTable steps, ends
    cdef int nodes
    cdef unsigned char[::1] node_kinds
    cdef _add(self, unsigned int[::1] symbols, Py_ssize_t start, Py_ssize_t end, int section)
    cdef void split(self, Sheet sheet) noexcept nogil
    cdef int end_of(self, int node, int kind) noexcept nogil
    cdef int walk(self, Sheet sheet, Py_ssize_t start, Py_ssize_t end) noexcept nogil
    cdef int ended(self, Sheet sheet, Py_ssize_t start, Py_ssize_t end) noexcept nogil
    cdef int like(self, Sheet sheet, Py_ssize_t start, Py_ssize_t end, int walked) noexcept nogil
    cdef int opened(self, Sheet sheet, Py_ssize_t start, Py_ssize_t end, int walked) noexcept nogil
    cdef Py_ssize_t bracketed_in(self, Sheet sheet, Py_ssize_t signs, Py_ssize_t stop) noexcept nogil
    cdef Py_ssize_t marked_in(self, Sheet sheet, Py_ssize_t signs, Py_ssize_t line, Py_ssize_t stop, Py_ssize_t bullet) noexcept nogil
