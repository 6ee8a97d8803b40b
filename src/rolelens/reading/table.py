"""Whole numbers by 64-bit key: what words, headings and names are looked up in."""

from __future__ import annotations

from array import array

try:
    import cython
except ModuleNotFoundError:  # where nothing was compiled
    from rolelens.reading import uncompiled as cython

from rolelens.errors import ModelError

LONGEST_PROBE = 256  # neighbours that are full; chance never comes near it, so the keys were made to collide
CROWDED = ModelError("the model's phrases crowd one another; train it anew with `rolelens train`")
_SPREAD = cython.declare(cython.ulonglong, 0x9E3779B97F4A7C15)  # 2^64 / golden ratio: Fibonacci hashing, Knuth 6.4
_ALL_BITS = cython.declare(cython.ulonglong, 0xFFFFFFFFFFFFFFFF)
_PROBES = cython.declare(cython.int, LONGEST_PROBE)
NOT_THERE = cython.declare(cython.int, -1)


@cython.final
@cython.cclass
class HashTable:
    """A table with open addressing for at most `most` keys; the key 0 stands for an empty place."""

    def __init__(self, most: cython.int) -> None:
        bits = max(4, (2 * most).bit_length())
        self.keys = array("Q", bytes(8 << bits))
        self.values = array("i", bytes(4 << bits))
        self.mask = (1 << bits) - 1
        self.shift = 64 - bits
        self.filled = 0

    def __len__(self) -> int:
        """Return how many keys there are."""
        return self.filled

    def get(self, key: cython.ulonglong) -> int:
        """Return the value of a key, -1 if it is not there."""
        return self.find(key)

    def set(self, key: cython.ulonglong, value: cython.int) -> None:
        """Give a key its value; the first one it gets is kept.

        Raises:
            ModelError: too many keys crowd one place.
        """
        if not self.put(key, value):
            raise CROWDED

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def find(self, key: cython.ulonglong) -> cython.int:
        place: cython.ulonglong = ((key * _SPREAD) & _ALL_BITS) >> self.shift
        while self.keys[place] != 0:
            if self.keys[place] == key:
                return self.values[place]
            place = (place + 1) & self.mask
        return NOT_THERE

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def put(self, key: cython.ulonglong, value: cython.int) -> cython.bint:
        place: cython.ulonglong = ((key * _SPREAD) & _ALL_BITS) >> self.shift
        probes: cython.int = 0
        while self.keys[place] != 0:
            if self.keys[place] == key:
                return True
            place = (place + 1) & self.mask
            probes += 1
            if probes == _PROBES:
                return False
        if self.filled * 2 > self.mask:
            return False
        self.keys[place] = key
        self.values[place] = value
        self.filled += 1
        return True
