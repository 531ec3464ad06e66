"""Text in labels and XML."""

import html

from hypothesis import given
from hypothesis import strategies as st

from minigraph.draw.markup import escape, plain
from minigraph.formula.names import visible


@given(st.text())
def test_escaped_text_has_no_markup_and_reads_back(text):
    shown = visible(text).replace("\xa0", " ")
    markup = escape(text)
    assert not set("<>\"'\\ ") & set(markup)
    read = html.unescape(markup).replace("\xa0", " ")
    assert read == shown.replace("\\", "\\\\")
    assert html.unescape(plain(text)).replace("\xa0", " ") == shown
    assert not set("<>\"'") & set(plain(text))
