"""Places beside a named place, by geodesics on the ellipsoid.

"50 km north of Mosul" is a spot, "southern Lebanon" a part of an area, "off the coast of
Oman" and "near the border with Turkey" are strips that no point stands for well, so their
radius is large and says so.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from geopy.distance import geodesic

from extract.geocoding.surroundings import COMPASS, Offset
from extract.records import Place, Precision

POINTS = {bearing: name for name, bearing in COMPASS.items()}


def travel(place: Place, distance_km: float, bearing: float) -> tuple[float, float]:
    """Return latitude and longitude after so many km from a place on a bearing in degrees."""
    point = geodesic(kilometers=distance_km).destination(
        (place.latitude, place.longitude), bearing=bearing
    )
    return round(point.latitude, 5), round(point.longitude, 5)


FindPart = Callable[[str, float], tuple[float, float, float] | None]


def shift_place(
    place: Place,
    offset: Offset,
    other: Place | None = None,
    *,
    find_part: FindPart | None = None,
) -> Place | None:
    """Return the place that an offset from a named place means, None where it is itself.

    `find_part` says where a country's end in a direction lies (`Gazetteer.part`); without it, and
    for areas other than countries, a part lies half a radius from the middle.
    `other` is the second place of "between X and Y". A distance keeps a tenth of itself as
    radius, since news rounds it, and at least the named place's own radius up to 15 km.
    """
    match offset.relation:
        case "distance" if offset.distance_km is not None:
            return _shift_distance(place, offset.distance_km, offset.bearing)
        case "direction" if offset.bearing is not None:
            return _shift_distance(place, place.radius_km + 10, offset.bearing, vague=True)
        case "part":
            return _part(place, offset.bearing, find_part)
        case "between" if other is not None:
            return _middle(place, other)
        case "near" if place.precision in (Precision.POINT, Precision.TOWN):
            return _beside(place, f"near {place.name}", place.radius_km + 10)
        case "coast" if place.precision != Precision.SEA:
            return _beside(place, f"off the coast of {place.name}", place.radius_km + 50)
        case "border":
            return _beside(place, f"border of {place.name}", place.radius_km)
    return None


def _shift_distance(
    place: Place, distance_km: float, bearing: float | None, *, vague: bool = False
) -> Place:
    own = min(place.radius_km, 15.0)
    if bearing is None:
        return _beside(place, f"{distance_km:.0f} km from {place.name}", own + distance_km)
    latitude, longitude = travel(place, distance_km, bearing)
    radius = max(distance_km if vague else 0.1 * distance_km, own / 2, 2.0)
    lead = "" if vague else f"{distance_km:.0f} km "
    return Place(
        name=f"{lead}{POINTS[bearing]} of {place.name}",
        latitude=latitude,
        longitude=longitude,
        precision=Precision.POINT if radius <= 5 else Precision.DISTRICT,
        radius_km=round(radius, 1),
        countries=place.countries,
        admin1=place.admin1 if distance_km <= 30 else None,
    )


def _part(place: Place, bearing: float | None, find_part: FindPart | None) -> Place | None:
    if place.precision in (Precision.POINT, Precision.TOWN):
        return None
    precision = Precision.REGION
    if place.precision in (Precision.PROVINCE, Precision.DISTRICT):
        precision = Precision.DISTRICT
    if place.precision == Precision.SEA:
        precision = Precision.SEA
    if bearing is None:
        return replace(
            place,
            name=f"central {place.name}",
            radius_km=round(place.radius_km * 0.5, 1),
            precision=precision,
            feature_code=None,
            geoname_id=None,
            population=0,
        )
    radius_km = place.radius_km * 0.55
    end = None
    if find_part and place.precision == Precision.COUNTRY and len(place.countries) == 1:
        end = find_part(place.countries[0], bearing)
    if end:
        latitude, longitude, radius_km = end
    else:
        latitude, longitude = travel(place, place.radius_km * 0.5, bearing)
    return Place(
        name=f"{POINTS[bearing]}ern {place.name}",
        latitude=latitude,
        longitude=longitude,
        precision=precision,
        radius_km=round(radius_km, 1),
        countries=place.countries,
        admin1=place.admin1,
    )


def _middle(place: Place, other: Place) -> Place:
    here, there = (place.latitude, place.longitude), (other.latitude, other.longitude)
    distance = geodesic(here, there)
    bearing = _bearing(place, other)
    latitude, longitude = travel(place, distance.kilometers / 2, bearing)
    radius = max(distance.kilometers / 2, 2.0)
    return Place(
        name=f"between {place.name} and {other.name}",
        latitude=latitude,
        longitude=longitude,
        precision=Precision.DISTRICT if radius <= 60 else Precision.REGION,
        radius_km=round(radius, 1),
        countries=tuple(dict.fromkeys(place.countries + other.countries)),
        admin1=place.admin1 if place.admin1 == other.admin1 else None,
    )


def _bearing(place: Place, other: Place) -> float:
    first, second = math.radians(place.latitude), math.radians(other.latitude)
    turn = math.radians(other.longitude - place.longitude)
    east = math.sin(turn) * math.cos(second)
    north = math.cos(first) * math.sin(second) - math.sin(first) * math.cos(second) * math.cos(turn)
    return math.degrees(math.atan2(east, north)) % 360


def _beside(place: Place, name: str, radius_km: float) -> Place:
    return Place(
        name=name,
        latitude=place.latitude,
        longitude=place.longitude,
        precision=Precision.DISTRICT if radius_km <= 60 else Precision.REGION,
        radius_km=round(radius_km, 1),
        countries=place.countries,
        admin1=place.admin1,
    )
