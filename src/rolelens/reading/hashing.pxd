cdef inline unsigned long long grown(unsigned long long value, unsigned int letter) noexcept nogil:
    return value * 0x2545F4914F6CDD1DULL + letter

cdef inline unsigned long long spread(unsigned long long key) noexcept nogil:
    return key * 0x9E3779B97F4A7C15ULL

cdef inline unsigned long long paired(unsigned long long first, unsigned long long second) noexcept nogil:
    cdef unsigned long long value = first * 0x9FB21C651E98DF25ULL + second
    return (value ^ value >> 29) * 0x9FB21C651E98DF25ULL
