"""Places that the gazetteer lacks, where the text says what holds them.

    "the village of Cellardyke in Fife"          lies in Fife
    "at Prychepylivka, Luhansk Obl"              lies in Luhansk
    "the Mukuru slums in Nairobi"                lies in Nairobi

Such a name stands for what holds it, whose radius says how little is known. A namesake elsewhere
in the world is no better answer, so it gives way where the words leave no doubt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from extract.gazetteer.distances import measure_km
from extract.geocoding.surroundings import Surroundings
from extract.records import Place, Precision

# Candidates this much farther from the middle of a holder than its radius may still lie in it:
# radii are those of circles, and provinces are long.
SLACK = 1.5
# A name that is longer than the holder's by a word for its kind is the holder's: "Luhansk Obl".
LONGEST_KIND = 12


def find_holder(
    surroundings: Sequence[Surroundings], found: Place | None, places: Mapping[str, Place]
) -> Place | None:
    """Return what holds the place of a name by the words at one of its mentions, or None.

    `found` is the place that the name was taken for, None where the gazetteer has no candidate;
    `places` are those of the article's other names, by folded name. `found` stays where the
    holder reaches it, where it is the wider of the two, and where the words may be a list
    ("Aleppo, Iraq and Iran") rather than containment.
    """
    for around in surroundings:
        if not around.containers or (found is not None and not around.certain):
            continue
        holder = _find_place(around.containers[0], places)
        if holder is None or holder.precision is Precision.POINT:
            continue
        if found is not None and (found.radius_km >= holder.radius_km or _reaches(holder, found)):
            return None
        return holder
    return None


def _find_place(container: str, places: Mapping[str, Place]) -> Place | None:
    """Return the place of the article's name that is the container's."""
    if container in places:
        return places[container]
    longer = (name for name in places if name.startswith(f"{container} "))
    name = next((name for name in longer if len(name) - len(container) <= LONGEST_KIND), None)
    return places[name] if name else None


def _reaches(holder: Place, place: Place) -> bool:
    if holder.precision is Precision.COUNTRY:
        return not set(holder.countries).isdisjoint(place.countries)
    if holder.admin1 is not None and holder.admin1 == place.admin1:
        return True
    apart = measure_km(holder.latitude, holder.longitude, place.latitude, place.longitude)
    return apart <= SLACK * holder.radius_km + place.radius_km
