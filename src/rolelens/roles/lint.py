"""What is weak in a folder of role definitions, held against postings."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rolelens.posting import Posting
from rolelens.reading.documented import AS_WRITTEN
from rolelens.reading.language import language_of
from rolelens.reading.layout import laid_out
from rolelens.reading.lexicon import keyword_table, reader_of
from rolelens.reading.sections import ALL_SECTIONS, BACKGROUND
from rolelens.roles.definitions import LANGUAGES, Role
from rolelens.support.terminal_width import cut, pad

BOILERPLATE_SHARE = 0.5  # of a phrase's mentions in background sections: it speaks of the company, not of the work
LEAST_MENTIONS = 5  # fewer say nothing about where a phrase stands
SCARCE_SHARE = 0.001  # of the postings of a language; a duty found in fewer is hardly covered


@dataclass(slots=True)
class PhraseUse:
    """Where a documented phrase was found."""

    role: str
    duty: str
    language: str
    phrase: str
    postings: int = 0
    mentions: int = 0
    in_background: int = 0


@dataclass(slots=True)
class RoleLint:
    """What was found: every phrase's use, postings by language, by duty, and shared phrases."""

    uses: list[PhraseUse]
    postings: Counter[str] = field(default_factory=Counter)
    by_duty: dict[tuple[str, str], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    together: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def never(self) -> list[PhraseUse]:
        """Phrases that no posting has."""
        return [use for use in self.uses if not use.postings]

    @property
    def boilerplate(self) -> list[PhraseUse]:
        """Phrases that stand in background sections most of the time."""
        often = [use for use in self.uses if use.mentions >= LEAST_MENTIONS]
        return [use for use in often if use.in_background >= BOILERPLATE_SHARE * use.mentions]

    @property
    def conflicts(self) -> list[list[PhraseUse]]:
        """Phrases that several roles claim, inflection aside."""
        return [uses for uses in self._same() if len({use.role for use in uses}) > 1]

    @property
    def idle_marks(self) -> list[PhraseUse]:
        """Phrases marked to be found as they are written whose first word is written as any other."""
        marked = [use for use in self.uses if use.phrase.startswith(AS_WRITTEN)]
        return [use for use in marked if use.phrase.removeprefix(AS_WRITTEN).split(" ")[0].islower()]

    @property
    def repeated(self) -> list[list[PhraseUse]]:
        """Phrases that several duties of one role claim, or one duty twice in a language."""
        found = (uses for uses in self._same() if len({use.role for use in uses}) == 1)
        return [
            uses
            for uses in found
            if len({use.duty for use in uses}) > 1 or len({use.language for use in uses}) < len(uses)
        ]

    def _same(self) -> Iterator[list[PhraseUse]]:
        by_key: dict[str, list[PhraseUse]] = defaultdict(list)
        for use in self.uses:
            (units,) = ([units for units, _ in entries] for entries in keyword_table([[use.phrase]]).values())
            by_key[" ".join(units[0])].append(use)
        yield from (uses for uses in by_key.values() if len(uses) > 1)

    def gaps(self) -> list[tuple[str, str, str, int]]:
        """Duties that hardly any posting of a language speaks of: role, duty, language, postings."""
        return [
            (role, duty, language, counts[language])
            for (role, duty), counts in self.by_duty.items()
            for language in LANGUAGES
            if self.postings[language] and counts[language] < SCARCE_SHARE * self.postings[language]
        ]


def lint_roles(roles: Sequence[Role], postings: Sequence[Posting], headings: Mapping[str, str]) -> RoleLint:
    """Return how the documented phrases of roles fare in postings."""
    uses = [
        PhraseUse(role.id, duty.id, language, phrase)
        for role in roles
        for duty in role.duties
        for language in LANGUAGES
        for phrase in duty.phrases[language]
    ]
    reader = reader_of("", keyword_table([[use.phrase] for use in uses]), headings, {}, ())
    lint = RoleLint(uses)
    for use in uses:
        lint.by_duty[use.role, use.duty]  # a duty that no posting speaks of is to be seen too
    for posting in postings:
        language = "ko" if language_of(posting.text) == "ko" else "en"
        lint.postings[language] += 1
        found: set[int] = set()
        layout = laid_out([posting])
        hits = reader.hits_of(layout.symbols, layout.bounds)
        for number, section in zip(hits.key, hits.section, strict=True):
            uses[number].mentions += 1
            uses[number].in_background += ALL_SECTIONS[section] in BACKGROUND
            found.add(number)
        spoken = {(uses[number].role, uses[number].duty) for number in found}
        for number in found:
            uses[number].postings += 1
        for duty in spoken:
            lint.by_duty[duty][language] += 1
        named = sorted({role for role, _ in spoken})
        lint.together.update((one, other) for place, one in enumerate(named) for other in named[place + 1 :])
    return lint


def lines_of(lint: RoleLint, *, every_phrase: bool = False) -> Iterator[str]:
    """Yield the report as lines of at most 80 columns."""
    total = sum(lint.postings.values())
    yield f"{total:,} postings ({', '.join(f'{count:,} {language}' for language, count in lint.postings.items())})"
    yield from ("", "Coverage: postings that speak of a duty, and phrases that any has")
    for (role, duty), counts in lint.by_duty.items():
        own = [use for use in lint.uses if (use.role, use.duty) == (role, duty)]
        used = sum(use.postings > 0 for use in own)
        shown = ", ".join(f"{counts[language]:,} {language}" for language in LANGUAGES)
        yield f"  {pad(cut(f'{role}.{duty}', 44), 44)} {shown:>20}  {used}/{len(own)}"
    yield from ("", "Overlap: postings that speak of duties of two roles")
    for (one, other), count in lint.together.most_common(10):
        yield f"  {pad(f'{one} and {other}', 44)} {count:>20,}"
    parts = {
        "Conflict: a phrase that several roles claim": [_owners(uses) for uses in lint.conflicts],
        "Repeated: a phrase that a role claims twice": [_owners(uses) for uses in lint.repeated],
        "Idle mark: = before a word without a capital or Hangul asks for nothing": [
            f"{use.phrase} ({use.role}.{use.duty})" for use in lint.idle_marks
        ],
        "Boilerplate: a phrase found mostly in background sections": [
            f"{use.phrase} ({use.role}.{use.duty}): {use.in_background} of {use.mentions}" for use in lint.boilerplate
        ],
        "Never found": [f"{use.phrase} ({use.role}.{use.duty}, {use.language})" for use in lint.never],
        "Gaps: a duty that hardly any posting of a language speaks of": [
            f"{role}.{duty} in {language}: {count}" for role, duty, language, count in lint.gaps()
        ],
    }
    if every_phrase:
        parts["Every phrase: postings, mentions, in background"] = [
            f"{use.role}.{use.duty} {use.phrase}: {use.postings}, {use.mentions}, {use.in_background}"
            for use in lint.uses
        ]
    for heading, found in parts.items():
        yield from ("", f"{heading}: {len(found)}", *(f"  {cut(line, 78)}" for line in found))


def _owners(uses: Sequence[PhraseUse]) -> str:
    return f"{uses[0].phrase}: {', '.join(f'{use.role}.{use.duty}' for use in uses)}"
