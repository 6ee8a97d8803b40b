cdef class Sheet:
    cdef unsigned int[::1] symbols
    cdef Py_ssize_t room, title_start, title_end, text_start, text_end
    cdef Py_ssize_t spans, lines, words, hits, hit_room, text_words
    cdef int language
    cdef unsigned long long key
    cdef unsigned int seen
    cdef Py_ssize_t stem_end
    cdef bint stem_has_y
    cdef unsigned long long named
    cdef int[::1] span_section, span_start, span_end
    cdef int[::1] signs, bracketed, marked
    cdef int[::1] name_letters, name_taken, name_start, name_length, name_alias
    cdef int[::1] line_section, line_start, line_end, line_word
    cdef int[::1] word_start, word_end, word_line, word_clause, word_joined, word_unit
    cdef unsigned long long[::1] word_key
    cdef Py_ssize_t candidates
    cdef unsigned long long[::1] candidate_key
    cdef int[::1] candidate_first, candidate_last
    cdef int[::1] hit_key, hit_first, hit_last
    cdef unsigned long long[::1] hit_hash
    cdef bint crowded, hashed
    cdef void add_span(self, int section, Py_ssize_t start, Py_ssize_t end) noexcept nogil
    cdef void add_hit(self, int key, Py_ssize_t first, Py_ssize_t last, unsigned long long hashed) noexcept nogil
