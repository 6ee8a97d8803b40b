from rolelens.reading.kinds cimport ACCENTED, CHARACTER, LETTER, STRANGE, SYLLABLE
from rolelens.reading.hashing cimport grown
from rolelens.reading.sheet cimport Sheet
from rolelens.reading.table cimport HashTable

cdef class Languages:
    cdef HashTable words
    cdef int tell(self, Sheet sheet) noexcept nogil
    cdef int tell_western(self, Sheet sheet, Py_ssize_t end, bint accented) noexcept nogil
