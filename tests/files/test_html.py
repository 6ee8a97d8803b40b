import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolelens.files.html import plain_text


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("no tags, 1 < 2 & 3 > 2", "no tags, 1 < 2 & 3 > 2"),
        ("<div><p>One</p><p>Two <b>bold</b> words</p></div>", "One\nTwo bold words"),
        ("<ul>\n <li><p>Train</p></li>\n <li>Deploy</li>\n</ul>", "- Train\n- Deploy"),
        ("One<br>two<br/><br>three", "One\ntwo\n\nthree"),
        ("<p>R&amp;D&nbsp;lab</p>", "R&D lab"),
        ("<style>p {}</style><p>Seen</p><script>unseen()</script>", "Seen"),
        ("<p>never closed <li>item", "never closed\n- item"),
    ],
)
def test_lines_and_lists_are_kept_and_tags_are_not(page, text):
    assert plain_text(page) == text


@pytest.mark.parametrize(
    "style",
    [
        'style="display:none"',
        'style="VISIBILITY: hidden"',
        'style="color:#fff"',
        'style="color: white; background-color: #ffffff"',
        'style="font-size:0px"',
        'style="opacity:0"',
        'style="color:rgb(255, 255, 255)"',
        "hidden",
    ],
)
def test_what_no_reader_sees_does_not_count(style):
    stuffing = "<div>prompt engineer <p>prompt</p></div>" * 3
    assert plain_text(f"<p>Weave baskets</p><div {style}>{stuffing}</div><p>and sell them</p>") == (
        "Weave baskets\nand sell them"
    )


@pytest.mark.parametrize(
    "style", ['style="color:#fff;background:#123"', 'style="font-size:0.9em"', 'style="opacity:0.8"', 'style="x"']
)
def test_what_a_reader_sees_counts(style):
    assert plain_text(f"<p {style}>Weave baskets</p>") == "Weave baskets"


@given(st.lists(st.sampled_from(["<p>", "</p>", "<li", ">", "<!--", "-->", "<![", "&#x", "&", "<script>", "한"])))
def test_broken_markup_never_fails(pieces):
    assert isinstance(plain_text("<p>" + "".join(pieces)), str)
