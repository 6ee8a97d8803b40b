"""Text becomes phrases with character spans: the one tokenizer of training and prediction."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

HANGUL = "가"  # the first syllable; every token that sorts at or after it is Hangul, all others are ASCII
LAST_HANGUL = "힣"
SUBSTRING = "~"  # marks a phrase that is a piece of a Hangul word rather than a whole one
SUBSTRING_SYLLABLES = (2, 3)
LANGUAGE_CHARACTERS = 1000  # enough to tell the language of a posting by
MAX_GAP = 2  # words that may stand between two words of a documented phrase

_TOKEN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:\+\+|#)?|[0-9]+[A-Za-z][A-Za-z0-9]*|[가-힣]+")
# Flattened postings glue one line to the next ("the teamBuild models"), but LangChain and PyTorch are glued by intent.
_NAME_BEFORE = re.compile(r"[A-Z][a-z]{1,9}\Z")
_GLUED = r"(?<=[a-z가-힣)])(?=[A-Z][a-z]+ [a-z])"
_STATEMENT_END = re.compile(rf"\n|[.!?;](?=\s|$)|[•·●▪■◆▶○ㆍ]|{_GLUED}| - |(?<=[가-힣])- ?(?=[가-힣A-Z])")
# Flattened lists put no space after their commas. Parting LangChain here too costs nothing in cross-validation: its
# halves are known from elsewhere.
_CLAUSE_END = re.compile(rf",(?=[가-힣A-Z-])|{_GLUED}")
# Particles and endings that carry grammar, not meaning; stripped so that 모델을 and 모델의 are one word.
KOREAN_ENDINGS = frozenset(
    "은 는 이 가 을 를 의 에 에서 에게 와 과 도 만 로 으로 로서 으로서 로써 으로써 까지 부터 보다 처럼 및 등 "
    "등을 등의 하고 하며 하는 하여 하기 하실 하신 한 할 합니다 해요 했던 된 되는 될 됩니다 이고 이며 인 "
    "입니다 이나 나 들 들을 들의 들과 들이 에대한 에서의 으로의 로의 과의 와의 이라 라면 이라면 적인 적으로 "
    "하고자 하게 하시는 하면서 하면 해 해서 하기위한 되어 되며 된다 있는 있습니다 있으신 이신".split()
)
# Words of grammar: no phrase begins or ends with one, or evidence would quote "learning and".
FUNCTION_WORDS = frozenset(
    "a all also an and any are as at be been both but by can do etc for from has have her his how if in including into "
    "is it its ll may more must not of on or other our out over own per re s should so some such t than that the their "
    "them then there these they this those through to up us ve via was we were what when where which while who whose "
    "why will with within would you your 및 등 수 또는 그 이 저 대한 위한 통해 통한 관련 대해 위해 있는 우리 모든 "
    "다양한 각 후 시 년".split()
)
LONGEST_ENDING = max(map(len, KOREAN_ENDINGS))
_WESTERN_WORD = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ]+")
ENGLISH_WORDS = frozenset(
    "the and of to in for with a you our we is are on as will or be your that an at by from".split()
)
FOREIGN_WORDS = frozenset(
    "der die das und mit für ist wir sie dein deine zu von im el la los las y con para una un del les des et "
    "avec pour nous vous est du dans il di che per della e o os da do com não em uma het een van voor met je "
    "ons en op".split()
)


class Token(NamedTuple):
    """A word and its half-open character span."""

    word: str
    start: int
    end: int


class Hit(NamedTuple):
    """A phrase found in a text: its number and its half-open character span."""

    phrase: int
    start: int
    end: int


@lru_cache(maxsize=1 << 16)
def korean_stem(word: str) -> str:
    """Return a Hangul word without its particle or ending, keeping two syllables or more.

    >>> korean_stem("모델을"), korean_stem("개발합니다"), korean_stem("나")
    ('모델', '개발', '나')
    """
    for length in range(min(LONGEST_ENDING, len(word) - 2), 0, -1):
        if word[-length:] in KOREAN_ENDINGS:
            return word[:-length]
    return word


@lru_cache(maxsize=1 << 16)
def english_stem(word: str) -> str:
    """Return an English word without its inflection; only ever compared with other stems.

    >>> {english_stem(word) for word in ("train", "trains", "trained", "training")}
    {'train'}
    """
    if len(word) <= 3 or not word.isalpha():
        return word
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for suffix in ("ing", "ed"):
        root = word.removesuffix(suffix)
        if root != word and len(root) >= 3 and any(letter in "aeiouy" for letter in root):
            doubled = len(root) > 3 and root[-1] == root[-2] and root[-1] not in "sz"
            word = root[:-1] if doubled else root
            break
    return word[:-1] if word.endswith("e") and len(word) > 3 else word


def tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Return the words of a text in lower case, Latin and Hangul apart.

    >>> [token.word for token in tokens("LLM기반 C++ 서비스")]
    ['llm', '기반', 'c++', '서비스']
    """
    found = _TOKEN.finditer(text, start, len(text) if end is None else end)
    return [Token(match.group().lower(), match.start(), match.end()) for match in found]


