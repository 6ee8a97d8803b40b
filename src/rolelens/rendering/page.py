"""Answers as one self-contained web page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Template

from rolelens.explaining.contrast import LEARNED
from rolelens.posting import Mention
from rolelens.reading.sections import TITLE
from rolelens.rendering.answer import Answer, percent
from rolelens.support.templates import page_environment

_MARKED = 0.1  # log-odds; fainter words would only distract
_COLOURS = 6  # the template's palette; a seventh role shares the first one's


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the posting's text; `role` and `note` are empty where it is not marked."""

    text: str
    role: str = ""
    note: str = ""


def as_html(answers: Sequence[Answer]) -> str:
    """Return answers as one HTML page that needs nothing from anywhere else."""
    return _template("page.html.jinja").render(answers=answers, language=answers[0].language if answers else "en")


def as_article(answer: Answer) -> str:
    """Return an answer as the part of an HTML page that shows it; `style_sheet` makes it look right."""
    return _template("article.html.jinja").render(answer=answer)


def style_sheet() -> str:
    """Return the style sheet of our pages."""
    return _template("style.css.jinja").render()


@cache
def _template(name: str) -> Template:
    environment = page_environment(Path(__file__).parent)
    environment.filters.update(percent=percent, colour=_colour, text_pieces=_text_pieces, title_pieces=_title_pieces)
    return environment.get_template(name)


def _colour(role: str, answer: Answer) -> str:
    return f"role-{answer.model.roles.index(role) % _COLOURS}"


def _text_pieces(answer: Answer) -> Iterator[Piece]:
    posting = answer.prediction.posting
    in_text = [each for each in _marked(answer) if each.span.section != TITLE or not posting.title]
    return _pieces(posting.text, in_text, answer)


def _title_pieces(answer: Answer) -> Iterator[Piece]:
    in_title = [each for each in _marked(answer) if each.span.section == TITLE]
    return _pieces(answer.prediction.posting.title, in_title, answer)


def _marked(answer: Answer) -> list[Mention]:
    mentions = answer.prediction.arithmetic.mentions
    return [each for each in mentions if max(each.contributions) >= _MARKED]


def _pieces(text: str, mentions: Sequence[Mention], answer: Answer) -> Iterator[Piece]:
    position = 0
    for mention in sorted(mentions, key=lambda each: (each.span.start, -each.span.end)):
        start, end = max(mention.span.start, position), mention.span.end
        if start >= end:
            continue
        if start > position:
            yield Piece(text[position:start])
        strength = max(mention.contributions)
        role = answer.prediction.arithmetic.roles[mention.contributions.index(strength)]
        yield Piece(text[start:end], role, _note(mention, role, strength, answer))
        position = end
    if position < len(text):
        yield Piece(text[position:])


def _note(mention: Mention, role: str, strength: float, answer: Answer) -> str:
    duty = max(mention.duties, key=lambda id_: (id_.partition(".")[0] == role, id_), default=LEARNED)
    towards = answer.texts["towards"].format(value=f"{strength:+.2f}", role=answer.name(role))
    return f"{towards} · {answer.duty_name(duty)}"
