"""The documented roles, read from TOML files and checked."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rolelens.errors import RoleDefinitionError

OTHER = "other"
LANGUAGES = ("en", "ko")
ROLE_ORDER = ("ai_developer", "ml_ai_engineer", "data_scientist", "researcher", "prompt_engineer", OTHER)
TAXONOMY_STATUSES = ("verified", "inferred")


@dataclass(frozen=True, slots=True)
class Duty:
    """One documented duty: its names, its sentence, and the phrases that speak of it, by language."""

    id: str
    title: Mapping[str, str]
    statement: Mapping[str, str]
    phrases: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class TaxonomyCode:
    """A code of a public taxonomy; `status` says whether the mapping was verified or inferred."""

    scheme: str
    code: str
    label: str
    status: str


@dataclass(frozen=True, slots=True)
class Role:
    """A documented role. `phase` is its place in the hand-over diagram (1 research, 2 build, 3 apply)."""

    id: str
    name: Mapping[str, str]
    aliases: Mapping[str, tuple[str, ...]]
    definition: Mapping[str, str]
    phase: int | None
    receives_from: tuple[str, ...]
    hands_over_to: tuple[str, ...]
    skills: Mapping[str, tuple[str, ...]]
    duties: tuple[Duty, ...]
    references: tuple[str, ...]
    taxonomy: tuple[TaxonomyCode, ...]


class _Table:
    """A TOML table that knows its file and key, so that every complaint can name them."""

    def __init__(self, where: str, values: Mapping[str, Any]) -> None:
        self.where = where
        self.values = values

    def fail(self, problem: str, remedy: str) -> RoleDefinitionError:
        return RoleDefinitionError(f"{self.where}: {problem}; {remedy}")

    def text(self, key: str) -> str:
        value = self.values.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.fail(f"{key} is missing or not a text", f'add {key} = "..."')
        return value

    def texts(self, key: str, *, empty: bool = False) -> tuple[str, ...]:
        value = self.values.get(key)
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise self.fail(f"{key} is missing or not a list of texts", f'add {key} = ["..."]')
        if not value and not empty:
            raise self.fail(f"{key} is empty", f"add at least one to {key}")
        return tuple(value)

    def table(self, key: str) -> _Table:
        value = self.values.get(key)
        if not isinstance(value, dict):
            raise self.fail(f"{key} is missing", f"add the keys {', '.join(f'{key}.{code}' for code in LANGUAGES)}")
        return _Table(f"{self.where}: {key}", value)

    def tables(self, key: str) -> list[_Table]:
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.fail(f"{key} is not a list of tables", f"write each as [[{key}]]")
        return [_Table(f"{self.where}: {key} {item.get('id', number)}", item) for number, item in enumerate(value, 1)]

    def each_language(self, key: str) -> dict[str, str]:
        table = self.table(key)
        return {code: table.text(code) for code in LANGUAGES}

    def lists_each_language(self, key: str, *, empty: bool = False) -> dict[str, tuple[str, ...]]:
        table = self.table(key)
        return {code: table.texts(code, empty=empty) for code in LANGUAGES}


def _duty(table: _Table) -> Duty:
    """Return a duty; a phrase that begins with = is found only as its first word is written."""
    return Duty(
        id=table.text("id"),
        title=table.each_language("title"),
        statement=table.each_language("statement"),
        phrases=table.lists_each_language("phrases"),
    )


def _code(table: _Table) -> TaxonomyCode:
    status = table.text("status")
    if status not in TAXONOMY_STATUSES:
        raise table.fail(f"status {status!r} is unknown", f"use one of {', '.join(TAXONOMY_STATUSES)}")
    label = table.values.get("label", "")
    return TaxonomyCode(table.text("scheme"), table.text("code"), str(label), status)


def read_role(path: Path) -> Role:
    """Return the role that a TOML file defines.

    Raises:
        RoleDefinitionError: the file is unreadable or breaks the schema; the message names file, key and remedy.
    """
    where = f"{path.parent.name}/{path.name}"
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RoleDefinitionError(f"{where}: {error}; mend the file, it must be TOML in UTF-8") from error
    table = _Table(where, values)
    role = table.text("id")
    if role != path.stem:
        raise table.fail(f"id {role!r} differs from the file name", f"rename the file to {role}.toml or mend the id")
    phase = values.get("phase")
    if phase not in (None, 1, 2, 3):
        raise table.fail(f"phase {phase!r} is unknown", "use 1 (research), 2 (build) or 3 (apply), or leave it out")
    duties = tuple(_duty(duty) for duty in table.tables("duties"))
    if not duties:
        raise table.fail("it has no duties", "add at least one [[duties]]")
    if len({duty.id for duty in duties}) < len(duties):
        raise table.fail("two duties share an id", "give each duty an id of its own")
    return Role(
        id=role,
        name=table.each_language("name"),
        aliases=table.lists_each_language("aliases"),
        definition=table.each_language("definition"),
        phase=phase,
        receives_from=table.texts("receives_from", empty=True),
        hands_over_to=table.texts("hands_over_to", empty=True),
        skills=table.lists_each_language("skills", empty=role == OTHER),
        duties=duties,
        references=table.texts("references", empty=role == OTHER),
        taxonomy=tuple(_code(code) for code in table.tables("taxonomy")),
    )


def read_roles(folder: Path) -> tuple[Role, ...]:
    """Return every role of a folder: the documented five in their order, then any others by name, `other` last.

    Raises:
        RoleDefinitionError: a file breaks the schema, a hand-over names an unknown role, or fewer than two roles exist.
    """
    roles = [read_role(path) for path in sorted(folder.glob("*.toml"))]
    if len(roles) < 2:
        raise RoleDefinitionError(f"{folder}: {len(roles)} role files found; a model needs two or more *.toml files")
    known = {role.id for role in roles}
    for role in roles:
        for key, named in (("receives_from", role.receives_from), ("hands_over_to", role.hands_over_to)):
            for other in named:
                if other not in known:
                    raise RoleDefinitionError(
                        f"{folder.name}/{role.id}.toml: {key} names {other!r}, which no file defines; "
                        f"use one of {', '.join(sorted(known))}"
                    )
    places = {name: place for place, name in enumerate(ROLE_ORDER[:-1])}
    return tuple(sorted(roles, key=lambda role: (role.id == OTHER, places.get(role.id, len(places)), role.id)))
