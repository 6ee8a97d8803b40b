"""The words of the page, in English and Korean."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES = ("en", "ko")

_WORDING: Mapping[str, Mapping[str, str]] = {
    "en": {
        "tagline": "The role behind a job posting's title",
        "intro": "Paste a posting or drop a file. It is read on this machine and sent nowhere.",
        "posting": "The posting",
        "placeholder": "Paste the whole posting, headings and all",
        "title": "Its title, if the text does not begin with it",
        "file": "Or a file: text, web page, PDF, Word, RTF, mail, JSON",
        "classify": "Which role is it?",
        "examples": "Or try an example",
        "table": "A whole table",
        "table_intro": "CSV, TSV, JSONL or Parquet with a column of postings. Every row comes back with its role.",
        "table_file": "The table",
        "score": "Score the table",
        "drop": "Drop it anywhere on this page",
        "nothing": "Paste a posting or choose a file first.",
        "scoring": "Scoring {name}",
        "rows": "{rows} rows so far",
        "done": "{name} is scored",
        "download": "Download the scored table",
        "kept": "It is kept for 15 minutes and then deleted.",
        "failed": "{name} could not be scored",
        "postings": "postings",
        "conflicts": "titles against their work",
        "review": "to review",
        "errors": "with an error",
        "charts": "Charts",
        "again": "Another posting",
        "api": "API",
        "token": "This server asks for its token",
        "token_label": "Token",
        "enter": "Enter",
        "token_wrong": "That is not the token. It was printed where the server was started.",
        "gone": "There is nothing here",
        "gone_why": "Results are not kept: postings are read and forgotten, tables are deleted after a while.",
        "wrong": "It could not be read",
        "skip": "To the answer",
        "switch": "한국어",
        "api_intro": "The same answers as JSON. The machine-readable description is at {link}.",
        "body": "Takes",
        "answers": "Answers",
    },
    "ko": {
        "tagline": "채용 공고 제목 뒤의 진짜 직무",
        "intro": "공고를 붙여 넣거나 파일을 끌어다 놓으세요. 이 컴퓨터에서만 읽고 어디에도 보내지 않습니다.",
        "posting": "채용 공고",
        "placeholder": "소제목까지 공고 전체를 붙여 넣으세요",
        "title": "제목 (본문 첫 줄에 없을 때)",
        "file": "또는 파일: 텍스트, 웹페이지, PDF, Word, RTF, 메일, JSON",
        "classify": "어떤 직무인가요?",
        "examples": "예시로 해 보기",
        "table": "표 전체",
        "table_intro": "공고가 담긴 CSV, TSV, JSONL, Parquet 표의 모든 행에 직무를 붙여 드립니다.",
        "table_file": "표 파일",
        "score": "표 채점하기",
        "drop": "이 화면 아무 곳에나 놓으세요",
        "nothing": "먼저 공고를 붙여 넣거나 파일을 고르세요.",
        "scoring": "{name} 채점 중",
        "rows": "지금까지 {rows}행",
        "done": "{name} 채점 완료",
        "download": "채점한 표 내려받기",
        "kept": "15분 동안 보관한 뒤 삭제합니다.",
        "failed": "{name} 파일을 채점하지 못했습니다",
        "postings": "공고",
        "conflicts": "제목과 업무가 다름",
        "review": "확인 필요",
        "errors": "오류",
        "charts": "차트",
        "again": "다른 공고",
        "api": "API",
        "token": "토큰이 필요합니다",
        "token_label": "토큰",
        "enter": "들어가기",
        "token_wrong": "토큰이 다릅니다. 서버를 시작한 화면에 적혀 있습니다.",
        "gone": "여기에는 아무것도 없습니다",
        "gone_why": "결과는 보관하지 않습니다. 공고는 읽고 나면 잊고, 표는 잠시 뒤 삭제합니다.",
        "wrong": "읽을 수 없습니다",
        "skip": "결과로 가기",
        "switch": "English",
        "api_intro": "같은 결과를 JSON으로 받습니다. 기계가 읽는 설명은 {link}에 있습니다.",
        "body": "입력",
        "answers": "응답",
    },
}


def wording(language: str) -> Mapping[str, str]:
    """Return the words of "en" or "ko"."""
    return _WORDING[language]


def preferred_language(accepted: str) -> str:
    """Return the first of our languages in an Accept-Language header, by its weights.

    >>> preferred_language("fr-FR, ko;q=0.8, en;q=0.5")
    'ko'
    """
    weighted = []
    for place, part in enumerate(accepted.split(",")):
        name, _, weight = part.strip().partition(";q=")
        try:
            weighted.append((-float(weight or 1), place, name.split("-")[0].lower()))
        except ValueError:
            continue
    return next((name for _, _, name in sorted(weighted) if name in LANGUAGES), LANGUAGES[0])
