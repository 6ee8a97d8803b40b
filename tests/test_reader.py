import pytest

from rolelens import PostingError, read_posting
from rolelens.reader import MAX_BYTES, decode_posting

TEXT = "주요업무\n모델을 학습합니다"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
def test_every_encoding_a_korean_user_has_reads_the_same(tmp_path, encoding):
    path = tmp_path / "posting.txt"
    path.write_bytes(TEXT.replace("\n", "\r\n").encode(encoding))
    assert read_posting(path).text == TEXT


def test_decomposed_hangul_is_composed():
    assert (
        decode_posting("학습".encode(), "a").text
        == decode_posting("\u1112\u1161\u11a8\u1109\u1173\u11b8".encode(), "a").text
    )


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"\x89PNG\0\0\0", "binary"),
        (b"\xff\xfe\x00", "neither UTF-8"),
        (b"\x81\xff\xfe\xfd", "neither UTF-8"),
        (b"a" * (MAX_BYTES + 1), "more than"),
    ],
)
def test_what_is_no_text_is_refused_by_name(data, complaint):
    with pytest.raises(PostingError, match=complaint) as raised:
        decode_posting(data, "odd.bin")
    assert str(raised.value).startswith("odd.bin: ")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(PostingError, match=r"nowhere\.txt: No such file"):
        read_posting(tmp_path / "nowhere.txt")
