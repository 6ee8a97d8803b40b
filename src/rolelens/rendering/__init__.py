"""An answer as terminal text, Markdown, JSON or a web page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rolelens.rendering.answer import Answer


def render(answers: Iterable[Answer], style: str, *, coloured: bool = False) -> Iterator[str]:
    """Yield the pieces of a document that shows answers; every piece ends its line. A style imports what it needs."""
    if style == "html":
        from rolelens.rendering.page import as_html

        yield as_html(list(answers))
    elif style == "json":
        from rolelens.rendering.values import as_json

        yield from (f"{as_json(answer)}\n" for answer in answers)
    elif style == "markdown":
        from rolelens.rendering.markdown import as_markdown

        yield from _apart(as_markdown(answer) for answer in answers)
    else:
        from rolelens.rendering.terminal import as_text

        yield from _apart(as_text(answer, coloured=coloured) for answer in answers)


def _apart(blocks: Iterable[str]) -> Iterator[str]:
    for number, block in enumerate(blocks):
        yield f"\n{block}\n" if number else f"{block}\n"
