"""What a character can be to the rules of reading: flags, any of which it has."""

import re
from collections.abc import Iterator

# A symbol is a character's flags and, below them, the character itself in lower case. kinds.pxd has the same numbers
# for the compiler; a test holds the two together.
CHARACTER = 0xFFFF
LOWER, UPPER, DIGIT, SYLLABLE, SPACE, NEWLINE, STOP, BULLET = (1 << bit for bit in range(16, 24))
COMMA, DASH, CLOSING, ACCENTED, STRANGE, HEADING_SIGN, UNUSUAL = (1 << bit for bit in range(24, 31))
LETTER = LOWER | UPPER
ALPHANUMERIC = LETTER | DIGIT
IN_WORD = ALPHANUMERIC | SYLLABLE

FIRST_SYLLABLE, LAST_SYLLABLE = 0xAC00, 0xD7A3

# Not in the one form that is read: see normalising.py.
MARKS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f"
JAMO = "\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7fb"
INVISIBLE = "\xad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufe00-\ufe0f"
LIGATURES_AND_WIDE = "\ufb00-\ufb06\uff03\uff06\uff0b\uff0f-\uff19\uff21-\uff3a\uff41-\uff5a"


def _ranges(characters: str) -> Iterator[tuple[str, str, int]]:
    """Yield the first and last of each range of characters, as in a regular expression."""
    for first, last in re.findall("(.)(?:-(.))?", characters, re.DOTALL):
        yield first, last or first, UNUSUAL


RANGES = (
    ("a", "z", LOWER),
    ("A", "Z", UPPER),
    ("0", "9", DIGIT),
    ("가", "힣", SYLLABLE),
    ("\u00c0", "\u024f", ACCENTED),
    ("\u0370", "\u10ff", STRANGE),
    ("\u1200", "\u1fff", STRANGE),
    ("\u3040", "\u30ff", STRANGE),
    ("\u4e00", "\u9fff", STRANGE),
    *_ranges(f"\r{MARKS}{JAMO}{INVISIBLE}{LIGATURES_AND_WIDE}"),
)
LISTED = (
    ("\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000", SPACE),
    ("".join(map(chr, range(0x2000, 0x200B))), SPACE),
    ("\n", NEWLINE),
    (".!?;", STOP),
    (",", COMMA),
    ("-", DASH),
    ("•·●▪■◆▶○ㆍ", BULLET),
    (")", CLOSING),
    (":：•[【<＜〈《「", HEADING_SIGN),
)
