"""The legend of the map and the timeline: what colours, symbols and outlines mean."""

from __future__ import annotations

from html import escape
from pathlib import Path

from extract.plover import EVENT_TYPES
from view.layers import AREA, COUNTRIES, HEAT, MONTHLY, POINTS
from view.palette import (
    FIELD_MARKS,
    LOOK_LABELS,
    QUAD_COLOURS,
    QUAD_LABELS,
    TYPE_STYLES,
    draw_image,
    draw_symbol,
    type_order,
)

PAGE_STYLE = Path(__file__).with_name("page.css")

_OPEN = '<svg xmlns="http://www.w3.org/2000/svg" '
_AREA = draw_image(
    f'{_OPEN}viewBox="0 0 20 20"><circle cx="10" cy="10" r="8" fill="#7d8791" fill-opacity=".2" '
    'stroke="#7d8791" stroke-width="1.6" stroke-dasharray="3 2.4"/></svg>',
    width=17,
    height=17,
)
_COUNTRY = draw_image(
    f'{_OPEN}viewBox="0 0 26 20"><path d="M2 5l9-3 12 4-2 10-10 2-9-5z" fill="#cc6a3c" '
    'fill-opacity=".4" stroke="#cc6a3c" stroke-width="1.5"/></svg>',
    width=21,
    height=16,
)
_CLUSTER = draw_image(
    f'{_OPEN}viewBox="0 0 20 20"><circle cx="10" cy="10" r="7.5" fill="#ffffff" stroke="#3b6cc7" '
    'stroke-width="4"/><path d="M10 2.5a7.5 7.5 0 0 1 0 15" fill="none" stroke="#a8263f" '
    'stroke-width="4"/></svg>',
    width=17,
    height=17,
)


# What a layer shows and what it leaves out; its scale is on the map.
_LAYER_WORDS = {
    HEAT: "Each event once: at its spot or town, or spread over the area it is known to. What is "
    "known to a country alone is not drawn.",
    COUNTRIES: "All events that touch a country, be they known to a street or to no more than it.",
    MONTHLY: "All events that touch a country, by the months between the first and the last shown.",
    AREA: "Districts, provinces, regions and seas, as large as they are. Spots, towns and whole "
    "countries are not drawn.",
}


def write_key(layer: str = POINTS) -> str:
    """Return the short legend under the map as HTML: for symbols hues, outlines and forms."""
    if layer in _LAYER_WORDS:
        return f'<p class="dl-legend dl-key dl-quiet">{escape(_LAYER_WORDS[layer])}</p>'
    hues = "".join(
        f'<li><span class="dl-dot" style="background:{QUAD_COLOURS[quad]}"></span>'
        f"{escape(label)}</li>"
        for quad, label in QUAD_LABELS.items()
    )
    looks = "".join(
        f"<li>{draw_symbol('ASSAULT', look=look, size=15)}{escape(words)}</li>"
        for look, words in LOOK_LABELS.items()
    )
    forms = (
        f"<li>{_CLUSTER}several events</li><li>{_AREA}somewhere in the area</li>"
        f"<li>{_COUNTRY}whole country</li>"
    )
    return f'<ul class="dl-legend dl-key" aria-label="Legend">{hues}{looks}{forms}</ul>'


def write_legend() -> str:
    """Return the symbols of all event types with what they cover, by quad class, as HTML."""
    groups: dict[str, list[str]] = {}
    for name in type_order():
        groups.setdefault(EVENT_TYPES[name].quad_class.value, []).append(name)
    columns = []
    for quad, names in groups.items():
        lines = "".join(
            f"<li>{draw_symbol(name)}<span><b>{escape(TYPE_STYLES[name].label)}</b> "
            f'<span class="dl-quiet">{escape(EVENT_TYPES[name].meaning)}</span></span></li>'
            for name in names
        )
        columns.append(f"<div><h2>{escape(QUAD_LABELS[quad])}</h2><ul>{lines}</ul></div>")
    return f'<div class="dl-types">{"".join(columns)}</div>'


def write_style(*, dark: bool = False) -> str:
    """Return the style sheet of the page as an HTML element, the fields' colours from the palette.

    `dark` says which theme the reader has: Streamlit draws its dialogs outside the part of the
    page that tells the browser, so the style sheet cannot ask there.
    """
    colours = "".join(
        f"--dl-{field}: {night if dark else day};" for field, (_, day, night) in FIELD_MARKS.items()
    )
    link = "#86bbf2" if dark else "#1f5fa6"
    quiet = "#a9b4bf" if dark else "#4f5a66"
    sheet = PAGE_STYLE.read_text(encoding="utf-8")
    return (
        f"<style>:root {{{colours} --dl-link: {link}; --dl-quiet-ink: {quiet};}}\n{sheet}</style>"
    )
