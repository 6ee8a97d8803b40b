"""The predictor: load a model once, then ask it about postings."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from rolelens.artifact import Model, read_model
from rolelens.errors import PostingError
from rolelens.evidence import duty_coverage, gather_mentions, gather_statements, role_mix
from rolelens.explanation import Arithmetic, explain
from rolelens.features import FeatureReader, Features, named_in_title
from rolelens.paths import data_path
from rolelens.prediction import Prediction
from rolelens.records import Posting
from rolelens.scoring import Contribution, contributions, decision_function, role_set, softmax
from rolelens.text import language_of, tokens
from rolelens.verdict import MIN_WORDS, Verdict, reach_verdict

if TYPE_CHECKING:
    import pandas as pd

    from rolelens.counterfactual import Counterfactual
    from rolelens.many import ManyScorer
    from rolelens.verdict import Scored

EVIDENCE_SHOWN = 12  # fits one screen with the rest of the answer


class RoleClassifier:
    """Says which documented role a posting describes.

    >>> classifier = RoleClassifier.load()
    >>> classifier.predict("What you will do: train and deploy deep learning models on our GPU cluster.").role
    'ml_ai_engineer'
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self._reader = FeatureReader(model.vocabulary, model.keywords, model.headings, model.aliases)

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
        return decision_function(self._contributions(posting)[1], self._model.bias)

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
        language = self.accepted_language(posting, language)
        features, found = self._contributions(posting)
        model = self._model
        scores = decision_function(found, model.bias)
        verdict = self._verdict(posting, scores, found, language)
        arithmetic = Arithmetic(model.roles, model.bias, tuple(scores), gather_mentions(posting, found, model))
        evidence = explain(arithmetic, verdict.role).evidence
        statements = gather_statements(posting, features, found, model)
        shown_in = "ko" if language == "ko" else "en"
        winner = model.roles.index(verdict.role)
        return Prediction(
            role=verdict.role,
            name=model.names[verdict.role][shown_in],
            confidence=verdict.confidence,
            probabilities=dict(zip(model.roles, verdict.probabilities, strict=True)),
            second_role=verdict.second_role,
            needs_review=verdict.review_reason is not None,
            review_reason=verdict.review_reason,
            title_reading=verdict.title_reading,
            duty_reading=verdict.duty_reading,
            conflict=verdict.conflict,
            evidence=evidence[:EVIDENCE_SHOWN],
            bias=model.bias[winner],
            left_out=sum(each.contribution for each in evidence[EVIDENCE_SHOWN:]),
            score=scores[winner],
            duties=duty_coverage(posting, features, verdict.role, model, shown_in),
            second_duties=duty_coverage(posting, features, verdict.second_role, model, shown_in),
            statements=statements,
            role_mix=role_mix(statements, model.roles),
            roles_announced=_announced(posting.text) if language == "ko" else (),
            language=language,
            model=model.id,
            posting=posting,
            arithmetic=arithmetic,
        )

    def predict_many(self, texts: Sequence[str], titles: Sequence[str] | None = None) -> list[Scored]:
        """Return the outcome of many postings, in order, as `predict` would decide each; none of them raises.

        Compiled with numba where that is installed (`pip install "rolelens[fast]"`).

        Raises:
            ValueError: there are not as many titles as texts.
        """
        if titles is not None and len(titles) != len(texts):
            raise ValueError(f"{len(texts)} texts but {len(titles)} titles; give one for each text, empty if need be")
        return self._many.score([Posting(*each) for each in zip(texts, titles or [""] * len(texts), strict=True)])

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
        from rolelens.frames import score_frame

        return score_frame(frame, self._many, self._model, text, title)

    @cached_property
    def _many(self) -> ManyScorer:
        from rolelens.many import ManyScorer

        return ManyScorer(self)

    def accepted_language(self, posting: Posting, language: str = "auto") -> str:
        """Return the language to read a posting in: the one given, or for "auto" the one it is in.

        Raises:
            PostingError: the posting is empty, or in a language other than English and Korean.
        """
        if not posting.text.strip():
            raise PostingError("the posting is empty; give it some text")
        found = language_of(posting.text) if language == "auto" else language
        if found == "unsupported":
            raise PostingError(
                "the posting is in neither English nor Korean; "
                "translate it, or pass --language en or ko to read it anyway"
            )
        return found

    def role_set(self, prediction: Prediction, coverage: float = 0.9) -> tuple[str, ...]:
        """Return the fewest roles, most probable first, that hold the right one in a share of postings (conformal).

        Raises:
            ValueError: the coverage is not between 0 and 1.
        """
        if not 0 < coverage < 1:
            raise ValueError(f"coverage is {coverage}; give a share between 0 and 1, such as 0.9")
        return role_set(prediction.probabilities, self._model.calibration, coverage)

    def counterfactual(self, prediction: Prediction) -> Counterfactual:
        """Return the statements that a prediction's role hangs on, found by scoring the posting again without them."""
        from rolelens.counterfactual import find_counterfactual

        return find_counterfactual(prediction.posting, prediction.statements, self.roles, self.decision_function)

    def _contributions(self, posting: Posting) -> tuple[Features, list[Contribution]]:
        features = self._reader.read(posting)
        return features, contributions(features, self._model)

    def _verdict(
        self, posting: Posting, scores: Sequence[float], found: Sequence[Contribution], language: str
    ) -> Verdict:
        title_scores = decision_function((each for each in found if each.in_title), [0.0] * len(self.roles))
        named = named_in_title(self._reader.title_of(posting), self._model.aliases)
        duty_scores = [score - part for score, part in zip(scores, title_scores, strict=True)]
        temperature = self._model.temperature
        return reach_verdict(
            self._model,
            softmax(scores, temperature),
            softmax(title_scores, temperature),
            softmax(duty_scores, temperature),
            [self.roles.index(role) for role in named],
            short=len(tokens(posting.text)) < MIN_WORDS,
            language=language,
        )


def _announced(text: str) -> tuple[str, ...]:
    from rolelens.announced import roles_announced  # its patterns take longer to compile than English postings wait

    return roles_announced(text)
