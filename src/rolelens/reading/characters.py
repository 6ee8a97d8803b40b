"""Code points become symbols: what each character is, and the character itself in lower case."""

from __future__ import annotations

from array import array

try:
    import cython
except ModuleNotFoundError:  # where nothing was compiled
    from rolelens.reading import uncompiled as cython

if not cython.compiled:
    from rolelens.reading.kinds import CHARACTER, NEWLINE, UNUSUAL, UPPER

from rolelens.reading import kinds

LAST = cython.declare(cython.uint, 0xFFFF)
_TO_LOWER = cython.declare(cython.uint, 32)
_FIRST_MATHEMATICAL = cython.declare(cython.uint, 0x1D400)
_LAST_MATHEMATICAL = cython.declare(cython.uint, 0x1D7FF)
PADDING = 4  # symbols behind the last, for a look at what follows


def _alphabet() -> array[int]:
    table = array("I", range(1))
    table.frombytes(bytes(4 * 0xFFFF))
    symbols: cython.uint[::1] = table
    code: cython.uint
    for code in range(0x10000):
        symbols[code] = code
    for first, last, kind in kinds.RANGES:
        _mark(symbols, ord(first), ord(last), kind)
    for characters, kind in kinds.LISTED:
        for character in characters:
            _mark(symbols, ord(character), ord(character), kind)
    return table


@cython.cfunc
def _mark(symbols: cython.uint[::1], first: cython.uint, last: cython.uint, kind: cython.uint) -> cython.void:
    code: cython.uint
    for code in range(first, last + 1):
        symbols[code] |= kind
        if kind == UPPER:
            symbols[code] += _TO_LOWER


_ALPHABET = _alphabet()


def symbols_of(text: str) -> array[int]:
    """Return the symbol of every character of a text, and PADDING more that mean nothing."""
    data = array("I")
    data.frombytes(text.encode("utf-32-le", "surrogatepass"))
    count: cython.Py_ssize_t = len(data)
    data.frombytes(bytes(4 * PADDING))
    symbols: cython.uint[::1] = data
    alphabet: cython.uint[::1] = _ALPHABET
    place: cython.Py_ssize_t
    code: cython.uint
    with cython.nogil:
        for place in range(count):
            code = symbols[place]
            if code <= LAST:
                symbols[place] = alphabet[code]
            else:  # what is beyond means nothing, but for mathematical letters
                symbols[place] = LAST | (UNUSUAL if _FIRST_MATHEMATICAL <= code <= _LAST_MATHEMATICAL else 0)
    return data


def kinds_in(symbols: cython.uint[::1], start: cython.Py_ssize_t, end: cython.Py_ssize_t) -> int:
    """Return the flags of all symbols between two places together."""
    seen: cython.uint = 0
    place: cython.Py_ssize_t
    with cython.nogil:
        for place in range(start, end):
            seen |= symbols[place]
    return seen


def may_announce(symbols: cython.uint[::1], start: cython.Py_ssize_t, end: cython.Py_ssize_t) -> bool:
    """Return whether a text may announce several jobs: a line of it begins with a second number, or it says 모집."""
    found: cython.bint = False
    place: cython.Py_ssize_t
    with cython.nogil:
        for place in range(start, end - 1):
            symbol: cython.uint = symbols[place]
            after: cython.uint = symbols[place + 1] & CHARACTER
            if symbol & NEWLINE:
                found |= after == 0x32 or after == 0x2461 or after == 0xB098  # 2, ② and 나
            elif symbol & CHARACTER == 0xBAA8:  # 모
                found |= after == 0xC9D1  # 집
    return bool(found)
