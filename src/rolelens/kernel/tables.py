"""A model as flat arrays: hash tables of its words, word pairs, Hangul pieces and headings, and its weights."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rolelens.artifact import Model
from rolelens.kernel.hashes import OF_WORDS, Codes, HashTable, Sieve, codes_of, hash_table, keys_of, pair_keys, sieve_of
from rolelens.kernel.jit import inlined
from rolelens.kernel.machine import LANES
from rolelens.kernel.rows import BOUNDS, KINDS, Rows
from rolelens.records import TITLE
from rolelens.sections import ANYTHING, BACKGROUND, MAX_HEADING_CHARS, SECTIONS, WILD
from rolelens.settings import View
from rolelens.text import (
    ENGLISH_WORDS,
    FOREIGN_WORDS,
    FUNCTION_WORDS,
    HANGUL,
    KOREAN_ENDINGS,
    LAST_HANGUL,
    SUBSTRING,
    KeywordTable,
    english_stem,
)

Whole = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.uint8]

ALL_SECTIONS = (TITLE, *SECTIONS)  # the number of a section is its place here
FIRST_SYLLABLE, SYLLABLES = 0xAC00, 11172
# What a code point is: any of these.
LOWER, UPPER, DIGIT, SYLLABLE, ACCENTED, STRANGE = (1 << bit for bit in range(6))
SPACE, BLANK, NEWLINE, STOP, COMMA, DASH, BULLET, CLOSE, MARK = (1 << bit for bit in range(6, 15))
LETTER = LOWER | UPPER
WESTERN = LETTER | DIGIT
ALPHANUMERIC = WESTERN | SYLLABLE
LAST_CODE = 0xFFFF  # stands for all beyond it, which are nothing
LETTER_SHIFT = 16  # in the alphabet: below it what a code point is, above it what it is in lower case
# The kinds of documented phrases, in their order: those whose second unit is English, those of one, Hangul.
BEFORE_ENGLISH, ALONE, BEFORE_HANGUL = range(3)
ENGLISH, FOREIGN = 1, 2  # what a common word says of the language
_COMMON_WORDS = {**dict.fromkeys(ENGLISH_WORDS, ENGLISH), **dict.fromkeys(FOREIGN_WORDS, FOREIGN)}
OPENING = 3  # letters of a heading by which most lines prove to be none
_MOST_STEPS = 1000  # to a unit of a weighted count: weights of sections have three decimals at most
_ROUNDING = 1e-9  # of a weighted count in steps


class UncompilableError(ValueError):
    """A model has more vectors than lanes, or weights of sections that are not told in steps."""


class Pieces(NamedTuple):
    """Pieces of Hangul words by hash, packed; `lengths` is a bit set of how long those with a first syllable are."""

    table: HashTable
    sieve: Sieve
    lengths: npt.NDArray[np.uint16]


class Patterns(NamedTuple):
    """Documented phrases, as units; what each unit is written like.

    Row u of `of_unit` says where the phrases are whose first unit is u, by kind. `pairs` has the pairs of English units
    that begin some, by hash, and `of_pair` bounds these. `syllable` is the bit in a set of 64 that stands for the first
    syllable of a Hangul second unit, else -1.
    """

    of_unit: Rows
    pairs: HashTable
    likely_pairs: Sieve
    of_pair: Rows
    start: Whole
    units: Whole
    syllable: Whole
    duty: Whole
    unit_start: Whole
    unit_text: Codes


class Endings(NamedTuple):
    """Korean endings by hash, `lengths` being a bit set of how long those with a last syllable are."""

    table: HashTable
    sieve: Sieve
    lengths: npt.NDArray[np.uint16]


class Lexicon(NamedTuple):
    """Everything that finds phrases and documented duties in a clause; words are packed."""

    alphabet: npt.NDArray[np.uint32]
    words: HashTable
    endings: Endings
    pairs: HashTable
    likely_pairs: Sieve
    pieces: Pieces
    patterns: Patterns
    phrases: int


class Keys(NamedTuple):
    """Sections by heading key, with a bit set of how long keys are and a sieve of their first letters."""

    table: HashTable
    lengths: int
    openings: Sieve


class Headings(NamedTuple):
    """The sections that lines open, by a whole heading, its beginning, its end backwards, any beginning."""

    whole: Keys
    begun: Keys
    ended: Keys
    unannounced: Keys


class Aliases(NamedTuple):
    """Titles of roles, the one that decides first; `spaced` ones are whole words; `letters` is a bit set of theirs."""

    start: Whole
    text: Codes
    spaced: Flags
    letters: npt.NDArray[np.uint64]
    role: Whole


class Weights(NamedTuple):
    """What the features are worth.

    A key is the number of a phrase, or the number of phrases plus that of a duty. A posting is several vectors, a lane
    each: every view is one, or one for each section, and one more, of the first view, holds its duties. Shapes: idf
    (keys,), 1 for duties; worth (keys, views, roles / lanes, lanes), duties counting in the first view only; bias
    (roles,); steps (2 * sections, lanes), what a mention of a phrase in a section, then of a duty, counts for in each
    vector; portions (views, lanes), the share of each vector in a view; damping (most steps + 1,), the logarithm of one
    more than a count in steps, by step.
    """

    phrases: int
    idf: Floats
    worth: npt.NDArray[np.float32]
    bias: Floats
    steps: Floats
    portions: Floats
    duties: int
    keyword_scale: float
    temperature: float
    damping: Floats


class Tables(NamedTuple):
    """A compiled model."""

    lexicon: Lexicon
    headings: Headings
    background: Flags
    aliases: Aliases
    common_words: HashTable
    weights: Weights


# A word or piece of a word is packed into one number: its phrase, its keyword unit and its own number for looking up
# pairs, each plus one so that 0 is none; then what it says of the language.
_UNIT_SHIFT, _WORD_SHIFT, _COMMON_SHIFT = 20, 34, 60


def packed(phrase: int, unit: int, word: int = -1, common: int = 0) -> int:
    """Return a word packed into one number; a phrase, unit or number of -1 is none."""
    return phrase + 1 | (unit + 1) << _UNIT_SHIFT | (word + 1) << _WORD_SHIFT | common << _COMMON_SHIFT


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
    """Return the number of a packed word, or -1."""
    return (pack >> _WORD_SHIFT & ((1 << (_COMMON_SHIFT - _WORD_SHIFT)) - 1)) - 1


@inlined
def common_of(pack):
    """Return what a packed word says of the language, 0 if nothing."""
    return pack >> _COMMON_SHIFT


def compile_model(model: Model) -> Tables:
    """Return a model as flat arrays.

    Raises:
        UncompilableError: these cannot hold it.
    """
    return Tables(
        lexicon=_lexicon(model),
        headings=_headings(model.headings),
        background=np.array([section in BACKGROUND for section in ALL_SECTIONS], dtype=np.uint8),
        aliases=_aliases(model),
        common_words=_numbered(_COMMON_WORDS, at_once=1),
        weights=_weights(model),
    )


def _numbered(numbers: Mapping[str, int], **growing: int) -> HashTable:
    return hash_table(keys_of(list(numbers), **growing), list(numbers.values()))


def _headings(sections: Mapping[str, str]) -> Headings:
    kinds: tuple[dict[str, int], ...] = ({}, {}, {}, {})
    for key, section in sections.items():
        number = ALL_SECTIONS.index(section)
        if key.startswith(ANYTHING):
            kinds[2][key[:0:-1]] = number
        elif key.endswith(WILD):
            kinds[1 if key.endswith(ANYTHING) else 3][key[:-1]] = number
        else:
            kinds[0][key] = number
    return Headings(*map(_keys, kinds))


def _keys(sections: Mapping[str, int]) -> Keys:
    lengths = {len(key) for key in sections if len(key) <= MAX_HEADING_CHARS}
    openings = {key[:OPENING] for key in sections}
    return Keys(
        _numbered(sections, at_once=1),
        sum(1 << length for length in lengths),
        sieve_of(keys_of(sorted(openings), at_once=1)),
    )


def _weights(model: Model) -> Weights:
    settings, roles, views = model.settings, len(model.roles), len(model.settings.views)
    phrases = np.array(model.weights, dtype=np.float32).reshape(-1, views, roles)
    duties_worth = np.array(model.keyword_weights, dtype=np.float32).reshape(-1, roles)
    worth = np.zeros((len(phrases) + len(duties_worth), views, -(-roles // LANES) * LANES), dtype=np.float32)
    worth[: len(phrases), :, :roles], worth[len(phrases) :, 0, :roles] = phrases, duties_worth
    vectors = [_vectors(view) for view in settings.views]
    vectors[0].append(({}, 0.0))
    duties = len(vectors[0]) - 1  # the lane of them
    if sum(map(len, vectors)) > LANES:
        raise UncompilableError(f"more than {LANES} vectors")
    counted, portions = np.zeros((2, len(ALL_SECTIONS), LANES)), np.zeros((views, LANES))
    of_lanes = ((view, *vector) for view, listed in enumerate(vectors) for vector in listed)
    for lane, (view, sections, share) in enumerate(of_lanes):
        counted[0, :, lane] = [sections.get(name, 0.0) for name in ALL_SECTIONS]
        portions[view, lane] = share
    counted[1, :, duties] = [settings.keyword_sections.get(name, 0.0) for name in ALL_SECTIONS]
    unit = _steps_to_a_unit(counted)
    steps = np.arange(int(settings.most_counted * unit) + 1)
    return Weights(
        phrases=len(phrases),
        idf=np.concatenate([np.array(model.idf, dtype=np.float64), np.ones(len(duties_worth))]),
        worth=worth.reshape(*worth.shape[:2], -1, LANES),
        bias=np.array(model.bias, dtype=np.float64),
        steps=np.round(counted * unit).reshape(-1, LANES),
        portions=portions,
        duties=duties,
        keyword_scale=settings.keyword_scale,
        temperature=model.temperature,
        damping=np.log1p(steps / unit) / np.maximum(steps, 1),
    )


def _steps_to_a_unit(counted: Floats) -> int:
    """Return the fewest equal steps to a unit in which all counts are told."""
    for unit in range(1, _MOST_STEPS + 1):
        if np.abs(counted * unit - np.round(counted * unit)).max() < _ROUNDING:
            return unit
    raise UncompilableError(f"weights of sections in more than {_MOST_STEPS} steps")


def _vectors(view: View) -> list[tuple[Mapping[str, float], float]]:
    """Return what a phrase counts for by section in each vector of a view, and the share of the view that it has."""
    if not view.by_section:
        return [(view.sections, 1.0)]
    return [({section: 1.0}, share) for section, share in view.sections.items() if share > 0]


def _alphabet() -> npt.NDArray[np.uint32]:
    """Return what each code point is to the scanner's rules, and what it is in lower case."""
    codes = np.arange(LAST_CODE + 1, dtype=np.uint32)
    kinds = np.zeros_like(codes)
    for first, last, kind in (
        ("a", "z", LOWER),
        ("A", "Z", UPPER),
        ("0", "9", DIGIT),
        (HANGUL, LAST_HANGUL, SYLLABLE),
        ("\u00c0", "\u024f", ACCENTED),
        ("\u0370", "\u1fff", STRANGE),
        ("\u3040", "\u30ff", STRANGE),
        ("\u4e00", "\u9fff", STRANGE),
    ):
        kinds[ord(first) : ord(last) + 1] |= kind
    kinds[np.strings.isspace(codes.view("U1"))] |= SPACE
    for letters, kind in (
        (" ", BLANK),
        ("\n", NEWLINE),
        (".!?;", STOP),
        (",", COMMA),
        ("-", DASH),
        ("•·●▪■◆▶○ㆍ", BULLET),
        (")", CLOSE),
        (":：•[【<＜〈《「", MARK),
    ):
        kinds[[ord(letter) for letter in letters]] |= kind
    lower = codes + np.where(kinds & UPPER, ord("a") - ord("A"), 0).astype(np.uint32)
    return (kinds | lower << LETTER_SHIFT).astype(np.uint32)


