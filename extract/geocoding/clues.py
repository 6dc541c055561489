"""What an article's words say of where it was written, apart from its toponyms.

    "deputies", "county commissioners"     words of one country's institutions and English
    "call 952-873-0000"                    an area code of the North American plan
    "the Ohio Senate", "Kentucky State Police"
                                           a province or country inside another name

None of these is a toponym; each tells one Springfield from another.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from urllib.parse import urlsplit

from extract.bundled import bundled_path
from extract.gazetteer import Gazetteer
from extract.gazetteer.names import fold, split_list
from extract.records import Span

WORD = re.compile(r"[^\W\d_](?:[\w.'’-]*\w)?|[£€₦]|[A-Z]{0,2}\$")
PHONE = re.compile(r"(?<![\d-])(?:1-)?\(?([2-9]\d\d)\)?[-. ]\s?\d{3}[-. ]\d{4}(?!\d)")
FOLLOWING = re.compile(r"['’]?s?\s+([A-Z][\w’'.-]*)")
PRECEDING = re.compile(r"(\w+)\s+$")
CAPITALISED = re.compile(r"[A-Z][\w’'.-]*(?:\s+(?:and\s+)?[A-Z][\w’'.-]*){0,3}")

# What may follow a province's or country's name when an institution is named after it. Any
# other capitalised word makes it the given name of a person ("Georgia Smith").
INSTITUTION = frozenset(
    """
    state university department dept senate house supreme court courts police highway bureau
    national board legislature assembly division office attorney general governor's governor
    secretary commission association county lottery army air guard public transportation health
    education agricultural republican democratic gop democrats republicans medical power electric
    gas times tribune institute council college school schools high central federal ministry
    parliament constitution government embassy troops forces airlines airways football league
    southern northern eastern western human rights community district development water
    municipal news press radio rural fire society foundation republicans chamber bank
    """.split()
)
INSTITUTION_BEFORE = frozenset("of in for across from throughout to".split())


SOLD_ENDINGS = frozenset(
    """
    ai am bz cc cd co dj eu fm gg gl io la li ly me mn mu nu pw re sc sh so st su tk to tv vc vg ws
    """.split()
)


@cache
def read_country_words() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Return which countries each single word, and each phrase by its first word, speaks for."""
    words: dict[str, list[str]] = {}
    phrases: dict[str, list[str]] = {}
    with bundled_path("country_words.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for entry in split_list(row["words"]):
                (phrases if " " in entry else words).setdefault(entry, []).append(row["country"])
    return (
        {word: tuple(countries) for word, countries in words.items()},
        {phrase: tuple(countries) for phrase, countries in phrases.items()},
    )


@cache
def read_area_codes() -> dict[str, str]:
    """Return the ISO 3166-2 code of each area code of the North American plan."""
    with bundled_path("area_codes.csv").open(encoding="utf-8", newline="") as file:
        return {
            code: row["subdivision"]
            for row in csv.DictReader(file)
            for code in split_list(row["codes"])
        }


def count_country_words(text: str) -> Counter[str]:
    """Count for each country the distinct words and phrases of the text that speak for it.

    A word that several countries share counts as a part for each.
    """
    words, phrases = read_country_words()
    tokens = [token.lower().replace("’", "'") for token in WORD.findall(text)]
    pairs = {f"{first} {second}" for first, second in pairwise(tokens)}
    counts: Counter[str] = Counter()
    for found, table in ((set(tokens) & words.keys(), words), (pairs & phrases.keys(), phrases)):
        for entry in found:
            for country in table[entry]:
                counts[country] += 1 / len(table[entry])  # type: ignore[assignment]
    return counts


def find_source_country(url: str | None) -> str | None:
    """Return the ISO 3166-1 alpha-2 code of the country in a source's address, or None.

    Only of countries whose endings newspapers there use themselves; endings that are sold to
    everyone (.tv, .io, .co) say nothing.
    """
    host = urlsplit(url or "").hostname or ""
    ending = host.rpartition(".")[2]
    if len(ending) != 2 or not host.count("."):
        return None
    return None if ending in SOLD_ENDINGS else {"uk": "GB"}.get(ending, ending.upper())


def count_area_codes(text: str) -> Counter[str]:
    """Count the provinces whose area codes stand in the text's telephone numbers."""
    codes = read_area_codes()
    return Counter(codes[code] for code in PHONE.findall(text) if code in codes)


def find_context_names(text: str, spans: Sequence[Span], gazetteer: Gazetteer) -> Counter[str]:
    """Count the folded names of countries, provinces and counties inside other names.

    Only outside the toponyms' spans.
    """
    found: Counter[str] = Counter()
    area_name = gazetteer.remember("area name", lambda words: _read_area_name(words, gazetteer))
    taken = sorted(spans)
    number = 0
    for match in CAPITALISED.finditer(text):
        while number < len(taken) and taken[number].end <= match.start():
            number += 1
        words = list(re.finditer(r"\S+", match.group()))
        first = 0
        while first < len(words):
            step = 1
            for count in (3, 2, 1):
                if first + count > len(words):
                    continue
                last = words[first + count - 1]
                span = Span(match.start() + words[first].start(), match.start() + last.end())
                if any(span.overlaps(each) for each in taken[number : number + 4]):
                    continue
                folded = area_name(span.of(text))
                if folded and _is_meant(folded, text, span):
                    found[folded] += 1
                    step = count
                    break
            first += step
    return found


def _read_area_name(words: str, gazetteer: Gazetteer) -> str | None:
    """Return the folded name where the words are a country's, a province's or a county's."""
    folded = fold(re.sub(r"['’]s?$|[.,]+$", "", words))
    if len(folded) < 4 or not gazetteer.has(folded):
        return None
    facts = gazetteer.facts(folded)
    if facts is None:
        return None
    if folded.endswith((" county", " parish")):
        return folded if "ADM2" in facts.feature_codes else None
    return folded if (facts.is_country or facts.is_admin1) and facts.is_preferred else None


def _is_meant(folded: str, text: str, span: Span) -> bool:
    """Say whether an area's name stands for it here and is not a person's given name."""
    if folded.endswith((" county", " parish")):
        return True
    following = FOLLOWING.match(text, span.end, span.end + 40)
    if following is None or following.group(1).lower().rstrip(".,") in INSTITUTION:
        return True
    preceding = PRECEDING.search(text[max(0, span.start - 15) : span.start])
    return preceding is not None and preceding.group(1).lower() in INSTITUTION_BEFORE
