"""The palette: every code has a look, and no two colours fall together for anybody."""

from __future__ import annotations

import tomllib
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from extract.plover import EVENT_TYPES, QuadClass
from extract.records import Precision, Status
from view.palette import (
    CHANGE_STYLES,
    FIELD_MARKS,
    LOOK_LABELS,
    PRECISION_LABELS,
    QUAD_COLOURS,
    SHADES,
    STATUS_LOOKS,
    TYPE_STYLES,
    draw_symbol,
    type_order,
)

# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
VISIONS = {
    "normal": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def linear(colour: str) -> np.ndarray:
    values = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    xyz = TO_XYZ @ np.clip(rgb, 0, 1) / np.array([0.9505, 1.0, 1.089])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def contrast(one: str, other: str) -> float:
    high, low = sorted((float(TO_XYZ[1] @ linear(one)), float(TO_XYZ[1] @ linear(other))))[::-1]
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize(
    ("colours", "least"),
    [
        ({name: style.colour for name, style in TYPE_STYLES.items()}, 17.0),
        (QUAD_COLOURS, 25.0),
    ],
    ids=["types", "quad classes"],
)
def test_any_two_colours_keep_apart(vision: str, colours: dict[str, str], least: float) -> None:
    seen = {
        name: lab(np.asarray(VISIONS[vision]) @ linear(colour)) for name, colour in colours.items()
    }
    nearest = min(
        (float(np.linalg.norm(seen[a] - seen[b])), a, b) for a, b in combinations(seen, 2)
    )
    assert nearest[0] >= least, nearest


def test_every_code_has_a_look() -> None:
    assert set(TYPE_STYLES) == set(EVENT_TYPES) == set(type_order())
    assert set(QUAD_COLOURS) == {quad.value for quad in QuadClass}
    assert set(STATUS_LOOKS) == {status.value for status in Status}
    assert set(STATUS_LOOKS.values()) == set(LOOK_LABELS)
    assert set(PRECISION_LABELS) == {*(precision.value for precision in Precision), "none"}
    assert set(FIELD_MARKS) == {"what", "who", "whom", "where", "when"}


def test_symbols_differ_and_can_be_read() -> None:
    assert len({style.glyph for style in TYPE_STYLES.values()}) == len(TYPE_STYLES)
    for style in TYPE_STYLES.values():
        # WCAG 2.2, 1.4.11: 3 to 1 for what a picture means.
        assert contrast(style.colour, style.ink) >= 3.0, style


def test_marks_leave_text_readable() -> None:
    for _, light, dark in FIELD_MARKS.values():
        # WCAG 2.2, 1.4.3: 4.5 to 1 for text, in the page's ink of either theme.
        assert contrast(light, "#1d2733") >= 4.5
        assert contrast(dark, "#e8edf2") >= 4.5


def test_looks_draw_differently() -> None:
    assert len({draw_symbol("ASSAULT", look=look) for look in LOOK_LABELS}) == len(LOOK_LABELS)
    with pytest.raises(KeyError):
        draw_symbol("NONSENSE")


LIGHT, DARK = "#ffffff", "#141b23"  # the grounds of the two themes


def test_the_themes_are_those_of_the_configuration() -> None:
    root = Path(__file__).parents[1]
    theme = tomllib.loads((root / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]
    for name, ground in (("light", LIGHT), ("dark", DARK)):
        colours = theme[name]
        assert colours["backgroundColor"] == ground
        for surface in (ground, colours["secondaryBackgroundColor"]):
            # WCAG 2.2, 1.4.3 for text and links; 1.4.11 for the edge of what can be used.
            assert contrast(colours["textColor"], surface) >= 7.0
            assert contrast(colours["linkColor"], surface) >= 4.5
            assert contrast(colours["primaryColor"], surface) >= 3.0


@pytest.mark.parametrize("vision", VISIONS)
def test_shades_go_one_way_for_everybody(vision: str) -> None:
    for ground, falls in (("light", True), ("dark", False)):
        levels = [
            float(lab(np.asarray(VISIONS[vision]) @ linear(getattr(shade, ground)))[0])
            for shade in SHADES
        ]
        steps = np.diff(levels) * (-1 if falls else 1)
        # eight of lightness are told apart also in small cells that do not touch
        assert steps.min() >= 8.0, levels


def test_shades_leave_numbers_readable() -> None:
    for shade in SHADES:
        assert contrast(shade.light, shade.light_ink) >= 4.5, shade
        assert contrast(shade.dark, shade.dark_ink) >= 4.5, shade


def test_changes_are_told_by_sign_as_well_as_colour() -> None:
    assert len({style.sign for style in CHANGE_STYLES.values()}) == len(CHANGE_STYLES)
    for style in CHANGE_STYLES.values():
        assert contrast(style.light, LIGHT) >= 4.5, style
        assert contrast(style.dark, DARK) >= 4.5, style
