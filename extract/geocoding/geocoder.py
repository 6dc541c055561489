"""The gazetteer as a geopy geocoder, and an online geocoder behind it for who wants one.

`GazetteerGeocoder` answers `geocode` and `reverse` offline, so any code written for geopy
works with it. `SecondOpinion` wraps an online geopy geocoder: one request a second at most,
every answer kept on disk, asked only for names that the gazetteer lacks. Nothing here goes
online unless a `SecondOpinion` is made and handed over.
"""

from __future__ import annotations

import datetime
import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from geopy.exc import GeocoderServiceError
from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders import Nominatim
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location
from geopy.point import Point

from extract.bundled import cache_path
from extract.gazetteer import Candidate, Gazetteer, NameKind
from extract.gazetteer.names import fold
from extract.records import Place, Precision

# Nominatim's usage policy asks for one request a second at most and a user agent that names
# the application: https://operations.osmfoundation.org/policies/nominatim/
DELAY_SECONDS = 1.1
USER_AGENT = "dateline-news-map/0.1 (offline geoparser asking for names it lacks)"
KEPT_DAYS = 180
# How far behind the name's importance a candidate of the favoured country may be, in decimal
# orders of population.
BIAS = 2.0
# A town this near to a point is what `reverse` names it by.
REVERSE_KM = 50.0


class GazetteerGeocoder(Geocoder):  # type: ignore[misc]
    """A geopy geocoder that needs no network.

    `gazetteer` defaults to the user's compiled one. `online` is asked for queries without any
    candidate. The other arguments are geopy's and matter only to `online`.
    """

    def __init__(
        self,
        gazetteer: Gazetteer | None = None,
        *,
        online: SecondOpinion | None = None,
        timeout: Any = DEFAULT_SENTINEL,
        user_agent: str | None = None,
    ) -> None:
        super().__init__(timeout=timeout, user_agent=user_agent or USER_AGENT)
        self.gazetteer = gazetteer or Gazetteer.open()
        self.online = online

    def geocode(
        self,
        query: str | Mapping[str, str],
        *,
        exactly_one: bool = True,
        timeout: Any = DEFAULT_SENTINEL,
        limit: int | None = None,
        country_bias: str | Sequence[str] | None = None,
    ) -> Location | list[Location] | None:
        """Return the place a name means, or all its places, best known first.

        `query` is a name with its containers behind commas ("Tripoli, Lebanon", "Springfield,
        Clark County, Ohio"), or a mapping with `city`, `county`, `state` and `country`.
        Containers that the gazetteer knows must hold the place. `country_bias` holds ISO 3166-1
        codes of favoured countries. None where nothing bears the name.
        """
        if isinstance(query, Mapping):
            keys = ("street", "city", "county", "state", "country")
            query = ", ".join(str(query[key]) for key in keys if query.get(key))
        found = self._find(query, country_bias)
        locations = [make_location(candidate.place, self.gazetteer) for candidate in found]
        if not locations and self.online is not None:
            locations = self.online.ask(query, timeout=timeout)
        return _answer(locations, exactly_one, limit)

    def reverse(
        self,
        query: Point | Sequence[float] | str,
        *,
        exactly_one: bool = True,
        timeout: Any = DEFAULT_SENTINEL,
        limit: int | None = None,
        within_km: float = REVERSE_KM,
    ) -> Location | list[Location] | None:
        """Return the nearest town or site to a point, or all within `within_km`, nearest first."""
        point = query if isinstance(query, Point) else Point(query)
        places = self.gazetteer.find_near(point.latitude, point.longitude, within_km=within_km)
        locations = [make_location(place, self.gazetteer) for place in places]
        return _answer(locations, exactly_one, limit)

    def _find(self, query: str, country_bias: str | Sequence[str] | None) -> list[Candidate]:
        name, *containers = [part.strip() for part in query.split(",") if part.strip()] or [""]
        # "Washington, D.C." and the like stand in the gazetteer whole or by their first part.
        found = list(self.gazetteer.look_up(fold(name)))
        for container in containers:
            codes = self._codes(container)
            if codes:
                found = [
                    candidate
                    for candidate in found
                    if codes & {*candidate.place.countries, candidate.province}
                    and candidate.place.name != container
                ]
        wanted = {country_bias} if isinstance(country_bias, str) else set(country_bias or ())
        alpha3 = {code for each in wanted for code in self._codes(each)} | wanted
        return sorted(
            found,
            key=lambda candidate: (
                -candidate.standing
                - (BIAS if alpha3.intersection(candidate.place.countries) else 0.0)
            ),
        )

    def _codes(self, name: str) -> set[str]:
        """Return the codes of the countries and provinces that a container's name means."""
        codes: set[str] = set()
        for candidate in self.gazetteer.look_up(fold(name)):
            if candidate.kind >= NameKind.FOREIGN:
                continue
            if candidate.place.precision == Precision.COUNTRY:
                codes.update(candidate.place.countries)
            elif candidate.place.feature_code == "ADM1" and candidate.province:
                codes.add(candidate.province)
        return codes


