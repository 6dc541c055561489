"""The legend of the map and the timeline: what colours, symbols and outlines mean."""

from __future__ import annotations

from html import escape

from extract.plover import EVENT_TYPES
from view.palette import LOOK_LABELS, QUAD_LABELS, TYPE_STYLES, draw_symbol, type_order

_AREA = (
    '<svg width="22" height="20" viewBox="0 0 22 20" aria-hidden="true"><circle cx="11" cy="10" r="8" '
    'fill="currentColor" fill-opacity=".1" stroke="currentColor" stroke-dasharray="3 2.4"/></svg>'
)
_COUNTRY = (
    '<svg width="26" height="20" viewBox="0 0 26 20" aria-hidden="true"><path d="M2 5l9-3 12 4-2 10-10 2-9-5z" '
    'fill="#cc6a3c" fill-opacity=".35" stroke="#cc6a3c"/></svg>'
)
_CLUSTER = (
    '<svg width="22" height="22" viewBox="0 0 22 22" aria-hidden="true"><circle cx="11" cy="11" r="8" fill="none" '
    'stroke="#2468b0" stroke-width="4"/><path d="M11 3a8 8 0 0 1 8 8 8 8 0 0 1-8 8" fill="none" stroke="#cc3344" '
    'stroke-width="4"/></svg>'
)


def write_legend() -> str:
    """Return the legend as HTML lists: types by quad class, statuses, and how exact a place is."""
    groups: dict[str, list[str]] = {}
    for name in type_order():
        groups.setdefault(EVENT_TYPES[name].quad_class.value, []).append(name)
    lines = []
    for quad, names in groups.items():
        lines.append(f'<li class="dl-head">{escape(QUAD_LABELS[quad])}</li>')
        lines += [
            f'<li title="{escape(EVENT_TYPES[name].meaning)}">{draw_symbol(name)}'
            f"{escape(TYPE_STYLES[name].label)}</li>"
            for name in names
        ]
    looks = "".join(
        f"<li>{draw_symbol('ASSAULT', look=look)}{escape(words)}</li>"
        for look, words in LOOK_LABELS.items()
    )
    places = (
        f"<li>{draw_symbol('ASSAULT')}a spot or town</li>"
        f"<li>{_AREA}a district, province, region or sea, with its radius</li>"
        f"<li>{_COUNTRY}a country as a whole</li>"
        f"<li>{_CLUSTER}several events; opens on zoom</li>"
    )
    return (
        f'<ul class="dl-legend">{"".join(lines)}<li class="dl-head">Status</li>{looks}'
        f'<li class="dl-head">Place</li>{places}</ul>'
    )
