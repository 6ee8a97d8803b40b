"""A model as flat arrays: hash tables of its words, word pairs, Hangul pieces and headings, and its weights."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rolelens.artifact import Model
from rolelens.kernel.jit import inlined
from rolelens.records import TITLE
from rolelens.sections import ANYTHING, BACKGROUND, SECTIONS, WILD
from rolelens.text import (
    ENGLISH_WORDS,
    FOREIGN_WORDS,
    FUNCTION_WORDS,
    HANGUL,
    KOREAN_ENDINGS,
    SUBSTRING,
    english_stem,
)

Codes = npt.NDArray[np.uint32]
Whole = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.uint8]
# Numbers by 64-bit hash, open addressing: a key and its number side by side, so that a look-up costs one cache line.
HashTable = npt.NDArray[np.uint64]

ALL_SECTIONS = (TITLE, *SECTIONS)  # the number of a section is its place here
FIRST_SYLLABLE, SYLLABLES = 0xAC00, 11172
LOWER, UPPER, DIGIT, SYLLABLE, SPACE, WORD, BULLET, COLON_PHRASE = (1 << bit for bit in range(8))
LETTER = LOWER | UPPER
ALPHANUMERIC = LETTER | DIGIT | SYLLABLE
ALONE = 255  # a pattern of one unit
ENGLISH, FOREIGN = 1, 2  # what a common word says of the language
_CODE_POINTS = 0x110000
_LOGARITHMS = 256  # counts of a phrase in one section that need no logarithm of their own
_FNV_OFFSET, _FNV_PRIME = 0xCBF29CE484222325, 0x100000001B3


class Pieces(NamedTuple):
    """Pieces of Hangul words by hash, packed; `lengths` is a bit set of how long those with a first syllable are."""

    table: HashTable
    lengths: npt.NDArray[np.uint16]


class Patterns(NamedTuple):
    """Documented phrases, grouped by their first unit, as units; what each unit is written like.

    `bit` is what a neighbourhood must have for the second unit to stand there: see `_bit`.
    """

    of_unit: Whole
    start: Whole
    units: Whole
    bit: Flags
    duty: Whole
    unit_start: Whole
    unit_text: Codes


class Endings(NamedTuple):
    """Korean endings by hash, `lengths` being a bit set of how long those with a last syllable are."""

    table: HashTable
    lengths: npt.NDArray[np.uint16]


class Lexicon(NamedTuple):
    """Everything that finds phrases and documented duties in a clause; words are packed."""

    flags: Flags
    words: HashTable
    endings: Endings
    pairs: HashTable
    pieces: Pieces
    patterns: Patterns
    phrases: int


class Headings(NamedTuple):
    """The sections that lines open, by hash of a whole heading, its beginning, its end backwards, any beginning."""

    whole: HashTable
    begun: HashTable
    ended: HashTable
    unannounced: HashTable


class Aliases(NamedTuple):
    """Titles of roles, the one that decides first; `spaced` ones are whole words."""

    start: Whole
    text: Codes
    spaced: Flags
    role: Whole


class Weights(NamedTuple):
    """What the features are worth.

    Shapes: idf (phrases,), phrases (phrases, views * roles), duties (duties, roles), bias (roles,), view_sections
    (views, sections), keyword_sections (sections,), logarithms (counts,), of one more than each count.
    """

    idf: Floats
    phrases: npt.NDArray[np.float32]
    duties: npt.NDArray[np.float32]
    bias: Floats
    view_sections: Floats
    view_presence: Flags
    view_by_section: Flags
    keyword_sections: Floats
    keyword_scale: float
    most_counted: float
    logarithms: Floats


class Tables(NamedTuple):
    """A compiled model."""

    lexicon: Lexicon
    headings: Headings
    background: Flags
    aliases: Aliases
    common_words: HashTable
    weights: Weights


def codes_of(texts: Iterable[str]) -> Codes:
    """Return the code points of texts, one after the other: numpy keeps texts as such."""
    return np.array(["".join((*texts, "."))]).view(np.uint32)[:-1]  # without the dot it would drop a NUL at the end


@inlined
def mixed(value):
    """Return a hash value whose low bits depend on all of its bits, never 0."""
    value = np.uint64(value)
    value ^= value >> np.uint64(32)
    value *= np.uint64(0x9E3779B97F4A7C15)
    value ^= value >> np.uint64(29)
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


# A word or piece of a word is packed into one number: its phrase and its keyword unit, each plus one so that 0 is none,
# its own number for looking up pairs, and whether it is a function word.
_UNIT_SHIFT, _WORD_SHIFT, _FUNCTION_SHIFT = 20, 34, 54


def packed(phrase: int, unit: int, word: int = 0, *, function: bool = False) -> int:
    """Return a word packed into one number; a phrase or unit of -1 is none."""
    return phrase + 1 | (unit + 1) << _UNIT_SHIFT | word << _WORD_SHIFT | int(function) << _FUNCTION_SHIFT


@inlined
def phrase_of(pack):
    """Return the number of a packed word's phrase, or -1."""
    return (pack & ((1 << _UNIT_SHIFT) - 1)) - 1


