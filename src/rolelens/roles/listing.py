"""The documented roles as text or JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from rolelens.errors import RoleDefinitionError
from rolelens.roles.definitions import Role
from rolelens.support.terminal_width import wrap

_PHASES = {
    "en": {1: "1, research and modelling", 2: "2, building and running systems", 3: "3, applications and services"},
    "ko": {1: "1, 연구와 모델링", 2: "2, 시스템 구축과 운영", 3: "3, 응용과 서비스"},
}
_LABELS = {
    "en": ("Phase", "From", "To", "Skills", "Also called", "Duties", "Codes", "References"),
    "ko": ("단계", "넘겨받는 곳", "넘겨주는 곳", "역량", "다른 이름", "업무", "분류 코드", "참고 자료"),
}


def render(roles: Sequence[Role], wanted: str | None, style: str, language: str) -> str:
    """Return all roles, or the wanted one, as "text" or "json" in a language.

    Raises:
        RoleDefinitionError: no role has that id.
    """
    chosen = [role for role in roles if wanted in (None, role.id)]
    if not chosen:
        known = ", ".join(role.id for role in roles)
        raise RoleDefinitionError(f"there is no role {wanted!r}; use one of {known}")
    if style == "json":
        values = [_in_language(asdict(role), language) for role in chosen]
        return json.dumps(values if wanted is None else values[0], ensure_ascii=False, indent=2)
    if wanted is None:
        lines = [f"{role.id:18}{role.name[language]}\n{wrap(role.definition[language], 18)}" for role in chosen]
        return "\n".join(lines)
    return _one(chosen[0], language)


def _one(role: Role, language: str) -> str:
    phase, source, target, skills, aliases, duties, codes, references = _LABELS[language]
    lines = [f"{role.name[language]} ({role.id})", wrap(role.definition[language]), ""]
    facts = [
        (phase, _PHASES[language].get(role.phase or 0, "")),
        (source, ", ".join(role.receives_from)),
        (target, ", ".join(role.hands_over_to)),
        (skills, ", ".join(role.skills[language])),
        (aliases, ", ".join(role.aliases[language])),
    ]
    lines += [f"{label}: {wrap(value, 2).strip()}" for label, value in facts if value]
    lines += ["", f"{duties}:"]
    for duty in role.duties:
        lines += [f"  {duty.title[language]} [{duty.id}]", wrap(duty.statement[language], 4)]
    if role.taxonomy:
        lines += ["", f"{codes}:"]
        lines += [f"  {code.scheme} {code.code} {code.label} ({code.status})" for code in role.taxonomy]
    if role.references:
        lines += ["", f"{references}:", *(f"  {reference}" for reference in role.references)]
    return "\n".join(lines)


def _in_language(value: object, language: str) -> object:
    """Return plain values with every {"en": ..., "ko": ...} replaced by its entry for the language."""
    if isinstance(value, dict):
        if set(value) == {"en", "ko"}:
            return value[language]
        return {key: _in_language(each, language) for key, each in value.items()}
    return [_in_language(each, language) for each in value] if isinstance(value, list | tuple) else value
