"""Tables of postings are scored, looked through, and shown as a page."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from rolelens.cli.options import FORMATS, model_option


@click.command()
@click.argument("table", metavar="TABLE|-")
@click.option("-o", "--output", required=True, metavar="TABLE|-", help="Where to; the ending says the format.")
@click.option("--input-format", type=FORMATS, help="For an ending that says nothing; standard input is CSV.")
@click.option("--output-format", type=FORMATS, help="Likewise; standard output is as the input.")
@click.option("--text-column", "text_columns", multiple=True, help="The posting's text; several are joined.")
@click.option("--title-column", help="The posting's title.")
@click.option("--id-column", help="Named in messages about a row.")
@click.option("--encoding", help="Of the input; by default UTF-8, UTF-16 or cp949, whichever it is.")
@click.option("--output-encoding", help="By default UTF-8, with the mark that Excel wants in a CSV file.")
@click.option("--on-error", type=click.Choice(["keep", "stop"]), default="keep", show_default=True)
@click.option("--resume", is_flag=True, help="Go on where a run that was stopped left off.")
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="Cores to use; same result.")
@click.option("--quiet", is_flag=True, help="No progress, no summary.")
@model_option
@click.pass_context
def score(ctx: click.Context, /, table: str, output: str, on_error: str, quiet: bool, **job: Any) -> None:  # noqa: ANN401
    """Score every posting of a CSV, Excel, JSON, JSONL or Parquet table, also compressed.

    Rows and columns stay as they are; the role, its probabilities and the words behind it come after them.

    \b
    Examples:
      rolelens score postings.csv -o scored.csv
      rolelens score jobs.parquet -o scored.jsonl.gz --text-column body --workers 2
    """
    from rolelens.tables.progress import Progress
    from rolelens.tables.scoring import Job, score_table

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


@click.command()
@click.argument("table", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where the sheet to label goes, a CSV.")
@click.option("--text-column", "texts", multiple=True, help="The postings' text; several are joined.")
@click.option("--title-column", help="The postings' title.")
@model_option
def audit(
    table: Path, output: Path | None, texts: tuple[str, ...], title_column: str | None, model: Path | None
) -> None:
    """Look through postings without labels: words no role knows, drift by month, and what is worth labelling.

    \b
    Examples:
      rolelens audit postings.csv -o to-label.csv
    """
    from rolelens.classifier import RoleClassifier
    from rolelens.support.atomic_write import atomic_write
    from rolelens.training.audit import audit_table, labelling_sheet, lines_of

    classifier = RoleClassifier.load(model)
    found = audit_table(table, classifier, texts, title_column)
    names = {role: classifier.model.names[role]["en"] for role in classifier.roles}
    click.echo("\n".join(lines_of(found, names)))
    if output is not None:
        with atomic_write(output) as unfinished:
            unfinished.write_text(labelling_sheet(found), encoding="utf-8-sig", newline="")
        click.echo(f"\nwrote {output}: fill in the column label, then rolelens train {output} -o my-model")


@click.command()
@click.argument("scored", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="The page to write.")
@click.option("--input-format", type=FORMATS, help="For an ending that says nothing.")
def report(scored: Path, output: Path, input_format: str | None) -> None:
    """Make one page to look at out of a scored table.

    \b
    Examples:
      rolelens score postings.csv -o scored.csv
      rolelens report scored.csv -o report.html
    """
    from rolelens.reports.scored import write_report

    write_report(scored, output, input_format)
    click.echo(f"wrote {output}")
