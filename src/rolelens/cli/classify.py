"""Posting files are classified."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rolelens.cli.options import LANGUAGE, SHARE, STYLES, model_option
from rolelens.errors import RolelensError

if TYPE_CHECKING:  # the commands import what they use when they run, to start in an instant
    from rolelens.classifier import RoleClassifier
    from rolelens.explaining.contrast import Explanation
    from rolelens.posting import Posting
    from rolelens.prediction import Prediction
    from rolelens.rendering.answer import Answer


@click.command()
@click.argument("files", nargs=-1, metavar="[FILES|-]...")
@click.option("--title", default="", help="The posting's title, when the file does not start with it.")
@click.option("--why", metavar="ROLE", help="Say why this role rather than the predicted one, or the runner-up.")
@click.option("--why-not", metavar="ROLE", help="Say why not this role but the predicted one.")
@click.option("--explain", "detailed", is_flag=True, help="Show every line's lean and what would change the role.")
@click.option("--coverage", type=SHARE, help="Name the roles that hold the right one in this share of postings.")
@click.option("--format", "style", type=STYLES, default="text", show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to a file instead of standard output.")
@click.option("--language", type=LANGUAGE, default="auto", show_default=True)
@click.option(
    "--max-mb", type=click.FloatRange(0, min_open=True), default=20, show_default=True, help="A file's limit."
)
@model_option
@click.pass_context
def classify(
    ctx: click.Context,
    /,
    files: tuple[str, ...],
    style: str,
    output: Path | None,
    model: Path | None,
    **asked: Any,  # noqa: ANN401
) -> None:
    """Classify posting files, or standard input for "-".

    Text, Markdown, web pages, JSON, mails; PDF, Word and RTF with rolelens[files]. A folder stands for all its files.

    \b
    Examples:
      rolelens classify posting.txt
      rolelens classify saved-page.html downloads/
      rolelens classify posting.txt --why-not data_scientist
      rolelens classify posting.txt --format html -o page.html
      pbpaste | rolelens classify - --title "AI Developer" --format json
    """
    from rolelens.classifier import RoleClassifier
    from rolelens.rendering import render

    if not files and sys.stdin.isatty():
        raise click.UsageError("name a posting file, or pipe a posting in")
    classifier = RoleClassifier.load(model)
    _require_known(asked["why"], asked["why_not"], classifier.roles)
    failed: list[str] = []
    answers = _answers(
        classifier, _files(files or ("-",)), failed, **{**asked, "detailed": asked["detailed"] or style == "html"}
    )
    _write(render(answers, style, coloured=output is None), output)
    if failed:
        ctx.exit(1)


def _answers(
    classifier: RoleClassifier,
    files: Iterable[str],
    failed: list[str],
    *,
    title: str,
    language: str,
    why: str | None,
    why_not: str | None,
    detailed: bool,
    coverage: float | None,
    max_mb: float,
) -> Iterator[Answer]:
    """Yield the answer to every file that can be read; name the others on stderr."""
    from rolelens.rendering.answer import Answer

    for file in files:
        try:
            postings = _read(file, title, round(max_mb * 1_000_000))
        except RolelensError as error:
            _complain(error, _shown(file), failed)
            continue
        for posting in postings:
            try:
                prediction = classifier.predict(posting, language=language)
            except RolelensError as error:
                _complain(error, posting.source, failed)
                continue
            yield Answer(
                prediction,
                posting.source,
                classifier.model,
                contrast=_contrast(prediction, why, why_not),
                counterfactual=classifier.counterfactual(prediction) if detailed else None,
                coverage=coverage,
                role_set=classifier.role_set(prediction, coverage) if coverage else (),
            )


def _complain(error: RolelensError, source: str, failed: list[str]) -> None:
    named = str(error).startswith(f"{source}: ")
    click.echo(f"rolelens: {error}" if named else f"rolelens: {source}: {error}", err=True)
    failed.append(source)


def _require_known(why: str | None, why_not: str | None, roles: Sequence[str]) -> None:
    for option, role in (("--why", why), ("--why-not", why_not)):
        if role is not None and role not in roles:
            raise click.BadParameter(f"there is no role {role!r}; use one of {', '.join(roles)}", param_hint=option)
    if why is not None and why == why_not:
        raise click.UsageError(f"--why and --why-not name the same role, {why}; name two")


def _contrast(prediction: Prediction, why: str | None, why_not: str | None) -> Explanation | None:
    """Return why one role rather than another: the roles asked for, completed with the prediction's first two."""
    if why is None and why_not is None:
        return None
    first_two = (prediction.role, prediction.second_role)
    role = why or next(each for each in first_two if each != why_not)
    return prediction.explain(role, against=why_not or next(each for each in first_two if each != role))


def _files(named: Sequence[str]) -> Iterator[str]:
    """Yield the files named, those in a folder, and those a pattern stands for where no shell has seen to it."""
    for name in named:
        if name != "-" and Path(name).is_dir():
            yield from (str(path) for path in sorted(Path(name).rglob("*")) if path.is_file() and path.name[0] != ".")
        elif any(letter in name for letter in "*?[") and not Path(name).exists():
            from glob import glob

            yield from sorted(glob(name, recursive=True)) or [name]  # noqa: PTH207 - the pattern may be absolute
        else:
            yield name


def _read(file: str, title: str, max_bytes: int) -> list[Posting]:
    from rolelens.files.reader import decode_postings, read_postings

    if file == "-":
        return decode_postings(sys.stdin.buffer.read(max_bytes + 1), _shown(file), title, max_bytes=max_bytes)
    return read_postings(file, title, max_bytes=max_bytes)


def _shown(file: str) -> str:
    return "<stdin>" if file == "-" else file


def _write(pieces: Iterable[str], output: Path | None) -> None:
    """Write to a file, which appears whole or not at all, or to standard output as the pieces come."""
    if output is None:
        for piece in pieces:
            click.echo(piece, nl=False)
        return
    from rolelens.support.atomic_write import atomic_write

    if content := "".join(pieces):
        with atomic_write(output) as unfinished:
            unfinished.write_text(content, encoding="utf-8")
