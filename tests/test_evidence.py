"""The card of an event: every field with its words, and nobody's text as markup."""

from __future__ import annotations

import datetime
from html.parser import HTMLParser

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.records import Casualties, DateBasis, Span
from extract.table import build_table
from tests.made_events import HOSTILE, make_article, make_event, make_hostile_pairs, make_pairs
from view.evidence import escape_markdown, link_source, mark_words, write_card, write_draft

TEXT = "Iran struck Baku on Monday, officials said."
FIELDS = {"who": [(0, 4)], "what": [(5, 11)], "where": [(12, 16)], "when": [(20, 26)]}


class Reader(HTMLParser):
    """What a browser would make of a card: tags, addresses, and the plain text."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.handlers: list[str] = []
        self.text = ""
        self.marks: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        values = dict(attrs)
        self.handlers += [name for name in values if name.startswith("on")]
        if tag == "a":
            self.links.append(values.get("href") or "")
        if tag == "mark":
            self._open.append(values.get("class") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "mark":
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._open:
            self.marks.append((self._open[-1], data))


def first_row(pairs: list[object]) -> pd.Series:
    return build_table(pairs).iloc[0]  # type: ignore[arg-type]


def test_each_field_is_marked_in_its_own_colour() -> None:
    reader = Reader(mark_words(TEXT, FIELDS))
    assert reader.text == TEXT
    assert reader.marks == [
        ("dl-who", "Iran"),
        ("dl-what", "struck"),
        ("dl-where", "Baku"),
        ("dl-when", "Monday"),
    ]


def test_offsets_are_the_articles_and_may_reach_outside() -> None:
    assert Reader(mark_words("Baku", FIELDS, offset=12)).marks == [("dl-where", "Baku")]
    assert Reader(mark_words(TEXT, {"who": [(40, 99)]})).text == TEXT


def test_overlapping_fields_name_both() -> None:
    marked = mark_words("Iranian strike", {"what": [(0, 14)], "who": [(0, 7)]})
    assert 'title="What, Who">Iranian<' in marked
    assert 'title="What"> strike<' in marked


@given(
    st.text(max_size=40),
    st.dictionaries(
        st.sampled_from(["what", "who", "whom", "where", "when"]),
        st.lists(st.tuples(st.integers(0, 45), st.integers(0, 45)), max_size=3),
    ),
)
def test_marking_never_changes_the_words(
    text: str, spans: dict[str, list[tuple[int, int]]]
) -> None:
    text = text.replace("\r", "")
    assert Reader(mark_words(text, spans)).text == text


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("https://news.example/1", True),
        ("HTTP://news.example/?a=1&b=2", True),
        ("javascript:alert(1)", False),
        (" javascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("data:text/html,<script>", False),
        ("//news.example", False),
        ("https:///nowhere", False),
        ("http://[broken", False),
        ("", False),
        (None, False),
    ],
)
def test_only_web_addresses_are_links(url: str | None, linked: bool) -> None:
    reader = Reader(link_source("A title", url))
    assert reader.text == "A title"
    assert bool(reader.links) == linked


def test_a_card_tells_every_field() -> None:
    article, events = make_pairs(1)[0]
    reader = Reader(write_card(first_row([(article, events)]), text=article.text))
    for label in ("What", "Who", "To whom", "Where", "When", "How sure", "72%"):
        assert label in reader.text
    assert reader.links == [article.url]
    assert {name for name, _ in reader.marks} == {
        "dl-what", "dl-who", "dl-whom", "dl-where", "dl-when",
    }  # fmt: skip
    assert "Other places it could mean" in reader.text


def test_what_is_not_known_is_said() -> None:
    article = make_article(0, "It happened.", url=None, title=None, published=None)
    event = make_event(article, place=None, start=None, actor=None)
    text = Reader(write_card(first_row([(article, [event])]))).text
    for words in ("not named", "no place named", "no date given", "Untitled article"):
        assert words in text
    assert "nan" not in text.lower()
    assert "<na>" not in text.lower()


def test_a_date_of_publication_is_only_an_upper_bound() -> None:
    from dataclasses import replace

    article = make_article(0, "It happened.")
    event = replace(make_event(article), date_basis=DateBasis.PUBLISHED)
    text = Reader(write_card(first_row([(article, [event])]))).text
    assert "by 12 Jun 2024" in text


def test_harm_is_told_with_its_bounds() -> None:
    from dataclasses import replace

    article = make_article(0, "Two to five killed.")
    harms = (Casualties("killed", 2, 5, Span(0, 3)), Casualties("wounded", 9, None, Span(0, 3)))
    event = replace(make_event(article), casualties=harms)
    text = Reader(write_card(first_row([(article, [event])]))).text
    assert "2–5 killed" in text
    assert "9 or more wounded" in text


def test_evidence_outside_the_sentence_is_shown_with_its_neighbours() -> None:
    from dataclasses import replace

    article = make_article(0, "June 12, 2024. Iran struck. The end of it.")
    event = replace(
        make_event(article, spans={"what": (Span(20, 26),), "when": (Span(0, 13),)}),
        sentence=Span(15, 27),
    )
    row = first_row([(article, [event])])
    assert ("dl-when", "June 12, 2024") in Reader(write_card(row, text=article.text)).marks
    assert ("dl-when", "June 12, 2024") not in Reader(write_card(row)).marks


@pytest.mark.parametrize("pair", make_hostile_pairs(), ids=range(len(HOSTILE)))
def test_hostile_text_stays_text(pair: object) -> None:
    article, _ = pair  # type: ignore[misc]
    row = first_row([pair])
    for markup in (write_card(row, text=article.text), write_draft(article, 1, None)):
        reader = Reader(markup)
        assert not {"script", "svg", "iframe", "object", "style"} & set(reader.tags)
        assert reader.handlers == []
        assert all(link.startswith("https://") for link in reader.links)
        assert article.title in reader.text


def test_drafts_say_what_was_read() -> None:
    article = make_article(1, "Text", published=datetime.date(2024, 6, 12), source="AFP")
    assert "AFP · published 12 Jun 2024 · 2 events" in Reader(write_draft(article, 2, None)).text
    assert "no event: too short" in Reader(write_draft(article, 0, "too short")).text


@pytest.mark.parametrize("text", ["[a](http://x)", "**b** :red[c] $d$", "<b> `e` # f", "a_b|c~d"])
def test_markdown_is_shown_as_it_is(text: str) -> None:
    escaped = escape_markdown(text)
    assert escaped.replace("\\", "") == text
    for sign in "[]()*:$<>`#_|~":
        assert escaped.count(f"\\{sign}") == text.count(sign)
