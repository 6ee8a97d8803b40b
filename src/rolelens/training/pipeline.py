"""From a file of labelled postings to a model folder."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path

from rolelens.classifier import RoleClassifier
from rolelens.errors import LabelledDataError
from rolelens.model.model_file import FILE_NAME
from rolelens.model.settings import Settings
from rolelens.reading.sections import heading_table
from rolelens.roles.definitions import Role, read_roles
from rolelens.support.atomic_write import atomic_write
from rolelens.support.packaged import data_path
from rolelens.tables.postings import read_table_postings
from rolelens.training.adapt import fit_from
from rolelens.training.corpus import (
    Corpus,
    bare_titles,
    build_corpus,
    duty_ids,
    labelled_corpus_of,
    read_corpus,
    write_corpus,
)
from rolelens.training.evaluation import compared_lines, cross_validate, cross_validated_order, judge, table_lines
from rolelens.training.fit import Fitted, export, fit
from rolelens.training.labelled import LabelledPosting, read_labelled

CARD = "MODEL_CARD.md"


def read_headings() -> dict[str, str]:
    """Return the known headings that open each section."""
    return heading_table(tomllib.loads(data_path("headings.toml").read_text(encoding="utf-8")))


def read_training(path: Path, roles_folder: Path) -> tuple[Corpus, Corpus]:
    """Return a saved corpus and the bare names of its roles, the two things that `fit` needs."""
    roles = read_roles(roles_folder)
    corpus = read_corpus(path)
    _require_same_duties(corpus, roles, path)
    return corpus, bare_titles(corpus, roles, read_headings())


def train_model(
    labelled: Path,
    output: Path,
    roles_folder: Path | None = None,
    save_corpus: Path | None = None,
    columns: Mapping[str, str] | None = None,
    unlabelled: Path | None = None,
    progress: Callable[[str], None] = lambda _: None,
    *,
    measure: bool = True,
    begin_with: Path | None = None,
) -> Path:
    """Train a model and return the path of its file, which appears whole or not at all.

    A model of labelled postings is cross-validated too, which takes five times as long again, and gets a card with its
    figures, beside those of the shipped model on the same postings; not so one of a saved corpus. `begin_with` is the
    folder of a model that a few labels, twenty a role say, turn into another.

    Raises:
        LabelledDataError: the table cannot be used, or the corpus was counted with other role definitions.
        TableError: the unlabelled postings cannot be read.
        RoleDefinitionError: a role file breaks the schema.
    """
    roles, settings = read_roles(roles_folder or data_path("roles")), Settings()
    headings = read_headings()
    model = None if begin_with is None else RoleClassifier.load(begin_with).model
    postings: list[LabelledPosting] = []
    if labelled.suffix == ".npz":
        if model is not None:
            raise LabelledDataError(f"{labelled}: a saved corpus has phrases of its own; give the labelled postings")
        corpus = read_corpus(labelled)
        _require_same_duties(corpus, roles, labelled)
    else:
        progress(f"reading {labelled}")
        postings = read_labelled(labelled, [role.id for role in roles], **(columns or {}))
        more = read_table_postings(unlabelled) if unlabelled else []
        if model is not None and more:
            raise LabelledDataError(f"{unlabelled}: a model begun with another learns from labels only; leave it out")
        progress(f"counting phrases of {len(postings) + len(more)} postings")
        if model is None:
            corpus = build_corpus(postings, roles, headings, settings.min_postings, more)
        else:
            corpus, settings = labelled_corpus_of(postings, list(model.vocabulary), roles, headings), model.settings
    if save_corpus:
        write_corpus(corpus, save_corpus)
    titles = bare_titles(corpus, roles, headings)
    fitting: Callable[[Corpus], Fitted] = (
        partial(fit, titles=titles, settings=settings) if model is None else partial(fit_from, model)
    )
    progress(f"fitting {len(corpus)} postings, {len(corpus.phrases)} phrases")
    content = export(fitting(corpus), corpus, roles, headings, settings, output.name)
    output.mkdir(parents=True, exist_ok=True)
    with atomic_write(output / FILE_NAME) as unfinished:
        unfinished.write_bytes(content)
    if measure and postings:
        progress("cross-validating, in five parts")
        card = _card(output.name, labelled, _figures(corpus, titles, settings, postings, fitting))
        with atomic_write(output / CARD) as unfinished:
            unfinished.write_text(card, encoding="utf-8")
        progress(card)
    return output / FILE_NAME


def _figures(
    corpus: Corpus,
    titles: Corpus,
    settings: Settings,
    postings: Sequence[LabelledPosting],
    fitting: Callable[[Corpus], Fitted],
) -> list[tuple[str, str]]:
    """Return what is measured of a model: headings and tables."""
    try:
        judged = cross_validate(corpus, titles, settings, fitting=fitting)
    except (LabelledDataError, ValueError) as error:
        return [("Cross-validated", f"Not measured: too few postings to leave a fifth of them out ({error}).")]
    found = [("Cross-validated, each posting answered by a model that never saw it", _block(table_lines(judged)))]
    shipped = RoleClassifier.load()
    heading = "Beside the shipped model, on the same postings"
    if any(each.role not in shipped.roles or (each.second or "other") not in shipped.roles for each in postings):
        return [*found, (heading, "Not compared: the shipped model knows other roles.")]
    if shipped.roles != judged.roles:
        return [*found, (heading, "Not compared: the shipped model knows more roles or others.")]
    ordered = [postings[row] for row in cross_validated_order(corpus)]
    theirs = judge(shipped, ordered)
    lines = compared_lines(theirs, judged, ("shipped", "this one"), ordered)
    return [*found, (heading, _block(lines) + "\n\nThe shipped model may have seen these postings; this one has not.")]


def _block(lines: Iterable[str]) -> str:
    return "\n".join(("```", *(line.rstrip() for line in lines), "```"))


def _card(name: str, labelled: Path, figures: Sequence[tuple[str, str]]) -> str:
    parts = [f"# Model card: {name}", f"Trained by rolelens {version('rolelens')} on the postings of {labelled.name}."]
    for heading, content in figures:
        parts += [f"## {heading}", content]
    return "\n\n".join(parts) + "\n"


def _require_same_duties(corpus: Corpus, roles: tuple[Role, ...], path: Path) -> None:
    if corpus.duties != duty_ids(roles):
        raise LabelledDataError(
            f"{path}: it was counted with other role definitions; train from the labelled postings again"
        )
