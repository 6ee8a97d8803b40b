"""Whole numbers by 64-bit key: what words, headings and names are looked up in."""

from __future__ import annotations

from array import array

try:
    import cython
except ModuleNotFoundError:  # where nothing was compiled
    from rolelens.reading import uncompiled as cython

if not cython.compiled:
    from rolelens.reading.hashing import grown, spread

from rolelens.errors import ModelError

LONGEST_PROBE = 256  # neighbours that are full; chance never comes near it, so the keys were made to collide
CROWDED = ModelError("the model's phrases crowd one another; train it anew with `rolelens train`")

_PROBES = cython.declare(cython.int, LONGEST_PROBE)
NOT_THERE = cython.declare(cython.int, -1)
_TAG = cython.declare(cython.ulonglong, 0xFFFFFFFF)
_LEAST_VALUE = cython.declare(cython.int, 8)  # values from -8 up are kept as numbers without a sign


@cython.final
@cython.cclass
class HashTable:
    """A table with open addressing, with room for `most` keys and growing; the key 0 stands for an empty place."""

    def __init__(self, most: cython.int = 0) -> None:
        self._clear(max(4, (2 * most).bit_length()))

    def _clear(self, bits: int) -> None:
        # A tag of 32 bits of the key and, below it, its value: one look at memory. That another key has both the place
        # and the tag happens once in a thousand million postings.
        self.entries = array("Q", bytes(8 << bits))
        self.keys = array("Q", bytes(8 << bits))
        self.sieve = array("B", bytes((1 << bits) // 4))  # two bits for each place: most keys not there end here
        self.mask = (1 << bits) - 1
        self.shift = 64 - bits
        self.filled = 0

    def __len__(self) -> int:
        """Return how many keys there are."""
        return self.filled

    def get(self, key: cython.ulonglong) -> int:
        """Return the value of a key, NOT_THERE if it has none."""
        return self.find(key)

    def set(self, key: cython.ulonglong, value: cython.int) -> None:
        """Give a key its value; the first one it gets is kept.

        Raises:
            ModelError: too many keys crowd one place.
        """
        self.add(key, value)

    def add(self, key, value):
        """Do what `set` does, for compiled callers."""
        if 2 * self.filled > self.mask:
            self._grow()
        if not self.put(key, value):
            raise CROWDED
        return True

    def _grow(self) -> None:
        keys, entries, count = self.keys, self.entries, self.mask + 1
        place: cython.ulonglong
        self._clear(65 - self.shift)
        for place in range(count):
            if entries[place] and not self.put(keys[place], int(entries[place] & _TAG) - _LEAST_VALUE):
                raise CROWDED

    def find(self, key):
        """Return the value of a key, NOT_THERE if it has none."""
        return self.look_up(key) if self.may_have(key) else NOT_THERE

    def look_up(self, key):
        """Return the value of a key that is likely there, or whose place was touched; NOT_THERE if it has none."""
        mixed: cython.ulonglong = spread(key)
        place: cython.ulonglong = mixed >> self.shift
        tag: cython.ulonglong = mixed >> 16 & _TAG
        entry: cython.ulonglong = self.entries[place]
        while entry != 0:
            if entry >> 32 == tag:
                return cython.cast(cython.int, entry & _TAG) - _LEAST_VALUE
            place = (place + 1) & self.mask
            entry = self.entries[place]
        return NOT_THERE

    def may_have(self, key):
        """Return whether a key may be there; of those that are not, one in five passes."""
        bit: cython.ulonglong = spread(key) >> (self.shift - 1)
        return self.sieve[bit >> 3] >> (bit & 7) & 1

    def touch(self, key):
        """Look at the place of a key, so that memory brings it while others are looked at."""
        return self.entries[spread(key) >> self.shift]

    def put(self, key, value):
        """Give a key its value, unless it has one; return whether a place was near."""
        mixed: cython.ulonglong = spread(key)
        place: cython.ulonglong = mixed >> self.shift
        tag: cython.ulonglong = mixed >> 16 & _TAG
        probes: cython.int = 0
        while self.entries[place] != 0:
            if self.keys[place] == key:
                return True
            place = (place + 1) & self.mask
            probes += 1
            if probes == _PROBES:
                return False
        bit: cython.ulonglong = mixed >> (self.shift - 1)
        self.sieve[bit >> 3] |= 1 << (bit & 7)
        self.keys[place] = key
        self.entries[place] = tag << 32 | cython.cast(cython.ulonglong, value + _LEAST_VALUE)
        self.filled += 1
        return True


def key_of(word: str) -> int:
    """Return the key of a word in lower case."""
    value: cython.ulonglong = 0
    letter: cython.Py_UCS4
    for letter in word:
        value = grown(value, ord(letter))
    return value
