"""The settings of a model: one frozen object, passed whole and stored whole in the model file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from rolelens.reading.sections import ALL_SECTIONS

MOST_VIEWS = 8  # a handful is sensible
# Duties decide, requirements break ties, the rest is background (the labelling guide's order).
_DUTIES_FIRST = {
    "title": 2.0,
    "duties": 2.0,
    "body": 1.2,
    "requirements": 1.0,
    "preferred": 0.7,
    "company": 0.1,
    "benefits": 0.05,
    "process": 0.05,
}
# A section with a vector of its own has a vote of its own; background has none, or a blurb would change the role.
_VOTES = {section: _DUTIES_FIRST[section] for section in ("duties", "body", "requirements", "preferred")}


@dataclass(frozen=True, slots=True)
class View:
    """One way of turning the phrase counts of a posting into a TF-IDF vector of unit length.

    A phrase counts as log(1 + weighted count). A view `by_section` makes one vector of each section and averages their
    scores by section weight; otherwise all sections form one vector.
    """

    name: str
    sections: Mapping[str, float]
    by_section: bool = False
    inverse_ridge: float = 22.5  # scikit-learn's C; flat between 15 and 45 in cross-validation


_VIEWS = (
    View("posting", _DUTIES_FIRST),
    View("sections", _VOTES, by_section=True),
    View("title", {"title": 1.0}, inverse_ridge=4.5),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """How phrases are chosen, weighted and learnt from."""

    views: tuple[View, ...] = _VIEWS
    phrase_count: int = 12000  # accuracy is flat from 6,000 up; more make boilerplate and titles weigh less
    title_phrase_count: int = 1000
    min_postings: int = 5
    most_counted: float = 32.0  # weighted mentions of a phrase or duty; saying it more often changes nothing
    keyword_sections: Mapping[str, float] = field(default_factory=lambda: {**_DUTIES_FIRST, "heading": 0.5})
    keyword_scale: float = 0.1  # of log(1 + weighted count), beside TF-IDF vectors of unit length
    second_share: float = 0.2  # of a posting's target that goes to the role a careful reader could also defend
    view_class_power: float = 0.5  # 1 would balance the roles, 0 leave them as they are
    mix_class_power: float = 0.35
    mix_inverse_ridge: float = 0.1
    retitled_weight: float = 0.2  # of a posting under another role's name, beside the posting as it is
    # Unlabelled postings of which a first model is sure teach a second one, as if labelled but weighing less.
    pseudo_confidence: float = 0.8
    pseudo_weight: float = 0.5
    inner_folds: int = 4
    seed: int = 1

    def to_dict(self) -> dict[str, Any]:
        """Return the settings as plain values for the model file."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Settings:
        """Return the settings that `to_dict` wrote.

        Raises:
            ValueError: one of them is not what it may be.
        """
        settings = cls(**{**values, "views": tuple(View(**view) for view in values["views"])})
        if not 1 <= len(settings.views) <= MOST_VIEWS:
            raise ValueError("views")
        for weights in (settings.keyword_sections, *(view.sections for view in settings.views)):
            if not set(weights) <= set(ALL_SECTIONS) or not all(_in_range(each, 0, 1000) for each in weights.values()):
                raise ValueError("the weight of a section")
        for name, least, most in (("most_counted", 1, 1e6), ("keyword_scale", 0, 1000), ("second_share", 0, 1)):
            if not _in_range(getattr(settings, name), least, most):
                raise ValueError(name)
        return settings


def _in_range(value: object, least: float, most: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most
