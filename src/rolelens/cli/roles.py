"""The documented roles are shown, and definitions of one's own are looked through."""

from __future__ import annotations

from pathlib import Path

import click


class _Shown(click.Group):
    """A group whose command `show` is meant when none is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        named = bool(args) and (args[0] in self.commands or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if named else ["show", *args])


@click.group(cls=_Shown)
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
    from rolelens.roles import listing
    from rolelens.roles.definitions import read_roles
    from rolelens.support.packaged import data_path

    known = read_roles(folder or data_path("roles"))
    click.echo(listing.render(known, role, style, language))


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
    from rolelens.files.reader import read_postings
    from rolelens.roles.definitions import read_roles
    from rolelens.roles.lint import lines_of, lint_roles
    from rolelens.support.packaged import data_path
    from rolelens.tables.postings import read_table_postings
    from rolelens.training.pipeline import read_headings

    known = read_roles(folder)
    if postings is None:
        found = [each for path in sorted(data_path("examples").glob("*.txt")) for each in read_postings(path)]
    else:
        found = read_table_postings(postings, texts)
    click.echo("\n".join(lines_of(lint_roles(known, found, read_headings()), every_phrase=every_phrase)))
