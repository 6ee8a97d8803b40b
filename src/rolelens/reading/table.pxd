from rolelens.reading.hashing cimport spread
from rolelens.reading.hashing cimport grown
cdef class HashTable:
    cdef unsigned long long[::1] entries, keys
    cdef unsigned char[::1] sieve
    cdef unsigned long long mask, filled
    cdef int shift
    cdef unsigned long long touch(self, unsigned long long key) noexcept nogil
    cdef bint may_have(self, unsigned long long key) noexcept nogil
    cdef int look_up(self, unsigned long long key) noexcept nogil
    cdef int find(self, unsigned long long key) noexcept nogil
    cdef bint put(self, unsigned long long key, int value) noexcept nogil
    cdef bint add(self, unsigned long long key, int value) except -1