@inlined
def unit_of(pack):
    """Return the number of a packed word's keyword unit, or -1."""
    return (pack >> _UNIT_SHIFT & ((1 << (_WORD_SHIFT - _UNIT_SHIFT)) - 1)) - 1


@inlined
def word_of(pack):
    """Return the number of a packed word."""
    return pack >> _WORD_SHIFT & ((1 << (_FUNCTION_SHIFT - _WORD_SHIFT)) - 1)


@inlined
def is_function(pack):
    """Return whether a packed word is a function word."""
    return pack >> _FUNCTION_SHIFT & 1


def hashed(text: str) -> int:
    """Return the mixed FNV-1a hash of a text's code points, as the scanner computes it."""
    value = _FNV_OFFSET
    for letter in text:
        value = ((value ^ ord(letter)) * _FNV_PRIME) & 0xFFFFFFFFFFFFFFFF
    return int(mixed(np.uint64(value)))


def pair_hash(first: int, second: int) -> int:
    """Return the mixed hash of two word numbers."""
    return int(mixed(np.uint64(((first + 1) << 32 | (second + 1)) * _FNV_PRIME & 0xFFFFFFFFFFFFFFFF)))


def hash_table(numbers: Mapping[int, int]) -> HashTable:
    """Return a table at most half full."""
    size = 1 << max(4, (4 * len(numbers)).bit_length())
    table = np.zeros(size, dtype=np.uint64)
    for key, number in numbers.items():
        place = key & (size - 2)
        while table[place]:
            place = (place + 2) & (size - 1)
        table[place], table[place + 1] = key, number
    return table


def compile_model(model: Model) -> Tables:
    """Return a model as flat arrays."""
    return Tables(
        lexicon=_lexicon(model),
        headings=_headings(model.headings),
        background=np.array([section in BACKGROUND for section in ALL_SECTIONS], dtype=np.uint8),
        aliases=_aliases(model),
        common_words=hash_table(
            {**{hashed(word): ENGLISH for word in ENGLISH_WORDS}, **{hashed(word): FOREIGN for word in FOREIGN_WORDS}}
        ),
        weights=_weights(model),
    )


def _headings(sections: Mapping[str, str]) -> Headings:
    tables: tuple[dict[int, int], ...] = ({}, {}, {}, {})
    for key, section in sections.items():
        number = ALL_SECTIONS.index(section)
        if key.startswith(ANYTHING):
            tables[2][hashed(key[:0:-1])] = number
        elif key.endswith(WILD):
            tables[1 if key.endswith(ANYTHING) else 3][hashed(key[:-1])] = number
        else:
            tables[0][hashed(key)] = number
    return Headings(*(hash_table(table) for table in tables))


def _weights(model: Model) -> Weights:
    settings, roles = model.settings, len(model.roles)
    views = settings.views
    return Weights(
        idf=np.array(model.idf, dtype=np.float64),
        phrases=np.array(model.weights, dtype=np.float32).reshape(-1, len(views) * roles),
        duties=np.array(model.keyword_weights, dtype=np.float32).reshape(-1, roles),
        bias=np.array(model.bias, dtype=np.float64),
        view_sections=np.array([[view.sections.get(name, 0.0) for name in ALL_SECTIONS] for view in views]),
        view_presence=np.array([view.presence for view in views], dtype=np.uint8),
        view_by_section=np.array([view.by_section for view in views], dtype=np.uint8),
        keyword_sections=np.array([settings.keyword_sections.get(name, 0.0) for name in ALL_SECTIONS]),
        keyword_scale=settings.keyword_scale,
        most_counted=settings.most_counted,
        logarithms=np.log1p(np.minimum(np.arange(_LOGARITHMS), settings.most_counted)),
    )


def _flags() -> Flags:
    """Return what each code point is to the scanner's rules."""
    flags = np.zeros(_CODE_POINTS, dtype=np.uint8)
    flags[ord("a") : ord("z") + 1] |= LOWER
    flags[ord("A") : ord("Z") + 1] |= UPPER
    flags[ord("0") : ord("9") + 1] |= DIGIT
    flags[FIRST_SYLLABLE : FIRST_SYLLABLE + SYLLABLES] |= SYLLABLE
    flags[[ord(letter) for letter in "•·●▪■◆▶○ㆍ"]] |= BULLET
    flags[[ord(letter) for letter in "'’&/ "]] |= COLON_PHRASE
    letters = np.arange(_CODE_POINTS, dtype=np.uint32).view("U1")
    flags[np.strings.isspace(letters)] |= SPACE
    flags[np.strings.isalnum(letters) | (letters == "_")] |= WORD
    return flags


