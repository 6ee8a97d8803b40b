"""Models are trained, judged and looked into."""

from __future__ import annotations

from pathlib import Path

import click

from rolelens.cli.options import model_option


@click.command()
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
    from rolelens.support.packaged import data_path
    from rolelens.training.pipeline import train_model

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


@click.command()
@click.argument("labelled", type=click.Path(path_type=Path))
@model_option
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
    from rolelens.classifier import RoleClassifier
    from rolelens.support.packaged import data_path
    from rolelens.training import evaluation
    from rolelens.training.labelled import read_labelled

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
        from rolelens.reports.evaluation import as_html
        from rolelens.support.atomic_write import atomic_write

        with atomic_write(page) as unfinished:
            unfinished.write_text(as_html(classifier, judged, postings, labelled.name), encoding="utf-8")
        click.echo(f"wrote {page}")
    if check:
        floors = evaluation.read_floors(model or data_path("models/default"))
        failures = evaluation.failed_floors(judged, floors["dev"])
        for failure in failures:
            click.echo(f"rolelens: {failure}", err=True)
        ctx.exit(1 if failures else 0)


@click.command()
@click.argument("role", required=False)
@click.option("--count", type=click.IntRange(1), help="How many phrases to show a role and language.")
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True)
@model_option
def explain_model(role: str | None, count: int | None, style: str, model: Path | None) -> None:
    """Show what the model has learnt: the strongest phrases of every role, or of one, so that bias can be seen.

    \b
    Examples:
      rolelens explain-model
      rolelens explain-model researcher --count 40
    """
    from rolelens.classifier import RoleClassifier
    from rolelens.rendering import model_weights

    known = RoleClassifier.load(model).model
    if role is not None and role not in known.roles:
        raise click.BadParameter(f"there is no role {role!r}; use one of {', '.join(known.roles)}", param_hint="ROLE")
    click.echo(model_weights.render(known, role, count, style))
