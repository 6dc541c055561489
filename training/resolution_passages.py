"""Write news passages whose places are known, to learn resolution from.

A passage has a focus: a town and its surroundings in some province of the English-speaking
world, or a country anywhere. Its places are drawn as news draws them: the focus often and
bare, its neighbours bare, its county and province now and then, capitals and great cities of
elsewhere without a word, small towns of elsewhere with their container. Every sentence
frame is ours; the places are the gazetteer's.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extract.gazetteer import Gazetteer
from extract.gazetteer.names import fold
from extract.geocoding.clues import read_area_codes, read_country_words
from extract.records import Place, Precision, Span, Toponym

TOWN_FRAMES = (
    "Police in {} said two men were arrested on Tuesday.",
    "A fire broke out at a warehouse in {} late on Sunday.",
    "The mayor of {} said the work would begin in spring.",
    "She grew up in {} and moved away after school.",
    "{} residents packed the meeting to hear the plan.",
    "The {} City Council voted 5-2 for the budget.",
    "A man from {} was killed when his car left the road.",
    "Shops in {} stayed closed for a second day.",
    "He was taken to a hospital in {} with burns.",
    "The road between {} and the coast was cut.",
    "Protesters gathered in {} on Friday.",
    "Troops entered {} at dawn, witnesses said.",
    "The case will be heard in {} next month.",
    "Clashes were reported near {} overnight.",
    "Schools in {} will open late.",
    "{} - Two people died when a bus overturned.",
    "Officials in {} declined to comment.",
    "The firm has offices in {}.",
    "The team plays {} on Saturday.",
    "Aid reached {} for the first time in weeks.",
)
CONTAINED_FRAMES = (
    "A man from {}, {}, was among the dead.",
    "The company, based in {}, {}, said it would appeal.",
    "She was born in {}, {}.",
    "The flight from {}, {}, landed safely.",
    "Two were held in {}, {}, on Monday.",
)
NATIONAL_FRAMES = (
    "The {1} town of {0} was hit by shelling.",
    "The {1} city of {0} has seen days of unrest.",
    "A clinic in the {1} village of {0} closed.",
)
OWNED_FRAMES = ("{1}'s {0} province has been quiet.", "Floods hit {1}'s {0} region.")
COUNTY_FRAMES = (
    "The {} Sheriff's Office is looking for witnesses.",
    "Voters in {} go to the polls in May.",
    "{} commissioners met on Monday.",
    "A deputy in {} found the car.",
)
AREA_FRAMES = (
    "Lawmakers in {} are to debate the bill.",
    "Heavy rain is forecast across {} this week.",
    "The governor of {} called for calm.",
    "Unemployment in {} fell in March.",
    "Farmers across {} fear for the harvest.",
)
NATURE_FRAMES = (
    "Ships crossing {} were warned of storms.",
    "The survey of {} took two years.",
    "Fighting has spread across {}.",
    "Rescuers searched {} through the night.",
)
LIST_FRAMES = (
    "Schools in {}, {} and {} stayed closed on Monday.",
    "The trains between {} and {} were stopped.",
    "Officials from {}, {}, {} and {} met for two days.",
    "Power was cut in {}, {} and {}.",
    "Neither {} nor {} had been warned, and {} and {} only late.",
)
DATELINE_FRAMES = (
    "{}, March 3 (Agency) - The talks went on.",
    "{} — Thousands marched on Sunday.",
    "{} -- The vote was postponed.",
)
COUNTRY_FRAMES = (
    "The government of {} rejected the claim.",
    "{} has accused its neighbours of interfering.",
    "Exports to {} rose sharply.",
    "Forces from {} took part in the exercise.",
    "The president of {} will visit in June.",
    "Relations with {} have been tense for years.",
)
# Names inside names, which are no toponyms but say where a passage is.
INSTITUTION_FRAMES = (
    "The {} State Police are investigating.",
    "A spokesman for the {} Department of Transportation declined to comment.",
    "She studied at the University of {} before that.",
    "The {} Supreme Court is to rule in May.",
    "He won the {} Lottery twice.",
    "The {} Senate passed the bill.",
)
ENGLISH = {"USA": 12, "GBR": 5, "CAN": 3, "AUS": 3, "IRL": 1, "NZL": 1, "IND": 3, "ZAF": 2}
ENGLISH |= {"NGA": 2, "KEN": 2, "PHL": 2, "PAK": 1, "JAM": 1, "GHA": 1}
ENDINGS = {"GBR": "co.uk", "CAN": "ca", "AUS": "com.au", "IRL": "ie", "NZL": "co.nz"}
ENDINGS |= {"IND": "in", "ZAF": "co.za", "NGA": "ng", "KEN": "co.ke", "PHL": "ph", "PAK": "pk"}
ENDINGS |= {"JAM": "com.jm", "GHA": "com.gh"}
NEIGHBOUR_KM = 90.0
# Share of passages about a town; the others are about a country.
LOCAL = 0.7
# Share of passages with a list of places of one kind, and how many the longest has.
LISTS = 0.2
LONGEST_LIST = 4


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage, its toponyms in text order, and the place that each means.

    `url` ends in a country's letters where the source is of that country, else it is None.
    """

    text: str
    toponyms: tuple[Toponym, ...]
    places: tuple[Place, ...]
    url: str | None = None


