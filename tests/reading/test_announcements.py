import pytest

from rolelens.reading.announcements import roles_announced


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("모집부문 1: AI 엔지니어\n업무\n모집부문 2: 데이터 분석가 (0명)\n업무", ("AI 엔지니어", "데이터 분석가")),
        ("① 백엔드 개발자\n- 서버\n② 데이터 사이언티스트\n- 분석", ("백엔드 개발자", "데이터 사이언티스트")),
        ("■ 모집부문: 백엔드 개발자, 데이터 분석가\n", ("백엔드 개발자", "데이터 분석가")),
        ("1) Data Engineer\n2) ML Engineer 0명", ("Data Engineer", "ML Engineer")),
        ("모집부문: AI 엔지니어\n1. 모델 개발\n2. 모델 배포", ()),
        ("1. AI 엔지니어\n모델 학습\n1. AI 엔지니어", ()),
        ("1. 데이터 엔지니어와 협업합니다\n2. 기획자와 소통합니다", ()),
        ("", ()),
    ],
)
def test_jobs_announced_side_by_side_are_named(text, names):
    assert roles_announced(text) == names


def test_an_answer_about_several_jobs_says_so(classifier):
    text = "모집부문 1: AI 엔지니어\n- 딥러닝 모델을 학습합니다\n모집부문 2: 데이터 분석가\n- 지표를 분석합니다"
    assert classifier.predict(text).roles_announced == ("AI 엔지니어", "데이터 분석가")
