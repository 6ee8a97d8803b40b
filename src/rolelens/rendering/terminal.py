"""An answer as lines of at most 80 terminal columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import click

from rolelens.posting import Statement
from rolelens.rendering.answer import Answer, Table, percent
from rolelens.support.terminal_width import WIDTH, columns, cut, pad, wrap

Paint = Callable[..., str]

_BAR = 30
_MIX_BAR = 60
_FILLS = "█▓▒░"  # told apart without colour
_LEAST_SHARE = 0.05  # smaller parts of the mix are drawn together


def _plain(text: str, **_: object) -> str:
    return text


def as_text(answer: Answer, *, coloured: bool = False) -> str:
    """Return an answer as lines, with colours for a terminal if asked."""
    paint = click.style if coloured else _plain
    lines = [paint(cut(answer.file, WIDTH), dim=True)] if answer.file else []
    lines += [f"{paint(answer.headline, bold=True)}  ({answer.second})", ""]
    lines += _summary(answer, paint)
    lines += ["", *_duties(answer, paint), ""]
    lines += _evidence(answer, paint) if answer.contrast is None else _contrast(answer, paint)
    if answer.counterfactual is not None:
        lines += ["", *_statements(answer, paint), "", *_change(answer, paint)]
    return "\n".join(lines)


def _summary(answer: Answer, paint: Paint) -> Iterator[str]:
    labels = max(columns(label) for label, _ in answer.readings())
    for label, value in answer.readings():
        yield f"  {pad(label, labels)}  {wrap(value, labels + 4).strip()}"
    for line in answer.warnings():
        yield paint(wrap(line, 2), fg="yellow")
    if answer.prediction.deciding:
        yield f"  {answer.texts['deciding']}"
        yield from _quoted(answer.prediction.deciding)
    if answer.prediction.role_mix:
        yield ""
        yield paint(answer.texts["mix"], bold=True)
        yield from _mix(answer)


def _mix(answer: Answer) -> Iterator[str]:
    """Yield the role mix as one bar and the line that reads it."""
    shares = [(answer.name(role), share) for role, share in answer.prediction.role_mix.items()]
    large = [(name, share) for name, share in shares if share >= _LEAST_SHARE][: len(_FILLS)]
    rest = 1 - sum(share for _, share in large)
    parts = list(zip(large, _FILLS, strict=False))
    bar, drawn, filled = "", 0.0, 0
    for (_, share), fill in parts:
        drawn += share
        width = round(drawn * _MIX_BAR) - filled
        bar, filled = bar + fill * width, filled + width
    yield f"  {bar}{'·' * (_MIX_BAR - filled)}"
    legend = [f"{fill} {name} {percent(share)}" for (name, share), fill in parts]
    if rest > 0.005:
        legend.append(f"· {answer.texts['rest']} {percent(rest)}")
    line = ""
    for entry in legend:
        if line and columns(line) + columns(entry) + 3 > WIDTH - 2:
            yield f"  {line}"
            line = ""
        line = f"{line}   {entry}" if line else entry
    yield f"  {line}"


def _duties(answer: Answer, paint: Paint) -> Iterator[str]:
    prediction = answer.prediction
    yield paint(answer.covered(prediction.duties, prediction.role), bold=True)
    for duty in prediction.duties:
        mark = paint("✓", fg="green") if duty.covered else paint("·", dim=True)
        yield f"  {mark} {duty.title}"
        yield "    " + paint(cut(answer.quotes(duty), WIDTH - 4), dim=True)
    second = answer.covered(prediction.second_duties, prediction.second_role)
    yield paint(second, bold=True)
    for duty in prediction.second_duties:
        if duty.covered:
            yield f"  {paint('✓', fg='green')} {duty.title}"
            yield "    " + paint(cut(answer.quotes(duty), WIDTH - 4), dim=True)


def _evidence(answer: Answer, paint: Paint) -> Iterator[str]:
    table = answer.evidence_table()
    yield paint(table.heading, bold=True)
    yield from _bars(table, paint)
    yield from _totals(table, paint)


def _contrast(answer: Answer, paint: Paint) -> Iterator[str]:
    yield paint(answer.contrast_title(), bold=True)
    for number, table in enumerate(answer.contrast_tables()):
        yield f"  {paint(table.heading, dim=True)}"
        yield from _bars(table, paint)
        if number == 0:  # the same totals hold for the others
            yield from _totals(table, paint)


def _bars(table: Table, paint: Paint) -> Iterator[str]:
    strongest = max((abs(value) for _, value in table.rows), default=1.0)
    for label, value in table.rows:
        bar = paint("█" * max(1, round(_BAR * abs(value) / strongest)), fg="green" if value > 0 else "red")
        yield f"  {pad(cut(label, 36), 36)} {value:>+6.2f}  {bar}"


def _totals(table: Table, paint: Paint) -> Iterator[str]:
    for label, value in table.totals:
        yield f"  {pad(label, 36)} {value:>+6.2f}" + (f"  {paint(table.unit, dim=True)}" if label == "=" else "")


def _statements(answer: Answer, paint: Paint) -> Iterator[str]:
    yield paint(answer.texts["statements"], bold=True)
    width = max(columns(answer.name(role)) for role in answer.prediction.probabilities)
    for statement in answer.prediction.statements:
        if statement.lean is None:
            yield "  " + paint(f"{pad('·', width + 6)} {cut(statement.text, WIDTH - width - 9)}", dim=True)
        else:
            lean = f"{pad(answer.name(statement.lean), width)} {statement.strength:+.2f}"
            yield f"  {lean} {cut(statement.text, WIDTH - width - 9)}"


def _change(answer: Answer, paint: Paint) -> Iterator[str]:
    yield paint(answer.texts["change"], bold=True)
    for line, statements in answer.changes():
        yield wrap(line, 2)
        yield from _quoted(statements)


def _quoted(statements: Iterable[Statement]) -> Iterator[str]:
    for statement in statements:
        yield f"    “{cut(statement.text, WIDTH - 6)}”"
