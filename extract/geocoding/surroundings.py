"""What the words around a toponym say about the place it means.

    "Tripoli, Lebanon"            a container behind the name
    "the Syrian town of X"        a country before it, and what kind of place it is
    "X Province", "River X"       what kind of place it is
    "50 km north of Mosul"        a place of its own, some way off
    "southern Lebanon"            a part of it

The span of a toponym is the name alone; everything here is read from the text around it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extract.gazetteer import Gazetteer
from extract.gazetteer.names import fold
from extract.records import Span

REACH = 70

COMPASS = {
    "north": 0.0,
    "northeast": 45.0,
    "east": 90.0,
    "southeast": 135.0,
    "south": 180.0,
    "southwest": 225.0,
    "west": 270.0,
    "northwest": 315.0,
}
INITIALS = {
    "n": "north",
    "ne": "northeast",
    "e": "east",
    "se": "southeast",
    "s": "south",
    "sw": "southwest",
    "w": "west",
    "nw": "northwest",
}
DIRECTION = r"(?:north|south)(?:[ -]?(?:east|west))?|east|west"
NUMBER = r"(?:\d[\d,]*(?:\.\d+)?|" + (
    r"a|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|"
    r"forty|fifty|sixty|seventy|eighty|ninety|hundred|a hundred|a few|several|a dozen|dozens of)"
)
NUMBERS = {
    "a": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
    "hundred": 100,
    "a hundred": 100,
    "a few": 3,
    "several": 5,
    "a dozen": 12,
    "dozens of": 36,
}
UNITS = {
    "km": 1.0,
    "kms": 1.0,
    "kilometer": 1.0,
    "kilometers": 1.0,
    "kilometre": 1.0,
    "kilometres": 1.0,
    "mile": 1.609344,
    "miles": 1.609344,
    "mi": 1.609344,
    "nautical mile": 1.852,
    "nautical miles": 1.852,
    "nm": 1.852,
    "m": 0.001,
    "meters": 0.001,
    "metres": 0.001,
    "meter": 0.001,
    "metre": 0.001,
    "yards": 0.0009144,
}
UNIT = r"(?:" + "|".join(sorted((re.escape(unit) for unit in UNITS), key=len, reverse=True)) + ")"

# "about 50 km (30 miles) north of", "30 miles off", "120 nautical miles east of the port of"
OFFSET = re.compile(
    rf"(?P<number>{NUMBER})[ -]*(?P<unit>{UNIT})\b(?:\s*\([^)]{{1,30}}\))?\s*,?\s*"
    rf"(?:(?:to\s+the\s+|due\s+)?(?P<direction>{DIRECTION})(?:ern)?(?:\s+(?:outskirts|side))?"
    rf"\s+(?:of|from)|(?P<away>from|off|outside(?:\s+of)?|away\s+from|inside|into))\s+"
    rf"(?:the\s+)?(?:(?:coast|shores?|port|capital|city|town|village|island|centre|center|border)"
    rf"(?:\s+(?:of|with))?\s+)?(?:the\s+)?$",
    re.IGNORECASE,
)
BEARING = re.compile(
    rf"(?<![\w-])(?:(?:just|to\s+the|due|far)\s+)?(?P<direction>{DIRECTION})\s+of\s+"
    rf"(?:the\s+)?(?:(?:capital|city|town|village|port|island)(?:\s+of)?,?\s+)?$",
    re.IGNORECASE,
)
PART_OF = re.compile(
    rf"\b(?:in|across|from|to|throughout)\s+the\s+(?P<part>(?:(?:far|extreme)\s+)?(?:{DIRECTION}))"
    r"\s+of\s+(?:the\s+)?$",
    re.IGNORECASE,
)
PART = re.compile(
    rf"(?<![\w-])(?P<part>{DIRECTION}|[NS][EW]?\.?(?=\s)|[EW]\.?(?=\s)|central|upper|lower|(?:{DIRECTION})ern(?:most)?"
    rf"|(?:far|extreme|deep)\s+(?:{DIRECTION})(?:ern)?)(?:\s+(?:parts?|half|areas?|regions?|edge"
    rf"|outskirts|suburbs?|tip|coast|shores?)\s+of)?(?:\s+and\s+(?:{DIRECTION}|central)(?:ern)?)?"
    rf"\s+(?:the\s+)?$",
    re.IGNORECASE,
)
# "Ukraine's separatist east", and not "Ukraine's east coast".
PART_AFTER = re.compile(
    rf"^['’]s\s+(?:[a-z-]+\s+){{0,2}}?(?P<part>{DIRECTION})(?=\s*(?:$|[.,;:!?)\"”–—-])|\s+[a-z]+(?:\s|$))"
)
# "E. Ukraine", "NW Pakistan", as headlines save room.
LETTERS = re.compile(r"(?<![\w.-])(?:[NS][EW]?|[EW])\.?\s$")
COAST = re.compile(
    r"(?<!\w)(?:off|along|near)\s+(?:the\s+)?(?:\w+\s+)?(?:coasts?|coastline|shores?)\s+of\s+(?:the\s+)?$"
    r"|(?<!\w)(?:in\s+)?(?:the\s+)?waters\s+(?:off|near|around|of)\s+(?:the\s+)?$|(?<!\w)off\s+$",
    re.IGNORECASE,
)
COAST_AFTER = re.compile(r"^(?:['’]s)?\s+(?:\w+\s+)?(?:coast|coastline|shores?|waters)\b", re.I)
BORDER = re.compile(
    r"\b(?:border|frontier|boundary)(?:\s+(?:area|region|crossing|town|zone)s?)?\s+"
    r"(?:with|of|to|into)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
BETWEEN = re.compile(
    r"\b(?:between|linking|connecting)\s+(?:the\s+)?"
    r"(?:(?:towns|cities|villages|ports|capital|city|town|village)(?:\s+of)?\s+)?$",
    re.IGNORECASE,
)
NEAR = re.compile(
    r"\b(?:near|outside(?:\s+of)?|close\s+to|not\s+far\s+from|on\s+the\s+outskirts\s+of|around|"
    r"in\s+the\s+vicinity\s+of|next\s+to|just\s+off)\s+(?:the\s+)?"
    r"(?:(?:capital|city|town|village|port|island|border)(?:\s+(?:of|with))?,?\s+)?(?:the\s+)?$",
    re.IGNORECASE,
)

# What kind of place the words beside a name say it is.
KIND_WORDS = {
    "county": "county",
    "counties": "county",
    "parish": "county",
    "borough": "county",
    "co": "county",
    "township": "town",
    "district": "district",
    "raion": "district",
    "rayon": "district",
    "subdistrict": "district",
    "municipality": "district",
    "prefecture": "province",
    "province": "province",
    "provinces": "province",
    "governorate": "province",
    "oblast": "province",
    "obl": "province",
    "krai": "province",
    "region": "province",
    "state": "province",
    "department": "province",
    "canton": "province",
    "voivodeship": "province",
    "emirate": "province",
    "republic": "province",
    "territory": "province",
    "city": "town",
    "town": "town",
    "village": "town",
    "suburb": "town",
    "hamlet": "town",
    "settlement": "town",
    "capital": "town",
    "port": "town",
    "neighborhood": "town",
    "neighbourhood": "town",
    "resort": "town",
    "river": "nature",
    "lake": "nature",
    "sea": "nature",
    "gulf": "nature",
    "bay": "nature",
    "strait": "nature",
    "straits": "nature",
    "island": "nature",
    "islands": "nature",
    "mountain": "nature",
    "mountains": "nature",
    "valley": "nature",
    "desert": "nature",
    "peninsula": "nature",
    "canal": "nature",
    "airport": "site",
    "base": "site",
    "dam": "site",
    "camp": "site",
    # who governs what: "the New York governor"
    "governor": "province",
    "gov": "province",
    "legislature": "province",
    "lawmakers": "province",
    "country": "country",
    "nation": "country",
    "kingdom": "country",
}
KIND_AFTER = re.compile(r"^\s+([A-Za-z]+)\b(?!['’]s?\s+[A-Z])")
KIND_BEFORE = re.compile(
    r"(?:^|[\s(\"“‘-])(?P<kind>[A-Za-z]+)(?:\s+called|\s+named)?(?:\s+of)?,?\s+(?:the\s+)?$"
)
KIND_OF = re.compile(
    r"(?P<before>(?:[\w’'.-]+\s+){0,4}?)(?P<kind>[A-Za-z]+)(?:\s+of|\s+called|\s+named)?,?\s+$"
)
POSSESSOR = re.compile(r"([A-Z][\w.-]+(?:\s[A-Z][\w.-]+){0,2})['’]s?\s+(?:[\w-]+\s+){0,4}$")
KINDS_OF = (
    r"(?:capital|city|town|village|port|province|district|region|county|state|island|suburb|"
    r"settlement|governorate|stronghold|enclave|municipality|area|base|resort|hamlet|prefecture)"
    r"(?:\s+(?:of|called|named))?,?\s+$"
)
OWNER = r"\b(?!The\s)([A-Z][a-z]+(?:[ -][A-Z][a-z]+)?)\s+"
ADJECTIVE_OF = re.compile(OWNER + r"(?:[a-z-]+\s+){0,3}?" + KINDS_OF)
DISTRICT_AFTER = re.compile(
    r"\s(?:district|province|region|county|village|town|neighbou?rhood|governorate|oblast"
    r"|prefecture|municipality|suburb|quarter|valley)\b"
)
# "the Kentucky town of", and not "Russia attacked the port of".
AREA_OF = re.compile(OWNER + KINDS_OF)
CONTAINER_AFTER = re.compile(
    r"^(?:['’]s)?(?:,\s*|\s*\(\s*)(?:(?:in|a|an|the|about|near|capital|of|city|town|village|"
    r"province|state|suburb|district|northern|southern|eastern|western|central|north|south|east|"
    r"west|northeast|northwest|southeast|southwest|northeastern|northwestern|southeastern|"
    r"southwestern)\s+){0,5}(?P<name>[A-Z][\w.’'-]*(?:\s+(?:and\s+|of\s+|the\s+)?"
    r"[A-Z][\w.’'-]*){0,3})"
)
CONTAINER_IN = re.compile(
    r"^\s+(?:(?:city|town|village|area|district|region|county|province|slums?|suburb"
    r"|neighbou?rhood|refugee\s+camp|camp)\s+)?(?P<joint>in|of)\s+"
    r"(?:(?:the|northern|southern|eastern|western|central|north|south|east|west|northeast|"
    r"northwest|southeast|southwest|northeastern|northwestern|southeastern|southwestern|upper|"
    r"lower|neighboring|neighbouring|nearby|country|state|province|city|of)\s+){0,4}"
    r"(?P<name>[A-Z][\w.’'-]*(?:\s+(?:and\s+|of\s+|the\s+)?[A-Z][\w.’'-]*){0,3})"
)
# A container that is called a province or the like: "Donetsk Obl", "Luhansk region", "Leon County".
KIND_NAMED = re.compile(
    r"[A-Z][\w’'-]*(?:\s[A-Z][\w’'-]*){0,2}\s(?i:obl\b|oblast|region|province|governorate|state\b"
    r"|county|district|raion|prefecture|department)"
)


@dataclass(frozen=True, slots=True)
class Offset:
    """How far and which way a place lies from the one that is named.

    `distance_km` is None where no number is given; `bearing` in degrees clockwise from north is
    None where no direction is.
    """

    relation: str
    distance_km: float | None = None
    bearing: float | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the text around a toponym says of it.

    `containers` are folded names that stand as its container, the nearest first; `strict` says
    that the first follows a comma or bracket; `certain` that it is no list: it is called a
    province ("Kamyanka, Donetsk Obl"), stands behind "in", or owns a district ("Khost's Gurbuz
    district"). `countries` are those of a nationality word that governs it ("the Syrian town of").
    `kind` is one of `KIND_WORDS`' values or None.
    `offset` says that a place beside the named one, or a part of it, is meant.
    """

    containers: tuple[str, ...] = ()
    strict: bool = False
    certain: bool = False
    countries: tuple[str, ...] = ()
    kind: str | None = None
    offset: Offset | None = None


