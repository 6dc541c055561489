"""The main job, told in our own words: planned drills, a caption, and background."""

import datetime
from dataclasses import dataclass

import pytest

import extract
from extract.pipeline import Extraction, Extractor
from extract.records import Article, Event, Status
from extract.sources.plaintext import read_plain_text
from extract.table import build_table

REPORT = """A wider view of the region, every day

Baku and Tehran to stage joint drills in Nagorno-Karabakh

June 12, 2024 at 3:46 pm

Iranian troops take part in a yearly exercise off the Gulf of Oman on December 30, 2022 \
[Iranian Army/Anadolu Agency]

Azerbaijan and Iran will hold tactical drills in the Nagorno-Karabakh region today, which both \
governments say should bring them closer.

Press TV quoted the Defence Ministry of Azerbaijan as saying that troops, armour and drones would \
take part, and that officers would train taking decisions under pressure.

The drills come after the two countries' military officials agreed in October last year to hold a \
joint naval exercise in the Caspian Sea.

Azerbaijan seized full control of Karabakh last September in a brief military operation, after \
which pro-Armenian forces surrendered and accepted a ceasefire brokered by Russia. A separatist \
war broke out in Karabakh in 1992.

Azerbaijani forces are also scheduled to hold tactical exercises in the Nakhchivan Autonomous \
Republic today. At the same time the Iranian Army will conduct drills in Iran.

READ: Turkiye and Azerbaijan prolong gas accord until 2030
"""


@dataclass(frozen=True)
class Expected:
    types: tuple[str, ...]
    statuses: tuple[Status, ...]
    start: str
    end: str
    place: str
    actors: frozenset[str]


MUST = {
    "drills in Karabakh": Expected(
        ("COOPERATE", "MOBILIZE"), (Status.PLANNED,), "2024-06-12", "2024-06-12",
        "Nagorno-Karabakh", frozenset({"AZE", "IRN"}),
    ),
    "caption": Expected(
        ("MOBILIZE", "COOPERATE"), (Status.OCCURRED, Status.HISTORICAL), "2022-12-30", "2022-12-30",
        "Gulf of Oman", frozenset({"IRN"}),
    ),
    "naval agreement": Expected(
        ("AGREE", "COOPERATE"), (Status.OCCURRED, Status.PLANNED), "2023-10-01", "2023-10-31",
        "Caspian Sea", frozenset(),
    ),
    "takeover": Expected(
        ("ASSAULT", "COERCE"), (Status.OCCURRED,), "2023-09-01", "2023-09-30",
        "Nagorno-Karabakh", frozenset({"AZE"}),
    ),
    "war": Expected(
        ("ASSAULT",), (Status.HISTORICAL,), "1992-01-01", "1992-12-31",
        "Nagorno-Karabakh", frozenset(),
    ),
    "drills in Nakhchivan": Expected(
        ("MOBILIZE", "COOPERATE"), (Status.PLANNED,), "2024-06-12", "2024-06-12",
        "Nakhchivan", frozenset({"AZE"}),
    ),
    "drills in Iran": Expected(
        ("MOBILIZE", "COOPERATE"), (Status.PLANNED,), "2024-06-12", "2024-06-12",
        "Iran", frozenset({"IRN"}),
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def extraction(extractor: Extractor) -> Extraction:
    return extractor.extract(read_plain_text(REPORT))


def matches(event: Event, expected: Expected) -> bool:
    codes = {actor.country for actor in event.actors}
    return (
        event.event_type in expected.types
        and event.status in expected.statuses
        and str(event.start) == expected.start
        and str(event.end) == expected.end
        and event.place is not None
        and expected.place in event.place.name
        and expected.actors <= codes
    )


def test_the_publication_date_is_found_in_the_text(extraction: Extraction) -> None:
    assert extraction.article.published == datetime.date(2024, 6, 12)


@pytest.mark.parametrize("name", MUST)
def test_every_event_of_the_report_is_found(extraction: Extraction, name: str) -> None:
    told = [
        (e.event_type, e.status.value, str(e.start), str(e.end), e.place and e.place.name)
        for e in extraction.events
    ]
    assert any(matches(event, MUST[name]) for event in extraction.events), told


def test_page_furniture_gives_no_event(extraction: Extraction) -> None:
    text = extraction.article.text
    slogan, link = text.index("A wider view"), text.index("READ:")
    for event in extraction.events:
        for spans in event.spans.values():
            for span in spans:
                assert not slogan <= span.start < slogan + 37
                assert span.start < link


def test_every_field_shows_its_words(extraction: Extraction) -> None:
    text = extraction.article.text
    frame = build_table([(extraction.article, extraction.events)])
    for event, (_, row) in zip(extraction.events, frame.iterrows(), strict=True):
        start, end = row["spans"]["what"]
        assert text[start:end] == row["trigger"]
        assert text[row["sentence_start"] : row["sentence_end"]] == row["sentence"]
        for actor in (*event.actors, *event.recipients):
            assert actor.span.of(text) == actor.text
    for item in extraction.resolved:
        assert item.span.of(text) == item.toponym.text
    for timex in extraction.timexes:
        assert timex.span.of(text) == timex.text


def test_a_second_run_gives_the_same_ids(extractor: Extractor, extraction: Extraction) -> None:
    again = extractor.extract(extraction.article)
    assert [event.id for event in again.events] == [event.id for event in extraction.events]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "the text is empty"),
        ("The garden was quiet and the roses were red.", "no words that report an event"),
    ],
)
def test_silence_is_explained(extractor: Extractor, text: str, reason: str) -> None:
    extraction = extractor.extract(Article("a", text, published=datetime.date(2024, 1, 1)))
    assert extraction.events == ()
    assert extraction.skipped == reason


def test_the_face_of_the_package_is_complete() -> None:
    for name in extract.__all__:
        assert getattr(extract, name) is not None
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = extract.no_such_name
