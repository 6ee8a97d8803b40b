"""What is shown about one posting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from rolelens.explaining.contrast import LEARNED, Explanation
from rolelens.model.model_file import Model
from rolelens.posting import DutyCoverage, Statement
from rolelens.prediction import Prediction
from rolelens.rendering.wording import wording

if TYPE_CHECKING:
    from rolelens.explaining.counterfactual import Counterfactual

_QUOTES = 4  # quoted words per duty that still read as a line


_CONTRASTED = 8  # phrases of a contrast that fit a screen with its sections and duties
_VISIBLE = 0.005  # a smaller contribution would be shown as 0.00


class Table(NamedTuple):
    """Contributions in log-odds: labelled rows, and the totals that they lead to."""

    heading: str
    rows: tuple[tuple[str, float], ...]
    totals: tuple[tuple[str, float], ...]
    unit: str


class Answer(NamedTuple):
    """A prediction with what was asked beside it: a contrast, the line by line detail, a set of roles.

    `model` is the one that predicted. `counterfactual` is there where the detail was asked for. `reader` is the
    language of who reads the answer, by default that of the posting.
    """

    prediction: Prediction
    file: str
    model: Model
    contrast: Explanation | None = None
    counterfactual: Counterfactual | None = None
    coverage: float | None = None
    role_set: tuple[str, ...] = ()
    reader: str = ""

    @property
    def language(self) -> str:
        """The language that the answer is written in."""
        return self.reader or ("ko" if self.prediction.language == "ko" else "en")

    @property
    def texts(self) -> Mapping[str, str]:
        """The wording in that language."""
        return wording(self.language)

    def name(self, role: str) -> str:
        """Return the name of a role."""
        return self.model.names[role][self.language]

    def duty_name(self, id_: str) -> str:
        """Return the title of a documented duty, or what stands for words without one."""
        if id_ == LEARNED:
            return self.texts["learned"]
        return next(duty.title[self.language] for duty in self.model.duties if duty.id == id_)

    def quotes(self, duty: DutyCoverage) -> str:
        """Return the words that cover a duty, in quotation marks."""
        return ", ".join(f"“{quote}”" for quote in duty.quotes[:_QUOTES]) or self.texts["nothing"]

    @property
    def headline(self) -> str:
        """The role and how sure it is."""
        return f"{self.name(self.prediction.role)}  {percent(self.prediction.confidence)} {self.texts['sure']}"

    @property
    def second(self) -> str:
        """The runner-up."""
        role = self.prediction.second_role
        return self.texts["second"].format(role=self.name(role), share=percent(self.prediction.probabilities[role]))

    def readings(self) -> list[tuple[str, str]]:
        """Return what each part says by itself: the title, the duties, and the set of roles if one was asked for."""
        title, duties, texts = self.prediction.title_reading, self.prediction.duty_reading, self.texts
        found = [
            (texts["title"], self.name(title.role) if title else texts["untitled"]),
            (texts["duties"], f"{self.name(duties.role)}, {percent(duties.probability)}"),
        ]
        if self.coverage is not None:
            label = texts["role_set"].format(coverage=percent(self.coverage))
            found.append((label, ", ".join(self.name(role) for role in self.role_set)))
        return found

    def warnings(self) -> list[str]:
        """Return what the reader should beware of."""
        found = [self.texts["conflict"]] if self.prediction.conflict else []
        if self.prediction.roles_announced:
            found.append(self.texts["announced"].format(names=", ".join(self.prediction.roles_announced)))
        if self.prediction.review_reason:
            found.append(self.texts["review"].format(reason=self.texts[self.prediction.review_reason]))
        return found

    def covered(self, duties: Sequence[DutyCoverage], role: str) -> str:
        """Return how many documented duties of a role the posting covers."""
        count = sum(duty.covered for duty in duties)
        return self.texts["covered"].format(count=count, total=len(duties), role=self.name(role))

    def evidence_table(self) -> Table:
        """Return the words that decided and how they add up to the score."""
        found, texts = self.prediction, self.texts
        rows = tuple((each.phrase, each.contribution) for each in found.evidence)
        totals = ((texts["more"], found.left_out), (texts["bias"], found.bias), ("=", found.score))
        return Table(texts["evidence"], rows, totals, texts["score"])

    def contrast_tables(self) -> list[Table]:
        """Return what speaks for one role rather than the other, by phrase, section and documented duty."""
        if self.contrast is None:
            return []
        contrast, texts = self.contrast, self.texts
        shown, rest = contrast.evidence[:_CONTRASTED], contrast.evidence[_CONTRASTED:]
        totals = ((texts["bias"], contrast.bias), ("=", contrast.score))
        others = ((texts["more"], sum(each.contribution for each in rest)),) if rest else ()
        rows = {
            "by phrase": [(each.phrase, each.contribution) for each in shown],
            "by section": [(texts[f"section:{name}"], value) for name, value in contrast.sections.items()],
            "by duty": [(self.duty_name(duty), value) for duty, value in contrast.duties.items()],
        }
        return [
            Table(
                texts[heading],
                tuple((label, value) for label, value in found if abs(value) >= _VISIBLE),
                (*others, *totals) if heading == "by phrase" else totals,
                texts["difference"],
            )
            for heading, found in rows.items()
        ]

    def contrast_title(self) -> str:
        """Return the heading of the contrast."""
        if self.contrast is None or self.contrast.against is None:
            return ""
        return self.texts["rather"].format(role=self.name(self.contrast.role), against=self.name(self.contrast.against))

    def changes(self) -> list[tuple[str, tuple[Statement, ...]]]:
        """Return what would change the role and what alone would keep it, each with its statements."""
        if self.counterfactual is None:
            return []
        removal, becomes, sufficient = (
            self.counterfactual.removal,
            self.counterfactual.becomes,
            self.counterfactual.sufficient,
        )
        changing = self.texts["removal"].format(role=self.name(becomes)) if becomes else self.texts["unmoved"]
        if sufficient is None:
            return [(changing, removal), (self.texts["insufficient"], ())]
        return [(changing, removal), (self.texts["sufficient" if sufficient else "default"], sufficient)]


def percent(share: float) -> str:
    """Return a share in percent, never rounded to all or nothing.

    >>> percent(0.873), percent(0.999), percent(0.001)
    ('87 %', '>99 %', '<1 %')
    """
    if 0 < share < 0.005:
        return "<1 %"
    return ">99 %" if 0.995 <= share < 1 else f"{100 * share:.0f} %"
