"""The keys of words, which are numbers of 64 bits: here for plain Python, in hashing.pxd for the compiler."""

from __future__ import annotations

_BITS = 0xFFFFFFFFFFFFFFFF


def grown(value: int, letter: int) -> int:
    """Return the key of a word that goes on with a letter: a polynomial of its letters."""
    return (value * 0x2545F4914F6CDD1D + letter) & _BITS


def spread(key: int) -> int:
    """Return a key whose upper bits are as good as any: Fibonacci hashing, Knuth 6.4."""
    return key * 0x9E3779B97F4A7C15 & _BITS


def paired(first: int, second: int) -> int:
    """Return the key of two words that follow each other."""
    value = first * 0x9FB21C651E98DF25 + second & _BITS
    return (value ^ value >> 29) * 0x9FB21C651E98DF25 & _BITS
