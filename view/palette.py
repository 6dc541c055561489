"""How events look: a colour and a symbol per type, a stroke per status, words for the rest.

Colour says the quad class by its hue and the type by its lightness: blue for friendly words,
teal for friendly deeds, amber for hostile words, red for hostile deeds. No meaning rests on
colour alone: every type has its own symbol, every status its own outline. The colours were
searched so that any two keep apart for every kind of colour vision: the nearest pair is 17
apart in CIELAB under normal vision, protanopia, deuteranopia and tritanopia (Machado 2009);
`tests/test_palette.py` measures it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from urllib.parse import quote

from extract.plover import EVENT_TYPES, QuadClass
from extract.records import Precision, Status


@dataclass(frozen=True, slots=True)
class TypeStyle:
    """The look of one event type.

    `label` is the word on the page, `colour` a hex colour, `ink` the colour of the symbol on
    it, `glyph` the SVG path data of the symbol in a box of 16 by 16, to be stroked.
    """

    label: str
    colour: str
    ink: str
    glyph: str


def _style(label: str, colour: str, ink: str, glyph: str) -> TypeStyle:
    return TypeStyle(label, colour, ink, glyph)


_WHITE = "#ffffff"
_BLACK = "#16202c"

TYPE_STYLES: dict[str, TypeStyle] = {
    # verbal cooperation: blue
    "AGREE": _style("Agree", "#0f3f89", _WHITE, "M3 8.5l3.2 3.5L13 4.5"),
    "CONSULT": _style("Consult", "#5e6fbc", _WHITE, "M3 3.5h10v7H8l-3 2.5v-2.5H3z"),
    "SUPPORT": _style(
        "Support", "#3aa1fa", _BLACK, "M8 13L3.3 8.2a2.7 2.7 0 0 1 4.7-2.6a2.7 2.7 0 0 1 4.7 2.6z"
    ),
    "CONCEDE": _style("Concede", "#adb8f9", _BLACK, "M4 14V3h8l-2 2.7 2 2.8H4"),
    # material cooperation: teal
    "COOPERATE": _style("Cooperate", "#008c89", _WHITE, "M3 6h9l-2.4-2.4M13 10H4l2.4 2.4"),
    "AID": _style("Aid", "#34d2cd", _BLACK, "M8 3v10M3 8h10"),
    "RETREAT": _style("Retreat", "#a2eec8", _BLACK, "M13 8H3.5M7.5 4L3.5 8l4 4"),
    # verbal conflict: amber
    "REQUEST": _style(
        "Request", "#ffc88c", _BLACK, "M5.3 5.8a2.8 2.8 0 1 1 4 2.4c-.9.5-1.3 1-1.3 2M8 12.6v.6"
    ),
    "ACCUSE": _style("Accuse", "#b99613", _BLACK, "M8 3v6.5M8 12.4v.6"),
    "REJECT": _style("Reject", "#867423", _WHITE, "M3.5 8h9"),
    "THREATEN": _style("Threaten", "#524200", _WHITE, "M9 2.5L4 9h4l-1 4.5L12 7H8z"),
    # material conflict: red
    "PROTEST": _style("Protest", "#fca297", _BLACK, "M3.5 3h9v5.5h-9zM8 8.5V14"),
    "SANCTION": _style(
        "Sanction", "#f17759", _BLACK, "M4 7.5h8V13H4zM5.7 7.5V5.3a2.3 2.3 0 0 1 4.6 0v2.2"
    ),
    "MOBILIZE": _style("Mobilize", "#ba5e5a", _WHITE, "M3.5 8L8 4l4.5 4M3.5 12.5L8 8.5l4.5 4"),
    "COERCE": _style("Coerce", "#8f2637", _WHITE, "M4 3v10M8 3v10M12 3v10"),
    "ASSAULT": _style(
        "Assault", "#5c1e3f", _WHITE,
        "M8 2v3.2M8 10.8V14M2 8h3.2M10.8 8H14M4 4l2 2M10 10l2 2M12 4l-2 2M6 10l-2 2",
    ),
}  # fmt: skip

QUAD_COLOURS: dict[str, str] = {
    QuadClass.VERBAL_COOPERATION.value: "#3b6cc7",
    QuadClass.MATERIAL_COOPERATION.value: "#1fb3ac",
    QuadClass.VERBAL_CONFLICT.value: "#d9a521",
    QuadClass.MATERIAL_CONFLICT.value: "#a8263f",
}

QUAD_LABELS: dict[str, str] = {
    QuadClass.VERBAL_COOPERATION.value: "Friendly words",
    QuadClass.MATERIAL_COOPERATION.value: "Friendly deeds",
    QuadClass.VERBAL_CONFLICT.value: "Hostile words",
    QuadClass.MATERIAL_CONFLICT.value: "Hostile deeds",
}

# How an outline tells the status: filled, hollow, crossed or grey.
STATUS_LOOKS: dict[str, str] = {
    Status.OCCURRED.value: "filled",
    Status.ONGOING.value: "filled",
    Status.PLANNED.value: "hollow",
    Status.THREATENED.value: "hollow",
    Status.HYPOTHETICAL.value: "hollow",
    Status.DENIED.value: "crossed",
    Status.HISTORICAL.value: "grey",
}

LOOK_LABELS: dict[str, str] = {
    "filled": "happened",
    "hollow": "planned, possible",
    "crossed": "denied",
    "grey": "historical",
}

PRECISION_LABELS: dict[str, str] = {
    Precision.POINT.value: "Exact spot",
    Precision.TOWN.value: "Town",
    Precision.DISTRICT.value: "District",
    Precision.PROVINCE.value: "Province",
    Precision.REGION.value: "Region",
    Precision.SEA.value: "Sea or waters",
    Precision.COUNTRY.value: "Country as a whole",
    "none": "No place",
}

# The words of each field, marked in the sentence: (word on the page, light ground, dark ground).
FIELD_MARKS: dict[str, tuple[str, str, str]] = {
    "what": ("What", "#ffd9a8", "#7a4a10"),
    "who": ("Who", "#cfe3fb", "#1f4f86"),
    "whom": ("To whom", "#e6d5f7", "#5b3a86"),
    "where": ("Where", "#c9efdc", "#12604a"),
    "when": ("When", "#fbd3dc", "#86304a"),
}


@dataclass(frozen=True, slots=True)
class Shade:
    """One step from few to many: the ground and the ink on it, in the light and the dark theme."""

    light: str
    light_ink: str
    dark: str
    dark_ink: str


# From few to many. One hue, whose lightness alone says how many, for every kind of colour vision.
SHADES: tuple[Shade, ...] = (
    Shade("#e3edf7", _BLACK, "#1c3045", "#e8edf2"),
    Shade("#bcd5ec", _BLACK, "#23486b", "#e8edf2"),
    Shade("#92bae0", _BLACK, "#2e6294", _WHITE),
    Shade("#659dce", _BLACK, "#5e9bd1", _BLACK),
    Shade("#2f70b0", _WHITE, "#93c1ea", _BLACK),
    Shade("#123f77", _WHITE, "#d3e7fa", _BLACK),
)


@dataclass(frozen=True, slots=True)
class ChangeStyle:
    """How a change looks: its words, a sign that needs no colour, and the ink on either ground."""

    label: str
    sign: str
    light: str
    dark: str


CHANGE_STYLES: dict[str, ChangeStyle] = {
    "large rise": ChangeStyle("large rise", "▲▲", "#9c3d00", "#ffb27a"),
    "moderate rise": ChangeStyle("moderate rise", "▲", "#9c3d00", "#ffb27a"),
    "usual": ChangeStyle("as usual", "·", "#4f5a66", "#a9b4bf"),
    "moderate fall": ChangeStyle("moderate fall", "▼", "#1f5fa6", "#86bbf2"),
    "large fall": ChangeStyle("large fall", "▼▼", "#1f5fa6", "#86bbf2"),
}


def type_order() -> list[str]:
    """Return the event types in the order of legend and stacks: friendly first, by quad class."""
    quads = list(QUAD_COLOURS)
    return sorted(
        TYPE_STYLES,
        key=lambda name: (
            quads.index(EVENT_TYPES[name].quad_class.value),
            list(TYPE_STYLES).index(name),
        ),
    )


def look_of(status: str) -> str:
    """Return the look of a status; one that is not in the codebook looks like what occurred."""
    return STATUS_LOOKS.get(status, "filled")


@cache
def draw_symbol(event_type: str, *, look: str = "filled", size: int = 18) -> str:
    """Return the symbol of an event type as an HTML image, the same as on the map.

    `look` is filled, hollow, crossed or grey; `size` is in pixels. The image is part of its own
    address, so that no page's sanitiser takes it apart. Raises KeyError for a type that the
    codebook lacks.
    """
    style = TYPE_STYLES[event_type]
    ground, ink, edge = style.colour, style.ink, style.colour
    cross = ""
    if look in ("hollow", "crossed"):
        ground, ink = _WHITE, _BLACK
    if look == "grey":
        ground, ink, edge = "#858f99", _WHITE, "#858f99"
    if look == "crossed":
        cross = f'<path d="M3 17L17 3" stroke="{edge}" stroke-width="2.2"/>'
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20">'
        f'<circle cx="10" cy="10" r="8.6" fill="{ground}" stroke="{edge}" stroke-width="1.8"/>'
        f'<g transform="translate(3.6 3.6) scale(.8)"><path d="{style.glyph}" fill="none" '
        f'stroke="{ink}" stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round"/></g>'
        f"{cross}</svg>"
    )
    return draw_image(drawing, width=size, height=size)


def draw_image(drawing: str, *, width: int, height: int) -> str:
    """Return an SVG drawing as an HTML image without a name, for beside words that say the same."""
    return (
        f'<img class="dl-symbol" alt="" width="{width}" height="{height}" '
        f'src="data:image/svg+xml,{quote(drawing)}">'
    )
