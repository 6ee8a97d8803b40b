"""What a character can be to the rules of reading: flags, any of which it has."""

LOWER, UPPER, DIGIT, SYLLABLE, SPACE, NEWLINE, STOP, BULLET = (1 << bit for bit in range(8))
COMMA, DASH, CLOSING, ACCENTED, STRANGE, HEADING_SIGN = (1 << bit for bit in range(8, 14))
LETTER = LOWER | UPPER
ALPHANUMERIC = LETTER | DIGIT
IN_WORD = ALPHANUMERIC | SYLLABLE

SHIFT = 16  # a symbol is a character's flags above these bits, and below them the character itself in lower case
FIRST_SYLLABLE, LAST_SYLLABLE = 0xAC00, 0xD7A3

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
