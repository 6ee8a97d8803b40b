"""From a file of labelled postings to a model folder."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path

from rolelens.artifact import FILE_NAME
from rolelens.corpus import Corpus, bare_titles, build_corpus, duty_ids, read_corpus, write_corpus
from rolelens.errors import LabelledDataError
from rolelens.files import appearing_whole
from rolelens.labelled import read_labelled
from rolelens.paths import data_path
from rolelens.roles import Role, read_roles
from rolelens.sections import heading_table
from rolelens.settings import Settings
from rolelens.training import export, fit
from rolelens.unlabelled import read_table_postings


def read_headings() -> dict[str, str]:
    """Return the section that each known heading opens."""
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
) -> Path:
    """Train a model and return the path of its file, which appears whole or not at all.

    Raises:
        LabelledDataError: the table cannot be used, or the corpus was counted with other role definitions.
        TableError: the unlabelled postings cannot be read.
        RoleDefinitionError: a role file breaks the schema.
    """
    roles, settings = read_roles(roles_folder or data_path("roles")), Settings()
    headings = read_headings()
    if labelled.suffix == ".npz":
        corpus = read_corpus(labelled)
        _require_same_duties(corpus, roles, labelled)
    else:
        progress(f"reading {labelled}")
        postings = read_labelled(labelled, [role.id for role in roles], **(columns or {}))
        more = read_table_postings(unlabelled) if unlabelled else []
        progress(f"counting phrases of {len(postings) + len(more)} postings")
        corpus = build_corpus(postings, roles, headings, settings.min_postings, more)
    if save_corpus:
        write_corpus(corpus, save_corpus)
    progress(f"fitting {len(corpus)} postings, {len(corpus.phrases)} phrases")
    content = export(
        fit(corpus, bare_titles(corpus, roles, headings), settings), corpus, roles, headings, settings, output.name
    )
    output.mkdir(parents=True, exist_ok=True)
    with appearing_whole(output / FILE_NAME) as unfinished:
        unfinished.write_bytes(content)
    return output / FILE_NAME


def _require_same_duties(corpus: Corpus, roles: tuple[Role, ...], path: Path) -> None:
    if corpus.duties != duty_ids(roles):
        raise LabelledDataError(
            f"{path}: it was counted with other role definitions; train from the labelled postings again"
        )
