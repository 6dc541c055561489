import datetime

import pandas as pd
import pytest

from extract.errors import TableError
from extract.records import (
    Article,
    DateBasis,
    Event,
    Granularity,
    Place,
    PlaceBasis,
    Precision,
    Span,
    Status,
)
from extract.table import COLUMNS, build_table, check_table, shape_table

TEXT = "Iran and Oman held drills in the Gulf of Oman on Monday."
ARTICLE = Article(id="a1", text=TEXT, published=datetime.date(2024, 6, 12))
SEA = Place("Gulf of Oman", 24.8, 58.5, Precision.SEA, 250.0, ("OMN", "IRN"))


def make_event(**changes: object) -> Event:
    values: dict[str, object] = {
        "id": "e1",
        "article_id": "a1",
        "event_type": "COOPERATE",
        "mode": None,
        "status": Status.OCCURRED,
        "sentence": Span(0, len(TEXT)),
        "spans": {"what": (Span(14, 25),), "where": (Span(33, 45),)},
        "place": SEA,
        "place_basis": PlaceBasis.TRIGGER,
        "start": datetime.date(2024, 6, 10),
        "end": datetime.date(2024, 6, 10),
        "granularity": Granularity.DAY,
        "date_basis": DateBasis.TEXT,
        "confidence": 0.8,
    }
    return Event(**(values | changes))  # type: ignore[arg-type]


def test_an_event_becomes_a_row_with_its_words() -> None:
    row = build_table([(ARTICLE, [make_event()])]).iloc[0]
    assert row["trigger"] == "held drills"
    assert row["spans"] == {"what": (14, 25), "where": (33, 45)}
    assert row["country"] == ("OMN", "IRN")
    assert row["quad_class"] == "material cooperation"
    assert row["date_start"] == pd.Timestamp("2024-06-10")


def test_an_empty_table_has_every_column_and_dtype() -> None:
    frame = build_table([])
    assert list(frame.columns) == list(COLUMNS)
    check_table(frame)


def test_what_is_not_known_is_na() -> None:
    event = make_event(place=None, place_basis=None, start=None, end=None, date_basis=None)
    row = build_table([(ARTICLE, [event])]).iloc[0]
    for column in ("latitude", "place", "place_precision", "date_start", "mode", "actor", "url"):
        assert pd.isna(row[column]), column
    assert row["country"] == ()


@pytest.mark.parametrize(
    ("column", "value", "complaint"),
    [
        ("latitude", 95.0, "latitude is out of range"),
        ("latitude", None, "do not stand together"),
        ("place_precision", None, "precision and coordinate disagree"),
        ("event_type", "QUARREL", "event_type is not in the codebook"),
        ("status", None, "status is missing"),
        ("place", "", "empty text instead of NA"),
        ("date_start", pd.Timestamp("2025-01-01"), "date_start is after date_end"),
    ],
)
def test_a_breach_is_named_with_its_row(column: str, value: object, complaint: str) -> None:
    frame = build_table([(ARTICLE, [make_event()])])
    frame[column] = pd.Series([value], dtype=COLUMNS[column])
    with pytest.raises(TableError, match=complaint) as raised:
        check_table(frame)
    assert "e1" in str(raised.value)


def test_the_same_id_twice_is_refused() -> None:
    with pytest.raises(TableError, match="stands twice"):
        build_table([(ARTICLE, [make_event(), make_event()])])


def test_a_missing_column_is_named() -> None:
    with pytest.raises(TableError, match="confidence"):
        check_table(shape_table([]).drop(columns="confidence"))
