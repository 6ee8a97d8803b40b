"""The predictor: load a model once, then ask it about postings."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from threading import local
from typing import TYPE_CHECKING, NamedTuple

from rolelens.errors import PostingError
from rolelens.explaining.contrast import Arithmetic, explain
from rolelens.explaining.evidence import duty_coverage, gather_mentions, gather_statements, role_mix
from rolelens.model.decision import SEVERAL_JOBS, Decision, RowResult, accepted_language, decide, role_set
from rolelens.model.model_file import Model, read_model
from rolelens.model.read_posting import ReadPosting
from rolelens.model.scorer import Scorer, Scores, Weights
from rolelens.posting import Posting
from rolelens.prediction import Prediction
from rolelens.reading.characters import may_announce
from rolelens.reading.layout import Layout, laid_out
from rolelens.reading.lexicon import reader_of
from rolelens.support.packaged import data_path

if TYPE_CHECKING:
    import pandas as pd

    from rolelens.explaining.counterfactual import Counterfactual

EVIDENCE_SHOWN = 12  # fits one screen with the rest of the answer
WORDS_SHOWN = 3  # evidence phrases of a row; more would not be read in a table
MAX_CHARACTERS = 500_000  # of one posting; more is something else
_AT_ONCE = 16  # postings laid out together: few, as one in an unusual form has all of them laid out again


class RoleClassifier:
    """Says which documented role a posting describes.

    >>> classifier = RoleClassifier.load()
    >>> classifier.predict("What you will do: train and deploy deep learning models on our GPU cluster.").role
    'ml_ai_engineer'
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self._reader = reader_of(model.phrases, model.keywords, model.headings, model.aliases, model.roles)
        self._weights = Weights(
            model.settings, model.idf, model.weights, model.keyword_weights, model.bias, model.temperature
        )
        self._local = local()

    def __reduce__(self) -> tuple[type[RoleClassifier], tuple[Model]]:
        """Go to other processes as the model, of which the rest is made."""
        return RoleClassifier, (self._model,)

    @classmethod
    def load(cls, folder: str | Path | None = None) -> RoleClassifier:
        """Return the classifier of a model folder, or the one that comes with rolelens.

        Raises:
            ModelError: the model is missing, damaged or of a newer format.
        """
        return cls(read_model(Path(folder) if folder is not None else data_path("models/default")))

    @property
    def model(self) -> Model:
        """The model behind the answers."""
        return self._model

    @property
    def roles(self) -> tuple[str, ...]:
        """The role ids, in the order of every list of scores."""
        return self._model.roles

    def decision_function(self, posting: Posting) -> list[float]:
        """Return the score of every role in log-odds, before calibration, in the order of `roles`."""
        layout = laid_out([posting])
        return self._scorer.score(layout.symbols, layout.bounds).scores.tolist()

    def predict(self, posting: Posting | str, *, title: str = "", language: str = "auto") -> Prediction:
        """Return the role of a posting with calibrated probabilities and the evidence for it.

        Args:
            posting: the posting, or its text.
            title: its title, when `posting` is a text.
            language: "en" or "ko" to skip the detection of the language.

        Raises:
            PostingError: the posting is empty or in a language other than English and Korean.
        """
        if isinstance(posting, str):
            posting = Posting(posting, title)
        layout = laid_out([posting])
        read = self._read(posting, layout)
        model, scores = self._model, read.scores.scores.tolist()
        language = accepted_language(posting.text, read.scores.language[0], language)
        announced = _announced(layout, 0)
        decision = _reviewed(self._decision(_Rows.of(read.scores), 0, language), announced)
        arithmetic = Arithmetic(model.roles, tuple(model.bias), tuple(scores), gather_mentions(read, model))
        evidence = explain(arithmetic, decision.role).evidence
        statements = gather_statements(read, model)
        shown_in = "ko" if language == "ko" else "en"
        winner = model.roles.index(decision.role)
        return Prediction(
            decision=decision,
            name=model.names[decision.role][shown_in],
            probabilities=dict(zip(model.roles, decision.probabilities, strict=True)),
            evidence=evidence[:EVIDENCE_SHOWN],
            bias=model.bias[winner],
            left_out=sum(each.contribution for each in evidence[EVIDENCE_SHOWN:]),
            score=scores[winner],
            duties=duty_coverage(read, decision.role, model, shown_in),
            second_duties=duty_coverage(read, decision.second_role, model, shown_in),
            statements=statements,
            role_mix=role_mix(statements, model.roles),
            roles_announced=announced,
            language=language,
            model=model.id,
            posting=posting,
            arithmetic=arithmetic,
            read=read,
        )

    def read(self, posting: Posting) -> ReadPosting:
        """Return what the model reads in a posting, on which everything said about it rests."""
        return self._read(posting, laid_out([posting]))

    def _read(self, posting: Posting, layout: Layout) -> ReadPosting:
        scores, columns, shares = self._scorer.read(layout.symbols, layout.bounds)
        return ReadPosting(posting, *layout.forms[0], columns, shares, scores)

    def predict_many(self, texts: Sequence[str], titles: Sequence[str] | None = None) -> list[RowResult]:
        """Return the outcome of many postings, in order, as `predict` would decide each; none of them raises.

        Raises:
            ValueError: there are not as many titles as texts.
        """
        if titles is not None and len(titles) != len(texts):
            raise ValueError(f"{len(texts)} texts but {len(titles)} titles; give one for each text, empty if need be")
        return self.score([Posting(*each) for each in zip(texts, titles or [""] * len(texts), strict=True)])

    def score(self, postings: Sequence[Posting]) -> list[RowResult]:
        """Return the outcome of many postings, in order; one that cannot be scored says why."""
        results: list[RowResult] = []
        for start in range(0, len(postings), _AT_ONCE):
            results += self._score(postings[start : start + _AT_ONCE])
        return results

    def probabilities(self, postings: Sequence[Posting]) -> list[list[float]]:
        """Return the calibrated probabilities of many postings, of shape (postings, roles), whatever their language."""
        found: list[list[float]] = []
        for start in range(0, len(postings), _AT_ONCE):
            _, scores = self._scored(postings[start : start + _AT_ONCE], 0)
            width, values = len(self.roles), scores.probabilities.tolist()
            found += [values[place : place + width] for place in range(0, len(values), width)]
        return found

    def predict_frame(
        self, frame: pd.DataFrame, text: str | Sequence[str] | None = None, title: str | None = None
    ) -> pd.DataFrame:
        """Return the outcome of every row of a DataFrame, aligned on its index, which may repeat itself.

        Columns: role, second_role, title_role, duty_role, evidence, error and model are "string"; confidence and
        p_ROLE for each role float64; needs_review and conflict "boolean". Missing texts leave all missing but `error`.

        Args:
            frame: the postings, one a row.
            text: the column of the texts, or several that are joined; by default those with usual names.
            title: the column of the titles, likewise.

        Raises:
            TableError: a column is not there, or none looks like a posting's text.
        """
        from rolelens.tables.frames import score_frame

        return score_frame(frame, self.score, self._model, text, title)

    def role_set(self, prediction: Prediction, coverage: float = 0.9) -> tuple[str, ...]:
        """Return the fewest roles, most probable first, that hold the right one in a share of postings (conformal).

        Raises:
            ValueError: the coverage is not between 0 and 1.
        """
        if not 0 < coverage < 1:
            raise ValueError(f"coverage is {coverage}; give a share between 0 and 1, such as 0.9")
        return role_set(prediction.probabilities, self._model.calibration, coverage)

    def counterfactual(self, prediction: Prediction) -> Counterfactual:
        """Return the statements that a prediction's role hangs on, found by adding up the scores without them."""
        from array import array

        from rolelens.explaining.counterfactual import find_counterfactual

        scorer, columns = self._scorer, prediction.read.columns

        def without(lines: Collection[int]) -> Sequence[float]:
            removed = array("i", bytes(4 * len(columns.line_section)))
            for line in lines:
                removed[line] = 1
            return scorer.without(columns, removed)

        return find_counterfactual(prediction.statements, self.roles, without)

    @property
    def _scorer(self) -> Scorer:
        """The scorer of this thread."""
        scorer: Scorer | None = getattr(self._local, "scorer", None)
        if scorer is None:
            scorer = self._local.scorer = Scorer(self._reader, self._weights)
        return scorer

    def _scored(self, postings: Sequence[Posting], shown: int) -> tuple[Layout, Scores]:
        layout = laid_out(postings)
        return layout, self._scorer.score(layout.symbols, layout.bounds, shown)

    def _score(self, postings: Sequence[Posting]) -> list[RowResult]:
        bounded = [each if len(each.text) <= MAX_CHARACTERS else Posting("") for each in postings]
        layout, scores = self._scored(bounded, WORDS_SHOWN)
        listed = _Rows.of(scores)
        results = []
        for number, posting in enumerate(postings):
            if len(posting.text) > MAX_CHARACTERS:
                message = f"{len(posting.text):,} characters, more than the {MAX_CHARACTERS:,} a posting may have"
                results.append(RowResult(None, error=message))
                continue
            try:
                language = accepted_language(posting.text, listed.language[number])
            except PostingError as error:
                results.append(RowResult(None, error=str(error)))
                continue
            words = _evidence(layout, listed.evidence, number)
            decision = _reviewed(self._decision(listed, number, language), _announced(layout, number))
            results.append(RowResult(decision, words))
        return results

    def _decision(self, rows: _Rows, number: int, language: str) -> Decision:
        first = number * len(self._model.roles)
        last = first + len(self._model.roles)
        return decide(
            self._model,
            rows.probabilities[first:last],
            rows.by_title[first:last],
            rows.by_duties[first:last],
            rows.named[number],
            words=rows.words[number],
            language=language,
        )


