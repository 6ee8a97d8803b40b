"""Hashes of words and the tables they are found in.

A hash is a polynomial of the letters modulo 2^64, so that the hash of any piece of a text follows from those of two
beginnings of it (Karp & Rabin 1987, doi:10.1147/rd.312.0249): their difference divided by a power of the odd base.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from rolelens.kernel.jit import inlined

Codes = npt.NDArray[np.uint32]
Hashes = npt.NDArray[np.uint64]
# Numbers by hash, open addressing: a key and its number side by side, so that a look-up costs one cache line.
HashTable = npt.NDArray[np.uint64]
Sieve = npt.NDArray[np.uint64]

BASE = np.uint64(0xD6E8FEB86659FD93)
_INVERSE = np.uint64(pow(int(BASE), -1, 1 << 64))
_SIEVE_WORDS = 2048  # 16 KiB: it stays in the first cache


@inlined
def mixed(value):
    """Return a hash whose bits depend on all of its bits, never 0."""
    value = np.uint64(value)
    value = value ^ (value >> np.uint64(32))
    value = value * np.uint64(0x9E3779B97F4A7C15)
    value = value ^ (value >> np.uint64(29))
    return value | np.uint64(1)


@inlined
def find(table, key):
    """Return the number stored under a mixed hash, or -1."""
    mask = np.uint64(len(table) - 1)
    place = key & mask & ~np.uint64(1)
    while table[place] != np.uint64(0):
        if table[place] == key:
            return np.int64(table[place + np.uint64(1)])
        place = (place + np.uint64(2)) & mask
    return np.int64(-1)


@inlined
def passes(sieve, key):
    """Return whether a mixed hash may be in the table of a sieve; few do that are not."""
    return sieve[key >> np.uint64(53)] >> (key >> np.uint64(47) & np.uint64(63)) & np.uint64(1)


@inlined
def _joined(first, second):
    """Return the hash of a pair of word numbers."""
    return (np.uint64(first) << np.uint64(32) | np.uint64(second)) * BASE


@inlined
def pair_hash(first, second):
    """Return the mixed hash of a pair of word numbers."""
    return mixed(_joined(first, second))


def powers(count: int) -> tuple[Hashes, Hashes]:
    """Return so many powers of the base, from the zeroth, and their inverses."""
    up, down = np.full(count, BASE), np.full(count, _INVERSE)
    up[0] = down[0] = 1
    return np.cumprod(up), np.cumprod(down)


def codes_of(texts: Iterable[str]) -> Codes:
    """Return the code points of texts, one after the other: numpy keeps texts as such."""
    return np.array(["".join((*texts, "."))]).view(np.uint32)[:-1]  # without the dot it would drop a NUL at the end


def hashes_of(texts: Sequence[str]) -> Hashes:
    """Return the mixed hashes of texts."""
    lengths = np.array([len(text) for text in texts], dtype=np.int64)
    codes, starts = codes_of(texts).astype(np.uint64), np.cumsum(lengths) - lengths
    values = np.zeros(len(texts), dtype=np.uint64)
    up, _ = powers(lengths.max(initial=0) + 1)
    for place in range(lengths.max(initial=0)):
        longer = np.flatnonzero(lengths > place)
        values[longer] += codes[starts[longer] + place] * up[place]
    return np.asarray(mixed.py_func(values))


def pair_hashes(first: Sequence[int], second: Sequence[int]) -> Hashes:
    """Return the mixed hashes of pairs of word numbers."""
    return np.asarray(mixed.py_func(_joined.py_func(np.array(first, np.uint64), np.array(second, np.uint64))))


def hash_table(keys: Hashes, numbers: Sequence[int]) -> HashTable:
    """Return a table, at most two thirds full, of numbers under different mixed hashes."""
    size = 1 << max(4, (3 * len(keys)).bit_length())
    table, places = np.zeros(size, dtype=np.uint64), keys & np.uint64(size - 2)
    values, waiting = np.array(numbers, dtype=np.uint64), np.arange(len(keys))
    while len(waiting):
        chosen = waiting[np.unique(places[waiting], return_index=True)[1]]
        chosen = chosen[table[places[chosen]] == 0]
        table[places[chosen]], table[places[chosen] + np.uint64(1)] = keys[chosen], values[chosen]
        waiting = np.setdiff1d(waiting, chosen)
        places[waiting] = (places[waiting] + np.uint64(2)) & np.uint64(size - 1)
    return table


def sieve_of(keys: Hashes) -> Sieve:
    """Return the sieve of a table with these mixed hashes."""
    sieve = np.zeros(_SIEVE_WORDS, dtype=np.uint64)
    bits = np.uint64(1) << (keys >> np.uint64(47) & np.uint64(63))
    np.bitwise_or.at(sieve, (keys >> np.uint64(53)).astype(np.int64), bits)
    return sieve
