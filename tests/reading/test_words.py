import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rolelens import Posting
from rolelens.reading.language import language_of
from rolelens.reading.layout import laid_out
from rolelens.reading.words import words_of
from rolelens.training.counting import every_phrase
from support import documented_in, phrases_in, reader_with


def statements(text):
    return [text[span.start : span.end].strip() for span in reader_with().lines_of(text)]


def test_latin_and_hangul_runs_are_separate_tokens_with_their_spans():
    text = "LLM기반 챗봇, C++ 및 GPT4"
    assert [(word, text[start:end]) for start, end, word in words_of(text)] == [
        ("llm", "LLM"),
        ("기반", "기반"),
        ("챗봇", "챗봇"),
        ("c++", "C++"),
        ("및", "및"),
        ("gpt4", "GPT4"),
    ]


@pytest.mark.parametrize(
    ("word", "stem"), [("모델을", "모델"), ("모델", "모델"), ("개발하고", "개발"), ("서비스와", "서비스"), ("나", "나")]
)
def test_korean_particles_are_stripped(word, stem):
    assert stem in phrases_in(word)


@pytest.mark.parametrize(
    "words",
    [
        ("model", "models", "modeling", "modelling"),
        ("pipeline", "pipelines"),
        ("tune", "tuning", "tuned"),
        ("study", "studies"),
    ],
)
def test_inflected_english_words_share_a_stem(words):
    assert len({unit for word in words for _, _, unit in words_of(word)}) == 1


def test_pieces_of_korean_compounds_are_phrases():
    assert {"~프롬", "~프롬프", "~엔지니", "~지니"} <= phrases_in("프롬프트엔지니어링")


def test_pairs_do_not_cross_a_comma():
    found = phrases_in("train models, deploy agents")
    assert "train models" in found
    assert "models deploy" not in found


def test_statements_are_bullets_lines_and_sentences():
    text = "We build boats. They float.\n• weld steel\n• paint"
    assert statements(text) == [
        "We build boats",
        "They float",
        "weld steel",
        "paint",
    ]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("모델 설계·개발 및 운영", ["모델 설계·개발 및 운영"]),
        ("데이터·AI 팀", ["데이터·AI 팀"]),
        ("모델 개발 · 서버 운영", ["모델 개발", "서버 운영"]),
        ("our eCommerce team builds boats", ["our eCommerce team builds boats"]),
        ("the teamBuild boats", ["the team", "Build boats"]),
        (
            "From $50,000.00 - $60,000.00 a year. More on request",
            ["From $50,000.00 - $60,000.00 a year", "More on request"],
        ),
        ("1. Build boats\n2. Paint hulls", ["1. Build boats", "2. Paint hulls"]),
        ("We began in 2019. We build boats", ["We began in 2019", "We build boats"]),
        ("weld - paint", ["weld", "paint"]),
    ],
)
def test_lines_end_where_a_reader_would_end_them(text, lines):
    assert statements(text) == lines


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("=React", "We react to incidents and reacts", []),
        ("=React", "React and TypeScript", ["React"]),
        ("=인사", "고객 인사이트를 찾습니다", []),
        ("=인사", "인사 업무와 인사를 맡습니다", ["인사", "인사를"]),
        ("=Spring cloud", "Spring Cloud in spring cloud", ["Spring Cloud"]),
    ],
)
def test_phrases_may_be_wanted_as_they_are_written(phrase, text, found):
    assert documented_in(phrase, text) == found


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("train models", "training our large models", "training our large models"),
        ("train models", "train one two three models", None),
        ("train models", "models to train", None),
        ("모델 학습", "모델학습을 합니다", "모델학습을"),
        ("모델 학습", "모델을 직접 학습하고", "모델을 직접 학습하고"),
        ("LLM 연동", "LLM API 연동", "LLM API 연동"),
        ("RAG 시스템", "RAG 검색과 벡터 저장 시스템", None),
    ],
)
def test_documented_phrases_match_inflected_and_a_little_apart(phrase, text, found):
    assert documented_in(phrase, text) == ([found] if found else [])


@given(st.text(alphabet=st.sampled_from("가나다모델학습을 abcAI,.\n-C+#3"), max_size=80))
@settings(deadline=None)
def test_every_phrase_is_found_again_by_a_reader_that_knows_it(text):
    every = every_phrase([Posting(text)], reader_with())
    phrases = [every.text(phrase) for phrase in range(len(every.keys))]
    assert len(set(phrases)) == len(phrases)
    layout = laid_out([Posting(text)])
    hits = reader_with(phrases="\n".join(phrases)).hits_of(layout.symbols, layout.bounds)
    assert sorted(hits.key) == sorted(every.phrase.tolist())
    for start, end in zip(hits.start, hits.end, strict=True):
        assert layout.text[start:end].strip()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("We are looking for a person to train models", "en"),
        ("머신러닝 모델을 개발합니다", "ko"),
        ("PyTorch, TensorFlow, AWS 사용 경험이 있는 분", "ko"),
        ("私たちは機械学習エンジニアを募集しています", "unsupported"),
        ("Мы ищем инженера по машинному обучению", "unsupported"),
        ("Wir suchen eine Person für die Entwicklung von Modellen und die Pflege der Daten mit Python", "unsupported"),
        ("12345", "unknown"),
        ("Python SQL", "unknown"),
    ],
)
def test_the_language_is_told_or_admitted_unknown(text, language):
    assert language_of(text) == language