def _lexicon(model: Model) -> Lexicon:
    vocabulary = model.vocabulary
    units = sorted({unit for patterns in model.keywords.values() for pattern, _ in patterns for unit in pattern})
    unit_number = {unit: number for number, unit in enumerate(units)}
    forms = {form: unit_number[unit] for unit in units if unit < HANGUL for form in english_forms(unit)}
    parts = {part for phrase in vocabulary if not phrase.startswith(SUBSTRING) for part in phrase.split(" ")}
    known = parts | FUNCTION_WORDS | forms.keys() | {word for word in _COMMON_WORDS if word.isascii()}
    word_number = {word: number for number, word in enumerate(sorted(known))}
    pairs = {phrase: number for phrase, number in vocabulary.items() if " " in phrase}
    parts_of_pairs = [[word_number[word] for word in pair.split(" ")] for pair in pairs]
    keys_of_pairs = pair_keys([first for first, _ in parts_of_pairs], [second for _, second in parts_of_pairs])
    pieces = {phrase[1:] for phrase in vocabulary if phrase.startswith(SUBSTRING)}
    pieces |= {unit for unit in model.keywords if unit >= HANGUL}
    return Lexicon(
        alphabet=_alphabet(),
        words=_numbered(
            {
                word: packed(
                    vocabulary.get(word, -1) if word not in FUNCTION_WORDS else -1,
                    forms.get(word, -1),
                    number if word not in FUNCTION_WORDS else -1,
                    _COMMON_WORDS.get(word, 0),
                )
                for word, number in word_number.items()
            },
            least=OF_WORDS,
        ),
        endings=Endings(
            table=_numbered(dict.fromkeys(sorted(KOREAN_ENDINGS), 0)),
            sieve=sieve_of(keys_of(sorted(KOREAN_ENDINGS))),
            lengths=_lengths_by_syllable(KOREAN_ENDINGS, -1),
        ),
        pairs=hash_table(keys_of_pairs, list(pairs.values())),
        likely_pairs=sieve_of(keys_of_pairs),
        pieces=Pieces(
            table=_numbered(
                {
                    piece: packed(
                        vocabulary.get(SUBSTRING + piece, -1), unit_number[piece] if piece in model.keywords else -1
                    )
                    for piece in pieces
                }
            ),
            sieve=sieve_of(keys_of(list(pieces))),
            lengths=_lengths_by_syllable(pieces, 0),
        ),
        patterns=_patterns(model.keywords, units, unit_number),
        phrases=len(vocabulary),
    )