def _lexicon(model: Model) -> Lexicon:
    vocabulary = model.vocabulary
    units = sorted({unit for patterns in model.keywords.values() for pattern, _ in patterns for unit in pattern})
    unit_number = {unit: number for number, unit in enumerate(units)}
    forms = {form: unit_number[unit] for unit in units if unit < HANGUL for form in english_forms(unit)}
    parts = {part for phrase in vocabulary if not phrase.startswith(SUBSTRING) for part in phrase.split(" ")}
    words = sorted(parts | FUNCTION_WORDS | set(forms))
    word_number = {word: number for number, word in enumerate(words)}
    pairs = {}
    for phrase, number in vocabulary.items():
        if " " in phrase:
            first, second = phrase.split(" ")
            pairs[pair_hash(word_number[first], word_number[second])] = number
    pieces = sorted(
        {phrase[1:] for phrase in vocabulary if phrase.startswith(SUBSTRING)}
        | {unit for unit in model.keywords if unit >= HANGUL}
    )
    patterns_of_unit = [0]
    patterns: list[tuple[Sequence[str], int]] = []
    for unit in units:
        patterns += model.keywords.get(unit, [])
        patterns_of_unit.append(len(patterns))
    return Lexicon(
        flags=_flags(),
        words=hash_table(
            {
                hashed(word): packed(
                    vocabulary.get(word, -1), forms.get(word, -1), number, function=word in FUNCTION_WORDS
                )
                for word, number in word_number.items()
            }
        ),
        endings=Endings(
            hash_table({hashed(ending): 0 for ending in KOREAN_ENDINGS}), _lengths_by_syllable(KOREAN_ENDINGS, -1)
        ),
        pairs=hash_table(pairs),
        pieces=Pieces(
            table=hash_table(
                {
                    hashed(piece): packed(
                        vocabulary.get(SUBSTRING + piece, -1), unit_number[piece] if piece in model.keywords else -1
                    )
                    for piece in pieces
                }
            ),
            lengths=_lengths_by_syllable(pieces, 0),
        ),
        patterns=Patterns(
            of_unit=_whole(patterns_of_unit),
            start=_starts(pattern for pattern, _ in patterns),
            units=_whole(unit_number[unit] for pattern, _ in patterns for unit in pattern),
            bit=np.array([_bit(pattern, unit_number) for pattern, _ in patterns], dtype=np.uint8),
            duty=_whole(duty for _, duty in patterns),
            unit_start=_starts(units),
            unit_text=codes_of(units),
        ),
        phrases=len(vocabulary),
    )


def _bit(pattern: Sequence[str], unit_number: Mapping[str, int]) -> int:
    """Return one of 64 bits for an English second unit, 64 to 127 for a Hangul one, ALONE where there is none."""
    if len(pattern) == 1:
        return ALONE
    second = pattern[1]
    return unit_number[second] % 64 if second < HANGUL else 64 + ord(second[0]) % 64


def english_forms(stem: str) -> set[str]:
    """Return every word that `english_stem` reduces to a stem.

    >>> {"train", "trains", "trained", "training"} <= english_forms("train")
    True
    """
    bases = {stem, stem + "e"}
    roots = bases | {base + base[-1] for base in bases}
    forms = bases | {root + ending for root in roots for ending in ("ing", "ed")}
    forms |= {form + "s" for form in forms} | {form[:-1] + "ies" for form in forms if form.endswith("y")}
    return {form for form in forms if english_stem(form) == stem}


def _aliases(model: Model) -> Aliases:
    """Return the titles of roles: the longest first, then the last in the alphabet."""
    ordered = sorted(model.aliases, key=lambda alias: (len(alias), alias), reverse=True)
    texts = [f" {alias} " if alias.isascii() else alias.replace(" ", "") for alias in ordered]
    return Aliases(
        start=_starts(texts),
        text=codes_of(texts),
        spaced=np.array([alias.isascii() for alias in ordered], dtype=np.uint8),
        role=_whole(model.roles.index(model.aliases[alias]) for alias in ordered),
    )


def _whole(numbers: Iterable[int]) -> Whole:
    return np.array(list(numbers), dtype=np.int32)


def _lengths_by_syllable(words: Iterable[str], place: int) -> npt.NDArray[np.uint16]:
    """Return, for the syllable at a place of Hangul words, a bit for every length that such words have."""
    lengths = np.zeros(SYLLABLES, dtype=np.uint16)
    for word in words:
        lengths[ord(word[place]) - FIRST_SYLLABLE] |= 1 << len(word)
    return lengths


def _starts(parts: Iterable[Sequence[object]]) -> Whole:
    return np.cumsum(list(chain((0,), (len(part) for part in parts))), dtype=np.int32)
