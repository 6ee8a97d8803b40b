from rolelens.reading.documented cimport Documented
from rolelens.reading.headings cimport Headings
from rolelens.reading.language cimport Languages
from rolelens.reading.phrases cimport Phrases
from rolelens.reading.sheet cimport Sheet
from rolelens.reading.titles cimport Titles
from rolelens.reading.words cimport Words

cdef class Reader:
    cdef readonly Headings headings
    cdef readonly Titles titles
    cdef readonly Words words
    cdef readonly Phrases phrases
    cdef readonly Documented documented
    cdef readonly Languages languages
    cdef void read(self, Sheet sheet) noexcept nogil
