"""The events that pass the filter, as one folium layer over an offline base map.

A spot or town is a symbol; a district, province, region or sea is a dashed circle of its
radius; a country is shaded and carries its name with a count, never a pin in its middle.
What would overlap is a cluster with a count. The layer holds one compact text of numbers and
escaped words for the part of the map that the reader looks at, which `eventmap.js` draws: no
Python object is made per event. What the reader does there comes back as a message, by
`read_message`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import folium
import numpy as np
from branca.element import MacroElement
from folium.template import Template
from numpy.typing import NDArray

from view.assets import Assets
from view.columns import LOOKS, EventColumns, Mask, find_row
from view.layers import (
    AREA,
    COUNTRIES,
    HEAT,
    LAYERS,
    MONTHLY,
    POINTS,
    RAMP,
    count_months,
    describe_areas,
    describe_choropleth,
    describe_heat,
    describe_nations,
)
from view.names import name_country
from view.nodes import FEW, count_places, describe_all_nodes, describe_nodes
from view.palette import QUAD_COLOURS, TYPE_STYLES
from view.viewport import Bounds, Tile, Viewport, fit_view, read_tiles, read_view

__all__ = ["EventMap", "Message", "build_map", "describe_events", "draw_events", "name_country",
           "name_generation", "quote_script", "read_message", "read_pick", "rows_at"]  # fmt: skip

HERE = Path(__file__).parent
SCRIPTS = ("eventmap.js", "maplayers.js", "mapdraw.js")
CREDIT = "Places: GeoNames (CC BY 4.0) · Borders in effect: Natural Earth"
STREETS = "https://tile.openstreetmap.org/{z}/{x}/{y}.png"
STREETS_CREDIT = "Streets: © OpenStreetMap contributors"
# The map opens on the middle nine tenths of the events, so that a far one does not shrink the rest.
BULK = 0.9


class EventMap(folium.Map):
    """A folium map that loads Leaflet alone, from where `assets` says, and no tiles."""

    def __init__(self, assets: Assets) -> None:
        super().__init__(
            location=(34.0, 44.0),
            zoom_start=4,
            min_zoom=2,
            max_zoom=16,
            tiles=None,
            world_copy_jump=True,
            zoom_snap=0.25,
            zoom_delta=1,
            marker_zoom_animation=False,
        )
        self.default_js = [("leaflet", assets.script)]
        self.default_css = [("leaflet_css", assets.sheet)]

    def render(self, **_options: Any) -> str:
        """Add nothing to a page's head: the map's own style sheet says it all.

        folium would compile a dozen templates for it, at each of three renderings a run.
        """
        return ""


class _Script(MacroElement):
    """Lines of JavaScript about the parent, `{{ parent }}`, with one text argument."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        {{ this.code }}
        dateline.{{ this.call }}({{ this._parent.get_name() }}, {{ this.text }});
        {% endmacro %}
        """
    )

    def __init__(self, call: str, text: str, *, code: str = "") -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Dateline"
        self.call, self.text, self.code = call, text, code

    def render(self, **_options: Any) -> str:
        """Add nothing to a page: folium would compile the whole text as a template for it."""
        return ""


class EventLayer(folium.FeatureGroup):
    """The layer that brings the events; what shows it in the browser adds it to its map."""

    def render(self, **_options: Any) -> str:
        """Add nothing to a page, as the map itself."""
        return ""


@dataclass(frozen=True, slots=True)
class Message:
    """What the browser tells of the map, all of it each time, so that none is lost.

    `view` is where the map stands, `moved` whether the reader put it there. `wanted` are the
    tiles that it lacks of the answer named `generation`, none where it lacks nothing. `pick` and
    `drawn` carry a number that grows with each click and each drawing; `area` are the corners of
    the last drawing, () where the reader took it away.
    """

    view: Viewport | None
    moved: bool
    layer: str
    generation: str
    wanted: tuple[Tile, ...]
    picks: int
    pick: tuple[str, str] | None
    drawings: int
    area: tuple[tuple[float, float], ...]


def build_map(assets: Assets) -> EventMap:
    """Return the map without events: base map, scale, controls, credit line.

    It is the same on every run, so that the page keeps it and only its events change.
    """
    eventmap = EventMap(assets)
    styles = {
        "css": _read_part("eventmap.css"),
        "countries": assets.countries,
        "streets": {"url": STREETS, "credit": STREETS_CREDIT},
        "credit": CREDIT,
        "label": "Map of the events. The table below holds the same events.",
        "quads": list(QUAD_COLOURS.values()),
        "types": [
            {"colour": style.colour, "ink": style.ink, "glyph": style.glyph}
            for style in TYPE_STYLES.values()
        ],
        "looks": list(LOOKS),
        "layers": [[name, label] for name, label in LAYERS.items()],
        "ramp": list(RAMP),
    }
    code = "\n".join(map(_read_part, SCRIPTS))
    _Script("begin", f"JSON.parse({quote_script(styles)})", code=code).add_to(eventmap)
    return eventmap


def draw_events(payload: Mapping[str, Any]) -> folium.FeatureGroup:
    """Return the layer that brings the browser what `describe_events` made."""
    group = EventLayer(name="events")
    _Script("draw", quote_script(payload)).add_to(group)
    return group


def describe_events(
    columns: EventColumns,
    mask: Mask,
    *,
    dataset: str = "",
    fit: str = "",
    layer: str = POINTS,
    view: Viewport | None = None,
    tiles: Sequence[Tile] | None = None,
    picked: str | None = None,
    area: Sequence[tuple[float, float]] = (),
    opening: Viewport | None = None,
    streets: bool = False,
) -> dict[str, Any]:
    """Return what the browser draws, as plain values.

    `dataset` names the table and its version. The map fits itself to the events whenever `fit`
    changes, or opens at `opening` where that is given, and otherwise stays where the reader put
    it. `view` is where it stands, None where that is not known yet: then at the bulk of the
    events. `tiles` are those that the browser lacks of an answer it has, maybe none; with None
    the answer is whole. `picked` is the id of an event to point out.

    Where the places are few, the answer holds the symbols of all zoom levels, and `tiles` is
    None. Else it holds those of `zoom` in `tiles`. All answers of one `generation` belong
    together.
    """
    rows = np.flatnonzero(mask)
    counts = count_places(columns, rows)
    bulk = _bounds(columns, counts, share=BULK)
    view = view or opening or (fit_view(bulk) if bulk else Viewport(34.0, 44.0, 4.0))
    picked_row = find_row(columns, picked)
    place = int(columns.place[picked_row]) if picked_row is not None else -1
    few = int(np.count_nonzero(counts)) <= FEW
    asked = view.cover() if tiles is None else list(tiles)
    payload: dict[str, Any] = {
        "generation": name_generation(mask, layer=layer, dataset=dataset),
        "fit": fit,
        "layer": layer,
        "zoom": view.level,
        "tiles": None if few and layer == POINTS else asked,
        "streets": streets,
        "area": [list(corner) for corner in area],
        "bounds": _bounds(columns, counts, share=1.0),
        "bulk": bulk,
        "opening": _write_view(opening),
        "picked": _describe_picked(columns, picked_row, place),
        "shown": len(rows),
    }
    if layer == POINTS:
        payload["nodes"] = (
            describe_all_nodes(columns, mask, rows, picked=place)
            if few
            else describe_nodes(columns, mask, rows, level=view.level, tiles=asked)
        )
        # A tile that was lacking changes no country.
        payload["nations"] = describe_nations(columns, mask) if tiles is None else None
    elif layer == HEAT:
        payload["heat"] = describe_heat(columns, rows, level=view.level, tiles=asked)
    elif layer in (COUNTRIES, MONTHLY):
        months = count_months(columns, rows) if layer == MONTHLY else None
        payload["tiles"] = None
        payload["countries"] = describe_choropleth(columns, rows, months=months)
    elif layer == AREA:
        payload["tiles"] = None
        payload["areas"] = describe_areas(columns, mask, rows)
    return payload


def name_generation(mask: Mask, *, layer: str, dataset: str) -> str:
    """Return the name that all answers about the same events in the same layer share."""
    told = hashlib.blake2b(np.packbits(mask).tobytes(), digest_size=6)
    return f"{told.hexdigest()} {layer} {dataset}"


def quote_script(value: object) -> str:
    """Return a value as a JavaScript expression whose text cannot end a string or a script.

    It is JSON inside a JSON string, with everything that could mean something to HTML, to
    JavaScript or to the template that carries it written as an escape.
    """
    inner = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    outer = json.dumps(inner)
    for sign in "<>&'{}_":
        outer = outer.replace(sign, f"\\u{ord(sign):04x}")
    return outer


def read_message(told: object) -> Message | None:
    """Return what the browser told of the map, None for what is no message of ours."""
    if not isinstance(told, Mapping) or "picks" not in told:
        return None
    view = read_view(told.get("view"))
    layer = told.get("layer")
    picks, drawings = told.get("picks"), told.get("drawings")
    return Message(
        view=view,
        moved=bool(told.get("moved")),
        layer=layer if isinstance(layer, str) and layer in LAYERS else POINTS,
        generation=str(told.get("generation") or ""),
        wanted=tuple(read_tiles(told.get("wanted"), view.level)) if view else (),
        picks=picks if isinstance(picks, int) else 0,
        pick=read_pick(told.get("pick")),
        drawings=drawings if isinstance(drawings, int) else 0,
        area=_read_corners(told.get("area")),
    )


def read_pick(told: object) -> tuple[str, str] | None:
    """Return what was clicked, None for what is nothing of ours.

    ("place", number), ("spot", number of a place on it), ("country", code) for what is known to
    the country alone, ("nation", code) for all that touches it.
    """
    if not isinstance(told, str):
        return None
    kind, _, key = told.partition(":")
    return (kind, key) if kind in ("place", "spot", "country", "nation") and key else None


def rows_at(columns: EventColumns, mask: Mask, pick: tuple[str, str]) -> Mask:
    """Return the events under the mask that a pick on the map stands for.

    A place or a country as a whole; a spot is all places that lie on the very same point.
    """
    kind, key = pick
    inside = np.zeros(len(columns), dtype=bool)
    if kind == "country":
        if key in columns.nations:
            inside[columns.in_nation.of(columns.nations.index(key))] = True
    elif key.isdecimal() and int(key) < len(columns.places):
        together = columns.tree.heads[-1] == columns.tree.heads[-1][int(key)]
        numbers = np.flatnonzero(together) if kind == "spot" else [int(key)]
        for number in numbers:
            inside[columns.at_place.of(int(number))] = True
    return np.asarray(inside & mask, dtype=bool)


@cache
def _read_part(name: str) -> str:
    """Read a part of the map once, so that it stays the same while the server runs."""
    return (HERE / name).read_text(encoding="utf-8")


def _read_corners(told: object) -> tuple[tuple[float, float], ...]:
    if not isinstance(told, Sequence) or isinstance(told, str):
        return ()
    corners = []
    for pair in told:
        if not isinstance(pair, Sequence) or len(pair) != 2:
            return ()
        if not all(isinstance(number, (int, float)) for number in pair):
            return ()
        corners.append((round(float(pair[0]), 4), round(float(pair[1]), 4)))
    return tuple(corners) if len(corners) >= 3 else ()


def _write_view(view: Viewport | None) -> list[float] | None:
    return [view.latitude, view.longitude, view.zoom] if view else None


def _describe_picked(columns: EventColumns, row: int | None, place: int) -> dict[str, Any] | None:
    if row is None:
        return None
    if place < 0:
        cell = columns.coded["country"].codes[row]
        codes = columns.coded["country"].values[cell].split("|") if cell >= 0 else []
        return {"id": row, "countries": codes if columns.countrywide[row] else []}
    return {
        "id": row,
        "countries": [],
        "place": place,
        "latitude": round(float(columns.spots["latitude"][place]), 4),
        "longitude": round(float(columns.spots["longitude"][place]), 4),
        "heads": columns.tree.heads[:, place].tolist(),
    }


def _bounds(columns: EventColumns, counts: NDArray[np.int64], *, share: float) -> Bounds | None:
    """Return south-west and north-east corners around the middle share of the events."""
    total = int(counts.sum())
    if not total:
        return None
    corners = []
    for axis, order in zip(("latitude", "longitude"), columns.place_order, strict=True):
        reached = np.cumsum(counts[order])
        # the first place whose events reach the lower edge, and the upper one
        edges = [max(total * (1 - share) / 2, 1), total * (1 + share) / 2]
        places = order[np.searchsorted(reached, edges)]
        corners.append([round(float(columns.spots[axis][place]), 4) for place in places])
    (south, north), (west, east) = corners
    return (south, west), (north, east)
