"""Distances on the earth, where speed matters more than the ellipsoid."""

from __future__ import annotations

import math


def measure_km(latitude: float, longitude: float, latitude2: float, longitude2: float) -> float:
    """Return the distance in km on a sphere, good to half a percent."""
    first, second = math.radians(latitude), math.radians(latitude2)
    half = math.sin((second - first) / 2) ** 2 + math.cos(first) * math.cos(second) * (
        math.sin(math.radians(longitude2 - longitude) / 2) ** 2
    )
    return 12742.02 * math.asin(min(1.0, math.sqrt(half)))