class _Rows(NamedTuple):
    """Scores as lists, which are faster to take apart than arrays."""

    probabilities: list[float]
    by_title: list[float]
    by_duties: list[float]
    named: list[int]
    language: list[int]
    words: list[int]
    evidence: list[int]

    @classmethod
    def of(cls, scores: Scores) -> _Rows:
        return cls(*(column.tolist() for column in scores[1:]))  # type: ignore[arg-type]


def _evidence(layout: Layout, places: Sequence[int], number: int) -> tuple[str, ...]:
    """Return the words at the places of evidence of a posting, in lower case and on one line."""
    words = []
    first = 2 * WORDS_SHOWN * number
    for place in range(first, first + 2 * WORDS_SHOWN, 2):
        if places[place] >= 0:
            found = layout.text[places[place] : places[place + 1]].casefold()
            words.append(" ".join(found.split()) if " " in found or "\n" in found else found)
    return tuple(words)


def _announced(layout: Layout, number: int) -> tuple[str, ...]:
    """Return the names of the jobs that a posting announces side by side, none if it is about one."""
    start, end = layout.bounds[4 * number + 2 : 4 * number + 4]
    if not may_announce(layout.symbols, start, end):
        return ()
    from rolelens.reading.announcements import roles_announced  # its patterns take longer to compile than most wait

    return roles_announced(layout.text[start:end])


def _reviewed(decision: Decision, announced: Sequence[str]) -> Decision:
    """Return a decision that says so where it is about a blend of several jobs."""
    return decision._replace(review_reason=SEVERAL_JOBS) if announced and not decision.review_reason else decision
