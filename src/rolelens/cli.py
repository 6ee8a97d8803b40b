"""The command line: parse, call, print."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from rolelens.errors import RolelensError

if TYPE_CHECKING:  # the commands import what they use when they run, to start in an instant
    from rolelens.records import Posting, Prediction
    from rolelens.render import Names

_LANGUAGE = click.Choice(["auto", "en", "ko"])


class _Commands(click.Group):
    """Commands whose errors are one line on stderr and exit code 1."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except RolelensError as error:
            click.echo(f"rolelens: {error}", err=True)
            ctx.exit(1)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="rolelens", message="%(prog)s %(version)s")
def main() -> None:
    """Say which documented AI role a job posting really describes, and why."""


@main.command()
@click.argument("files", nargs=-1, metavar="[FILES|-]...")
@click.option("--title", default="", help="The posting's title, when the file does not start with it.")
@click.option("--format", "style", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True)
@click.option("--language", type=_LANGUAGE, default="auto", show_default=True)
@click.option("--model", type=click.Path(path_type=Path), help="A model folder other than the one that comes along.")
@click.pass_context
def classify(ctx: click.Context, files: tuple[str, ...], title: str, style: str, language: str, model: Path) -> None:
    """Classify posting files, or standard input for "-".

    \b
    Examples:
      rolelens classify posting.txt
      pbpaste | rolelens classify - --title "AI Developer" --format json
    """
    from rolelens.classifier import RoleClassifier

    if not files and sys.stdin.isatty():
        raise click.UsageError("name a posting file, or pipe a posting in")
    classifier = RoleClassifier.load(model)
    failed = False
    for number, file in enumerate(files or ("-",)):
        try:
            prediction = classifier.predict(_read(file, title), language=language)
        except RolelensError as error:
            named = str(error).startswith(f"{_shown(file)}: ")
            click.echo(f"rolelens: {error}" if named else f"rolelens: {_shown(file)}: {error}", err=True)
            failed = True
            continue
        if number and style != "json":
            click.echo("")
        click.echo(_rendered(prediction, _shown(file), style, classifier.model.names))
    if failed:
        ctx.exit(1)


def _read(file: str, title: str) -> Posting:
    from rolelens.reader import decode_posting, read_posting

    if file == "-":
        return decode_posting(sys.stdin.buffer.read(), _shown(file), title)
    return read_posting(file, title)


def _shown(file: str) -> str:
    return "<stdin>" if file == "-" else file


def _rendered(prediction: Prediction, file: str, style: str, names: Names) -> str:
    from rolelens import render

    if style == "json":
        return render.as_json(prediction, file)
    if style == "markdown":
        return render.as_markdown(prediction, file, names)
    return render.as_text(prediction, file, names, click.style)


@main.command()
@click.argument("role", required=False)
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--language", type=click.Choice(["en", "ko"]), default="en", show_default=True)
@click.option("--roles", "folder", type=click.Path(path_type=Path), help="A folder of role files of your own.")
def roles(role: str | None, style: str, language: str, folder: Path | None) -> None:
    """List the documented roles, or show one.

    \b
    Examples:
      rolelens roles
      rolelens roles researcher --language ko
    """
    from rolelens import catalogue
    from rolelens.paths import data_path
    from rolelens.roles import read_roles

    known = read_roles(folder or data_path("roles"))
    click.echo(catalogue.render(known, role, style, language))


@main.command()
@click.argument("labelled", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="The model folder to write.")
@click.option("--roles", "folder", type=click.Path(path_type=Path), help="A folder of role files of your own.")
@click.option("--text-column", default="text", show_default=True)
@click.option("--title-column", default="title", show_default=True)
@click.option("--label-column", default="label", show_default=True)
@click.option("--second-column", default="second", show_default=True)
@click.option("--save-corpus", type=click.Path(path_type=Path), help="Keep the training matrix, without texts.")
def train(labelled: Path, output: Path, folder: Path | None, save_corpus: Path | None, **columns: str) -> None:
    """Train a model from labelled postings (.csv, .jsonl, .jsonl.gz) or a saved training matrix (.npz).

    \b
    Examples:
      rolelens train postings.csv -o my-model
      rolelens train data/corpus/train.npz -o models/default
    """
    from rolelens.learn import train_model

    written = train_model(labelled, output, folder, save_corpus, columns, progress=_progress)
    click.echo(f"wrote {written}")


def _progress(message: str) -> None:
    click.echo(message, err=True)


@main.command()
@click.argument("labelled", type=click.Path(path_type=Path))
@click.option("--model", type=click.Path(path_type=Path), help="A model folder other than the one that comes along.")
@click.option("--check", is_flag=True, help="Exit with 1 if a figure falls below the model's floors.")
@click.pass_context
def evaluate(ctx: click.Context, labelled: Path, model: Path | None, check: bool) -> None:
    """Print how good the model is on labelled postings.

    \b
    Examples:
      rolelens evaluate labelled.jsonl
      rolelens evaluate labelled.csv --model my-model --check
    """
    from rolelens import evaluation
    from rolelens.classifier import RoleClassifier
    from rolelens.labelled import read_labelled
    from rolelens.paths import data_path

    classifier = RoleClassifier.load(model)
    judged = evaluation.judge(classifier, read_labelled(labelled, classifier.roles))
    click.echo("\n".join(evaluation.table_lines(judged)))
    if check:
        floors = evaluation.read_floors(model or data_path("models/default"))
        failures = evaluation.failed_floors(judged, floors["dev"])
        for failure in failures:
            click.echo(f"rolelens: {failure}", err=True)
        ctx.exit(1 if failures else 0)


def _utf8(stream: TextIO) -> None:
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding="utf-8", errors="replace")


def run() -> None:
    """Run the command line with UTF-8 output, whatever the console's own encoding."""
    _utf8(sys.stdout)
    _utf8(sys.stderr)
    main()
