"""Export: what other programs read, and what no spreadsheet may run."""

from __future__ import annotations

import csv
import dataclasses
import datetime
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from fastkml.validator import get_schema_parser
from geojson_pydantic import FeatureCollection
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from extract.errors import ExtractError
from extract.export import (
    WRITERS,
    Note,
    describe_query,
    guard_formula,
    write_csv,
    write_file,
    write_geojson,
    write_kml,
    write_parquet,
    write_zip,
)
from extract.export.dictionary import _WORDS, CREDITS, MEANINGS
from extract.selection import Selection
from extract.table import COLUMNS, build_table, shape_table
from tests.made_events import make_pairs

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
    collection = json.loads(write_geojson(empty))
    assert collection["features"] == []
    assert "bbox" not in collection
    FeatureCollection(**collection)
    assert kml_marks(write_kml(empty)) == []
    assert len(read_parquet(write_parquet(empty))) == 0


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
    assert not list(tmp_path.glob(".*"))


def test_a_file_that_cannot_be_written_is_named_with_the_remedy(tmp_path: Path) -> None:
    frame = shape_table([])
    with pytest.raises(ExtractError, match=r"does not end in \.csv, .* or \.zip"):
        write_file(frame, tmp_path / "events.xlsx")
    with pytest.raises(ExtractError, match="cannot be written"):
        write_file(frame, tmp_path / "nowhere" / "events.csv")


def test_the_table_is_not_changed() -> None:
    frame = shape_table([located()])
    copy = frame.copy(deep=True)
    for write in WRITERS.values():
        write(frame, Note())
    pd.testing.assert_frame_equal(frame, copy)


KML = "{http://www.opengis.net/kml/2.2}"
NOTE = Note(
    query="country IRN", made=datetime.datetime(2026, 1, 2, 3, 4, tzinfo=datetime.UTC), address=None
)


def kml_marks(written: bytes) -> list[etree._Element]:
    return etree.fromstring(written).findall(f".//{KML}Placemark")


def read_parquet(written: bytes) -> pd.DataFrame:
    return pq.read_table(io.BytesIO(written)).to_pandas()


def test_every_column_is_explained() -> None:
    assert list(MEANINGS) == list(COLUMNS)
    assert all(MEANINGS.values())


def test_a_query_is_told_in_words() -> None:
    assert describe_query(Selection()) == "all events"
    chosen = Selection(
        countries=("IRN", "OMN"), start=datetime.date(2024, 1, 2), precisions=("none",), text="oil"
    )
    told = describe_query(chosen)
    assert told == "country IRN or OMN; from 2024-01-02; place precision no place; words oil"
    drawn = Selection(doers=("Iran",), area=((36.0, 44.5), (36.0, 52.0), (42.0, 52.0)))
    assert describe_query(drawn) == "inside the area 36,44.5 36,52 42,52; who Iran"


def test_every_filter_has_its_words() -> None:
    assert set(_WORDS) == {field.name for field in dataclasses.fields(Selection)}


@pytest.mark.parametrize("ending", [".geojson", ".kml", ".parquet", ".zip"])
def test_each_format_says_what_it_is(ending: str) -> None:
    written = WRITERS[ending](shape_table([located()]), NOTE)
    if ending == ".zip":
        with zipfile.ZipFile(io.BytesIO(written)) as archive:
            words = "".join(archive.read(name).decode() for name in archive.namelist())
    elif ending == ".parquet":
        words = pq.read_table(io.BytesIO(written)).schema.metadata[b"dateline"].decode()
    else:
        words = written.decode()
    for expected in ("country IRN", "2026-01-02", CREDITS[0], MEANINGS["radius_km"]):
        assert expected in words, (ending, expected)


def test_a_csv_file_gets_its_description_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    assert write_file(shape_table([located()]), path, note=NOTE) == [
        path,
        tmp_path / "events.csv-metadata.json",
    ]
    described = json.loads((tmp_path / "events.csv-metadata.json").read_text(encoding="utf-8"))
    assert described["url"] == "events.csv"
    assert [column["name"] for column in described["tableSchema"]["columns"]] == list(COLUMNS)
    assert "country IRN" in described["dc:description"]


def test_geojson_is_valid_by_rfc_7946() -> None:
    frame = made_table(80)
    collection = FeatureCollection(**json.loads(write_geojson(frame)))
    assert len(collection.features) == len(frame)


def test_kml_is_valid_by_the_schema_of_ogc() -> None:
    schema = get_schema_parser()
    document = etree.fromstring(write_kml(made_table(80), NOTE))
    assert schema.validate(document), schema.error_log


def test_kml_draws_an_area_as_an_area_and_nothing_where_nothing_is_known() -> None:
    town = located(event_id="e3") | {"place_precision": "town", "radius_km": 5.0}
    marks = kml_marks(write_kml(shape_table([located(), make_row(event_id="e2"), town])))
    assert [mark.find(f"{KML}Polygon") is not None for mark in marks] == [True, False, False]
    assert [mark.find(f"{KML}Point") is not None for mark in marks] == [False, False, True]
    ring = marks[0].findtext(f".//{KML}coordinates").split()
    assert ring[0] == ring[-1]
    north = max(float(corner.split(",")[1]) for corner in ring)
    assert north == pytest.approx(-24.8 + 250 / 111.2, abs=0.02)


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8")))
def test_any_text_goes_into_kml(words: str) -> None:
    document = etree.fromstring(write_kml(shape_table([located(title=words or None)])))
    assert len(document.findall(f".//{KML}Placemark")) == 1


def test_parquet_keeps_types_and_gives_every_cell_back() -> None:
    frame = made_table(40)
    table = pq.read_table(io.BytesIO(write_parquet(frame, NOTE)))
    assert table.column_names == list(COLUMNS)
    assert str(table.schema.field("date_start").type) == "date32[day]"
    assert table.schema.field("place").metadata[b"description"].decode() == MEANINGS["place"]
    for number, row in enumerate(table.to_pylist()):
        assert row["country"] == list(frame["country"].iloc[number])
        assert json.loads(row["spans"]) == {
            name: list(pair) for name, pair in frame["spans"].iloc[number].items()
        }
    assert table.column("latitude").null_count == int(frame["latitude"].isna().sum())


def test_a_zip_holds_the_csv_as_it_is() -> None:
    frame = made_table(20)
    with zipfile.ZipFile(io.BytesIO(write_zip(frame, NOTE))) as archive:
        assert archive.read("events.csv") == write_csv(frame)
        assert "country IRN" in archive.read("README.txt").decode()


def made_table(count: int) -> pd.DataFrame:
    return build_table(make_pairs(count))
