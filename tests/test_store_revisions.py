"""An article that changed on the web: the latest text counts, what it said before stays."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from extract.records import Event, Span
from extract.store import Store
from tests.made_events import DRILL, Extraction, make_drill, make_drill_events

INSERTED = "Breaking news. "


def move(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def make_later(by: str = INSERTED) -> Extraction:
    """Return the drill's article with words put before it, so that every span moved."""
    first = make_drill()
    article = dataclasses.replace(first.article, text=by + DRILL)
    shift = len(by)

    def shifted(event: Event) -> Event:
        return dataclasses.replace(
            event,
            id=f"{event.id}-{shift}",
            sentence=move(event.sentence, shift),
            spans={
                name: tuple(move(span, shift) for span in spans)
                for name, spans in event.spans.items()
            },
            casualties=tuple(
                dataclasses.replace(harmed, span=move(harmed.span, shift))
                for harmed in event.casualties
            ),
        )

    return Extraction(article, tuple(map(shifted, make_drill_events(first.article))))


def test_a_changed_text_becomes_the_latest_revision(store: Store) -> None:
    first, later = make_drill(), make_later()
    store.add(first)
    store.add(make_drill(2))
    before = store.version()
    assert not store.holds(later.article)
    assert store.add(later)
    assert store.version() != before
    assert store.holds(first.article)
    assert store.holds(later.article)
    assert store.article(first.article.id) == later.article
    assert store.article(f"{first.article.id}@1") == dataclasses.replace(
        first.article, id=f"{first.article.id}@1"
    )
    latest = [event.id for event in (*later.events, *make_drill(2).events)]
    assert store.events_table()["event_id"].tolist() == latest
    every = store.events_table(revisions=True)["event_id"].tolist()
    assert sorted(every) == sorted([*latest, *(f"{event.id}@1" for event in first.events)])
    assert [article.id for article in store.articles()] == [
        first.article.id,
        make_drill(2).article.id,
    ]
    assert len(list(store.articles(revisions=True))) == 3
    assert (store.counts().articles, store.counts().events) == (2, 4)
    assert list(store.faults()) == []


def test_a_text_that_was_there_before_is_no_new_revision(store: Store) -> None:
    assert store.add(make_drill())
    assert store.add(make_later())
    before = store.version()
    assert not store.add(make_drill())
    assert not store.add(make_later())
    assert store.version() == before
    assert store.add(make_later("Once more. "))
    every = store.events_table(revisions=True)["article_id"].unique()
    identity = make_drill().article.id
    assert sorted(every) == [identity, f"{identity}@1", f"{identity}@2"]


def test_a_correction_follows_its_words_or_stays_with_the_old_text(store: Store) -> None:
    first, later = make_drill(), make_later()
    drill, protest = (event.id for event in first.events)
    store.add(first)
    store.correct(drill, {"status": "planned"})
    store.correct(protest, {"status": "denied"})
    # The protest is told no more; and the drill's new event has the id that the protest had.
    renamed = dataclasses.replace(later.events[0], id=protest)
    store.add(Extraction(later.article, (renamed,)))
    statuses = store.events_table(revisions=True).set_index("event_id")["status"]
    assert statuses.to_dict() == {
        protest: "planned",
        f"{drill}@1": "ongoing",
        f"{protest}@1": "denied",
    }


def test_removing_an_article_removes_its_revisions(store: Store) -> None:
    store.add(make_drill())
    store.add(make_later())
    assert store.remove(make_drill().article.id)
    assert list(store.articles(revisions=True)) == []
    assert store.events_table(revisions=True).empty


def test_a_revision_that_cannot_be_kept_changes_nothing(store: Store) -> None:
    store.add(make_drill())
    later, before = make_later(), store.version()
    with pytest.raises(Exception, match="nothing of this step was kept"):
        store.add(Extraction(later.article, later.events[:1] * 2))
    assert store.version() == before
    assert store.article(later.article.id) == make_drill().article
    assert len(store.events_table(revisions=True)) == 2


def test_events_read_again_take_the_place_of_the_old(store: Store) -> None:
    first = make_drill()
    store.add(first)
    store.add(make_drill(2))
    store.correct(first.events[0].id, {"status": "planned"})
    other = dataclasses.replace(first.events[0], id="widened")
    assert store.replace(Extraction(first.article, (other,)), moved={first.events[0].id: "widened"})
    table = store.events_table().set_index("event_id")
    assert table.index.tolist() == ["widened", *(event.id for event in make_drill(2).events)]
    assert table.loc["widened", "status"] == "planned"
    assert store.replace(Extraction(first.article, (), "nothing found"))
    assert store.counts().reasons == {"nothing found": 1}
    assert store.stray_corrections() == 1
    assert not store.replace(make_later())


def test_programs_that_revise_at_once_all_keep_their_text(store: Store) -> None:
    store.add(make_drill())
    barrier = Barrier(4)

    def revise(number: int) -> bool:
        with Store(store.url) as own:
            barrier.wait()
            return own.add(make_later(f"{number} times. "))

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(revise, range(4)))
    identity = make_drill().article.id
    every = [article.id for article in store.articles(revisions=True)]
    assert sorted(every) == [identity, *(f"{identity}@{number}" for number in range(1, 5))]
    assert len({article.text for article in store.articles(revisions=True)}) == 5
    assert list(store.faults()) == []
