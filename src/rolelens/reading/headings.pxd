from rolelens.reading.kinds cimport CHARACTER, DIGIT, HEADING_SIGN, IN_WORD, LETTER, LOWER, NEWLINE, SPACE, SYLLABLE, UPPER
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

cdef int _packed(int whole, int beginning, int opening) noexcept nogil
cdef int _whole_in(int walked) noexcept nogil
cdef int _beginning_in(int walked) noexcept nogil
cdef int _opening_in(int walked) noexcept nogil
cdef Py_ssize_t _letters(Sheet sheet, Py_ssize_t start, Py_ssize_t end) noexcept nogil
cdef bint _is_before(int[::1] one, Py_ssize_t row, int[::1] other, Py_ssize_t place) noexcept nogil
cdef Py_ssize_t _bullet_end(Sheet sheet, Py_ssize_t start, Py_ssize_t end) noexcept nogil
cdef bint _opens(unsigned int sign) noexcept nogil
cdef bint _closes(unsigned int sign) noexcept nogil
cdef bint _bars(unsigned int sign) noexcept nogil
cdef bint _is_glue(Sheet sheet, Py_ssize_t place, Py_ssize_t stop) noexcept nogil
cdef Py_ssize_t _phrase_start(Sheet sheet, Py_ssize_t line, Py_ssize_t free, Py_ssize_t last, Py_ssize_t mark) noexcept nogil
cdef void _cut_background(Sheet sheet) noexcept nogil
cdef Py_ssize_t _blank_line_end(Sheet sheet, Py_ssize_t start, Py_ssize_t end) noexcept nogil