def _patterns(keywords: KeywordTable, units: Sequence[str], number: Mapping[str, int]) -> Patterns:
    of_unit: list[tuple[int, ...]] = []
    of_pair: dict[tuple[int, int], tuple[int, int]] = {}
    ordered: list[tuple[Sequence[str], int]] = []
    for unit in units:
        listed = sorted(keywords.get(unit, ()), key=lambda each: (_kind(each[0]), each[0][1:2]))
        kinds, begin = [_kind(pattern) for pattern, _ in listed], len(ordered)
        of_unit.append(tuple(begin + bisect_left(kinds, kind) for kind in range(BEFORE_HANGUL + 2)))
        for place, (pattern, _) in enumerate(listed, begin):
            if _kind(pattern) == BEFORE_ENGLISH:
                pair = number[unit], number[pattern[1]]
                of_pair[pair] = of_pair.get(pair, (place,))[0], place + 1
        ordered += listed
    pairs = pair_keys([first for first, _ in of_pair], [second for _, second in of_pair])
    return Patterns(
        of_unit=np.array(of_unit, dtype=KINDS),
        pairs=hash_table(pairs, range(len(of_pair))),
        likely_pairs=sieve_of(pairs),
        of_pair=np.array(list(of_pair.values()), dtype=BOUNDS),
        start=_starts(pattern for pattern, _ in ordered),
        units=_whole(number[unit] for pattern, _ in ordered for unit in pattern),
        syllable=_whole(ord(pattern[1][0]) % 64 if _kind(pattern) == BEFORE_HANGUL else -1 for pattern, _ in ordered),
        duty=_whole(duty for _, duty in ordered),
        unit_start=_starts(units),
        unit_text=codes_of(units),
    )


def _kind(pattern: Sequence[str]) -> int:
    if len(pattern) == 1:
        return ALONE
    return BEFORE_ENGLISH if pattern[1] < HANGUL else BEFORE_HANGUL


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
        letters=np.array([sum({1 << ord(letter) % 64 for letter in text}) for text in texts], dtype=np.uint64),
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
