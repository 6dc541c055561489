"""The event map: what is sent to the browser says each place as it is, and nothing else."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

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
from view.columns import LOOKS, EventColumns, Mask, read_columns
from view.eventmap import (
    build_map,
    describe_events,
    draw_events,
    name_generation,
    quote_script,
    read_message,
    read_pick,
    rows_at,
)
from view.layers import LAYERS
from view.names import name_country
from view.viewport import Viewport

LOCAL = Assets("/app/static/leaflet.js", "/app/static/leaflet.css", "/app/static/x.geojson", True)


def everything(columns: EventColumns) -> Mask:
    return np.ones(len(columns), dtype=bool)


def nodes_of(drawn: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the symbols of an answer one by one, as the browser reads them."""
    columns = drawn["nodes"]
    names = [name for name in columns if name not in ("quads", "tile", "picked")]
    return [
        {name: columns[name][at] for name in names}
        | {"quads": columns["quads"][4 * at : 4 * at + 4], "picked": at in columns["picked"]}
        for at in range(len(columns["head"]))
    ]


@pytest.fixture(scope="module")
def columns() -> EventColumns:
    return read_columns(make_frame(150))


def test_every_located_event_is_drawn_once_per_zoom(columns: EventColumns) -> None:
    drawn = describe_events(columns, everything(columns))
    assert drawn["tiles"] is None
    pins = int((columns.place >= 0).sum())
    for zoom in range(17):
        shown = [node for node in nodes_of(drawn) if node["from"] <= zoom <= node["until"]]
        assert sum(node["n"] for node in shown) == pins
        assert all(sum(node["quads"]) == node["n"] for node in shown)
    national = columns.frame.loc[columns.countrywide, "country"].explode()
    told = dict(zip(drawn["nations"]["code"], drawn["nations"]["n"], strict=True))
    assert told == national.value_counts().to_dict()


def test_a_country_is_never_a_pin() -> None:
    article = make_article(0, "Iran acted.")
    iran = next(place for place in PLACES if place.precision is Precision.COUNTRY)
    columns = read_columns(build_table([(article, [make_event(article, place=iran)])]))
    drawn = describe_events(columns, everything(columns))
    assert nodes_of(drawn) == []
    assert drawn["nations"]["code"] == list(iran.countries)
    heat = describe_events(columns, everything(columns), layer="heat")["heat"]
    assert heat["n"] == heat["wide"] == []


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_areas_have_their_radius_and_points_none(place: Any) -> None:
    article = make_article(0, "It happened.")
    columns = read_columns(build_table([(article, [make_event(article, place=place)])]))
    drawn = describe_events(columns, everything(columns))
    small = place.precision in (Precision.POINT, Precision.TOWN, Precision.COUNTRY)
    expected = [] if small else [place.radius_km]
    assert [node["radius"] for node in nodes_of(drawn) if node["radius"]] == expected
    areas = describe_events(columns, everything(columns), layer="areas")["areas"]
    assert areas["radius"] == expected


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
    assert LOOKS[describe_events(columns, everything(columns))["nodes"]["look"][0]] == look


def test_a_pick_leads_back_to_its_events(columns: EventColumns) -> None:
    mask = everything(columns)
    drawn = describe_events(columns, mask)
    for node in nodes_of(drawn):
        if node["members"] == 1:
            assert rows_at(columns, mask, ("place", str(node["box"]))).sum() == node["n"]
    for code, count in zip(drawn["nations"]["code"], drawn["nations"]["n"], strict=True):
        assert rows_at(columns, mask, ("country", code)).sum() == count


@pytest.mark.parametrize(
    "told", [None, 3, "", "no mark", "place:", "cluster:3", "x:1", ["place:1"]]
)
def test_other_words_are_no_pick(told: object) -> None:
    assert read_pick(told) is None


def test_a_pick_of_nothing_keeps_nothing(columns: EventColumns) -> None:
    mask = everything(columns)
    for pick in [("place", "99999"), ("place", "x"), ("spot", "-1"), ("country", "ZZZ")]:
        assert rows_at(columns, mask, pick).sum() == 0