def read_surroundings(text: str, span: Span, gazetteer: Gazetteer) -> Surroundings:
    """Read the words before and after a toponym's span within its line."""
    before = text[max(0, span.start - REACH) : span.start].rpartition("\n")[2]
    after = text[span.end : span.end + REACH].partition("\n")[0]
    containers: list[str] = []
    strict = certain = False
    if match := CONTAINER_AFTER.match(after):
        name = longest_name(match["name"], gazetteer)
        if name:
            containers.append(name)
            strict = True
            certain = bool(KIND_NAMED.match(after, match.end("name") - len(match["name"])))
            rest = after[match.start("name") + 1 :]
            further = CONTAINER_AFTER.search(rest[rest.find(",") :]) if "," in rest else None
            if further and (second := longest_name(further["name"], gazetteer)):
                containers.append(second)
    elif match := CONTAINER_IN.match(after):
        name = longest_name(match["name"], gazetteer)
        if name:
            containers.append(name)
            certain = match["joint"] == "in"
    countries: tuple[str, ...] = ()
    if match := POSSESSOR.search(before):
        name = longest_name(match[1], gazetteer)
        if name:
            # "Khost's Gurbuz district", and not "Israel's Gaza offensive".
            adjoining = before[match.end(1) :].strip() in ("'s", "’s", "'", "’")
            certain = certain or (
                not containers and adjoining and bool(DISTRICT_AFTER.match(after))
            )
            containers.append(name)
    if (match := ADJECTIVE_OF.search(before)) or (match := re.search(r"([A-Z][a-z]+)\s+$", before)):
        countries = gazetteer.demonyms.get(fold(match[1]), ())
        # "the Kentucky town of Paris": its province instead of its country.
        if not countries and AREA_OF.search(before) and gazetteer.has(fold(match[1])):
            certain = certain or not containers
            containers.append(fold(match[1]))
    return Surroundings(
        tuple(containers),
        strict,
        certain,
        countries,
        read_kind(text[span.start : span.end], before, after),
        read_offset(before, after),
    )


