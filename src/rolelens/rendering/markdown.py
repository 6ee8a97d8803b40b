"""An answer as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rolelens.posting import DutyCoverage, Statement
from rolelens.rendering.answer import Answer, Table, percent


def as_markdown(answer: Answer) -> str:
    """Return an answer as Markdown."""
    prediction, texts = answer.prediction, answer.texts
    lines = [f"## {_escaped(answer.file)}", ""] if answer.file else []
    lines += [f"**{prediction.name}**, {percent(prediction.confidence)} {texts['sure']} ({answer.second})", ""]
    lines += [f"- {label}: {value}" for label, value in answer.readings()]
    lines += [f"- **{line}**" for line in answer.warnings()]
    if prediction.role_mix:
        mix = ", ".join(f"{answer.name(role)} {percent(share)}" for role, share in prediction.role_mix.items())
        lines.append(f"- {texts['mix']}: {mix}")
    if prediction.deciding:
        lines += ["", f"{texts['deciding']}:", "", *_quoted(prediction.deciding)]
    for role, duties in (
        (prediction.role, prediction.duties),
        (prediction.second_role, prediction.second_duties),
    ):
        lines += ["", f"### {answer.covered(duties, role)}", "", *_duties(duties, answer)]
    lines += ["", f"### {texts['evidence']}", *_table(answer.evidence_table())]
    lines += _contrast(answer)
    lines += _detail(answer)
    return "\n".join(lines)


def _duties(duties: Iterable[DutyCoverage], answer: Answer) -> Iterator[str]:
    for duty in duties:
        yield f"- [{'x' if duty.covered else ' '}] {duty.title}: {_escaped(answer.quotes(duty))}"


def _contrast(answer: Answer) -> Iterator[str]:
    if answer.contrast is not None:
        yield from ("", f"### {answer.contrast_title()}")
        for table in answer.contrast_tables():
            yield from _table(table)


def _table(table: Table) -> Iterator[str]:
    yield from ("", f"| {table.heading} | {table.unit} |", "|---|---:|")
    for label, value in table.rows:
        yield f"| {_escaped(label)} | {value:+.2f} |"
    for label, value in table.totals:
        yield f"| *{label}* | {value:+.2f} |"


def _detail(answer: Answer) -> Iterator[str]:
    if answer.counterfactual is None:
        return
    texts = answer.texts
    yield from ("", f"### {texts['statements']}", "", "| | log-odds | |", "|---|---:|---|")
    for each in answer.prediction.statements:
        lean = answer.name(each.lean) if each.lean else ""
        yield f"| {lean} | {f'{each.strength:+.2f}' if each.lean else ''} | {_escaped(each.text)} |"
    yield from ("", f"### {texts['change']}")
    for line, statements in answer.changes():
        yield from ("", line, "", *_quoted(statements))


def _quoted(statements: Iterable[Statement]) -> Iterator[str]:
    for statement in statements:
        yield f"- “{_escaped(statement.text)}”"


def _escaped(text: str) -> str:
    return "".join(f"\\{letter}" if letter in r"\`*_{}[]<>()#+!|" else letter for letter in text)
