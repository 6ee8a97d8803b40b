cdef class HashTable:
    cdef unsigned long long[::1] keys
    cdef int[::1] values
    cdef unsigned long long mask
    cdef int shift
    cdef int filled
    cdef int find(self, unsigned long long key) noexcept nogil
    cdef bint put(self, unsigned long long key, int value) noexcept nogil
