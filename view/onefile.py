"""One HTML file with everything in it: map, timeline, filters, evidence, data dictionary.

    events table + article texts + Leaflet + countries -> one file that asks nobody for anything

It opens from a disk with the network off. Its Content-Security-Policy forbids every request and
every script but its own two, each named by its hash, so that words of an article can never
become code. The events, their cards (the same HTML as the page's) and the base map lie in it
compressed; `onefile.js` unpacks, filters and draws them.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from extract.export import Note
from extract.export.dictionary import CAUTION, CREDITS, MEANINGS, TITLE
from extract.records import Precision
from extract.selection import NO_PLACE, SEARCHED, fold_text, split_values
from extract.table import COLUMNS
from view.evidence import write_card
from view.palette import (
    FIELD_MARKS,
    LOOK_LABELS,
    PRECISION_LABELS,
    QUAD_COLOURS,
    QUAD_LABELS,
    STATUS_LOOKS,
    TYPE_STYLES,
    draw_symbol,
)
from view.words import date_words

HERE = Path(__file__).parent
# A card is 2 kB, packed 250 bytes: twenty thousand make a file that mail still carries.
MOST_EVENTS = 20_000
EPOCH = pd.Timestamp("1970-01-01")


def write_page(
    frame: pd.DataFrame,
    note: Note,
    *,
    find_text: Callable[[str], str | None],
    name_country: Callable[[str], str],
    leaflet: tuple[str, str],
    basemap: Mapping[str, Any],
) -> bytes:
    """Return an events table as one self-contained HTML file.

    `find_text` gives an article's text by its id, None where it is not at hand. `leaflet` are
    its script and its style sheet, `basemap` the countries as `view.basemap` makes them.
    Raises ValueError for more than `MOST_EVENTS` events, with what to do.
    """
    if len(frame) > MOST_EVENTS:
        raise ValueError(
            f"{len(frame):,} events are too many for one file, which holds {MOST_EVENTS:,}; "
            "narrow the filters, or take GeoJSON, KML or Parquet"
        )
    events = describe_events(frame, find_text=find_text, name_country=name_country)
    script, sheet = leaflet
    scripts = [_harden(script), _read("onefile.js")]
    hashes = " ".join(f"'sha256-{_hash(one)}'" for one in scripts)
    policy = (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    lines = note.lines(len(frame))
    parts = {
        "policy": escape(policy),
        "title": escape(f"Dateline: {note.query}"),
        "styles": "\n".join(
            (_strip_addresses(sheet), _field_colours(), _card_rules(), _read("onefile.css"))
        ),
        "lead": escape(TITLE),
        "query": escape(note.query[:1].upper() + note.query[1:]),
        "made": escape(f"{note.made:%Y-%m-%d %H:%M} UTC"),
        "caution": escape(CAUTION),
        "same": _link(note.address),
        "credits": "".join(f"<li>{escape(credit)}</li>" for credit in CREDITS),
        "columns": "".join(
            f"<dt>{escape(column)}</dt><dd>{escape(MEANINGS[column])}</dd>" for column in COLUMNS
        ),
        "note": escape(" · ".join(lines[1:4])),
        "events": _pack(events),
        "countries": _pack(basemap),
        "leaflet": scripts[0],
        "script": scripts[1],
    }
    page = re.sub(r"\{\{(\w+)\}\}", lambda slot: parts[slot[1]], _read("onefile.html"))
    return page.encode("utf-8", errors="replace")


def describe_events(
    frame: pd.DataFrame,
    *,
    find_text: Callable[[str], str | None],
    name_country: Callable[[str], str],
) -> dict[str, Any]:
    """Return the events as the file's script reads them: plain values, places by number."""
    places: dict[tuple[Any, ...], int] = {}
    rows, cards = [], []
    for event in frame.to_dict("records"):
        series = pd.Series(event, dtype=object)
        cards.append(write_card(series, text=find_text(str(event["article_id"]))))
        rows.append(_describe(event, places))
    codes = sorted({code for row in rows for code in row["countries"]})
    return {
        "events": rows,
        "cards": cards,
        "places": [list(place) for place in places],
        "names": {code: name_country(code) for code in codes},
        "types": {
            name: {"label": style.label, "colour": style.colour, "symbols": {
                look: draw_symbol(name, look=look, size=20) for look in LOOK_LABELS
            }}
            for name, style in TYPE_STYLES.items()
        },
        "quads": [
            {"name": quad, "label": QUAD_LABELS[quad], "colour": colour}
            for quad, colour in QUAD_COLOURS.items()
        ],
        "precisions": PRECISION_LABELS,
    }  # fmt: skip


