"""Postings in XML: RSS, Atom, and the feeds of applicant tracking systems."""

from __future__ import annotations

import re
from typing import Any

from rolelens.files.jsonld import postings_in
from rolelens.posting import Posting

_NAME_AND_VALUE = ({"name", "value"}, {"name", "text"})
_PREFIX = re.compile(r"^\{[^}]*\}")


def feed_postings(root: Any) -> list[Posting]:  # noqa: ANN401
    """Return the postings that an XML tree describes, found as in JSON: elements are keys, repeated ones are lists."""
    return postings_in(_value(root))


def _value(element: Any) -> Any:  # noqa: ANN401
    """Return an element as JSON would have it; named values become keys with their values."""
    children = [child for child in element if isinstance(child.tag, str)]
    if not children:
        return (element.text or "").strip()
    found: dict[str, Any] = {}
    for child in children:
        value, name = _value(child), _PREFIX.sub("", child.tag)
        if isinstance(value, dict) and set(value) in _NAME_AND_VALUE:
            name, value = (value[key] for key in ("name", next(iter(set(value) - {"name"}))))
        if name in found:
            found[name] = [*(found[name] if isinstance(found[name], list) else [found[name]]), value]
        else:
            found[name] = value
    return found
