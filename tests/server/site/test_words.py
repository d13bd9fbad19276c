"""Words from people, fit to be stored."""

import re
from xml.etree import ElementTree

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from installer.formats.ticket import Ticket, read, write
from server.site.words import check_site_name, one_line, paragraphs


def test_drops_control_characters_and_turning_ones() -> None:
    assert one_line("a\x0bb\x00 c\u202egpj.exe\n\nd") == "a b cgpj.exe d"


def test_keeps_lines_of_a_description() -> None:
    assert paragraphs("one\r\ntwo  \n\n\n\nthree\x0b\n") == "one\ntwo\n\nthree"


def test_keeps_what_merely_looks_like_markup() -> None:
    assert one_line("<script>{{7*7}}</script> ]]> é 日本") == "<script>{{7*7}}</script> ]]> é 日本"


@given(st.text())
def test_fits_into_xml_and_stays_as_it_is_when_cleaned_again(text: str) -> None:
    for clean in (one_line, paragraphs):
        cleaned = clean(text)
        element = ElementTree.Element("title")
        element.text = cleaned
        assert ElementTree.fromstring(ElementTree.tostring(element)).text in (cleaned, None)
        assert clean(cleaned) == cleaned
        assert not re.search("[\x00-\x08\x0b\x0c]", cleaned)


@given(st.text(max_size=80))
def test_a_site_may_have_exactly_the_names_that_fit_into_a_ticket(name: str) -> None:
    ticket = Ticket(
        token=bytes(32),
        site_name=name,
        site_url="http://films.example",
        upload_url="http://films.example/api",
        announce=("http://films.example/announce",),
        expires_at=0,
        size_limit=1,
        user_name="alice",
    )
    if name.isprintable():
        check_site_name(name)
        assert read(write(ticket)) == ticket
    else:
        with pytest.raises(ValidationError, match="cannot be seen"):
            check_site_name(name)