def longest_name(words: str, gazetteer: Gazetteer) -> str | None:
    """Return the longest folded name at the head of `words` that the gazetteer has."""
    parts = words.split()
    for count in range(len(parts), 0, -1):
        name = " ".join(parts[:count]).rstrip(".,’'")
        folded = fold(re.sub(r"['’]s$", "", name))
        if folded and gazetteer.has(folded):
            return folded
    return None


def read_kind(name: str, before: str, after: str) -> str | None:
    """Return what kind of place the name itself or the words beside it call it, or None."""
    words = fold(name).split()
    if len(words) > 1:
        kind = KIND_WORDS.get(words[-1]) or KIND_WORDS.get(words[0])
        if kind and words[-1] not in ("city", "islands", "island", "republic", "port"):
            return kind
    if (match := KIND_AFTER.match(after)) and (kind := KIND_WORDS.get(match[1].lower())):
        return kind
    match = KIND_BEFORE.search(before)
    if match and (kind := KIND_WORDS.get(match["kind"].lower())):
        return kind
    return None


def read_offset(before: str, after: str) -> Offset | None:
    """Return the offset that the words around a name give, or None where it is meant itself."""
    words = before.lower()

    def has(*signs: str) -> bool:
        """Say whether a sign stands in the words; most patterns need not be tried at all."""
        return any(sign in words for sign in signs)

    if has("km", "mile", " mi ", "met", "yard", "nm ", " m ") and (match := OFFSET.search(before)):
        number = match["number"].lower().replace(",", "")
        amount = float(NUMBERS[number]) if number in NUMBERS else float(number)
        kilometres = amount * UNITS[match["unit"].lower()]
        return Offset("distance", kilometres, read_bearing(match["direction"]))
    if compass := has("north", "south", "east", "west"):
        if match := PART_OF.search(before):
            return Offset("part", None, read_bearing(match["part"]))
        if match := BEARING.search(before):
            return Offset("direction", None, read_bearing(match["direction"]))
    if has("border", "frontier", "boundary") and BORDER.search(before):
        return Offset("border")
    if has("between", "linking", "connecting") and BETWEEN.search(before):
        return Offset("between")
    if has("coast", "shore", "waters", "off") and COAST.search(before):
        return Offset("coast")
    if COAST_AFTER.match(after):
        return Offset("coast")
    if after[1:2] == "s" and (match := PART_AFTER.match(after)):
        return Offset("part", None, read_bearing(match["part"]))
    if (compass or LETTERS.search(before) or has("central", "upper", "lower")) and (
        match := PART.search(before)
    ):
        return Offset("part", None, read_bearing(match["part"]))
    if has(
        "near", "outside", "close", "far", "outskirts", "around", "vicinity", "next", "off"
    ) and (NEAR.search(before)):
        return Offset("near")
    return None


def read_bearing(words: str | None) -> float | None:
    """Return the bearing in degrees of "north", "south-eastern", "far north"; else None."""
    if not words:
        return None
    plain = re.sub(r"[ .-]|ern(?:most)?\b|far|extreme|deep", "", words.lower())
    return COMPASS.get(INITIALS.get(plain, plain))


def find_between(text: str, spans: Sequence[Span], index: int) -> int | None:
    """Return the index of the toponym that closes "between X and Y", None where none does."""
    if index + 1 < len(spans):
        joint = text[spans[index].end : spans[index + 1].start]
        if re.fullmatch(r"(?:,?\s+[\w’' -]{0,30})?\s*\band\s+(?:the\s+)?(?:\w+\s+of\s+)?", joint):
            return index + 1
    return None
