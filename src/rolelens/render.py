"""A prediction as terminal text, Markdown or JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from rolelens.columns import WIDTH, cut, pad
from rolelens.records import Prediction, Span

_BAR = 30
_QUOTES = 4  # quoted words per duty that still read as a line
_TEXTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "sure": "sure",
        "second": "next: {role}, {share}",
        "title": "By its title   {role}",
        "untitled": "By its title   the title names no role",
        "duties": "By its duties  {role}, {share}",
        "conflict": "The title and the work disagree.",
        "review": "Please check: {reason}.",
        "covered": "Documented duties",
        "nothing": "nothing about it",
        "evidence": "What decided",
        "more": "everything else",
        "bias": "starting point",
        "small margin": "the roles are close to each other",
        "too little text": "there is too little text",
        "unknown language": "the language could not be told",
        "score": "log-odds against the average",
        "learned": "learned from labelled postings",
    },
    "ko": {
        "sure": "확신",
        "second": "다음: {role}, {share}",
        "title": "제목으로는  {role}",
        "untitled": "제목으로는  직무를 알 수 없음",
        "duties": "업무로는    {role}, {share}",
        "conflict": "제목과 실제 업무가 다릅니다.",
        "review": "확인이 필요합니다: {reason}.",
        "covered": "문서에 정의된 업무",
        "nothing": "언급 없음",
        "evidence": "판단 근거",
        "more": "그 밖의 모든 표현",
        "bias": "출발점",
        "small margin": "직무 사이의 차이가 작습니다",
        "too little text": "글이 너무 짧습니다",
        "unknown language": "언어를 알 수 없습니다",
        "score": "평균 직무 대비 로그 오즈",
        "learned": "학습된 표현",
    },
}

Names = Mapping[str, Mapping[str, str]]


def as_dict(prediction: Prediction, file: str) -> dict[str, Any]:
    """Return a prediction as plain values, the keys of the JSON output."""
    title, duties = prediction.title_reading, prediction.duty_reading
    return {
        "file": file,
        "role": prediction.role,
        "name": prediction.name,
        "confidence": prediction.confidence,
        "probabilities": dict(prediction.probabilities),
        "second_role": prediction.second_role,
        "needs_review": prediction.needs_review,
        "review_reason": prediction.review_reason,
        "title_role": title.role if title else None,
        "duty_role": duties.role,
        "conflict": prediction.conflict,
        "evidence": [
            {
                "phrase": each.phrase,
                "contribution": each.contribution,
                "duty": each.duty,
                **_span(each.spans[0]),
                "spans": [_span(span) for span in each.spans],
            }
            for each in prediction.evidence
        ],
        "bias": prediction.bias,
        "left_out": prediction.left_out,
        "score": prediction.score,
        "duties": [
            {"duty": duty.duty, "title": duty.title, "covered": duty.covered, "quotes": list(duty.quotes)}
            for duty in prediction.duties
        ],
        "language": prediction.language,
        "model": prediction.model,
    }


def as_json(prediction: Prediction, file: str) -> str:
    """Return a prediction as one line of JSON."""
    return json.dumps(as_dict(prediction, file), ensure_ascii=False)


def as_text(prediction: Prediction, file: str, names: Names, paint: Callable[..., str] = lambda text, **_: text) -> str:
    """Return a prediction as lines of at most 80 columns; `paint` may colour them (click.style, say)."""
    texts, name = _language(prediction, names)
    lines = [paint(cut(file, WIDTH), dim=True)] if file else []
    headline = f"{prediction.name}  {_percent(prediction.confidence)} {texts['sure']}"
    second = texts["second"].format(
        role=name(prediction.second_role), share=_percent(prediction.probabilities[prediction.second_role])
    )
    lines += [f"{paint(headline, bold=True)}  ({second})", ""]
    lines += [f"  {line}" for line in _readings(prediction, texts, name)]
    if prediction.conflict:
        lines.append("  " + paint(texts["conflict"], fg="yellow"))
    if prediction.review_reason:
        lines.append("  " + paint(texts["review"].format(reason=texts[prediction.review_reason]), fg="yellow"))
    lines += ["", paint(texts["covered"], bold=True)]
    for duty in prediction.duties:
        mark = paint("✓", fg="green") if duty.covered else paint("·", dim=True)
        lines.append(f"  {mark} {duty.title}")
        quoted = ", ".join(f"“{quote}”" for quote in duty.quotes[:_QUOTES]) or texts["nothing"]
        lines.append("    " + paint(cut(quoted, WIDTH - 4), dim=True))
    lines += ["", paint(texts["evidence"], bold=True)]
    strongest = max((abs(each.contribution) for each in prediction.evidence), default=1.0)
    for each in prediction.evidence:
        bar = "█" * max(1, round(_BAR * abs(each.contribution) / strongest))
        number = f"{each.contribution:+.2f}"
        shown = paint(bar, fg="green" if each.contribution > 0 else "red")
        lines.append(f"  {pad(cut(each.phrase, 36), 36)} {number:>6}  {shown}")
    lines.append(f"  {pad(texts['more'], 36)} {prediction.left_out:+6.2f}")
    lines.append(f"  {pad(texts['bias'], 36)} {prediction.bias:+6.2f}")
    lines.append(f"  {pad('=', 36)} {prediction.score:+6.2f}  {paint(texts['score'], dim=True)}")
    return "\n".join(lines)


def as_markdown(prediction: Prediction, file: str, names: Names) -> str:
    """Return a prediction as Markdown."""
    texts, name = _language(prediction, names)
    lines = [f"## {_escaped(file)}", ""] if file else []
    lines += [f"**{prediction.name}**, {_percent(prediction.confidence)} {texts['sure']}", ""]
    lines += [f"- {line}" for line in _readings(prediction, texts, name)]
    if prediction.conflict:
        lines.append(f"- **{texts['conflict']}**")
    if prediction.review_reason:
        lines.append(f"- **{texts['review'].format(reason=texts[prediction.review_reason])}**")
    lines += ["", f"### {texts['covered']}", ""]
    for duty in prediction.duties:
        quoted = ", ".join(f"“{_escaped(quote)}”" for quote in duty.quotes[:_QUOTES]) or texts["nothing"]
        lines.append(f"- [{'x' if duty.covered else ' '}] {duty.title}: {quoted}")
    lines += ["", f"### {texts['evidence']}", "", "| | log-odds | |", "|---|---:|---|"]
    for each in prediction.evidence:
        speaks_of = texts["learned"] if each.duty == "learned" else f"`{each.duty}`"
        lines.append(f"| {_escaped(each.phrase)} | {each.contribution:+.2f} | {speaks_of} |")
    lines += [f"| {texts['more']} | {prediction.left_out:+.2f} | |", f"| {texts['bias']} | {prediction.bias:+.2f} | |"]
    lines.append(f"| **=** | **{prediction.score:+.2f}** | {texts['score']} |")
    return "\n".join(lines)


def _language(prediction: Prediction, names: Names) -> tuple[Mapping[str, str], Callable[[str], str]]:
    code = "ko" if prediction.language == "ko" else "en"
    return _TEXTS[code], lambda role: names[role][code]


def _readings(prediction: Prediction, texts: Mapping[str, str], name: Callable[[str], str]) -> list[str]:
    title, duties = prediction.title_reading, prediction.duty_reading
    by_title = texts["title"].format(role=name(title.role)) if title else texts["untitled"]
    return [by_title, texts["duties"].format(role=name(duties.role), share=_percent(duties.probability))]


def _span(span: Span) -> dict[str, Any]:
    return {"section": span.section, "start": span.start, "end": span.end}


def _percent(share: float) -> str:
    if 0 < share < 0.005:
        return "<1 %"
    return ">99 %" if 0.995 <= share < 1 else f"{100 * share:.0f} %"


def _escaped(text: str) -> str:
    return "".join(f"\\{letter}" if letter in r"\`*_{}[]<>()#+!|" else letter for letter in text)
