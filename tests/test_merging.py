"""One event once: which tellings within an article are one occurrence."""

from __future__ import annotations

import datetime

import pytest

from extract.pipeline import Extractor
from extract.records import Article, Event, Status


def tell(extractor: Extractor, text: str, title: str | None = None) -> list[Event]:
    article = Article("a", text, title=title, published=datetime.date(2020, 6, 17))
    return list(extractor.extract(article).events)


def words(event: Event, text: str) -> list[str]:
    return [text[span.start : span.end] for span in event.mentions]


def test_the_surest_count_of_the_harmed_is_kept(extractor: Extractor) -> None:
    text = (
        "Dozens of soldiers killed in Mali\n\n"
        "Gunmen killed at least 40 Malian soldiers near Menaka on Tuesday, the army said."
    )
    killed = [count.low for event in tell(extractor, text) for count in event.casualties]
    assert killed == [40]


@pytest.mark.parametrize(
    ("text", "event_type", "count"),
    [
        # Somebody reacts to what was told, whatever he calls it.
        (
            "Gunmen attacked a hotel in Bamako on Monday. The African Union condemned the attack.",
            "ASSAULT",
            1,
        ),
        # The place after the noun makes it another one.
        (
            "Gunmen attacked a hotel in Bamako on Monday. "
            "Paris condemned the attack on a bus in Lahore.",
            "ASSAULT",
            2,
        ),
        # The deed and its harm in one clause.
        ("The shelling of Donetsk killed four Ukrainian soldiers on Monday.", "ASSAULT", 1),
        # At each of two places, the harm told with both and counted once.
        (
            "Pakistani jets bombed houses in the Afghan provinces of Khost and Paktika overnight, "
            "killing nine children, the Taliban government said on Tuesday.",
            "ASSAULT",
            2,
        ),
        ("Troops fired missiles at Kharkiv on Monday, wounding five Polish nurses.", "ASSAULT", 1),
        # Two victims are two deeds, whatever their nation; one told again is one.
        (
            "Gunmen killed the Kenyan journalist John Mwangi in Nairobi on Monday. "
            "Gunmen killed the Kenyan lawyer Peter Otieno in Nairobi.",
            "ASSAULT",
            2,
        ),
        (
            "Police arrested opposition leader Alexei Navalny in Moscow on Monday. "
            "Navalny was arrested at the airport.",
            "COERCE",
            1,
        ),
        # A deed at each of several places; words about several places are one.
        ("Rebels shelled the towns of Aleppo and Idlib on Monday.", "ASSAULT", 2),
        ("The general stood between Aleppo and Idlib when rebels attacked.", "ASSAULT", 1),
        # An agreement with what is agreed, and to yield with the terms.
        ("Turkey and Greece agreed to hold a joint naval exercise in May.", "AGREE", 0),
        ("The rebels surrendered and agreed to a ceasefire in Goma on Monday.", "AGREE", 0),
        # "the drills to be held" are those told before.
        (
            "Iran and Azerbaijan will hold military drills in June. "
            "In the drills to be held in both countries, tasks will be performed.",
            "COOPERATE",
            1,
        ),
        # What a meeting heard is told with the meeting.
        (
            "At a meeting in Bled the Slovene president urged Serbia to talk.",
            "CONSULT",
            0,
        ),
    ],
)
def test_tellings_of_one_occurrence(
    extractor: Extractor, text: str, event_type: str, count: int
) -> None:
    events = [event for event in tell(extractor, text) if event.event_type == event_type]
    assert len(events) == count, [words(event, text) for event in events]


def test_a_title_repeats_the_body(extractor: Extractor) -> None:
    text = (
        "Troops leave Herat\n\n"
        "Italian troops withdrew from Herat on Monday, the ministry in Rome said."
    )
    events = [e for e in tell(extractor, text, "Troops leave Herat") if e.event_type == "RETREAT"]
    assert len(events) == 1
    assert events[0].place is not None
    assert events[0].place.name.startswith("Her")


def test_what_is_signed_is_one_signing(extractor: Extractor) -> None:
    text = "Qatar and Bahrain signed an accord to restore diplomatic relations on Tuesday."
    (event,) = tell(extractor, text)
    assert (event.event_type, event.status) == ("SUPPORT", Status.OCCURRED)
    assert "restore diplomatic relations" in words(event, text)