def test_places_on_one_point_are_listed_together() -> None:
    article = make_article(0, "It happened.")
    twin = next(place for place in PLACES if place.name == "Baku")
    events = [
        make_event(article, number=0, place=twin),
        make_event(article, number=1, place=replace(twin, name="Baki")),
        make_event(article, number=2, place=PLACES[1]),
    ]
    columns = read_columns(build_table([(article, events)]))
    drawn = describe_events(columns, everything(columns))
    together = [node for node in nodes_of(drawn) if node["members"] == 2 and node["until"] == 99]
    assert len(together) == 1
    south, north, west, east = together[0]["box"]
    assert (south, west) == (north, east)
    assert rows_at(columns, everything(columns), ("spot", str(together[0]["head"]))).sum() == 2


def test_the_open_event_is_pointed_out(columns: EventColumns) -> None:
    row = int(np.flatnonzero(columns.place >= 0)[0])
    event_id = str(columns.frame["event_id"][row])
    drawn = describe_events(columns, everything(columns), picked=event_id)
    assert drawn["picked"]["place"] == columns.place[row]
    singles = [node for node in nodes_of(drawn) if node["members"] == 1 and node["picked"]]
    assert [node["name"] for node in singles] == [columns.frame["place"][row]]
    assert describe_events(columns, everything(columns), picked="unknown")["picked"] is None
    country = str(columns.frame["event_id"][int(np.flatnonzero(columns.countrywide)[0])])
    told = describe_events(columns, everything(columns), picked=country)["picked"]
    assert "place" not in told
    assert told["countries"]


@pytest.mark.parametrize("layer", LAYERS)
def test_no_events_draw_an_empty_layer(layer: str) -> None:
    columns = read_columns(shape_table([]))
    drawn = describe_events(columns, everything(columns), layer=layer)
    assert drawn["bounds"] is None
    draw_events(drawn)


def test_the_map_opens_on_the_bulk_and_fits_to_all(columns: EventColumns) -> None:
    drawn = describe_events(columns, everything(columns))
    (south, west), (north, east) = drawn["bounds"]
    assert south == pytest.approx(columns.places["latitude"].min())
    assert west == pytest.approx(columns.places["longitude"].min())
    assert north == pytest.approx(columns.places["latitude"].max())
    assert east == pytest.approx(columns.places["longitude"].max())
    assert drawn["bulk"][0][1] >= west


# ---- many places: tiles of one zoom level --------------------------------------------------


@pytest.fixture(scope="module")
def scattered() -> EventColumns:
    """Three thousand events at as many places, so that answers come by tile."""
    chance = np.random.default_rng(5)
    frame = make_frame(150)
    frame = frame.iloc[chance.integers(0, 150, 3000)].reset_index(drop=True)
    frame["event_id"] = [f"e{at}" for at in range(3000)]
    town = frame["place_precision"] == "town"
    frame.loc[town, "latitude"] = chance.uniform(-60, 70, int(town.sum()))
    frame.loc[town, "longitude"] = chance.uniform(-180, 180, int(town.sum()))
    return read_columns(frame)


def every_tile(level: int) -> list[tuple[int, int]]:
    side = 2 ** max(level - 1, 0)
    return [(column, row) for row in range(side) for column in range(side)]


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_tiles_together_hold_every_event_once(scattered: EventColumns, level: int) -> None:
    view = Viewport(0.0, 0.0, float(level))
    drawn = describe_events(scattered, everything(scattered), view=view, tiles=every_tile(level))
    assert sum(drawn["nodes"]["n"]) == int((scattered.place >= 0).sum())
    assert drawn["nations"] is None
    heat = describe_events(
        scattered, everything(scattered), layer="heat", view=view, tiles=every_tile(level)
    )["heat"]
    assert sum(heat["n"]) + sum(area[3] for area in heat["wide"]) == sum(drawn["nodes"]["n"])


def test_a_tile_is_the_same_whichever_others_are_asked_for(scattered: EventColumns) -> None:
    view = Viewport(20.0, 30.0, 4.0)
    whole = describe_events(scattered, everything(scattered), view=view, tiles=every_tile(4))
    for tile in view.cover():
        alone = describe_events(scattered, everything(scattered), view=view, tiles=[tile])
        there = [
            (head, n)
            for head, n, at in zip(
                whole["nodes"]["head"], whole["nodes"]["n"], whole["nodes"]["tile"], strict=True
            )
            if whole["tiles"][at] == tile
        ]
        assert list(zip(alone["nodes"]["head"], alone["nodes"]["n"], strict=True)) == there
        assert alone["generation"] == whole["generation"]