class PassageWriter:
    """Draws passages from a gazetteer; the same seed writes the same passages."""

    def __init__(self, gazetteer: Gazetteer, seed: int) -> None:
        self._random = random.Random(seed)
        self._gazetteer = gazetteer
        self._towns: dict[str, list[tuple[Place, str | None]]] = defaultdict(list)
        self._counties: dict[str, list[Place]] = defaultdict(list)
        self._provinces: dict[str, Place] = {}
        self._countries: dict[str, Place] = {}
        self._capitals: dict[str, Place] = {}
        self._natural: dict[str, list[Place]] = defaultdict(list)
        for candidate in gazetteer.list_places():
            place = candidate.place
            if place.country is None:
                continue
            if place.feature_code in ("PPL", "PPLC") and place.population:
                self._towns[place.country].append((place, candidate.province))
                if place.feature_code == "PPLC":
                    self._capitals.setdefault(place.country, place)
            elif place.feature_code == "ADM1" and candidate.province:
                self._provinces[candidate.province] = place
            elif place.feature_code == "ADM2" and place.name.endswith((" County", " Parish")):
                self._counties[candidate.province or ""].append(place)
            elif place.feature_code == "PCLI":
                self._countries[place.country] = place
            elif place.geoname_id is None and place.precision != Precision.COUNTRY:
                for code in place.countries[:4]:
                    self._natural[code].append(place)
        single, phrases = read_country_words()
        self._words: dict[str, list[str]] = defaultdict(list)
        for word, countries in (*single.items(), *phrases.items()):
            for country in countries:
                self._words[country].append(word)
        self._codes: dict[str, list[str]] = defaultdict(list)
        for code, province in read_area_codes().items():
            self._codes[province].append(code)
        self._demonyms: dict[str, str] = {}
        for word, countries in gazetteer.demonyms.items():
            if len(countries) == 1 and not word.endswith("s"):
                self._demonyms.setdefault(countries[0], word.title())
        every = [town for towns in self._towns.values() for town in towns]
        self._famous = sorted(every, key=lambda town: -town[0].population)[:400]
        self._famous += [town for town in every if town[0].feature_code == "PPLC"]
        self._sovereign = [
            code for code in self._countries if len(self._towns[code]) >= 20 and code not in ENGLISH
        ]
        self._grids: dict[tuple[str, int, int], list[tuple[Place, str | None]]] = defaultdict(list)
        for country, towns in self._towns.items():
            for town in towns:
                cell = (country, math.floor(town[0].latitude), math.floor(town[0].longitude))
                self._grids[cell].append(town)
        self._weights = {
            code: [town[0].population ** 0.45 for town in towns]
            for code, towns in self._towns.items()
        }

    def write(self, number: int) -> list[Passage]:
        """Return so many passages, `LOCAL` of them about a town."""
        return [
            self._write_local() if self._random.random() < LOCAL else self._write_national()
            for _ in range(number)
        ]

    def _write_local(self) -> Passage:
        chance = self._random
        country = chance.choices(list(ENGLISH), list(ENGLISH.values()))[0]
        home, province = chance.choices(self._towns[country], self._weights[country])[0]
        if chance.random() < 0.5:
            # Half of the homes bear the name of a better known place: those are what is hard.
            for home, province in chance.choices(  # noqa: B007 (both are used below)
                self._towns[country], self._weights[country], k=20
            ):
                best = self._gazetteer.look_up(fold(home.name))[0].place
                if best.geoname_id != home.geoname_id:
                    break
        near = self._neighbours(home, country)
        parts: list[tuple[str, list[Place]]] = []
        area = self._provinces.get(province or "")
        container = area if area and country in ("USA", "CAN", "AUS", "IND", "NGA") else None
        container = container or self._countries[country]
        if chance.random() < 0.25:
            parts.append((chance.choice(CONTAINED_FRAMES), [home, container]))
        for _ in range(chance.choice((0, 1, 1, 2))):
            parts.append((chance.choice(TOWN_FRAMES), [home]))
        lonely = chance.random() < 0.35
        for _ in range(0 if lonely else chance.choice((0, 1, 1, 2, 3, 4))):
            if near:
                weights = [town.population**0.3 for town in near]
                parts.append((chance.choice(TOWN_FRAMES), [chance.choices(near, weights)[0]]))
        counties = sorted(
            self._counties.get(province or "", ()), key=lambda county: distance(county, home)
        )
        if counties and not lonely and chance.random() < 0.5:
            parts.append((chance.choice(COUNTY_FRAMES), [counties[0]]))
            if chance.random() < 0.4 and len(counties) > 4:
                parts.append((chance.choice(COUNTY_FRAMES), [chance.choice(counties[1:5])]))
        if area and not lonely and chance.random() < 0.4:
            parts.append((chance.choice(AREA_FRAMES), [area]))
        if chance.random() < 0.15:
            parts.append((chance.choice(COUNTRY_FRAMES), [self._countries[country]]))
        if not lonely:
            parts += self._elsewhere(country)
        if chance.random() < LISTS:
            parts.append(self._draw_list(country, near))
        clues = self._write_clues(country, area, province)
        passage = self._compose(parts or [(chance.choice(TOWN_FRAMES), [home])], clues)
        if country != "USA" and chance.random() < 0.25:
            return replace(passage, url=f"https://news.example.{ENDINGS[country]}/1")
        return passage

    def _write_clues(self, country: str, area: Place | None, province: str | None) -> list[str]:
        """Write sentences without toponyms that still say where the passage is."""
        chance = self._random
        clues = []
        own = self._words.get(country, ())
        for _ in range(chance.choice((0, 2, 3, 4, 6, 8)) if own else 0):
            clues.append(f"The talk was of {chance.choice(own)} again.")
        if chance.random() < 0.08:
            clues.append(f"They spoke of {chance.choice(self._words['USA'])} too.")
        if area and country in ("USA", "CAN", "AUS", "IND") and chance.random() < 0.35:
            clues.append(chance.choice(INSTITUTION_FRAMES).format(area.name))
        codes = self._codes.get(province or "", ())
        if codes and chance.random() < 0.15:
            clues.append(f"For details call {chance.choice(codes)}-555-0100.")
        return clues

    def _write_national(self) -> Passage:
        chance = self._random
        country = chance.choice(self._sovereign)
        towns, weights = self._towns[country], self._weights[country]
        weights = [weight**1.3 for weight in weights]
        parts: list[tuple[str, list[Place]]] = []
        if chance.random() < 0.75:
            for _ in range(chance.choice((1, 1, 2))):
                parts.append((chance.choice(COUNTRY_FRAMES), [self._countries[country]]))
        for town, province in chance.choices(towns, weights, k=chance.choice((1, 2, 2, 3, 4))):
            draw = chance.random()
            demonym = self._demonyms.get(country)
            area = self._provinces.get(province or "")
            if draw < 0.12:
                parts.append((chance.choice(CONTAINED_FRAMES), [town, self._countries[country]]))
            elif draw < 0.22 and demonym:
                frame = chance.choice(NATIONAL_FRAMES).replace("{1}", demonym).replace("{0}", "{}")
                parts.append((frame, [town]))
            elif draw < 0.3 and area:
                parts.append((chance.choice(CONTAINED_FRAMES), [town, area]))
            else:
                parts.append((chance.choice(TOWN_FRAMES), [town]))
            if chance.random() < 0.3:
                near = self._neighbours(town, country)
                if near:
                    parts.append((chance.choice(TOWN_FRAMES), [chance.choice(near)]))
            if area and chance.random() < 0.2:
                parts.append((chance.choice(AREA_FRAMES), [area]))
        parts += self._elsewhere(country)
        if chance.random() < LISTS:
            parts.append(self._draw_list(country, [town for town, _ in towns]))
        return self._compose(parts, self._write_clues(country, None, None))

    def _elsewhere(self, country: str) -> list[tuple[str, list[Place]]]:
        """Draw seas and regions, great places elsewhere, and small ones with their container."""
        chance = self._random
        parts: list[tuple[str, list[Place]]] = []
        if self._natural[country] and chance.random() < 0.35:
            for place in chance.choices(self._natural[country], k=chance.choice((1, 1, 2))):
                parts.append((chance.choice(NATURE_FRAMES), [place]))
        elif chance.random() < 0.1:
            other = chance.choice([code for code, places in self._natural.items() if places])
            parts.append((chance.choice(NATURE_FRAMES), [chance.choice(self._natural[other])]))
        if chance.random() < 0.3 and country in self._capitals:
            parts.append((chance.choice(TOWN_FRAMES), [self._capitals[country]]))
        for _ in range(chance.choice((0, 0, 1, 2))):
            draw = chance.random()
            if draw < 0.45:
                other = chance.choice(list(self._countries))
                parts.append((chance.choice(COUNTRY_FRAMES), [self._countries[other]]))
            elif draw < 0.75:
                parts.append((chance.choice(TOWN_FRAMES), [chance.choice(self._famous)[0]]))
            else:
                code = chance.choice(list(ENGLISH)[:4]) if draw < 0.9 else country
                town, province = chance.choices(self._towns[code], self._weights[code])[0]
                area = self._provinces.get(province or "")
                if area and code == "USA":
                    parts.append((chance.choice(CONTAINED_FRAMES), [town, area]))
                else:
                    holder = self._countries[code]
                    parts.append((chance.choice(CONTAINED_FRAMES), [town, holder]))
        return parts

    def _draw_list(self, country: str, towns: Sequence[Place]) -> tuple[str, list[Place]]:
        """Draw a list of provinces of a country, of countries, or of towns."""
        draw = self._random.random()
        areas = [place for place in self._provinces.values() if place.country == country]
        if draw < 0.35 and len(areas) >= LONGEST_LIST:
            return self._list(areas)
        if draw < 0.55 or len(towns) < LONGEST_LIST:
            return self._list(list(self._countries.values()))
        return self._list(towns)

    def _list(self, choices: Sequence[Place]) -> tuple[str, list[Place]]:
        """Draw a list of places of one kind, all of them different."""
        frame = self._random.choice(LIST_FRAMES)
        return frame, self._random.sample(choices, frame.count("{}"))

    def _neighbours(self, home: Place, country: str) -> list[Place]:
        row, column = math.floor(home.latitude), math.floor(home.longitude)
        return [
            town
            for up in (-1, 0, 1)
            for right in (-1, 0, 1)
            for town, _ in self._grids.get((country, row + up, column + right), ())
            if 0 < distance(town, home) < NEIGHBOUR_KM
        ]

    def _compose(self, parts: Sequence[tuple[str, list[Place]]], clues: Sequence[str]) -> Passage:
        chance = self._random
        parts = [*parts, *((clue, []) for clue in clues)]
        chance.shuffle(parts)
        head = next((n for n, (frame, _) in enumerate(parts) if frame in TOWN_FRAMES), None)
        if head is not None and chance.random() < 0.25:
            _, named = parts.pop(head)
            parts.insert(0, (chance.choice(DATELINE_FRAMES), named))
        plain = chance.random() < 0.6
        text = ""
        toponyms: list[Toponym] = []
        places: list[Place] = []
        for frame, named in parts:
            pieces = frame.split("{}")
            for piece, place in zip(pieces, [*named, None], strict=False):
                text += piece
                if place is not None:
                    name = strip_marks(place.name) if plain else place.name
                    if frame in DATELINE_FRAMES:
                        name = name.upper()
                    span = Span(len(text), len(text) + len(name))
                    toponyms.append(Toponym(span, name))
                    places.append(place)
                    text += name
            text += "\n" if chance.random() < 0.3 else " "
        return Passage(text, tuple(toponyms), tuple(places))


def strip_marks(name: str) -> str:
    """Return the name as agencies write it, without marks: "Mahārāshtra" -> "Maharashtra"."""
    return name if name.isascii() else fold(name).title()


def distance(first: Place, second: Place) -> float:
    """Return the distance in km, good enough between neighbours."""
    north = (first.latitude - second.latitude) * 111.2
    east = (first.longitude - second.longitude) * 111.2 * math.cos(math.radians(first.latitude))
    return math.hypot(north, east)
