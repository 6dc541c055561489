"""The one-file view: everything inside, nothing asked for, nothing of the articles run."""

from __future__ import annotations

import base64
import datetime
import gzip
import hashlib
import json
import re
from typing import Any

import pandas as pd
import pytest

from extract.export import Note
from extract.export.dictionary import MEANINGS
from extract.table import COLUMNS, build_table
from tests.made_events import make_pairs
from view import onefile
from view.evidence import write_card
from view.names import name_country
from view.onefile import describe_events, write_page

NOTE = Note(
    query="country IRN",
    made=datetime.datetime(2026, 1, 2, 3, 4, tzinfo=datetime.UTC),
    address="http://localhost:8501/?country=IRN",
)
SHEET = ".leaflet-control-layers-toggle { background-image: url(images/layers.png); color: red; }"
SCRIPT = 'window.L = {}; var s = "</script><p>"; //# sourceMappingURL=l.map'
EMPTY_MAP: dict[str, Any] = {"type": "FeatureCollection", "features": []}


def made_table(count: int) -> pd.DataFrame:
    return build_table(make_pairs(count))


def write(frame: pd.DataFrame) -> str:
    written = write_page(
        frame,
        NOTE,
        find_text=lambda article_id: None,
        name_country=name_country,
        leaflet=(SCRIPT, SHEET),
        basemap=EMPTY_MAP,
    )
    return written.decode()


def unpack(page: str, name: str) -> Any:
    packed = re.search(rf'id="packed-{name}">([^<]*)<', page)
    assert packed
    return json.loads(gzip.decompress(base64.b64decode(packed[1])))


def test_it_holds_every_event_with_its_card() -> None:
    frame = made_table(60)
    page = write(frame)
    data = unpack(page, "events")
    assert [event["id"] for event in data["events"]] == frame["event_id"].tolist()
    assert data["cards"][3] == write_card(frame.iloc[3], text=None)
    for event, (_, row) in zip(data["events"], frame.iterrows(), strict=True):
        assert event["countries"] == list(row["country"])
        if event["place"] >= 0:
            name, latitude, longitude, precision, radius = data["places"][event["place"]]
            assert (name, precision) == (row["place"], row["place_precision"])
            assert (latitude, longitude) == pytest.approx((row["latitude"], row["longitude"]))
            assert radius == row["radius_km"]
        else:
            assert pd.isna(row["latitude"]) or row["place_precision"] == "country"


def test_it_explains_itself() -> None:
    page = write(made_table(5))
    for column in COLUMNS:
        assert f"<dt>{column}</dt>" in page
    assert MEANINGS["radius_km"] in page
    assert "Country IRN" in page
    assert "2026-01-02 03:04 UTC" in page
    assert "GeoNames" in page


def test_it_asks_for_nothing_and_runs_only_its_own_scripts() -> None:
    page = write(made_table(5))
    assert not re.search(r'(?:src|srcset|poster|data|action)\s*=\s*["\']?(?!data:)\w+:', page)
    assert not re.search(r"<(?:link|base|object|embed|iframe)\b", page)
    assert "url(" not in re.sub(r'url\("?data:', "", page)
    assert "sourceMappingURL" not in page
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert len(scripts) == 2
    for script in scripts:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"sha256-{digest}" in policy[1]
    assert "default-src &#x27;none&#x27;" in policy[1]
    assert "unsafe-inline" not in policy[1].split("style-src")[0]


def test_hostile_words_stay_words() -> None:
    evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>{{policy}}'
    frame = made_table(6)
    frame["title"] = pd.Series([evil] * len(frame), dtype="string")
    note = Note(query=evil, made=NOTE.made, address="javascript:alert(1)")
    page = write_page(
        frame,
        note,
        find_text=lambda article_id: evil,
        name_country=name_country,
        leaflet=(SCRIPT, SHEET),
        basemap=EMPTY_MAP,
    ).decode()
    assert "<img src=x" not in page
    assert "javascript:" not in page
    assert len(re.findall(r"<script\b", page)) == 4
    for card in unpack(page, "events")["cards"]:
        assert "<script" not in card
        assert "<img src=x" not in card


def test_too_many_events_are_refused_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onefile, "MOST_EVENTS", 3)
    with pytest.raises(ValueError, match="narrow the filters"):
        write(made_table(8))


def test_an_empty_table_is_an_empty_view() -> None:
    data = describe_events(
        made_table(3).head(0), find_text=lambda article_id: None, name_country=name_country
    )
    assert data["events"] == data["cards"] == data["places"] == []