def make_location(place: Place, gazetteer: Gazetteer) -> Location:
    """Return a geopy location whose `raw` holds every field of the place."""
    country = gazetteer.country(place.countries[0]) if len(place.countries) == 1 else None
    parts = [place.name, place.admin1, country.name if country else None]
    address = ", ".join(dict.fromkeys(part for part in parts if part))
    raw = {
        "name": place.name,
        "admin1": place.admin1,
        "countries": list(place.countries),
        "precision": str(place.precision),
        "radius_km": place.radius_km,
        "feature_code": place.feature_code,
        "population": place.population,
        "geoname_id": place.geoname_id,
    }
    return Location(address, (place.latitude, place.longitude, 0.0), raw)


def _answer(
    locations: list[Location], exactly_one: bool, limit: int | None
) -> Location | list[Location] | None:
    if not locations:
        return None
    return locations[0] if exactly_one else locations[:limit]


class SecondOpinion:
    """An online geopy geocoder, asked seldom and remembered.

    `geocoder` defaults to Nominatim with this project's user agent. Answers, and that there was
    none, are kept for half a year in `path`, by default a file in the user's cache folder.
    """

    def __init__(
        self,
        geocoder: Geocoder | None = None,
        *,
        path: Path | None = None,
        delay_seconds: float = DELAY_SECONDS,
    ) -> None:
        self.geocoder = geocoder or Nominatim(user_agent=USER_AGENT)
        self.service = type(self.geocoder).__name__
        self._path = path or cache_path("online.sqlite")
        self._ask = RateLimiter(
            self.geocoder.geocode,
            min_delay_seconds=delay_seconds,
            max_retries=1,
            error_wait_seconds=delay_seconds,
            swallow_exceptions=False,
        )
        with closing(sqlite3.connect(self._path)) as connection:
            connection.execute(
                "CREATE TABLE IF NOT EXISTS answers (service TEXT, query TEXT, asked TEXT, "
                "locations TEXT, PRIMARY KEY (service, query))"
            )
            connection.commit()

    @classmethod
    def at(cls, address: str, *, path: Path | None = None) -> SecondOpinion:
        """Return an opinion of the Nominatim server at an address, the public one where empty.

        `address` is the whole of it, such as "http://localhost:8080". Raises ValueError where it
        is not of that form.
        """
        if not address:
            return cls(path=path)
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise ValueError(f"{address!r} is no address of a server; write http://HOST:PORT")
        server = Nominatim(
            user_agent=USER_AGENT, scheme=parts.scheme, domain=parts.netloc + parts.path.rstrip("/")
        )
        return cls(server, path=path)

    def ask(self, query: str, *, timeout: Any = DEFAULT_SENTINEL) -> list[Location]:
        """Return the service's locations for a query, from disk where it was asked before.

        Raises geopy's errors where the service fails: that is not the same as no answer.
        """
        key = (self.service, fold(query))
        today = datetime.datetime.now(datetime.UTC).date()
        with closing(sqlite3.connect(self._path)) as connection:
            row = connection.execute(
                "SELECT locations FROM answers WHERE service = ? AND query = ? AND asked >= ?",
                (*key, str(today - datetime.timedelta(days=KEPT_DAYS))),
            ).fetchone()
            if row is None:
                found = self._ask(query, exactly_one=False, timeout=timeout) or []
                kept = [
                    {
                        "address": location.address,
                        "latitude": location.latitude,
                        "longitude": location.longitude,
                        "raw": location.raw,
                    }
                    for location in found
                ]
                row = (json.dumps(kept),)
                connection.execute(
                    "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)",
                    (*key, str(today), row[0]),
                )
                connection.commit()
        return [
            Location(item["address"], (item["latitude"], item["longitude"], 0.0), item["raw"])
            for item in json.loads(row[0])
        ]

    def place(self, name: str, countries: Sequence[str], gazetteer: Gazetteer) -> Place | None:
        """Return the service's first place for a name, within one of the countries if given.

        None where it knows none or cannot be reached. The place is no gazetteer row: it has
        no geoname id, and a radius of 10 km since services seldom say how large a thing is.
        """
        country = gazetteer.country(countries[0]) if countries else None
        query = f"{name}, {country.name}" if country else name
        try:
            found = self.ask(query)
        except GeocoderServiceError:
            return None
        if not found:
            return None
        return Place(
            name=name,
            latitude=found[0].latitude,
            longitude=found[0].longitude,
            precision=Precision.TOWN,
            radius_km=10.0,
            countries=tuple(countries[:1]),
        )