def _describe(event: dict[Any, Any], places: dict[tuple[Any, ...], int]) -> dict[str, Any]:
    precision = _text(event["place_precision"])
    whole = precision == Precision.COUNTRY.value
    place = -1
    if pd.notna(event["latitude"]) and not whole:
        key = (
            _text(event["place"]) or "unnamed place",
            round(float(event["latitude"]), 5),
            round(float(event["longitude"]), 5),
            precision,
            float(event["radius_km"]) if pd.notna(event["radius_km"]) else 0.0,
        )
        place = places.setdefault(key, len(places))
    actors = [
        part
        for column in ("actor", "recipient")
        for part in split_values(_text(event[column]) or None)
    ]
    codes = [
        part
        for column in ("actor_code", "recipient_code")
        for part in split_values(_text(event[column]) or None)
    ]
    start, end = (_day(event[name]) for name in ("date_start", "date_end"))
    return {
        "id": event["event_id"],
        "type": event["event_type"],
        "quad": event["quad_class"],
        "status": event["status"],
        "look": STATUS_LOOKS[event["status"]],
        "place": place,
        "where": _text(event["place"]),
        "whole": whole,
        "countries": [str(code) for code in event["country"]],
        "precision": precision or NO_PLACE,
        "start": end if start is None else start,
        "end": start if end is None else end,
        "when": date_words(event["date_start"], event["date_end"], event["date_granularity"]),
        "actors": list(dict.fromkeys(actors)),
        "codes": list(dict.fromkeys(codes)),
        "source": _text(event["source"]),
        "words": _text(event["sentence"]) or _text(event["title"]),
        "search": fold_text("\n".join(_text(event[column]) for column in SEARCHED)),
    }


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _day(value: Any) -> int | None:
    return None if pd.isna(value) else int((pd.Timestamp(value) - EPOCH).days)


def _pack(value: object) -> str:
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    packed = gzip.compress(written.encode("utf-8", errors="replace"), mtime=0)
    return base64.b64encode(packed).decode()


def _harden(script: str) -> str:
    """Return a script that no end tag inside it cuts short, without the address of its map."""
    script = re.sub(r"//# sourceMappingURL=\S*", "", script)
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _strip_addresses(sheet: str) -> str:
    """Return a style sheet that loads no picture."""
    return re.sub(r"url\([^)]*\)", "none", sheet)


def _card_rules() -> str:
    """Return the rules of the page's style sheet that draw a card and a legend."""
    lines = _read("page.css").splitlines()
    wanted: Iterable[str] = (
        line for line in lines if re.match(r"(mark)?\.dl-|li \.dl-|mark\.", line)
    )
    return "\n".join(wanted)


def _field_colours() -> str:
    day = "".join(f"--dl-{field}:{light};" for field, (_, light, _) in FIELD_MARKS.items())
    night = "".join(f"--dl-{field}:{dark};" for field, (_, _, dark) in FIELD_MARKS.items())
    return (
        f":root{{{day}--dl-link:#1f5fa6}}"
        f"@media (prefers-color-scheme: dark){{:root{{{night}--dl-link:#86bbf2}}}}"
    )


def _link(address: str | None) -> str:
    if not address or not address.startswith(("http://", "https://")):
        return ""
    return f'<a href="{escape(address)}" rel="noopener noreferrer">Open this view in Dateline</a>'


def _hash(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _read(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")
