"""The event map: what is sent to the browser says each place as it is, and nothing else."""

from __future__ import annotations

import json
import re

import folium
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit_folium import _get_feature_group_string, _get_map_string

from extract.records import Precision, Status
from extract.table import build_table, shape_table
from tests.made_events import (
    HOSTILE,
    PLACES,
    make_article,
    make_event,
    make_frame,
    make_hostile_pairs,
)
from view.assets import Assets
from view.columns import EventColumns, Mask, read_columns
from view.eventmap import (
    build_map,
    describe_events,
    draw_events,
    name_country,
    quote_script,
    read_pick,
    rows_at,
)

LOCAL = Assets("/app/static/leaflet.js", "/app/static/leaflet.css", "/app/static/x.geojson", True)


def everything(columns: EventColumns) -> Mask:
    return np.ones(len(columns), dtype=bool)


@pytest.fixture(scope="module")
def columns() -> EventColumns:
    return read_columns(make_frame(150))


def test_every_located_event_is_drawn_once_per_zoom(columns: EventColumns) -> None:
    drawn = describe_events(columns, everything(columns))
    pins = int((columns.place >= 0).sum())
    for zoom in range(16):
        shown = [node for node in drawn["nodes"] if node["from"] <= zoom <= node["until"]]
        assert sum(node["n"] for node in shown) == pins
        assert all(sum(node["quads"]) == node["n"] for node in shown)
    national = columns.frame.loc[columns.countrywide, "country"].explode()
    assert {
        one["code"]: one["n"] for one in drawn["countries"]
    } == national.value_counts().to_dict()


def test_a_country_is_never_a_pin() -> None:
    article = make_article(0, "Iran acted.")
    iran = next(place for place in PLACES if place.precision is Precision.COUNTRY)
    frame = build_table([(article, [make_event(article, place=iran)])])
    columns = read_columns(frame)
    drawn = describe_events(columns, everything(columns))
    assert drawn["nodes"] == drawn["areas"] == []
    assert [one["code"] for one in drawn["countries"]] == list(iran.countries)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_areas_have_their_radius_and_points_none(place: object) -> None:
    article = make_article(0, "It happened.")
    columns = read_columns(build_table([(article, [make_event(article, place=place)])]))  # type: ignore[arg-type]
    drawn = describe_events(columns, everything(columns))
    radii = [area["radius"] for area in drawn["areas"]]
    small = place.precision in (Precision.POINT, Precision.TOWN, Precision.COUNTRY)  # type: ignore[attr-defined]
    assert radii == ([] if small else [place.radius_km])  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("status", "look"),
    [
        (Status.OCCURRED, "filled"),
        (Status.ONGOING, "filled"),
        (Status.PLANNED, "hollow"),
        (Status.THREATENED, "hollow"),
        (Status.DENIED, "crossed"),
        (Status.HISTORICAL, "grey"),
    ],
)
def test_the_outline_says_the_status(status: Status, look: str) -> None:
    article = make_article(0, "It happened.")
    columns = read_columns(build_table([(article, [make_event(article, status=status)])]))
    assert describe_events(columns, everything(columns))["nodes"][0]["look"] == look


def test_a_pick_leads_back_to_its_events(columns: EventColumns) -> None:
    mask = everything(columns)
    drawn = describe_events(columns, mask)
    for node in drawn["nodes"]:
        found = read_pick(f"{node['title']} any words #{node['id']}")
        if node["members"] > 1:
            assert found is None
        else:
            assert found is not None
            assert rows_at(columns, mask, found).sum() == node["n"]
    for country in drawn["countries"]:
        found = read_pick(f"{country['title']}#{country['id']}")
        assert found == ("country", country["code"])
        assert rows_at(columns, mask, found).sum() == country["n"]


@pytest.mark.parametrize("tooltip", [None, "", "no mark", "#", "#place:", "#cluster:3", "#x:1"])
def test_other_tooltips_are_no_pick(tooltip: str | None) -> None:
    assert read_pick(tooltip) is None


def test_a_pick_of_nothing_keeps_nothing(columns: EventColumns) -> None:
    mask = everything(columns)
    for pick in [("place", "99999"), ("place", "x"), ("country", "ZZZ")]:
        assert rows_at(columns, mask, pick).sum() == 0


def test_the_open_event_is_pointed_out(columns: EventColumns) -> None:
    row = int(np.flatnonzero(columns.place >= 0)[0])
    event_id = str(columns.frame["event_id"][row])
    drawn = describe_events(columns, everything(columns), picked=event_id)
    assert drawn["focus"]["id"] == event_id
    singles = [node for node in drawn["nodes"] if node["members"] == 1 and node["picked"]]
    assert [node["name"] for node in singles] == [columns.frame["place"][row]]
    assert describe_events(columns, everything(columns), picked="unknown")["focus"] is None


def test_no_events_draw_an_empty_layer() -> None:
    columns = read_columns(shape_table([]))
    drawn = describe_events(columns, everything(columns))
    assert drawn["nodes"] == drawn["areas"] == drawn["countries"] == []
    assert drawn["bounds"] is None
    draw_events(columns, everything(columns))


def test_the_map_opens_on_the_bulk_and_fits_to_all(columns: EventColumns) -> None:
    drawn = describe_events(columns, everything(columns))
    (south, west), (north, east) = drawn["bounds"]
    assert (south, west) == (columns.places["latitude"].min(), columns.places["longitude"].min())
    assert (north, east) == (columns.places["latitude"].max(), columns.places["longitude"].max())
    assert drawn["bulk"][0][1] >= west
    assert drawn["bulk"][1][1] <= east


@given(st.recursive(st.none() | st.floats(allow_nan=False) | st.text(), st.lists, max_leaves=8))
def test_quoted_values_come_back_and_are_one_plain_string(value: object) -> None:
    quoted = quote_script(value)
    assert json.loads(json.loads(quoted)) == value
    assert not set("<>&'{}_\u2028\u2029\n") & set(quoted)
    assert quoted.isascii()


def test_hostile_text_leaves_the_script_as_it_was() -> None:
    columns = read_columns(build_table(make_hostile_pairs()))
    eventmap = build_map(LOCAL)
    group = draw_events(columns, everything(columns))
    script = _get_feature_group_string(group, eventmap)
    for text in HOSTILE:
        assert text not in script
    assert len(re.findall(r"dateline\.draw\(", script)) == 1
    assert "<" not in script


def test_the_map_asks_for_leaflet_alone_and_stays_the_same() -> None:
    eventmap = build_map(LOCAL)
    assert [link for _, link in eventmap.default_js] == [LOCAL.script]
    assert [link for _, link in eventmap.default_css] == [LOCAL.sheet]
    assert not any(isinstance(child, folium.TileLayer) for child in eventmap._children.values())
    # streamlit-folium keeps the map while its script is the same but for element names
    one, other = (re.sub(r"(_[a-z0-9]+)", "", _get_map_string(build_map(LOCAL))) for _ in range(2))
    assert one == other
    assert "http" not in one.replace("http://www.w3.org", "")


def test_street_tiles_are_an_option() -> None:
    layers = build_map(LOCAL, streets=True)._children.values()
    assert sum(isinstance(child, folium.TileLayer) for child in layers) == 1


@pytest.mark.parametrize(
    ("code", "name"),
    [("AZE", "Azerbaijan"), ("XKX", "Kosovo"), ("RUS", "Russia"), ("IRN", "Iran"), ("ZZZ", "ZZZ")],
)
def test_countries_have_everyday_names(code: str, name: str) -> None:
    assert name_country(code) == name
