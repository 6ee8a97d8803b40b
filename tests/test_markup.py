import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolelens.markup import plain_text


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


@given(st.lists(st.sampled_from(["<p>", "</p>", "<li", ">", "<!--", "-->", "<![", "&#x", "&", "<script>", "한"])))
def test_broken_markup_never_fails(pieces):
    assert isinstance(plain_text("<p>" + "".join(pieces)), str)
