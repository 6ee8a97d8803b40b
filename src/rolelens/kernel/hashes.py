"""Hashes of texts and the tables they are found in.

A hash grows by one letter, or by four that are read as one number, at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rolelens.kernel.jit import inlined, kept_on_disk
from rolelens.kernel.machine import fetch_soon, four_at
from rolelens.kernel.rows import ENTRY, Rows

Codes = npt.NDArray[np.uint32]
Hashes = npt.NDArray[np.uint64]
Sieve = npt.NDArray[np.uint64]

AT_ONCE = 4  # letters of a word that a hash grows by
OF_WORDS = 2  # times that the hash of a word grows, be it ever so short: a branch would often guess wrong
_SIEVE_WORDS = 2048  # 16 KiB: it stays in the first cache
_MOST_DISPLACEMENT = np.uint64(np.iinfo(np.uint16).max)
_MIXER = np.uint64(0x9E3779B97F4A7C15)
_LETTER_BITS = 16
_FIRST = np.array([(1 << _LETTER_BITS * count) - 1 for count in range(AT_ONCE + 1)], dtype=np.uint64)  # letters of four


class HashTable(NamedTuple):
    """Numbers under hashes of which no two share a place: looking one up takes no search, so no guess to be wrong.

    The bucket of a hash has a displacement, chosen so that each hash in it gets a place to itself (hash and displace:
    Belazzougui, Botelho & Dietzfelbinger 2009, doi:10.1007/978-3-642-04128-0_61). Shapes: displacements (buckets,),
    rows (places,), a key, or 0, with its number; both lengths are powers of two.
    """

    displacements: npt.NDArray[np.uint16]
    rows: Rows


@inlined
def grown(value, letters):
    """Return a hash whose bits depend on all bits of one and on more letters; that of no letters is 0."""
    value = (np.uint64(value) ^ np.uint64(letters)) * _MIXER
    return value ^ (value >> np.uint64(32))


@inlined
def key_of(value):
    """Return a hash as tables keep it, never 0."""
    return np.uint64(value) | np.uint64(1)


@inlined
def piece_key(letters, place, length):
    """Return the key of a piece of a word, of no more letters than are read at once."""
    return key_of(grown(0, four_at(letters, place) & _FIRST[length]))


@inlined
def word_key(letters, start, end):
    """Return the key of a word."""
    first, second = min(end - start, AT_ONCE), min(max(end - start - AT_ONCE, 0), AT_ONCE)
    value = grown(0, four_at(letters, start) & _FIRST[first])
    value = grown(value, four_at(letters, start + AT_ONCE) & _FIRST[second])
    for place in range(start + OF_WORDS * AT_ONCE, end, AT_ONCE):
        value = grown(value, four_at(letters, place) & _FIRST[min(end - place, AT_ONCE)])
    return key_of(value)


@inlined
def find(table, key):
    """Return the number stored under a key, or -1."""
    row = table.rows[_place_in(table, key)]
    same = np.int64(row.key == key)
    return (np.int64(row.number) + 1) * same - 1  # a branch would often guess wrong


@inlined
def announce(table, key):
    """Have what a look-up will need brought near."""
    fetch_soon(table.rows, np.int64(_place_in(table, key)))


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
    """Return whether a key may be in the table of a sieve; few do that are not."""
    return sieve[key >> np.uint64(53)] >> (key >> np.uint64(47) & np.uint64(63)) & np.uint64(1)


@inlined
def pair_key(first, second):
    """Return the key of a pair of numbers."""
    return key_of(grown(0, np.uint64(first) << np.uint64(32) | np.uint64(second)))


def codes_of(texts: Iterable[str]) -> Codes:
    """Return the code points of texts, one after the other."""
    text = "".join(texts)
    return write_codes(text, np.empty(len(text), dtype=np.uint32))


def write_codes(text: str, room: Codes) -> Codes:
    """Write the code points of a text into room for as many or more; return the part of it that they fill."""
    if text:
        np.ndarray(1, f"U{len(text)}", room.data)[0] = text  # numpy keeps texts as code points
    return room[: len(text)]


def keys_of(texts: Sequence[str], at_once: int = AT_ONCE, least: int = 1) -> Hashes:
    """Return the keys of texts whose hashes grow by so many letters at a time, and so many times at the least."""
    lengths = np.array([len(text) for text in texts], dtype=np.int64)
    longest = int(lengths.max(initial=0)) + least * at_once
    letters = np.zeros((len(texts), longest), dtype=np.uint64)
    letters[np.arange(longest) < lengths[:, np.newaxis]] = codes_of(texts)
    shifts = np.arange(at_once, dtype=np.uint64) * np.uint64(_LETTER_BITS)
    values = np.zeros(len(texts), dtype=np.uint64)
    for place in range(0, longest - at_once + 1, at_once):
        longer = np.flatnonzero((lengths > place) | (place < least * at_once))
        read = (letters[longer, place : place + at_once] << shifts).sum(axis=1, dtype=np.uint64)
        values[longer] = grown.py_func(values[longer], read)
    return np.asarray(key_of.py_func(values))


def pair_keys(first: Sequence[int], second: Sequence[int]) -> Hashes:
    """Return the keys of pairs of numbers."""
    joined = np.array(first, np.uint64) << np.uint64(32) | np.array(second, np.uint64)
    return np.asarray(key_of.py_func(grown.py_func(0, joined)))


def hash_table(keys: Hashes, numbers: Sequence[int]) -> HashTable:
    """Return a table, at most two thirds full, of numbers under different mixed hashes."""
    places = 1 << max(3, (3 * len(keys) // 2).bit_length())
    table = HashTable(np.zeros(places // 4, dtype=np.uint16), np.zeros(places, dtype=ENTRY))
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
            row = rows[_place(keys[placed], displacement, len(rows))]
            if row.key == 0:
                row.key, row.number = keys[placed], numbers[placed]
                placed += 1
                continue
            for back in range(start, placed):
                row = rows[_place(keys[back], displacement, len(rows))]
                row.key, row.number = np.uint64(0), np.uint64(0)
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
