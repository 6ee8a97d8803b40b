"""Families of texts made to take long, each of as many characters as are asked for."""

from collections.abc import Callable

PROSE = (
    "We train ranking models on our own cluster and deploy them with care. You will evaluate what they do, "
    "write down what you find, and mend what breaks.\n"
)
FAMILIES: dict[str, Callable[[int], str]] = {
    "one bracket after another": lambda n: "[" * n,
    "a bracket and blanks": lambda n: "[" + " " * n,
    "brackets with blanks between": lambda n: "[   a  " * (n // 7),
    "angles and blanks": lambda n: "<" + " " * n + ">",
    "colons": lambda n: ":" * n,
    "capitals before colons": lambda n: "A a A a A a A a: " * (n // 17),
    "half headings": lambda n: "About About About:" * (n // 18),
    "a heading over and over": lambda n: "Responsibilities:" * (n // 17),
    "headings glued": lambda n: "ResponsibilitiesBuild it " * (n // 25),
    "headings on lines": lambda n: "About us\n\nx\n" * (n // 12),
    "blank lines": lambda n: "Benefits\nx" + "\n" * n + "y",
    "a number, blanks and a full stop": lambda n: "1" + " " * (n - 2) + ".",
    "digits": lambda n: "8" * n,
    "digits and a letter": lambda n: "8" * (n - 1) + "a",
    "capitals glued": lambda n: "aB" * (n // 2),
    "capitals glued before small letters": lambda n: "aBbbbbbbbbbbbbbb" * (n // 16) + " c",
    "names in camel case": lambda n: "LangChain is good " * (n // 18),
    "one small letter": lambda n: "a" * n,
    "one capital": lambda n: "A" * n,
    "one syllable": lambda n: "가" * n,
    "a Korean word without end": lambda n: "데이터" * (n // 3),
    "a documented phrase without end": lambda n: "데이터분석" * (n // 5),
    "documented phrases": lambda n: "데이터 분석 모델 학습 " * (n // 12),
    "openings of documented phrases": lambda n: "model data ai machine " * (n // 22),
    "Korean endings": lambda n: "모델에서의하고합니다" * (n // 10),
    "hashtags": lambda n: "개발#신입#경력 " * (n // 9),
    "plus signs": lambda n: "c++" * (n // 3),
    "dashes": lambda n: " - " * (n // 3),
    "dashes between syllables": lambda n: "가- 나-" * (n // 5),
    "commas": lambda n: "가," * (n // 2),
    "middle dots": lambda n: "가·" * (n // 2),
    "full stops": lambda n: ". " * (n // 2),
    "combining marks": lambda n: "a" + "\u0301" * n,
    "alternating marks": lambda n: "a\u0301\u0327" * (n // 3),
    "letters taken apart": lambda n: "\u1112\u1161\u11ab" * (n // 3),
    "invisible characters": lambda n: "a\u200b" * (n // 2),
    "carriage returns": lambda n: "a\r" * (n // 2),
    "ligatures": lambda n: "\ufb03" * n,
    "numbered jobs": lambda n: "모집부문 1. " + "가" * n,
    "lists of jobs": lambda n: "모집부문: " + "가, " * (n // 3),
    "newlines": lambda n: "\n" * n + "x",
}