def statements(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the spans of the statements of a section: bullets, lines and sentences."""
    return _between(_STATEMENT_END, text, start, end, keep_names=True)


def clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the spans of the clauses of a statement; no phrase reaches from one into the next."""
    return _between(_CLAUSE_END, text, start, end)


def _between(
    separator: re.Pattern[str], text: str, start: int, end: int, *, keep_names: bool = False
) -> Iterator[tuple[int, int]]:
    position = start
    for match in separator.finditer(text, start, end):
        if keep_names and match.start() == match.end() and _NAME_BEFORE.search(text, position, match.start()):
            continue
        if match.start() > position:
            yield position, match.start()
        position = match.end()
    if position < end:
        yield position, end


def phrases(text: str, words: Sequence[Token]) -> Iterator[tuple[str, int, int]]:
    """Yield every phrase of one clause with its span: words, neighbouring pairs, pieces of Hangul words."""
    previous: str | None = None
    previous_start = previous_end = 0
    for word, start, end in words:
        stem = word
        if word >= HANGUL:
            stem = korean_stem(word)
            for length in SUBSTRING_SYLLABLES:
                for offset in range(len(word) - length + 1):
                    yield SUBSTRING + word[offset : offset + length], start + offset, start + offset + length
        if stem in FUNCTION_WORDS:
            previous = None
            continue
        yield stem, start, start + len(stem)
        if previous is not None and "," not in text[previous_end:start]:
            yield f"{previous} {stem}", previous_start, start + len(stem)
        previous, previous_start, previous_end = stem, start, end


class PhraseFinder:
    """Finds the phrases of a vocabulary in a clause."""

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        self._vocabulary = vocabulary

    def find(self, text: str, words: Sequence[Token]) -> list[Hit]:
        """Return the vocabulary's phrases in one clause, given its tokens."""
        number = self._vocabulary.get
        return [
            Hit(found, start, end) for key, start, end in phrases(text, words) if (found := number(key)) is not None
        ]


KeywordTable = Mapping[str, Sequence[tuple[Sequence[str], int]]]


def keyword_table(phrases_by_duty: Sequence[Sequence[str]]) -> KeywordTable:
    """Return the units (stems, Hangul words) and the duty number of every phrase, by first unit.

    >>> keyword_table([["trained models"], ["모델 학습"]])
    {'train': [(['train', 'model'], 0)], '모델': [(['모델', '학습'], 1)]}
    """
    table: dict[str, list[tuple[list[str], int]]] = {}
    for duty, listed in enumerate(phrases_by_duty):
        for phrase in listed:
            units = [_unit(token.word) for token in tokens(phrase)]
            if units and (units, duty) not in table.setdefault(units[0], []):
                table[units[0]].append((units, duty))
    return table


class KeywordFinder:
    """Finds documented phrases in a clause: their words in order, inflected, up to MAX_GAP words apart.

    A Hangul word of a phrase may be any piece of a Hangul word of the text: 모델 학습 is found in 모델학습을.
    """

    def __init__(self, table: KeywordTable) -> None:
        self._by_first = table
        self._syllables = tuple(sorted({len(unit) for unit in table if unit >= HANGUL}))

    def find(self, words: Sequence[Token]) -> list[Hit]:
        """Return the documented phrases in one clause, `Hit.phrase` being the number of the duty."""
        units = [_unit(token.word) for token in words]
        hits = []
        for place, unit in enumerate(units):
            for offset, length in self._openings(unit):
                for wanted, duty in self._by_first.get(unit[offset : offset + length], ()):
                    last = _follow(units, wanted, 1, place, offset + length)
                    if last is not None:
                        token, stop = last
                        end = words[token].start + stop if units[token] >= HANGUL else words[token].end
                        hits.append(Hit(duty, words[place].start + offset, end))
        return hits

    def _openings(self, unit: str) -> Iterator[tuple[int, int]]:
        if unit < HANGUL:
            yield 0, len(unit)
            return
        for length in self._syllables:
            for offset in range(len(unit) - length + 1):
                yield offset, length


def _unit(word: str) -> str:
    return word if word >= HANGUL else english_stem(word)


def _follow(
    units: Sequence[str], wanted: Sequence[str], matched: int, place: int, offset: int
) -> tuple[int, int] | None:
    """Return the token and the offset in it where the phrase ends, or None if the rest of it does not follow."""
    if matched == len(wanted):
        return place, offset
    unit = wanted[matched]
    if unit < HANGUL:
        for following in range(place + 1, min(len(units), place + 2 + MAX_GAP)):
            if units[following] == unit:
                return _follow(units, wanted, matched + 1, following, len(unit))
        return None
    if units[place] >= HANGUL and (found := units[place].find(unit, offset)) >= 0:
        last = _follow(units, wanted, matched + 1, place, found + len(unit))
        if last is not None:
            return last
    # Korean words are long: one word between is as far as two in English.
    for following in range(place + 1, min(len(units), place + 1 + MAX_GAP)):
        found = units[following].find(unit) if units[following] >= HANGUL else -1
        if 0 <= found <= MAX_GAP:
            return _follow(units, wanted, matched + 1, following, found + len(unit))
    return None


def language_of(text: str) -> str:
    """Return "en", "ko", "unknown" (too little to tell) or "unsupported" (another language).

    >>> language_of("머신러닝 모델을 개발합니다"), language_of("We train the models"), language_of("データを分析する")
    ('ko', 'en', 'unsupported')
    """
    text = text[:LANGUAGE_CHARACTERS]
    latin = hangul = accented = foreign = 0
    for letter in text:
        if letter.isascii():
            latin += letter.isalpha()
        elif HANGUL <= letter <= LAST_HANGUL:
            hangul += 1
        elif "\u00c0" <= letter <= "\u024f":
            accented += 1
        else:
            foreign += (
                "\u0370" <= letter <= "\u1fff" or "\u3040" <= letter <= "\u30ff" or "\u4e00" <= letter <= "\u9fff"
            )
    letters = latin + hangul + accented + foreign
    if letters == 0:
        return "unknown"
    if foreign > letters / 2:
        return "unsupported"
    if hangul * 10 >= letters:
        return "ko"
    words = [word.lower() for word in _WESTERN_WORD.findall(text)]
    english = sum(word in ENGLISH_WORDS for word in words)
    other = sum(word in FOREIGN_WORDS for word in words)
    if other >= 3 and other > 2 * english and (other * 10 >= len(words) or accented * 50 >= letters):
        return "unsupported"
    return "en" if english else "unknown"
