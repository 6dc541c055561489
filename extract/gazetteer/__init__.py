"""From a name to the places that it may mean.

The gazetteer is one SQLite file in the user's cache folder. `build_gazetteer` compiles it
once from GeoNames' places, the subdivisions of ISO 3166-2, the countries of ISO 3166-1 and
the project's own tables (`extract.gazetteer.build`); `Gazetteer.open` builds it where it is
missing or where one of its inputs changed.

    name -> fold -> names -> places, best known first

`Gazetteer.has` answers in about a microsecond whether a folded name may be in the
gazetteer, so that a recogniser can try every stretch of words; `Gazetteer.facts` sums up
the places of a name without building them.
"""

from __future__ import annotations

import math
import sqlite3
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from pathlib import Path
from typing import Any
from zlib import crc32

from extract.errors import GazetteerError
from extract.gazetteer.build import SCHEMA, build_gazetteer, find_stale, gazetteer_path
from extract.gazetteer.distances import measure_km
from extract.gazetteer.names import fold
from extract.records import Place, Precision

__all__ = ["Candidate", "Gazetteer", "NameFacts", "NameKind", "build_gazetteer"]


class NameKind(IntEnum):
    """What a name is to its place, the surest first.

    FOREIGN are names in other scripts and transliterations into lower case, as GeoNames
    has them; they answer look-ups but are no evidence that a text means the place.
    """

    PREFERRED = 0
    ALTERNATIVE = 1
    OLD = 2
    ABBREVIATION = 3
    CODE = 4
    FOREIGN = 5


# How far a name of each kind stands behind a place's own name, in decimal orders of population.
# The weights that were learned for the kinds (training/resolution.py), over that of importance.
SETBACK = (0.0, 1.5, 2.0, 0.0, 1.0, 4.0)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that a name may mean, and how the name belongs to it.

    `importance` orders candidates: the decimal logarithm of the population plus a bonus for
    countries, provinces, capitals and large natural features. `rank` is the place's order by
    population among the towns of its province, from 1; 0 for what is no town. `province` is
    the ISO 3166-2 code of the first-level subdivision it lies in, None where not known.
    """

    place: Place
    kind: NameKind
    importance: float
    rank: int
    province: str | None

    @property
    def standing(self) -> float:
        """How well the place is known by this name: its importance less the name's setback."""
        return self.importance - SETBACK[self.kind]


@dataclass(frozen=True, slots=True)
class NameFacts:
    """What the gazetteer knows of a folded name, summed over the places that bear it.

    `places` counts them; `population` is the largest; `kind` the surest kind of name;
    `feature_codes` the distinct feature codes. `is_country` and `is_admin1` say that a country
    or a first-level subdivision has the name, `is_natural` a sea, river, mountain or region.
    `is_preferred` says that it is some place's own name rather than an alternative. Only
    names that are not FOREIGN count.
    """

    places: int
    population: int
    importance: float
    kind: NameKind
    feature_codes: frozenset[str]
    is_country: bool
    is_admin1: bool
    is_natural: bool
    is_preferred: bool


