from rolelens.reading.kinds cimport ALPHANUMERIC, BULLET, CHARACTER, CLOSING, COMMA, DASH, DIGIT, FIRST_SYLLABLE, IN_WORD, LAST_SYLLABLE, LETTER, LOWER, NEWLINE, SPACE, STOP, SYLLABLE, UPPER
from rolelens.reading.hashing cimport grown
from rolelens.reading.sheet cimport Sheet
from rolelens.reading.table cimport HashTable

cdef Py_ssize_t word_end(Sheet sheet, Py_ssize_t start, Py_ssize_t end, bint glued) noexcept nogil
cdef unsigned long long word_key(Sheet sheet, Py_ssize_t start, Py_ssize_t end) noexcept nogil

cdef unsigned long long english_stem_key(Sheet sheet, Py_ssize_t start, Py_ssize_t end) noexcept nogil

cdef class Words:
    cdef HashTable units, endings
    cdef unsigned short[::1] ending_lengths
    cdef void read(self, Sheet sheet) noexcept nogil
    cdef void read_title(self, Sheet sheet) noexcept nogil
    cdef void read_section(self, Sheet sheet, int section, Py_ssize_t start, Py_ssize_t end) noexcept nogil
    cdef Py_ssize_t add_word(self, Sheet sheet, Py_ssize_t start, Py_ssize_t end, bint joined, Py_ssize_t clause) noexcept nogil
    cdef Py_ssize_t stem_end(self, Sheet sheet, Py_ssize_t start, Py_ssize_t end) noexcept nogil

cdef Py_ssize_t _root_end(Sheet sheet, Py_ssize_t start, Py_ssize_t end) noexcept nogil
cdef void _add_line(Sheet sheet, int section, Py_ssize_t start, Py_ssize_t end, Py_ssize_t first) noexcept nogil
cdef bint _is_glue(Sheet sheet, Py_ssize_t place, Py_ssize_t end) noexcept nogil
cdef bint _is_numbering(Sheet sheet, Py_ssize_t line, Py_ssize_t place) noexcept nogil
cdef bint _is_range(Sheet sheet, Py_ssize_t line, Py_ssize_t place, Py_ssize_t end) noexcept nogil
cdef bint _is_middle_dot(unsigned int symbol) noexcept nogil
cdef bint _is_name(Sheet sheet, Py_ssize_t line, Py_ssize_t place) noexcept nogil
