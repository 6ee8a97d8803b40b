"""The predictor: load a model once, then ask it about postings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rolelens.artifact import Model, read_model
from rolelens.counterfactual import Counterfactual, find_counterfactual
from rolelens.errors import PostingError
from rolelens.evidence import duty_coverage, gather_mentions, gather_statements, role_mix
from rolelens.explanation import Arithmetic, explain
from rolelens.features import FeatureReader, Features, named_in_title
from rolelens.paths import data_path
from rolelens.prediction import Prediction
from rolelens.records import Posting, Reading
from rolelens.scoring import Contribution, contributions, decision_function, role_set, softmax
from rolelens.text import language_of, tokens

EVIDENCE_SHOWN = 12  # fits one screen with the rest of the answer
MIN_WORDS = 15  # a posting with fewer words rarely names a single duty
# Two readings contradict each other when the duties are clear about their own role and nearly exclude the title's.
CONFLICT_DUTY_PROBABILITY = 0.5
CONFLICT_TITLE_PROBABILITY = 0.2
TITLE_LEAN = 0.25  # half again as much as chance; a title of one role leans to it at least so much


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
        language = _language(posting, language)
        features, found = self._contributions(posting)
        model = self._model
        scores = decision_function(found, model.bias)
        probabilities = softmax(scores, model.temperature)
        winner, second = sorted(range(len(scores)), key=lambda role: -scores[role])[:2]
        role, second_role = model.roles[winner], model.roles[second]
        arithmetic = Arithmetic(model.roles, model.bias, tuple(scores), gather_mentions(posting, found, model))
        evidence = explain(arithmetic, role).evidence
        title_reading, duty_reading, conflict = self._readings(posting, found)
        reason = self._review_reason(posting, probabilities[winner], language)
        statements = gather_statements(posting, features, found, model)
        shown_in = "ko" if language == "ko" else "en"
        return Prediction(
            role=role,
            name=model.names[role][shown_in],
            confidence=probabilities[winner],
            probabilities=dict(zip(model.roles, probabilities, strict=True)),
            second_role=second_role,
            needs_review=reason is not None,
            review_reason=reason,
            title_reading=title_reading,
            duty_reading=duty_reading,
            conflict=conflict,
            evidence=evidence[:EVIDENCE_SHOWN],
            bias=model.bias[winner],
            left_out=sum(each.contribution for each in evidence[EVIDENCE_SHOWN:]),
            score=scores[winner],
            duties=duty_coverage(posting, features, role, model, shown_in),
            second_duties=duty_coverage(posting, features, second_role, model, shown_in),
            statements=statements,
            role_mix=role_mix(statements, model.roles),
            language=language,
            model=model.id,
            posting=posting,
            arithmetic=arithmetic,
        )

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
        return find_counterfactual(prediction.posting, prediction.statements, self.roles, self.decision_function)

    def _contributions(self, posting: Posting) -> tuple[Features, list[Contribution]]:
        features = self._reader.read(posting)
        return features, contributions(features, self._model)

    def _readings(self, posting: Posting, found: Sequence[Contribution]) -> tuple[Reading | None, Reading, bool]:
        """Return the reading by title, the reading by duties, and whether they contradict each other."""
        model = self._model
        by_duties = softmax(
            decision_function((each for each in found if not each.in_title), model.bias), model.temperature
        )
        strongest = max(range(len(by_duties)), key=by_duties.__getitem__)
        duty_reading = Reading(model.roles[strongest], by_duties[strongest])
        named = named_in_title(self._reader.title_of(posting), model.aliases)
        if named is None:
            return None, duty_reading, False
        by_title = softmax(
            decision_function((each for each in found if each.in_title), [0.0] * len(model.roles)), model.temperature
        )
        title_role = model.roles.index(named)
        if by_title[title_role] < TITLE_LEAN:  # it names several roles: the learned reading says which counts most
            leading = max(range(len(by_title)), key=by_title.__getitem__)
            return Reading(model.roles[leading], by_title[leading]), duty_reading, False
        conflict = (
            title_role != strongest
            and by_duties[strongest] >= CONFLICT_DUTY_PROBABILITY
            and by_duties[title_role] <= CONFLICT_TITLE_PROBABILITY
        )
        return Reading(named, by_title[title_role]), duty_reading, conflict

    def _review_reason(self, posting: Posting, confidence: float, language: str) -> str | None:
        if len(tokens(posting.text)) < MIN_WORDS:
            return "too little text"
        if language == "unknown":
            return "unknown language"
        return "small margin" if confidence < self._model.review_below else None


def _language(posting: Posting, language: str) -> str:
    if not posting.text.strip():
        raise PostingError("the posting is empty; give it some text")
    if language != "auto":
        return language
    found = language_of(posting.text)
    if found == "unsupported":
        raise PostingError(
            "the posting is in neither English nor Korean; translate it, or pass --language en or ko to read it anyway"
        )
    return found