class Gazetteer:
    """A compiled gazetteer, opened for reading. Use `Gazetteer.open`."""

    def __init__(self, path: Path) -> None:
        try:
            self._connection = sqlite3.connect(
                f"file:{path}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
            meta = dict(self._connection.execute("SELECT key, value FROM meta"))
        except sqlite3.DatabaseError as error:
            raise GazetteerError(
                f"{path} cannot be read as a gazetteer ({error}); delete it and run "
                "`python -m extract gazetteer build`"
            ) from error
        if meta.get("schema") != str(SCHEMA):
            raise GazetteerError(
                f"{path} has layout {meta.get('schema')}, this program reads {SCHEMA}; run "
                "`python -m extract gazetteer build`"
            )
        self.path = path
        self.meta: dict[str, str] = {str(key): str(value) for key, value in meta.items()}
        self._hashes = array("I")
        self._hashes.frombytes(
            self._connection.execute("SELECT hashes FROM membership").fetchone()[0]
        )
        demonyms: dict[str, list[str]] = {}
        for folded, country in self._connection.execute("SELECT folded, country FROM demonyms"):
            demonyms.setdefault(folded, []).append(country)
        self.demonyms: dict[str, tuple[str, ...]] = {
            folded: tuple(countries) for folded, countries in demonyms.items()
        }
        self._countries = self._read_countries()
        self._memories: dict[str, Callable[[str], str | None]] = {}
        self.look_up = lru_cache(maxsize=1 << 14)(self._look_up)
        self.facts = lru_cache(maxsize=1 << 16)(self._facts)

    @classmethod
    def open(cls, path: Path | None = None, *, progress: bool = True) -> Gazetteer:
        """Open the gazetteer, building it first where it is missing or stale.

        `path` defaults to the user's cache folder. Raises GazetteerError when it can neither
        be read nor built.
        """
        path = path or gazetteer_path()
        if reason := find_stale(path):
            build_gazetteer(path, progress=progress, reason=reason)
        return cls(path)

    def remember(
        self, topic: str, answer: Callable[[str], str | None]
    ) -> Callable[[str], str | None]:
        """Return `answer` with a memory that lives as long as this gazetteer is open.

        The first answerer of a topic stays; it must depend on nothing but the gazetteer.
        """
        if topic not in self._memories:
            self._memories[topic] = lru_cache(maxsize=1 << 15)(answer)
        return self._memories[topic]

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def has(self, folded: str) -> bool:
        """Say whether a folded name may be in the gazetteer, in about a microsecond.

        Never wrong where it says no; where it says yes it is wrong once in some 4,000 names,
        so ask `facts` or `candidates` before you build on it.
        """
        code = crc32(folded.encode())
        index = bisect_left(self._hashes, code)
        return index < len(self._hashes) and self._hashes[index] == code

    def candidates(self, name: str) -> list[Place]:
        """Return the places that bear the name in any spelling, best known first."""
        return [candidate.place for candidate in self.look_up(fold(name))]

    def country(self, code: str) -> Place | None:
        """Return the country of an ISO 3166-1 alpha-3 code, or None where there is none."""
        return self._countries.get(code)

    def part(self, code: str, bearing: float) -> tuple[float, float, float] | None:
        """Return latitude, longitude and radius in km of a country's end in a direction.

        `code` is ISO 3166-1 alpha-3, `bearing` a multiple of 45 degrees clockwise from north. None
        where the country has too few towns to say.
        """
        found: tuple[float, float, float] | None = self._connection.execute(
            "SELECT latitude, longitude, radius_km FROM parts WHERE country = ? AND bearing = ?",
            (code, int(bearing)),
        ).fetchone()
        return found

    def _look_up(self, folded: str) -> tuple[Candidate, ...]:
        """Return the candidates of a folded name, best known first."""
        rows = self._connection.execute(
            "SELECT names.kind, places.* FROM names JOIN places ON places.id = names.place "
            "WHERE names.folded = ? ORDER BY places.id",
            (folded,),
        )
        found = [_read_candidate(row) for row in rows]
        return tuple(sorted(found, key=lambda candidate: -candidate.standing))

    def list_places(self) -> Iterator[Candidate]:
        """Yield every place of the gazetteer under its own name."""
        for row in self._connection.execute("SELECT 0, places.* FROM places"):
            yield _read_candidate(row)

    def find_near(self, latitude: float, longitude: float, *, within_km: float) -> list[Place]:
        """Return the towns and sites within so many km of a point, the nearest first."""
        height = within_km / 111.0
        width = height / max(0.01, math.cos(math.radians(latitude)))
        rows = self._connection.execute(
            "SELECT 0, places.* FROM places WHERE latitude BETWEEN ? AND ? AND "
            "longitude BETWEEN ? AND ? AND precision IN ('town', 'point')",
            (latitude - height, latitude + height, longitude - width, longitude + width),
        )
        places = [_read_candidate(row).place for row in rows]
        measured = [
            (measure_km(latitude, longitude, place.latitude, place.longitude), number)
            for number, place in enumerate(places)
        ]
        return [places[number] for far, number in sorted(measured) if far <= within_km]

    def _read_countries(self) -> dict[str, Place]:
        """Return the countries of today by their code; a union such as the EU has none."""
        rows = self._connection.execute(
            "SELECT * FROM places WHERE id < 0 AND precision = 'country' AND feature_code != 'PCLH'"
        )
        places = [_make_place(row) for row in rows]
        return {place.countries[0]: place for place in places if len(place.countries) == 1}

    def _facts(self, folded: str) -> NameFacts | None:
        """Sum up the places of a folded name; None where no place bears it."""
        row = self._connection.execute(
            "SELECT count(*), max(population), max(importance), min(kind), "
            "group_concat(DISTINCT feature_code), max(precision = 'country'), "
            "max(feature_code = 'ADM1') "
            "FROM names JOIN places ON places.id = names.place "
            "WHERE names.folded = ? AND kind < ?",
            (folded, int(NameKind.FOREIGN)),
        ).fetchone()
        if not row[0]:
            return None
        codes = frozenset(row[4].split(","))
        return NameFacts(
            places=row[0],
            population=row[1],
            importance=row[2],
            kind=NameKind(row[3]),
            feature_codes=codes,
            is_country=bool(row[5]),
            is_admin1=bool(row[6]),
            is_natural=any(not code.startswith(("PPL", "ADM", "PCL")) for code in codes),
            is_preferred=row[3] == NameKind.PREFERRED,
        )


def _make_place(row: tuple[Any, ...]) -> Place:
    """Return the place of a row of the table `places`."""
    return Place(
        name=row[1],
        latitude=row[2],
        longitude=row[3],
        precision=Precision(row[4]),
        radius_km=row[5],
        countries=tuple(row[6].split("|")) if row[6] else (),
        admin1=row[7],
        feature_code=row[8],
        population=row[9],
        geoname_id=row[10],
    )


def _read_candidate(row: tuple[Any, ...]) -> Candidate:
    return Candidate(_make_place(row[1:]), NameKind(row[0]), row[12], row[13], row[14])
