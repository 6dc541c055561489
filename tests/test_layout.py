"""Layout: every character has its block, and each kind of line is told by what it says."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.language import Language, split_sentences
from extract.layout import divide, find_dateline
from extract.layout.datelines import find_dates, find_time, is_date_line
from extract.layout.header import Basis, read_header
from extract.records import Article, Block, BlockKind, Span

TITLE, HEADER, CAPTION, PARAGRAPH, FURNITURE = (
    BlockKind.TITLE,
    BlockKind.HEADER,
    BlockKind.CAPTION,
    BlockKind.PARAGRAPH,
    BlockKind.FURNITURE,
)

REPORT = """\
News without borders since 1998

Turkey and Georgia to hold naval drill off Batumi

March 3, 2023 at 9:05 am

Sailors line the deck of a frigate in Istanbul on May 2, 2022 [Navy Office/Anadolu Agency]

Turkey and Georgia will hold a naval drill off the port of Batumi this week, officials said.

The last such drill took place in October.

READ: Ankara and Tbilisi sign a deal on rail freight
Share on Facebook
12 comments
© 2023 Example Monitor. All rights reserved."""


def kinds_of(text: str, title: str | None = None) -> list[tuple[BlockKind, str]]:
    return [(block.kind, block.span.of(text)) for block in divide(text, title=title)]


def assert_covers(text: str, blocks: tuple[Block, ...]) -> None:
    position = 0
    for block in blocks:
        assert not text[position : block.span.start].strip()
        words = block.span.of(text)
        assert words
        assert words == words.strip()
        position = block.span.end
    assert not text[position:].strip()


def test_a_report_is_laid_out_from_slogan_to_copyright() -> None:
    assert [kind for kind, _ in kinds_of(REPORT)] == [
        FURNITURE, TITLE, HEADER, CAPTION, PARAGRAPH, PARAGRAPH,
        FURNITURE, FURNITURE, FURNITURE, FURNITURE,
    ]  # fmt: skip
    assert_covers(REPORT, divide(REPORT))


@settings(deadline=None)
@given(st.text())
def test_no_character_is_lost(text: str) -> None:
    assert_covers(text, divide(text))


PIECES = st.sampled_from(
    ["\n", "\n\n", "\r\n", " ", "\t", "By Jane Doe", "READ: more", "June 12, 2024", "A title here",
     "The army said so.", "[AFP]", "BAKU, June 12 (Reuters) - ", "Share on Facebook", "\u2028",
     "Photo: a ship", "(AP, Reuters - 24/10/08)", "a line of text that goes on and on for long"]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(PIECES, max_size=30), st.sampled_from([None, "A title here", "The army said so"]))
def test_no_character_of_an_article_is_lost(pieces: list[str], title: str | None) -> None:
    text = "".join(pieces)
    assert_covers(text, divide(text, title=title))


@pytest.mark.parametrize("text", ["", " ", "\n\n\t"])
def test_a_blank_text_has_no_blocks(text: str) -> None:
    assert divide(text) == ()


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        # links to other stories
        ("READ: Baku opens a new terminal", FURNITURE),
        ("ALSO READ | Oil falls for a third day", FURNITURE),
        ("Read more: What we know about the strike", FURNITURE),
        ("Related: Ten charts on grain", FURNITURE),
        ("Watch: Minister speaks to the press", FURNITURE),
        ("RELATED STORIES", FURNITURE),
        # the page's own
        ("Share on Facebook", FURNITURE),
        ("Facebook Twitter WhatsApp Email", FURNITURE),
        ("Subscribe to our newsletter", FURNITURE),
        ("Sign up for our morning briefing.", FURNITURE),
        ("Follow us on Telegram", FURNITURE),
        ("Follow @ExampleNews on Twitter", FURNITURE),
        ("Copyright 2024 Example Media Ltd.", FURNITURE),
        ("© Example 2024", FURNITURE),
        ("All rights reserved.", FURNITURE),
        ("Comments (14)", FURNITURE),
        ("3 comments", FURNITURE),
        ("Leave a comment", FURNITURE),
        ("Advertisement", FURNITURE),
        ("* * *", FURNITURE),
        ("https://example.org/live", FURNITURE),
        ("(Euronews, AFP - 24/10/08)", FURNITURE),
        ("(Various sources -- 02/06/10-09/06/10)", FURNITURE),
        ("(Reuters, AP)", FURNITURE),
        ("list 1 of 3", FURNITURE),
        ("News ID: 85839283", FURNITURE),
        ("♦ Receive daily updates directly in your inbox", FURNITURE),
        ("Download the Example app for your telephone", FURNITURE),
        ("Follow the agency’s coverage of Africa at https://example.org/africa", FURNITURE),
        ("Contact: press@example.org", FURNITURE),
        ("FOR IMMEDIATE RELEASE", FURNITURE),
        # header lines
        ("Doe reported from Cairo. Staff writer Mary Major contributed to this report.", HEADER),
        ("BBC News, Nairobi", HEADER),
        ("May 6, 20258:14 AM GMT+3Updated 2 hours ago", HEADER),
        ("By Jane Doe", HEADER),
        ("By Jane Doe and John Smith in Tbilisi", HEADER),
        ("By Ana Petrova for Example Times in Sofia – 11/09/06", HEADER),
        ("Reporting by Ali Veli; Editing by Jane Doe", HEADER),
        ("Written by Staff Writer", HEADER),
        ("Source: Example Agency", HEADER),
        ("Reuters", HEADER),
        ("Published: 12 June 2024", HEADER),
        ("Last updated 10:12 GMT, 12 June 2024", HEADER),
        ("MOSCOW—", HEADER),
        # captions
        ("[1/4] Smoke rises over the port. REUTERS/Jane Doe Purchase Licensing Rights", CAPTION),
        ("Getty Images", CAPTION),
        ("A tanker passes the strait on May 3. [Example/AFP]", CAPTION),
        ("Workers strike in Belgrade. [Reuters]", CAPTION),
        ("Rescuers at the site of the collapse. (Photo by Jane Doe)", CAPTION),
        ("Smoke rises over the port, June 3, 2024. REUTERS/Jane Doe", CAPTION),
        ("A soldier stands guard (AP Photo/Jane Doe)", CAPTION),
        ("FILE PHOTO: The flag flies over the embassy", CAPTION),
        ("FILE - The president speaks in Kyiv, May 4, 2023.", CAPTION),
        ("Photo: A boat on the lake", CAPTION),
        ("Image caption The bridge was closed", CAPTION),
        # text that only looks like the above
        ("By Sunday the rebels had taken the town and the airport beside it.", PARAGRAPH),
        ("By contrast, Tehran called the talks useful.", PARAGRAPH),
        ("Read as a whole, the report accuses both armies of war crimes.", PARAGRAPH),
        ("Watch towers were destroyed along the border, the ministry said.", PARAGRAPH),
        ("Subscribers to the grain deal met in Istanbul, and officials said it was extended.",
         PARAGRAPH),
        ("The war began on 24 February 2022.", PARAGRAPH),
        ("Iran fired on April 14, 2024, and Israel answered on April 19, 2024.", PARAGRAPH),
        ("He was killed in a 2008 raid inside Syrian territory.[4]", PARAGRAPH),
        ("The minister said [sic]", PARAGRAPH),
        ("“We will not comment,” the spokesman said.", PARAGRAPH),
        ("The drone was shot down over the Black Sea. (AFP)", PARAGRAPH),
        ("Share prices fell in Tel Aviv after the strike.", PARAGRAPH),
        ("Print workers in Ankara went on strike on Monday.", PARAGRAPH),
    ],
)  # fmt: skip
def test_a_line_is_told_by_its_words(line: str, kind: BlockKind) -> None:
    text = (
        f"A headline about something else\n\nThe army said so on Monday.\n\n{line}\n\nIt went on."
    )
    assert (kind, line) in kinds_of(text)


@pytest.mark.parametrize(
    ("text", "title", "expected"),
    [
        # one line of either kind
        ("Missile strike kills three in Kharkiv", None, [TITLE]),
        ("A missile strike killed three people in Kharkiv on Monday.", None, [PARAGRAPH]),
        ("Kharkiv hit again\nTbilisi protests go on", None, [TITLE, PARAGRAPH]),
        # a title and a standfirst with its full stop
        ("Kharkiv hit again\nThe strike came at dawn.\nIt was the third.", None,
         [TITLE, PARAGRAPH, PARAGRAPH]),
        # a second headline without a full stop
        ("Kharkiv hit again\nThe strike came at dawn, the governor says\nThe strike was heavy.",
         None, [TITLE, TITLE, PARAGRAPH]),
        # a section's name above, an outlet's name, a slogan
        ("World | Europe\nKharkiv hit again\nThe strike was heavy.", None,
         [FURNITURE, TITLE, PARAGRAPH]),
        ("BBC News\nKharkiv hit again\nThe strike was heavy.", None, [HEADER, TITLE, PARAGRAPH]),
        # a title that is known from elsewhere
        ("Our motto is our own\nKharkiv hit again\nThe strike was heavy.", "Kharkiv Hit Again",
         [FURNITURE, TITLE, PARAGRAPH]),
        ("Kharkiv hit again. The strike was heavy.", "Kharkiv hit again", [TITLE, PARAGRAPH]),
        ("Kharkiv hit again. The strike was heavy.", None, [PARAGRAPH]),
        ("Kharkiv hit again", "Kharkiv hit again", [TITLE]),
        # an abbreviation is no full stop
        ("Talks held in the U.S.\nThe talks went well.", None, [TITLE, PARAGRAPH]),
        # a title may ask
        ("Will Baku sign?\nThe talks went well.", None, [TITLE, PARAGRAPH]),
        # a writer's name between title and day
        ("Baku signs\nJane Doe\nJune 12, 2024\nThe talks went well.", None,
         [TITLE, HEADER, HEADER, PARAGRAPH]),
        ("Baku signs\nJune 12, 2024\nJane Doe\nGetty Images\nThe port at night\nTalks went well.",
         None, [TITLE, HEADER, HEADER, CAPTION, CAPTION, PARAGRAPH]),
        # a list for screen readers in the midst
        ("Baku signs\nThe talks went well.\nlist of 2 items\nWhat is gas?\nend of list\nIt is so.",
         None, [TITLE, PARAGRAPH, FURNITURE, FURNITURE, FURNITURE, PARAGRAPH]),
        # headlines under a heading of links
        ("Baku signs\nThe talks went well.\nRelated stories\nKharkiv hit again\nTbilisi protests",
         None, [TITLE, PARAGRAPH, FURNITURE, FURNITURE, FURNITURE]),
        # nothing but a day and what it is of
        ("Status report of 10 June 2018", None, [TITLE]),
    ],
)  # fmt: skip
def test_the_title_is_found_by_where_it_stands(
    text: str, title: str | None, expected: list[BlockKind]
) -> None:
    assert [kind for kind, _ in kinds_of(text, title)] == expected


WRAPPED = """\
The two navies began a joint exercise in the Caspian Sea on Monday, the
ministry said, after an agreement that was reached last year between
Baku and Tehran.
The drill will last until Friday. Ships of both countries take part in
it, with aircraft and about four hundred marines from the bases of
Lankaran and Anzali."""


def test_wrapped_lines_are_one_paragraph() -> None:
    blocks = divide(WRAPPED)
    assert [block.kind for block in blocks] == [PARAGRAPH, PARAGRAPH]
    sentences = [
        span.of(WRAPPED) for block in blocks for span in split_sentences(WRAPPED, block.span)
    ]
    assert len(sentences) == 3
    assert sentences[0].endswith("Baku and Tehran.")
    assert sentences[2].startswith("Ships of both")


def test_the_tokens_of_a_wrapped_paragraph_know_no_line_breaks() -> None:
    document = Language().read(Article("a", WRAPPED), divide(WRAPPED))
    for sentence in document.sentences:
        for token in sentence.tokens:
            assert not token.is_space
            assert sentence.span_of(token.i, token.i).of(WRAPPED) == token.text


def test_an_indented_line_begins_a_paragraph() -> None:
    text = WRAPPED.replace("\nThe drill", "\n   The drill").replace("\nBaku and Tehran.", "\nBaku.")
    assert [words.split()[0] for _, words in kinds_of(text)] == ["The", "The"]
    mail = "Subject: Drill off Lankaran\nDate: 6 May 2025\n\n" + WRAPPED
    assert [kind for kind, _ in kinds_of(mail)] == [TITLE, HEADER, PARAGRAPH, PARAGRAPH]
    assert read_header(mail).title == "Drill off Lankaran"


def test_lines_that_end_where_they_like_are_paragraphs() -> None:
    text = "\n".join(
        ["Baku signs the deal", "The talks went well.", "Both sides said so on Monday in Vienna.",
         "Tehran did not.", "It said that it was not asked, and that it would not sign."]
    )  # fmt: skip
    assert len(divide(text)) == 5


def test_a_list_is_not_joined() -> None:
    text = "The deal has parts that the ministry named on Monday in Baku:\n- gas\n- oil\n- rail"
    assert [words for _, words in kinds_of(text)][1:] == ["- gas", "- oil", "- rail"]


def test_a_paragraph_knows_its_dateline() -> None:
    text = (
        "Talks open\n\nBAKU, June 12 (Reuters) - Talks opened on Monday.\n\nThey went on for hours."
    )
    blocks = divide(text)
    words = [block.dateline.of(text).strip() if block.dateline else None for block in blocks]
    assert words == [None, "BAKU, June 12 (Reuters) -", None]


@pytest.mark.parametrize(
    ("text", "place", "date", "agency"),
    [
        ("BAKU, June 12 (Reuters) - The army said so.", "BAKU", "June 12", "Reuters"),
        ("MOSCOW — Russia said on Monday.", "MOSCOW", None, None),
        ("WASHINGTON (AP) _ The Senate voted.", "WASHINGTON", None, "AP"),
        ("O'TOWN, Cambodia (AP)_ Troops moved in.", "O'TOWN, Cambodia", None, "AP"),
        ("ISLAMABAD/KABUL, June 12 (Reuters) - Guns fell silent.", "ISLAMABAD/KABUL", "June 12",
         "Reuters"),
        ("Baku, 12 June 2024 (TASS) - The army said so.", "Baku", "12 June 2024", "TASS"),
        ("TEHRAN, June 12. /TASS/. The ministry said so.", "TEHRAN", "June 12", "TASS"),
        ("GENEVA (12 June 2024) – UN experts said so.", "GENEVA", "12 June 2024", None),
        ("NEW YORK, 12 June 2024 – The council met.", "NEW YORK", "12 June 2024", None),
        ("CAIRO: The foreign ministry said on Monday that it had asked for a truce.", "CAIRO",
         None, None),
        ("Kyiv (Reuters) - Russian drones hit a port.", "Kyiv", None, "Reuters"),
        ("PORT-AU-PRINCE, Haiti — Gangs took the road.", "PORT-AU-PRINCE, Haiti", None, None),
        ("JUBA, South Sudan, Jan. 3, 2012 (AFP) – Men fled.", "JUBA, South Sudan",
         "Jan. 3, 2012", "AFP"),
        ("São Paulo, June 3 (EFE).- The police said so.", "São Paulo", "June 3", "EFE"),
        ("RAMALLAH, Wednesday, June 12, 2024 (WAFA) - Soldiers came.", "RAMALLAH",
         "Wednesday, June 12, 2024", "WAFA"),
        ("Damascus, SANA – The army said so.", "Damascus", None, "SANA"),
    ],
)  # fmt: skip
def test_a_dateline_is_taken_apart(
    text: str, place: str, date: str | None, agency: str | None
) -> None:
    dateline = find_dateline(text, Block(Span(0, len(text)), PARAGRAPH))
    assert dateline is not None
    assert dateline.place.of(text) == place
    assert (dateline.date.of(text) if dateline.date else None) == date
    assert dateline.agency == agency
    assert dateline.span.start == 0
    assert text[dateline.span.end :].lstrip()[0].isupper()


@pytest.mark.parametrize(
    "text",
    [
        "Ukraine – which had long refused – signed.",
        "U.N. officials said - the talks failed.",
        "NATO said on Monday that it would go.",
        "READ: the story of the year in ten long charts and pictures",
        "QUESTION: Will the ministry answer the letter that we sent in May?",
        "SECRETARY DOE: The ministry will answer the letter that you sent in May.",
        "Putin — the president since 2012 — spoke.",
        "The talks in BAKU, June 12 (Reuters) - said",
        "",
        "A",
    ],
)
def test_what_is_no_dateline(text: str) -> None:
    assert find_dateline(text, Block(Span(0, len(text)), PARAGRAPH)) is None


@settings(deadline=None)
@given(st.text(max_size=200))
def test_a_dateline_lies_in_its_block(text: str) -> None:
    for block in divide(text):
        dateline = find_dateline(text, block)
        if dateline:
            assert block.span.covers(dateline.span)
            assert dateline.span.covers(dateline.place)


@pytest.mark.parametrize(
    ("line", "day", "time"),
    [
        ("June 12, 2024 at 3:46 pm", (2024, 6, 12), (15, 46)),
        ("2024-06-12", (2024, 6, 12), None),
        ("2024-06-12T15:46:00+04:00", (2024, 6, 12), (15, 46)),
        ("2024-06-12 08:05", (2024, 6, 12), (8, 5)),
        ("Published: 12 June 2024", (2024, 6, 12), None),
        ("Published 3:46 PM EDT, Wed June 12, 2024", (2024, 6, 12), (15, 46)),
        ("Updated 10:12 GMT, 31/12/2024", (2024, 12, 31), (10, 12)),
        ("Wednesday, 12th of June 2024", (2024, 6, 12), None),
        ("12 Jun 2024 14:05 GMT", (2024, 6, 12), (14, 5)),
        ("Baku, June 12, 2024", (2024, 6, 12), None),
        ("Reuters | Sept. 1, 2024 | 12.30 a.m.", (2024, 9, 1), (0, 30)),
        ("Last updated on 31.12.2024, 15:46", (2024, 12, 31), (15, 46)),
        ("24/10/08", (2008, 10, 24), None),
        ("12 June 2024 | 5 min read", (2024, 6, 12), None),
        ("12 June 2024, noon", (2024, 6, 12), (12, 0)),
    ],
)
def test_a_date_line_gives_day_and_time(
    line: str, day: tuple[int, int, int], time: tuple[int, int] | None
) -> None:
    assert is_date_line(line)
    (written,) = find_dates(line)
    assert written.resolve() == datetime.date(*day)
    assert find_time(line, Span(0, len(line))) == (datetime.time(*time) if time else None)


@pytest.mark.parametrize(
    "line",
    ["January 6, 2021 Capitol attack", "The war began on June 12, 2024", "May 2024",
     "Iran votes on June 28, 2024", "Timeline: October 7, 2023", "30 February 2024 was no day",
     "June", "", "In 2024"],
)  # fmt: skip
def test_a_sentence_or_title_with_a_day_is_no_date_line(line: str) -> None:
    assert not is_date_line(line)


@pytest.mark.parametrize(
    ("text", "published", "basis"),
    [
        (REPORT, "2023-03-03", Basis.DATE_LINE),
        ("Baku signs\nUpdated June 13, 2024\nPublished June 11, 2024\nThe talks went well.",
         "2024-06-11", Basis.PUBLISHED_LABEL),
        ("Baku signs\nUpdated: June 13, 2024\nThe talks went well.", "2024-06-13",
         Basis.UPDATED_LABEL),
        ("Baku signs\nBy Ana Petrova for Example Times in Sofia – 31/05/06\nThey signed.",
         "2006-05-31", Basis.BYLINE),
        ("BAKU, June 12, 2024 (Reuters) - The army said so.", "2024-06-12", Basis.DATELINE),
        ("Baku signs\n(AFP, BBC - 24/10/08; Reuters - 23/10/08)\nThey signed.", "2008-10-24",
         Basis.CREDITS),
        # a day without its year needs a year from elsewhere
        ("BAKU, June 12 (Reuters) - The army said so.\n\n© 2024 Example", "2024-06-12",
         Basis.WITHOUT_YEAR),
        ("BAKU, June 12 (Reuters) - The army said so.", None, None),
        # day and month could change places, unless the rest of the text decides
        ("Baku signs\n12/06/2024\nThe talks went well.", None, None),
        ("Baku signs\n12/06/2024\nThe talks began on 10 June.", "2024-06-12", Basis.DATE_LINE),
        ("Baku signs\n12/06/2024\nThe talks began on December 4.", "2024-12-06", Basis.DATE_LINE),
        ("Baku signs\n12/06/2024\nThe first talks were on 28/05/2024.", "2024-06-12",
         Basis.DATE_LINE),
        # the days of the story are no day of publication
        ("Baku signs\nThe talks of June 12, 2024 went well.", None, None),
    ],
)  # fmt: skip
def test_the_day_of_publication_is_read_from_the_head(
    text: str, published: str | None, basis: Basis | None
) -> None:
    header = read_header(text)
    assert header.published == (datetime.date.fromisoformat(published) if published else None)
    assert header.basis == basis


def test_the_head_gives_title_time_and_source() -> None:
    header = read_header(REPORT)
    assert header.title == "Turkey and Georgia to hold naval drill off Batumi"
    assert header.time == datetime.time(9, 5)
    assert read_header("Baku signs\nSource: Example Agency\nThey did.").source == "Example Agency"
    assert read_header("BAKU (AP) - They signed the deal.").source == "AP"
    summed_up = "Baku signs\nGas to flow\nPrice is open\nBAKU (AP) - They signed the deal."
    assert read_header(summed_up).source == "AP"
    assert read_header("Baku signs\nReuters | June 12, 2024\nThey did.").source == "Reuters"


def test_an_unclear_day_is_told() -> None:
    assert read_header("Baku signs\n03/04/2024\nThe talks went well.").unclear == "03/04/2024"
    assert read_header("BAKU, June 12 (Reuters) - They did.").unclear == "June 12"


@settings(deadline=None)
@given(st.text())
def test_reading_the_head_never_fails(text: str) -> None:
    header = read_header(text)
    assert header.published is None or isinstance(header.published, datetime.date)
