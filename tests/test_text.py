import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolelens.text import (
    KeywordFinder,
    PhraseFinder,
    english_stem,
    keyword_table,
    korean_stem,
    language_of,
    phrases,
    statements,
    tokens,
)


def test_latin_and_hangul_runs_are_separate_tokens_with_their_spans():
    text = "LLM기반 챗봇, C++ 및 GPT4"
    assert [(token.word, text[token.start : token.end]) for token in tokens(text)] == [
        ("llm", "LLM"),
        ("기반", "기반"),
        ("챗봇", "챗봇"),
        ("c++", "C++"),
        ("및", "및"),
        ("gpt4", "GPT4"),
    ]


@pytest.mark.parametrize(
    ("word", "stem"), [("모델을", "모델"), ("모델", "모델"), ("개발하고", "개발"), ("서비스와", "서비스")]
)
def test_korean_particles_are_stripped(word, stem):
    assert korean_stem(word) == stem


@pytest.mark.parametrize(
    "words", [("model", "models", "modeling", "modelling"), ("pipeline", "pipelines"), ("tune", "tuning", "tuned")]
)
def test_inflected_english_words_share_a_stem(words):
    assert len({english_stem(word) for word in words}) == 1


def test_pieces_of_korean_compounds_are_phrases():
    found = {key for key, _, _ in phrases("프롬프트엔지니어링", tokens("프롬프트엔지니어링"))}
    assert {"~프롬", "~프롬프", "~엔지니", "~지니"} <= found


def test_pairs_do_not_cross_a_comma():
    text = "train models, deploy agents"
    found = {key for key, _, _ in phrases(text, tokens(text))}
    assert "train models" in found
    assert "models deploy" not in found


def test_statements_are_bullets_lines_and_sentences():
    text = "We build boats. They float.\n• weld steel\n• paint"
    assert [text[start:end].strip() for start, end in statements(text, 0, len(text))] == [
        "We build boats",
        "They float",
        "weld steel",
        "paint",
    ]


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("train models", "training our large models", "training our large models"),
        ("train models", "train one two three models", None),
        ("train models", "models to train", None),
        ("모델 학습", "모델학습을 합니다", "모델학습"),
        ("모델 학습", "모델을 직접 학습하고", "모델을 직접 학습"),
        ("LLM 연동", "LLM API 연동", "LLM API 연동"),
        ("RAG 시스템", "RAG 검색과 벡터 저장 시스템", None),
    ],
)
def test_documented_phrases_match_inflected_and_a_little_apart(phrase, text, found):
    hits = KeywordFinder(keyword_table([[phrase]])).find(tokens(text))
    assert [text[hit.start : hit.end] for hit in hits] == ([found] if found else [])


@given(st.text(alphabet=st.sampled_from("가나다모델학습을 abcAI,.\n-C+#3"), max_size=80))
def test_every_span_holds_what_was_found(text):
    words = tokens(text)
    for key, start, end in phrases(text, words):
        assert 0 <= start < end <= len(text)
        assert key.startswith("~") or text[start:end].lower().split()[0].startswith(key.split()[0][:1])
    vocabulary = {key: number for number, (key, _, _) in enumerate(phrases(text, words))}
    for hit in PhraseFinder(vocabulary).find(text, words):
        assert text[hit.start : hit.end]


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
