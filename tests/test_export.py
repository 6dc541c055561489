"""Export: what other programs read, and what no spreadsheet may run."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.errors import ExtractError
from extract.export import guard_formula, write_csv, write_file, write_geojson
from extract.table import COLUMNS, shape_table

HOSTILE = [
    '=HYPERLINK("http://evil.example","click")',
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
]


def make_row(**values: Any) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(COLUMNS)
    row |= {
        "event_id": "e1", "event_type": "ASSAULT", "quad_class": "material conflict",
        "status": "occurred", "country": (), "article_id": "a1", "sentence": "A sentence.",
        "sentence_start": 0, "sentence_end": 11, "trigger": "attack", "confidence": 0.5,
        "spans": {"what": (2, 10)}, "salience": 1.0, "contexts": (), "casualties": (),
        "alternatives": (), "evidence": {"what": ((2, 10),)},
    }  # fmt: skip
    return row | values


def located(**values: Any) -> dict[str, Any]:
    return make_row(
        place="Gulf of Oman", country=("OMN", "IRN"), latitude=-24.8, longitude=58.5,
        place_precision="sea", radius_km=250.0, **values,
    )  # fmt: skip


def read_csv(written: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written.decode(), newline="")))


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize(
    "column", ["title", "sentence", "place", "actor", "source", "url", "trigger"]
)
def test_no_text_is_left_as_a_formula(words: str, column: str) -> None:
    values = {"place": "x"} | {column: words}
    (row,) = read_csv(write_csv(shape_table([located() | values])))
    assert row[column] == "'" + words


@pytest.mark.parametrize("number", ["-12.5", "+7", "-1,000", "-3%", "-1e5"])
def test_numbers_stay_numbers(number: str) -> None:
    assert guard_formula(number) == number


def test_numeric_columns_are_written_as_they_are() -> None:
    (row,) = read_csv(write_csv(shape_table([located()])))
    assert row["latitude"] == "-24.8"
    assert row["longitude"] == "58.5"


@settings(deadline=None)
@given(st.text())
def test_every_text_survives_csv(words: str) -> None:
    frame = shape_table([make_row(title=words or None)])
    (row,) = read_csv(write_csv(frame))
    expected = words.encode("utf-8", errors="replace").decode()
    assert row["title"].removeprefix("'") == expected.removeprefix("'")
    assert not row["title"] or row["title"] == guard_formula(row["title"])


def test_csv_has_a_line_per_event_lists_with_bars_and_nothing_for_unknown() -> None:
    frame = shape_table([located(), make_row(event_id="e2", title='He said "go",\nand went')])
    written = write_csv(frame)
    assert written.startswith(",".join(COLUMNS).encode() + b"\r\n")
    first, second = read_csv(written)
    assert first["country"] == "OMN|IRN"
    assert json.loads(first["spans"]) == {"what": [2, 10]}
    assert second["title"] == 'He said "go",\nand went'
    assert second["place"] == second["latitude"] == second["country"] == second["date_start"] == ""


def test_dates_are_written_as_days() -> None:
    frame = shape_table([make_row(date_start="2024-06-12", date_end="2024-06-13")])
    (row,) = read_csv(write_csv(frame))
    assert (row["date_start"], row["date_end"]) == ("2024-06-12", "2024-06-13")


def test_an_empty_table_is_a_header_and_an_empty_collection() -> None:
    empty = shape_table([])
    assert write_csv(empty) == ",".join(COLUMNS).encode() + b"\r\n"
    assert json.loads(write_geojson(empty)) == {"type": "FeatureCollection", "features": []}


def test_geojson_puts_longitude_first_and_keeps_events_without_a_place() -> None:
    other = located(event_id="e3") | {
        "latitude": 40.4,
        "longitude": 49.9,
        "date_start": "2024-06-12",
    }
    collection = json.loads(write_geojson(shape_table([located(), make_row(event_id="e2"), other])))
    assert collection["bbox"] == [49.9, -24.8, 58.5, 40.4]
    first, second, third = collection["features"]
    assert first["geometry"] == {"type": "Point", "coordinates": [58.5, -24.8]}
    assert first["id"] == "e1"
    assert first["properties"]["radius_km"] == 250.0
    assert first["properties"]["place_precision"] == "sea"
    assert first["properties"]["country"] == ["OMN", "IRN"]
    assert second["geometry"] is None
    assert second["properties"]["place"] is None
    assert third["properties"]["date_start"] == "2024-06-12"


@pytest.mark.parametrize(
    ("ending", "read"), [(".csv", read_csv), (".geojson", json.loads), (".CSV", read_csv)]
)
def test_the_ending_names_the_format(
    tmp_path: Path, ending: str, read: Callable[[bytes], object]
) -> None:
    path = tmp_path / f"events{ending}"
    write_file(shape_table([located()]), path)
    assert read(path.read_bytes())
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_cannot_be_written_is_named_with_the_remedy(tmp_path: Path) -> None:
    frame = shape_table([])
    with pytest.raises(ExtractError, match=r"does not end in \.csv or \.geojson"):
        write_file(frame, tmp_path / "events.xlsx")
    with pytest.raises(ExtractError, match="cannot be written"):
        write_file(frame, tmp_path / "nowhere" / "events.csv")


def test_the_table_is_not_changed() -> None:
    frame = shape_table([located()])
    copy = frame.copy(deep=True)
    write_csv(frame)
    write_geojson(frame)
    pd.testing.assert_frame_equal(frame, copy)
