"""Which phrases a model met in training, chosen or not: a Bloom filter, a few bits a phrase."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence

BITS_PER_PHRASE = 12
HASHES = 6  # with which three phrases in a thousand that were not met pass for met


def filter_of(phrases: Sequence[str]) -> bytearray:
    """Return the filter of phrases.

    >>> is_familiar("gpu cluster", filter_of(["gpu cluster"]))
    True
    """
    bits = bytearray(max(1, (len(phrases) * BITS_PER_PHRASE + 7) // 8))
    for phrase in phrases:
        for place in _places(phrase, len(bits) * 8):
            bits[place // 8] |= 1 << place % 8
    return bits


def is_familiar(phrase: str, bits: Sequence[int]) -> bool:
    """Return whether a phrase is in a filter; rarely, one that is not passes too."""
    return all(bits[place // 8] >> place % 8 & 1 for place in _places(phrase, len(bits) * 8))


def _places(phrase: str, size: int) -> Iterator[int]:
    """Yield the bits of a phrase, by two hashes (Kirsch and Mitzenmacher 2006)."""
    data = phrase.encode()
    first, second = zlib.crc32(data), zlib.adler32(data) * 2654435761 & 0xFFFFFFFF | 1
    yield from ((first + number * second) % size for number in range(HASHES))
