"""The other layers: what each counts, what each leaves out, and scales that can be read."""

from __future__ import annotations

import colorsys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.made_events import make_frame
from view.columns import EventColumns, read_columns
from view.layers import (
    RAMP,
    count_countries,
    count_months,
    describe_areas,
    describe_choropleth,
    describe_heat,
    make_scale,
)


@pytest.fixture(scope="module")
def columns() -> EventColumns:
    return read_columns(make_frame(300))


@given(st.lists(st.integers(0, 10**7), max_size=30))
def test_a_scale_has_at_most_six_readable_classes(values: list[int]) -> None:
    scale = make_scale(np.array(values, dtype=float))
    assert len(scale) <= len(RAMP)
    assert scale == sorted(set(scale))
    for step in scale[1:]:
        assert f"{step:.0e}"[0] in "125"
        assert step <= max(values)
    assert bool(scale) == any(values)


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        ([], []),
        ([0], []),
        ([3], [0]),
        ([1, 2, 7], [0, 2, 5]),
        ([1, 90_000], [0, 5, 50, 500, 5000, 50000]),
        ([0.1, 0.4], [0, 0.2]),
    ],
)
def test_scales_of_a_few_counts(values: list[float], scale: list[float]) -> None:
    assert make_scale(np.array(values, dtype=float)) == scale


def test_the_ramp_darkens_evenly() -> None:
    def lightness(colour: str) -> float:
        red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
                  for part in (red, green, blue)]  # fmt: skip
        luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        return 116 * luminance ** (1 / 3) - 16

    steps = -np.diff([lightness(colour) for colour in RAMP])
    assert steps.min() > 10
    assert steps.max() < 2 * steps.min()
    assert len({round(colorsys.rgb_to_hls(*bytes.fromhex(c[1:]))[0], 2) for c in RAMP}) > 3


def test_a_country_counts_whatever_touches_it(columns: EventColumns) -> None:
    rows = np.arange(len(columns))
    expected = columns.frame["country"].explode().value_counts().to_dict()
    assert count_countries(columns, rows) == expected
    drawn = describe_choropleth(columns, rows)
    assert dict(zip(drawn["code"], drawn["n"], strict=True)) == expected
    assert drawn["value"] == drawn["n"]


def test_per_month_divides_by_the_months_of_what_is_shown(columns: EventColumns) -> None:
    rows = np.arange(len(columns))
    months = count_months(columns, rows)
    dated = columns.frame.dropna(subset="date_start")
    days = (dated["date_end"].max() - dated["date_start"].min()).days + 1
    assert months == pytest.approx(days / 30.437, rel=1e-3)
    drawn = describe_choropleth(columns, rows, months=months)
    assert drawn["value"][0] == pytest.approx(drawn["n"][0] / months, rel=1e-2)
    assert count_months(columns, rows[:0]) == 1


def test_heat_has_every_spot_in_its_cell_and_every_area_in_its_extent(
    columns: EventColumns,
) -> None:
    rows = np.arange(len(columns))
    level = 5
    every = [(column, row) for column in range(16) for row in range(16)]
    heat = describe_heat(columns, rows, level=level, tiles=every)
    wide = np.isin(columns.places["precision"], ["district", "province", "region", "sea"])
    counts = np.bincount(columns.place[columns.place >= 0], minlength=len(wide))
    assert sum(heat["n"]) == counts[~wide].sum()
    assert sum(area[3] for area in heat["wide"]) == counts[wide].sum()
    assert max(heat["x"]) < 256 * 2**level / heat["cell"]


def test_areas_are_the_larger_places_the_largest_first(columns: EventColumns) -> None:
    mask = np.ones(len(columns), dtype=bool)
    areas = describe_areas(columns, mask, np.arange(len(columns)))
    assert areas["radius"] == sorted(areas["radius"], reverse=True)
    assert "Caspian Sea" in areas["name"]
    assert "Baku" not in areas["name"]
    assert areas["left"] == 0
    assert all(len(lines) <= 3 for lines in areas["lines"])
