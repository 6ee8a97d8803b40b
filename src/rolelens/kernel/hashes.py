"""Hashes of words and the tables they are found in.

A hash is a polynomial of the letters modulo 2^64, so that the hash of any piece of a text follows from those of two
beginnings of it (Karp & Rabin 1987, doi:10.1147/rd.312.0249): their difference divided by a power of the odd base.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rolelens.kernel.jit import inlined, kept_on_disk
from rolelens.kernel.lanes import fetch_soon

Codes = npt.NDArray[np.uint32]
Hashes = npt.NDArray[np.uint64]
Sieve = npt.NDArray[np.uint64]

BASE = np.uint64(0xD6E8FEB86659FD93)
_INVERSE = np.uint64(pow(int(BASE), -1, 1 << 64))
_SIEVE_WORDS = 2048  # 16 KiB: it stays in the first cache
_MOST_DISPLACEMENT = np.uint64(np.iinfo(np.uint16).max)
_MIXER = np.uint64(0x9E3779B97F4A7C15)


class HashTable(NamedTuple):
    """Numbers under hashes of which no two share a place: looking one up takes no search, so no guess to be wrong.

    The bucket of a hash has a displacement, chosen so that each hash in it gets a place to itself (hash and displace:
    Belazzougui, Botelho & Dietzfelbinger 2009, doi:10.1007/978-3-642-04128-0_61). Shapes: displacements (buckets,),
    rows (places, 2), a hash and its number or 0; both lengths are powers of two.
    """

    displacements: npt.NDArray[np.uint16]
    rows: npt.NDArray[np.uint64]


@inlined
def mixed(value):
    """Return a hash whose bits depend on all of its bits, never 0."""
    value = np.uint64(value)
    value = value ^ (value >> np.uint64(32))
    value = value * _MIXER
    value = value ^ (value >> np.uint64(29))
    return value | np.uint64(1)


@inlined
def find(table, key):
    """Return the number stored under a mixed hash, or -1."""
    place = _place_in(table, key)
    number = np.int64(table.rows[place, 1])
    return number if table.rows[place, 0] == key else np.int64(-1)


@inlined
def announce(table, key):
    """Have what a look-up will need brought near."""
    fetch_soon(table.rows, 2 * np.int64(_place_in(table, key)))  # type: ignore[call-arg]


@inlined
def _place_in(table, key):
    return _place(key, table.displacements[_bucket(key, len(table.displacements))], len(table.rows))


@inlined
def _bucket(key, buckets):
    return key >> np.uint64(48) & np.uint64(buckets - 1)


@inlined
def _place(key, displacement, places):
    return (key ^ np.uint64(displacement) << np.uint64(16)) * _MIXER >> np.uint64(32) & np.uint64(places - 1)


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
    """Return the code points of texts, one after the other."""
    text = "".join(texts)
    return write_codes(text, np.empty(len(text), dtype=np.uint32))


def write_codes(text: str, room: Codes) -> Codes:
    """Write the code points of a text into room for as many or more; return the part of it that they fill."""
    if text:
        np.ndarray(1, f"U{len(text)}", room.data)[0] = text  # numpy keeps texts as code points
    return room[: len(text)]


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
    places = 1 << max(3, (3 * len(keys) // 2).bit_length())
    table = HashTable(np.zeros(places // 4, dtype=np.uint16), np.zeros((places, 2), dtype=np.uint64))
    buckets = _bucket.py_func(keys, places // 4).astype(np.int64)
    sizes = np.bincount(buckets, minlength=places // 4)
    order = np.lexsort((buckets, -sizes[buckets]))  # the fullest first, while there is room
    _fill(keys[order], buckets[order], np.array(numbers, dtype=np.uint64)[order], table)
    return table


@kept_on_disk
def _fill(keys, buckets, numbers, table):
    """Put hashes, sorted by bucket, where the first displacement that has room for all of a bucket says.

    Raises:
        ValueError: there is none, as when two hashes are the same.
    """
    rows, start = table.rows, 0
    while start < len(keys):
        end = start
        while end < len(keys) and buckets[end] == buckets[start]:
            end += 1
        displacement, placed = np.uint64(0), start
        while placed < end:
            place = _place(keys[placed], displacement, len(rows))
            if rows[place, 0] == 0:
                rows[place, 0], rows[place, 1] = keys[placed], numbers[placed]
                placed += 1
                continue
            for back in range(start, placed):
                rows[_place(keys[back], displacement, len(rows))] = 0
            displacement, placed = displacement + np.uint64(1), start
            if displacement > _MOST_DISPLACEMENT:
                raise ValueError("two entries of a table have the same hash")
        table.displacements[buckets[start]] = displacement
        start = end


def sieve_of(keys: Hashes) -> Sieve:
    """Return the sieve of a table with these mixed hashes."""
    sieve = np.zeros(_SIEVE_WORDS, dtype=np.uint64)
    bits = np.uint64(1) << (keys >> np.uint64(47) & np.uint64(63))
    np.bitwise_or.at(sieve, (keys >> np.uint64(53)).astype(np.int64), bits)
    return sieve