def test_nothing_lacking_is_nothing_sent(scattered: EventColumns) -> None:
    drawn = describe_events(scattered, everything(scattered), tiles=[])
    assert drawn["nodes"]["head"] == drawn["tiles"] == []
    assert drawn["nations"] is None


def test_another_filter_layer_or_dataset_is_another_generation(columns: EventColumns) -> None:
    mask = everything(columns)
    fewer = mask.copy()
    fewer[3] = False
    names = {
        name_generation(mask, layer="points", dataset="a"),
        name_generation(fewer, layer="points", dataset="a"),
        name_generation(mask, layer="heat", dataset="a"),
        name_generation(mask, layer="points", dataset="b"),
    }
    assert len(names) == 4


# ---- what comes back -----------------------------------------------------------------------


def test_a_message_is_read_whole() -> None:
    told = {
        "view": {"latitude": 12.5, "longitude": 190.0, "zoom": 5.25, "width": 800, "height": 500},
        "moved": True,
        "layer": "heat",
        "generation": "x heat y",
        "wanted": [[3, 4], [99, 0], ["a", 1], [3, 4]],
        "picks": 7,
        "pick": "place:12",
        "drawings": 8,
        "area": [[1, 2], [3, 4], [5, 6.00004]],
    }
    message = read_message(told)
    assert message is not None
    assert message.view == Viewport(12.5, -170.0, 5.25, 800, 500)
    assert message.wanted == ((3, 4),)
    assert message.pick == ("place", "12")
    assert message.area == ((1.0, 2.0), (3.0, 4.0), (5.0, 6.0))
    assert (message.layer, message.moved, message.picks, message.drawings) == ("heat", True, 7, 8)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=12,
)


@given(
    st.dictionaries(
        st.sampled_from(
            ["view", "picks", "pick", "wanted", "layer", "area", "drawings", "generation"]
        ),
        JUNK | st.fixed_dictionaries({"latitude": JUNK, "longitude": JUNK, "zoom": JUNK}),
    )
)
def test_no_message_breaks_the_page(told: dict[str, object]) -> None:
    message = read_message(told)
    assert message is None or message.layer in LAYERS


@given(st.recursive(st.none() | st.floats(allow_nan=False) | st.text(), st.lists, max_leaves=8))
def test_quoted_values_come_back_and_are_one_plain_string(value: object) -> None:
    quoted = quote_script(value)
    assert json.loads(json.loads(quoted)) == value
    assert not set("<>&'{}_\u2028\u2029\n") & set(quoted)
    assert quoted.isascii()


@pytest.mark.parametrize("layer", LAYERS)
def test_hostile_text_leaves_the_script_as_it_was(layer: str) -> None:
    columns = read_columns(build_table(make_hostile_pairs()))
    eventmap = build_map(LOCAL)
    group = draw_events(describe_events(columns, everything(columns), layer=layer))
    script = _get_feature_group_string(group, eventmap)
    for text in HOSTILE:
        assert text not in script
    assert len(re.findall(r"dateline\.draw\(", script)) == 1
    assert "<" not in script


def test_the_map_asks_for_leaflet_alone_and_stays_the_same() -> None:
    eventmap = build_map(LOCAL)
    assert [link for _, link in eventmap.default_js] == [LOCAL.script]
    assert [link for _, link in eventmap.default_css] == [LOCAL.sheet]
    first, second = (_get_map_string(build_map(LOCAL)) for _ in range(2))
    assert first == second


def test_streets_are_loaded_only_where_the_reader_asks() -> None:
    columns = read_columns(make_frame(3))
    for streets in (False, True):
        assert describe_events(columns, everything(columns), streets=streets)["streets"] is streets


@pytest.mark.parametrize(
    ("code", "name"),
    [("AZE", "Azerbaijan"), ("XKX", "Kosovo"), ("RUS", "Russia"), ("IRN", "Iran"), ("ZZZ", "ZZZ")],
)
def test_countries_have_everyday_names(code: str, name: str) -> None:
    assert name_country(code) == name
