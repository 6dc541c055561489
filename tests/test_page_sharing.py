"""Sharing on the page: the link of the view, and files of exactly what is shown."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from extract.export import Note
from extract.store import Store
from page.dataset import Dataset
from page.sharing import FORMATS, write_shown
from tests.made_events import make_pairs
from view.assets import read_basemap, read_leaflet
from view.columns import read_columns
from view.filters import read_facets

PAGE = str(Path(__file__).parents[1] / "dashboard.py")


@pytest.fixture
def dataset(tmp_path: Path) -> Iterator[Dataset]:
    with Store(fill_store(tmp_path / "made.sqlite", 40)) as store:
        columns = read_columns(store.events_table())
        yield Dataset("made", columns, read_facets(columns), 40, 0, store)


def fill_store(path: Path, count: int) -> str:
    with Store(str(path)) as store:
        for article, events in make_pairs(count):
            store.add(SimpleNamespace(article=article, events=events, skipped=None, supposed=0))
    return str(path)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_holds_exactly_what_is_shown(dataset: Dataset, name: str) -> None:
    if name in ("Picture", "One file") and (read_leaflet() is None or read_basemap() is None):
        pytest.skip("npm's packages are not installed")
    mask = dataset.columns.countrywide.copy()
    written = write_shown(name, dataset, mask, Note(query="made up"))
    ids = set(dataset.columns.frame["event_id"][mask])
    if name == "CSV":
        assert set(pd.read_csv(io.BytesIO(written))["event_id"]) == ids
    elif name == "GeoJSON":
        assert {feature["id"] for feature in json.loads(written)["features"]} == ids
    elif name == "Parquet":
        assert set(pd.read_parquet(io.BytesIO(written))["event_id"]) == ids
    elif name == "KML":
        assert written.decode().count("<Placemark ") == len(ids)
    else:
        assert len(written) > 1000


def test_a_stranger_reads_and_does_not_add(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_DB", fill_store(tmp_path / "made.sqlite", 12))
    st.cache_resource.clear()
    # A test of Streamlit's has no browser, so no address to judge by.
    monkeypatch.setattr("page.access.is_local", lambda address, headers: True)
    page = AppTest.from_file(PAGE, default_timeout=60).run()
    assert "Add articles" in [button.label for button in page.button]
    monkeypatch.setattr("page.access.is_local", lambda address, headers: False)
    page.run()
    assert not page.exception
    assert "Add articles" not in [button.label for button in page.button]
    assert "Read only" in [caption.value for caption in page.caption]
