"""What a model has learnt: the strongest phrases of a role, and what its documented duties are worth."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from rolelens.model.model_file import Model
from rolelens.reading.phrases import SUBSTRING
from rolelens.reading.sections import TITLE
from rolelens.support.terminal_width import cut, pad, wrap

_HANGUL = "가"  # the first syllable
_BRIEF = 8  # phrases a role and language when all roles are shown
_FULL = 20  # when one is
_LANGUAGES = {"en": "English", "ko": "한국어"}
_BAR = 20


@dataclass(frozen=True, slots=True)
class LearntPhrase:
    """A phrase and what it is worth to a role, the phrase worth most to that role in its language being 1."""

    phrase: str
    worth: float


@dataclass(frozen=True, slots=True)
class LearntRole:
    """What a model knows of a role.

    `duties` holds, by duty, what one mention among a posting's duties adds to the role's score, in log-odds; `phrases`
    the strongest phrases for the role by language, and `against` the strongest against it.
    """

    role: str
    duties: dict[str, float]
    phrases: dict[str, list[LearntPhrase]]
    against: dict[str, list[LearntPhrase]]


def learnt_role(model: Model, role: str, count: int) -> LearntRole:
    """Return what a model has learnt of a role, at most `count` phrases for and against it in each language.

    What a phrase adds depends on the posting around it; over equally long postings it is in proportion to its weight
    times its inverse document frequency, summed over the views of the text under the title.
    """
    place, roles, views = model.roles.index(role), len(model.roles), model.settings.views
    used = [number for number, view in enumerate(views) if set(view.sections) != {TITLE}]
    worth = {
        phrase: model.idf[number] * sum(model.weights[(number * len(views) + view) * roles + place] for view in used)
        for phrase, number in model.vocabulary.items()
    }
    languages = {
        "en": [phrase for phrase in worth if phrase.lstrip(SUBSTRING) < _HANGUL],
        "ko": [phrase for phrase in worth if phrase.lstrip(SUBSTRING) >= _HANGUL],
    }

    def strongest(sign: int) -> dict[str, list[LearntPhrase]]:
        found = {}
        for language, phrases in languages.items():
            best = sorted(phrases, key=lambda phrase: (-sign * worth[phrase], phrase))[:count]
            top = abs(worth[best[0]]) if best else 1.0
            found[language] = [
                LearntPhrase(_shown(phrase), worth[phrase] / top) for phrase in best if sign * worth[phrase] > 0
            ]
        return found

    settings = model.settings
    mention = settings.keyword_scale * math.log1p(settings.keyword_sections["duties"])
    duties = {
        duty.id: mention * model.keyword_weights[number * roles + place]
        for number, duty in enumerate(model.duties)
        if duty.role == place
    }
    return LearntRole(role, duties, strongest(1), strongest(-1))


def render(model: Model, role: str | None, count: int | None, style: str) -> str:
    """Return what a model has learnt of every role, or of one, as "text" or "json"."""
    chosen = model.roles if role is None else (role,)
    learnt = [learnt_role(model, each, count or (_BRIEF if role is None else _FULL)) for each in chosen]
    if style == "json":
        return json.dumps([asdict(each) for each in learnt], ensure_ascii=False, indent=2)
    return "\n\n".join("\n".join(_lines(each, model, whole=role is not None)) for each in learnt)


def _lines(learnt: LearntRole, model: Model, *, whole: bool) -> Iterator[str]:
    names = model.names[learnt.role]
    yield f"{names['en']} · {names['ko']} ({learnt.role})"
    if whole:
        yield "  One mention of a documented duty adds, in log-odds:"
        titles = {duty.id: duty.title["en"] for duty in model.duties}
        for duty, value in learnt.duties.items():
            yield f"    {value:+.2f}  {titles[duty]}"
    for heading, found in (("For it", learnt.phrases), ("Against it", learnt.against)):
        if found is learnt.phrases or whole:
            for language, phrases in found.items():
                yield f"  {heading}, {_LANGUAGES[language]}:"
                if whole:
                    for each in phrases:
                        yield f"    {pad(cut(each.phrase, 36), 36)} {'█' * max(1, round(_BAR * abs(each.worth)))}"
                else:
                    yield wrap(", ".join(each.phrase for each in phrases), 4)


def _shown(phrase: str) -> str:
    """Return a phrase for reading; a piece of a Hangul word stands between ellipses."""
    return f"…{phrase.removeprefix(SUBSTRING)}…" if phrase.startswith(SUBSTRING) else phrase
