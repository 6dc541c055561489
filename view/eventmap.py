"""The events that pass the filter, as one folium layer over an offline base map.

A spot or town is a symbol; a district, province, region or sea is a dashed circle of its
radius; a country is shaded and carries its name with a count, never a pin in its middle.
What would overlap is a cluster with a count. The layer holds one compact text of numbers and
escaped words, which `eventmap.js` draws: no Python object is made per event.

Every tooltip ends with a hidden `#kind:key`, by which a click comes back: `read_pick`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import folium
import numpy as np
import pandas as pd
import pycountry
from branca.element import MacroElement
from folium.template import Template
from numpy.typing import NDArray

from extract.records import Precision
from view.assets import Assets
from view.clusters import DEEPEST, Node, cluster_places
from view.columns import LOOKS, QUAD_OF_TYPE, QUADS, TYPES, EventColumns, Mask
from view.palette import QUAD_COLOURS, TYPE_STYLES
from view.words import count_words, date_words

HERE = Path(__file__).parent
CREDIT = "Places: GeoNames (CC BY 4.0) · Borders in effect: Natural Earth"
STREETS = "https://tile.openstreetmap.org/{z}/{x}/{y}.png"
STREETS_CREDIT = "Streets: © OpenStreetMap contributors"
# Where ISO 3166-1 has only the long form, or none at all.
EVERYDAY_NAMES = {
    "BES": "Caribbean Netherlands",
    "BRN": "Brunei",
    "COD": "DR Congo",
    "COG": "Congo",
    "FLK": "Falkland Islands",
    "FSM": "Micronesia",
    "IRN": "Iran",
    "KOR": "South Korea",
    "LAO": "Laos",
    "MAF": "Saint Martin",
    "PRK": "North Korea",
    "PSE": "Palestine",
    "RUS": "Russia",
    "SXM": "Sint Maarten",
    "SYR": "Syria",
    "TUR": "Turkey",
    "VAT": "Vatican City",
    "VGB": "British Virgin Islands",
    "VIR": "US Virgin Islands",
    "XKX": "Kosovo",
}
AREAS = (Precision.DISTRICT, Precision.PROVINCE, Precision.REGION, Precision.SEA)
HINTS = 3
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
        )
        self.default_js = [("leaflet", assets.script)]
        self.default_css = [("leaflet_css", assets.sheet)]


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


def build_map(assets: Assets, *, streets: bool = False) -> EventMap:
    """Return the map without events: base map, scale, credit line.

    It is the same on every run, so that the page keeps it and only its events change.
    """
    eventmap = EventMap(assets)
    if streets:
        folium.TileLayer(STREETS, attr=STREETS_CREDIT, max_zoom=19).add_to(eventmap)
    styles = {
        "css": (HERE / "eventmap.css").read_text(encoding="utf-8"),
        "countries": assets.countries,
        "streets": streets,
        "credit": CREDIT,
        "label": "Map of the events. The table below holds the same events.",
        "quads": list(QUAD_COLOURS.values()),
        "types": [
            {"colour": style.colour, "ink": style.ink, "glyph": style.glyph}
            for style in TYPE_STYLES.values()
        ],
    }
    code = (HERE / "eventmap.js").read_text(encoding="utf-8")
    _Script("begin", f"JSON.parse({quote_script(styles)})", code=code).add_to(eventmap)
    return eventmap


def draw_events(
    columns: EventColumns, mask: Mask, *, dataset: str = "", picked: str | None = None
) -> folium.FeatureGroup:
    """Return the layer of the events under the mask.

    The map fits itself to the events whenever `dataset` changes, and otherwise stays where the
    reader put it. `picked` is the id of an event to point out.
    """
    group = folium.FeatureGroup(name="events")
    payload = describe_events(columns, mask, picked=picked)
    _Script("draw", quote_script({**payload, "fit": dataset})).add_to(group)
    return group


def describe_events(
    columns: EventColumns, mask: Mask, *, picked: str | None = None
) -> dict[str, Any]:
    """Return what the browser draws, as plain values: nodes, areas, countries, bounds, focus."""
    rows = np.flatnonzero(mask)
    numbers = columns.place[rows]
    placed = rows[numbers >= 0]
    used, inverse = np.unique(columns.place[placed], return_inverse=True)
    counts = np.bincount(inverse, minlength=len(used)).astype(np.int64)
    kinds = len(TYPES) * len(LOOKS)
    kind = columns.type[placed].astype(np.int64) * len(LOOKS) + columns.look[placed]
    table = np.bincount(inverse * kinds + kind, minlength=len(used) * kinds)
    table = table.reshape(len(used), len(TYPES), len(LOOKS))
    # plain arrays: pandas costs a hundred times more per single value
    places = {str(name): columns.places[name].to_numpy()[used] for name in columns.places}
    picked_row = _row_of(columns, picked)
    picked_place = int(columns.place[picked_row]) if picked_row is not None else -1
    hints = _headlines(columns, placed, inverse, len(used))

    nodes = cluster_places(places["latitude"], places["longitude"], counts)
    wide = np.isin(places["precision"].astype(str), [precision.value for precision in AREAS])
    areas = [
        {
            "id": f"place:{used[at]}",
            "latitude": round(float(places["latitude"][at]), 4),
            "longitude": round(float(places["longitude"][at]), 4),
            "radius": round(float(places["radius_km"][at]), 1),
            "colour": TYPE_STYLES[TYPES[int(table[at].sum(axis=1).argmax())]].colour,
            "look": LOOKS[int(table[at].sum(axis=0).argmax())],
            "title": _title(places["name"][at], counts[at]),
            "lines": hints[at],
            "picked": int(used[at]) == picked_place,
        }
        for at in np.flatnonzero(wide)
        if places["radius_km"][at] > 0
    ]
    return {
        # the large ones first, so that small areas lie on top and can be clicked
        "areas": sorted(areas, key=lambda area: -float(area["radius"])),
        "nodes": [
            _describe_node(node, places, used, counts, table, hints, wide, picked_place)
            for node in nodes
        ],
        "countries": _describe_countries(columns, rows, picked_row),
        "bounds": _bounds(places, counts, share=1.0),
        "bulk": _bounds(places, counts, share=BULK),
        "focus": _focus(columns, picked_row),
    }


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


def read_pick(tooltip: str | None) -> tuple[str, str] | None:
    """Return what a clicked tooltip stands for, ("place", number) or ("country", code).

    None for a cluster, or for anything that is not a tooltip of ours.
    """
    if not tooltip or "#" not in tooltip:
        return None
    kind, _, key = tooltip.rpartition("#")[2].strip().partition(":")
    return (kind, key) if kind in ("place", "country") and key else None


def rows_at(columns: EventColumns, mask: Mask, pick: tuple[str, str]) -> Mask:
    """Return the events under the mask that a pick on the map stands for."""
    kind, key = pick
    if kind == "place":
        wanted = int(key) if key.isdecimal() else -2
        return np.asarray(mask & (columns.place == wanted), dtype=bool)
    inside = columns.frame["country"].map(lambda codes: key in codes).to_numpy(dtype=bool)
    return np.asarray(mask & columns.countrywide & inside, dtype=bool)


def name_country(code: str) -> str:
    """Return the everyday English name of an ISO 3166-1 alpha-3 code, or the code itself."""
    if code in EVERYDAY_NAMES:
        return EVERYDAY_NAMES[code]
    country = pycountry.countries.get(alpha_3=code)
    if country is None:
        return code
    return str(getattr(country, "common_name", country.name))


def _describe_node(
    node: Node,
    places: dict[str, np.ndarray[Any, Any]],
    used: np.ndarray[Any, Any],
    counts: np.ndarray[Any, Any],
    table: np.ndarray[Any, Any],
    hints: list[list[str]],
    wide: np.ndarray[Any, Any],
    picked_place: int,
) -> dict[str, Any]:
    members = list(node.members)
    kinds = table[members].sum(axis=0)
    by_type = kinds.sum(axis=1)
    types = np.flatnonzero(by_type)
    total = int(counts[members].sum())
    alone = len(members) == 1
    first = members[0]
    quads = np.bincount(QUAD_OF_TYPE, weights=by_type, minlength=len(QUADS)).astype(int)
    described: dict[str, Any] = {
        "key": f"{used[first]}/{len(members)}/{node.shallow}",
        "id": f"place:{used[first]}" if alone else f"cluster:{used[first]}",
        "latitude": round(node.latitude, 4),
        "longitude": round(node.longitude, 4),
        "from": node.shallow,
        # the deepest node lives on, however far the reader zooms in
        "until": 99 if alone and node.deep >= DEEPEST else node.deep,
        "members": len(members),
        "n": total,
        "quads": quads.tolist(),
        "type": int(types[0]) if len(types) == 1 else None,
        "look": LOOKS[int(kinds.sum(axis=0).argmax())],
        "picked": any(int(used[member]) == picked_place for member in members),
    }
    if alone:
        described |= {
            "name": places["name"][first],
            "area": bool(wide[first]),
            "title": _title(places["name"][first], total),
            "lines": hints[first],
        }
    else:
        latitudes, longitudes = places["latitude"][members], places["longitude"][members]
        largest = sorted(members, key=lambda member: -counts[member])[:HINTS]
        names = [places["name"][member] for member in largest]
        more = len(members) - len(names)
        described |= {
            "name": "",
            "title": f"{len(members)} places, {count_words(total, 'event')}",
            "lines": [", ".join(names) + (f" and {more} more" if more > 0 else "")],
            "bounds": [
                [float(latitudes.min()), float(longitudes.min())],
                [float(latitudes.max()), float(longitudes.max())],
            ],
        }
    return described


def _describe_countries(
    columns: EventColumns, rows: np.ndarray[Any, Any], picked_row: int | None
) -> list[dict[str, Any]]:
    national = rows[columns.countrywide[rows]]
    pairs = columns.frame["country"].iloc[national].explode().dropna()
    if pairs.empty:
        return []
    codes, names = pd.factorize(pairs)
    hints = _headlines(columns, pairs.index.to_numpy(), codes, len(names))
    counts = np.bincount(codes, minlength=len(names))
    chosen = (
        set(columns.frame["country"].iloc[picked_row])
        if picked_row is not None and columns.countrywide[picked_row]
        else set()
    )
    return [
        {
            "code": code,
            "id": f"country:{code}",
            "n": int(counts[at]),
            "name": name_country(code),
            "title": f"{_title(name_country(code), int(counts[at]))} in the country as a whole",
            "lines": hints[at],
            "picked": code in chosen,
        }
        for at, code in enumerate(names)
    ]


def _headlines(
    columns: EventColumns, rows: np.ndarray[Any, Any], groups: np.ndarray[Any, Any], size: int
) -> list[list[str]]:
    """Return the latest few events of each group as short lines."""
    lines: list[list[str]] = [[] for _ in range(size)]
    latest = np.lexsort((-columns.start[rows], groups))
    rows, groups = rows[latest], groups[latest]
    first = np.r_[True, groups[1:] != groups[:-1]] if len(groups) else np.array([], dtype=bool)
    rank = np.arange(len(groups)) - np.maximum.accumulate(
        np.where(first, np.arange(len(groups)), 0)
    )
    kept = rank < HINTS
    chosen = columns.frame.iloc[rows[kept]]
    for group, date_start, date_end, granularity, event_type, title, trigger in zip(
        groups[kept],
        chosen["date_start"],
        chosen["date_end"],
        chosen["date_granularity"],
        chosen["event_type"],
        chosen["title"],
        chosen["trigger"],
        strict=True,
    ):
        when = date_words(date_start, date_end, granularity)
        what = title if isinstance(title, str) else trigger if isinstance(trigger, str) else ""
        lines[group].append(f"{when} · {TYPE_STYLES[event_type].label} · {what}"[:120])
    return lines


def _title(name: str, count: int) -> str:
    return f"{name}: {count_words(int(count), 'event')}"


def _bounds(
    places: dict[str, np.ndarray[Any, Any]], counts: NDArray[np.int64], *, share: float
) -> list[list[float]] | None:
    """Return south-west and north-east corners around the middle share of the events."""
    if not len(counts):
        return None
    corners = []
    for edge in ((1 - share) / 2, (1 + share) / 2):
        corners.append(
            [_weighted_quantile(places[axis], counts, edge) for axis in ("latitude", "longitude")]
        )
    return corners


def _weighted_quantile(
    values: NDArray[np.float64], weights: NDArray[np.int64], edge: float
) -> float:
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    at = int(np.searchsorted(reached, edge * reached[-1]))
    return float(values[order][min(at, len(values) - 1)])


def _row_of(columns: EventColumns, event_id: str | None) -> int | None:
    if event_id is None:
        return None
    found = np.flatnonzero((columns.frame["event_id"] == event_id).to_numpy(dtype=bool))
    return int(found[0]) if len(found) else None


def _focus(columns: EventColumns, row: int | None) -> dict[str, Any] | None:
    if row is None or columns.place[row] < 0:
        return None
    place = columns.places.iloc[int(columns.place[row])]
    return {
        "id": str(columns.frame["event_id"].iloc[row]),
        "latitude": float(place["latitude"]),
        "longitude": float(place["longitude"]),
    }
