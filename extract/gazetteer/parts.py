"""Where the north, the south-east and the like of each country lie.

News means by "eastern Ukraine" the people at the eastern end rather than the eastern half of
the map. A part is therefore the towns at the outer end of the country in that direction, and
its centre their mean, reckoned once when the gazetteer is built.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BEARINGS = tuple(range(0, 360, 45))
# Towns of fewer people are left out, whatever gazetteer is built, and so are countries with
# fewer towns, whose parts are reckoned from their outline.
SMALLEST_TOWN = 500
FEWEST_TOWNS = 12
# The end of a country is its outer fifth, measured without the outermost twentieth of its towns,
# and a town counts by the square root of its people. Of fifths to halves, trimmings of 0 to 5 per
# cent and weights alike, logarithmic and by root these came nearest on the 128 parts of
# training/text/country_parts.csv: 147 km in the median and 55 % within 161 km of the towns that
# such a phrase brings to mind, where half a radius from the country's middle gave 256 km and 30 %.
END = 0.2
TRIMMED = 5.0
KM_PER_DEGREE = 111.2
# Radius of the circle over the root of the towns' mean square distance from its centre: it holds
# some nine in ten of them.
REACH = 1.5


def find_parts(connection: sqlite3.Connection) -> Iterator[tuple[str, int, float, float, float]]:
    """Yield country, bearing in degrees, latitude, longitude and radius in km of every part.

    Reads the table `places`; countries are ISO 3166-1 alpha-3 codes.
    """
    rows = connection.execute(
        "SELECT countries, latitude, longitude, population FROM places "
        "WHERE feature_code LIKE 'PPL%' AND population >= ? AND length(countries) = 3 "
        "ORDER BY countries, id",
        (SMALLEST_TOWN,),
    )
    country = ""
    towns: list[tuple[float, float, int]] = []
    for row in rows:
        if row[0] != country:
            yield from _cut(country, towns)
            country, towns = row[0], []
        towns.append(row[1:])
    yield from _cut(country, towns)


def _cut(
    country: str, towns: list[tuple[float, float, int]]
) -> Iterator[tuple[str, int, float, float, float]]:
    if len(towns) < FEWEST_TOWNS:
        return
    table = np.array(towns, dtype=float)
    latitude, longitude, weight = table[:, 0], table[:, 1], np.sqrt(table[:, 2])
    if np.ptp(longitude) > 180:
        longitude = np.where(longitude < 0, longitude + 360, longitude)
    north = latitude * KM_PER_DEGREE
    east = longitude * KM_PER_DEGREE * math.cos(math.radians(float(np.median(latitude))))
    for bearing in BEARINGS:
        turn = math.radians(bearing)
        along = east * math.sin(turn) + north * math.cos(turn)
        near, far = np.percentile(along, [TRIMMED, 100 - TRIMMED])
        end = along >= far - END * (far - near)
        middle = [np.average(each[end], weights=weight[end]) for each in (east, north)]
        spread = (east[end] - middle[0]) ** 2 + (north[end] - middle[1]) ** 2
        mean = float(np.average(longitude[end], weights=weight[end]))
        yield (
            country,
            bearing,
            round(float(middle[1]) / KM_PER_DEGREE, 4),
            round((mean + 180) % 360 - 180, 4),
            round(REACH * math.sqrt(float(np.average(spread, weights=weight[end]))), 1),
        )
