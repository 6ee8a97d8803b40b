"""The command line: parse, call, print."""

from __future__ import annotations

import gc
import io
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from rolelens.errors import RolelensError

if TYPE_CHECKING:  # the commands import what they use when they run, to start in an instant
    from rolelens.classifier import RoleClassifier
    from rolelens.explanation import Explanation
    from rolelens.prediction import Prediction
    from rolelens.records import Posting
    from rolelens.render.answer import Answer

_OBJECTS_BETWEEN_SEARCHES = 100_000  # for garbage: a start makes many objects and keeps nearly all
_LANGUAGE = click.Choice(["auto", "en", "ko"])
_SHARE = click.FloatRange(0, 1, min_open=True, max_open=True)
_FORMATS = click.Choice(["csv", "tsv", "jsonl", "parquet"])
_STYLES = click.Choice(["text", "json", "markdown", "html"])


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
@click.option("--why", metavar="ROLE", help="Say why this role rather than the predicted one, or the runner-up.")
@click.option("--why-not", metavar="ROLE", help="Say why not this role but the predicted one.")
@click.option("--explain", "detailed", is_flag=True, help="Show every line's lean and what would change the role.")
@click.option("--coverage", type=_SHARE, help="Name the roles that hold the right one in this share of postings.")
@click.option("--format", "style", type=_STYLES, default="text", show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to a file instead of standard output.")
@click.option("--language", type=_LANGUAGE, default="auto", show_default=True)
@click.option(
    "--max-mb", type=click.FloatRange(0, min_open=True), default=20, show_default=True, help="A file's limit."
)
@click.option("--model", type=click.Path(path_type=Path), help="A model folder other than the one that comes along.")
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
    from rolelens.render import render

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
    from rolelens.render.answer import Answer

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
    from rolelens.reader import decode_postings, read_postings

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
    from rolelens.files import appearing_whole

    if content := "".join(pieces):
        with appearing_whole(output) as unfinished:
            unfinished.write_text(content, encoding="utf-8")


class _Shown(click.Group):
    """A group whose command `show` is meant when none is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        named = bool(args) and (args[0] in self.commands or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if named else ["show", *args])


@main.group(cls=_Shown)
def roles() -> None:
    """List the documented roles, show one, or look for what is weak in definitions of your own.

    \b
    Examples:
      rolelens roles
      rolelens roles researcher --language ko
      rolelens roles lint my-roles --postings postings.csv
    """


@roles.command()
@click.argument("role", required=False)
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--language", type=click.Choice(["en", "ko"]), default="en", show_default=True)
@click.option("--roles", "folder", type=click.Path(path_type=Path), help="A folder of role files of your own.")
def show(role: str | None, style: str, language: str, folder: Path | None) -> None:
    """List the documented roles, or show one."""
    from rolelens import catalogue
    from rolelens.paths import data_path
    from rolelens.roles import read_roles

    known = read_roles(folder or data_path("roles"))
    click.echo(catalogue.render(known, role, style, language))


@roles.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--postings", type=click.Path(path_type=Path), help="A table to hold them against; else our examples.")
@click.option("--text-column", "texts", multiple=True, help="The postings' text; several are joined.")
@click.option("--every-phrase", is_flag=True, help="List how often each phrase was found.")
def lint(folder: Path, postings: Path | None, texts: tuple[str, ...], every_phrase: bool) -> None:
    """Check role files, and say what is weak: per phrase and duty, coverage, overlap, conflicts, boilerplate, gaps.

    \b
    Examples:
      rolelens roles lint my-roles
      rolelens roles lint my-roles --postings postings.csv --every-phrase
    """
    from rolelens.learn import read_headings
    from rolelens.lint import lines_of, lint_roles
    from rolelens.paths import data_path
    from rolelens.reader import read_postings
    from rolelens.roles import read_roles
    from rolelens.unlabelled import read_table_postings

    known = read_roles(folder)
    if postings is None:
        found = [each for path in sorted(data_path("examples").glob("*.txt")) for each in read_postings(path)]
    else:
        found = read_table_postings(postings, texts)
    click.echo("\n".join(lines_of(lint_roles(known, found, read_headings()), every_phrase=every_phrase)))


@main.command()
@click.argument("table", metavar="TABLE|-")
@click.option("-o", "--output", required=True, metavar="TABLE|-", help="Where to; the ending says the format.")
@click.option("--input-format", type=_FORMATS, help="For an ending that says nothing; standard input is CSV.")
@click.option("--output-format", type=_FORMATS, help="Likewise; standard output is as the input.")
@click.option("--text-column", "text_columns", multiple=True, help="The posting's text; several are joined.")
@click.option("--title-column", help="The posting's title.")
@click.option("--id-column", help="Named in messages about a row.")
@click.option("--encoding", help="Of the input; by default UTF-8, UTF-16 or cp949, whichever it is.")
@click.option("--output-encoding", help="By default UTF-8, with the mark that Excel wants in a CSV file.")
@click.option("--on-error", type=click.Choice(["keep", "stop"]), default="keep", show_default=True)
@click.option("--resume", is_flag=True, help="Go on where a run that was stopped left off.")
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="Cores to use; same result.")
@click.option("--quiet", is_flag=True, help="No progress, no summary.")
@click.option("--model", type=click.Path(path_type=Path), help="A model folder other than the one that comes along.")
@click.pass_context
def score(ctx: click.Context, /, table: str, output: str, on_error: str, quiet: bool, **job: Any) -> None:  # noqa: ANN401
    """Score every posting of a CSV, TSV, JSONL or Parquet table, also .gz and .zst.

    Rows and columns stay as they are; the role, its probabilities and the words behind it come after them.

    \b
    Examples:
      rolelens score postings.csv -o scored.csv
      rolelens score jobs.parquet -o scored.jsonl.gz --text-column body --workers 2
    """
    from rolelens.batch import Job, score_table
    from rolelens.progress import Progress

    with Progress(table, shown=not quiet and sys.stderr.isatty()) as progress:
        try:
            summary = score_table(
                Job(table, output, stop_on_error=on_error == "stop", **job),
                note=lambda line: None if quiet else progress.say(line),
                progress=progress.move,
            )
        except KeyboardInterrupt:
            progress.say(f"stopped; nothing is under {output} yet, --resume goes on from here")
            ctx.exit(130)
    if not quiet:
        click.echo(progress.told(summary), err=True)


@main.command()
@click.argument("table", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where the sheet to label goes, a CSV.")
@click.option("--text-column", "texts", multiple=True, help="The postings' text; several are joined.")
@click.option("--title-column", help="The postings' title.")
@click.option("--model", type=click.Path(path_type=Path), help="A model folder other than the one that comes along.")
def audit(
    table: Path, output: Path | None, texts: tuple[str, ...], title_column: str | None, model: Path | None
) -> None:
    """Look through postings without labels: words no role knows, drift by month, and what is worth labelling.

    \b
    Examples:
      rolelens audit postings.csv -o to-label.csv
    """
    from rolelens.audit import audit_table, labelling_sheet, lines_of
    from rolelens.classifier import RoleClassifier
    from rolelens.files import appearing_whole

    classifier = RoleClassifier.load(model)
    found = audit_table(table, classifier, texts, title_column)
    names = {role: classifier.model.names[role]["en"] for role in classifier.roles}
    click.echo("\n".join(lines_of(found, names)))
    if output is not None:
        with appearing_whole(output) as unfinished:
            unfinished.write_text(labelling_sheet(found), encoding="utf-8-sig", newline="")
        click.echo(f"\nwrote {output}: fill in the column label, then rolelens train {output} -o my-model")


@main.command()
@click.argument("scored", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="The page to write.")
@click.option("--input-format", type=_FORMATS, help="For an ending that says nothing.")
def report(scored: Path, output: Path, input_format: str | None) -> None:
    """Make one page to look at out of a scored table.

    \b
    Examples:
      rolelens score postings.csv -o scored.csv
      rolelens report scored.csv -o report.html
    """
    from rolelens.report import write_report

    write_report(scored, output, input_format)
    click.echo(f"wrote {output}")


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Any other than this machine asks for a token.")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True)
@click.option("--token", envvar="ROLELENS_TOKEN", help="What visitors must show; made up where one is needed.")
@click.option("--model", type=click.Path(path_type=Path), help="A model folder other than the one that comes along.")
def serve(host: str, port: int, token: str | None, model: Path | None) -> None:
    """Open a page to drop postings on, at an address of this machine.

    \b
    Examples:
      rolelens serve
      ROLELENS_TOKEN=... rolelens serve --host 0.0.0.0
    """
    from rolelens.web.server import run_server

    run_server(host, port, token, model, say=click.echo)


@main.command()
@click.argument("role", required=False)
@click.option("--count", type=click.IntRange(1), help="How many phrases to show a role and language.")
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--model", type=click.Path(path_type=Path), help="A model folder other than the one that comes along.")
def explain_model(role: str | None, count: int | None, style: str, model: Path | None) -> None:
    """Show what the model has learnt: the strongest phrases of every role, or of one, so that bias can be seen.

    \b
    Examples:
      rolelens explain-model
      rolelens explain-model researcher --count 40
    """
    from rolelens import learnt
    from rolelens.classifier import RoleClassifier

    known = RoleClassifier.load(model).model
    if role is not None and role not in known.roles:
        raise click.BadParameter(f"there is no role {role!r}; use one of {', '.join(known.roles)}", param_hint="ROLE")
    click.echo(learnt.render(known, role, count, style))


@main.command()
@click.argument("labelled", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="The model folder to write.")
@click.option("--roles", "folder", type=click.Path(path_type=Path), help="A folder of role files of your own.")
@click.option("--text-column", default="text", show_default=True)
@click.option("--title-column", default="title", show_default=True)
@click.option("--label-column", default="label", show_default=True)
@click.option("--second-column", default="second", show_default=True)
@click.option("--unlabelled", type=click.Path(path_type=Path), help="More postings, without labels, to learn from.")
@click.option("--from", "begin_with", metavar="default|DIR", help="Begin with a model: a few labels a role will do.")
@click.option("--save-corpus", type=click.Path(path_type=Path), help="Keep the training matrix, without texts.")
@click.option("--measure/--no-measure", default=True, help="Cross-validate too and write a card; takes longer.")
def train(
    labelled: Path,
    output: Path,
    folder: Path | None,
    unlabelled: Path | None,
    begin_with: str | None,
    save_corpus: Path | None,
    measure: bool,
    **columns: str,
) -> None:
    """Train a model from labelled postings (.csv, .jsonl, .jsonl.gz) or a saved training matrix (.npz).

    \b
    Examples:
      rolelens train postings.csv -o my-model
      rolelens train few-postings.csv -o my-model --from default
      rolelens train data/corpus/train.npz -o models/default
    """
    from rolelens.learn import train_model
    from rolelens.paths import data_path

    start = data_path("models/default") if begin_with == "default" else Path(begin_with) if begin_with else None
    written = train_model(
        labelled,
        output,
        folder,
        save_corpus,
        columns,
        unlabelled,
        progress=_progress,
        measure=measure,
        begin_with=start,
    )
    click.echo(f"wrote {written}")


def _progress(message: str) -> None:
    click.echo(message, err=True)


@main.command()
@click.argument("labelled", type=click.Path(path_type=Path))
@click.option("--model", type=click.Path(path_type=Path), help="A model folder other than the one that comes along.")
@click.option("--compare", "other", type=click.Path(path_type=Path), help="A second model: figures side by side.")
@click.option("--report", "page", type=click.Path(path_type=Path), help="Write a page to look at, errors and all.")
@click.option("--check", is_flag=True, help="Exit with 1 if a figure falls below the model's floors.")
@click.pass_context
def evaluate(
    ctx: click.Context, labelled: Path, model: Path | None, other: Path | None, page: Path | None, check: bool
) -> None:
    """Print how good the model is on labelled postings, or how another one differs.

    \b
    Examples:
      rolelens evaluate labelled.jsonl
      rolelens evaluate labelled.csv --model my-model --check
      rolelens evaluate labelled.csv --compare my-model
      rolelens evaluate labelled.csv --report page.html
    """
    from rolelens import evaluation
    from rolelens.classifier import RoleClassifier
    from rolelens.labelled import read_labelled
    from rolelens.paths import data_path

    classifier = RoleClassifier.load(model)
    postings = read_labelled(labelled, classifier.roles)
    judged = evaluation.judge(classifier, postings)
    if other is None:
        click.echo("\n".join(evaluation.table_lines(judged)))
    else:
        second = RoleClassifier.load(other)
        names = (classifier.model.id, second.model.id)
        lines = evaluation.compared_lines(judged, evaluation.judge(second, postings), names, postings)
        click.echo("\n".join(lines))
    if page is not None:
        from rolelens.files import appearing_whole
        from rolelens.judgement import as_html

        with appearing_whole(page) as unfinished:
            unfinished.write_text(as_html(classifier, judged, postings, labelled.name), encoding="utf-8")
        click.echo(f"wrote {page}")
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
    gc.set_threshold(_OBJECTS_BETWEEN_SEARCHES)
    main()
