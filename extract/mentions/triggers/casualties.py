"""How many people an event killed, wounded, arrested, abducted, displaced or left missing.

Read from plain text by the order of words, without a parse: a number before what happened to
the people ("12 people, including three children, were killed") or after what was done to
them ("killing at least nine"). A number that counts hours, dollars or kilometres, and a year,
is no number of people.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from extract.records import Casualties, Span

UNITS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90,
}  # fmt: skip
SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}
# A plural without a number is at least two of it; a dozen is twelve, a score twenty.
CROWDS = {"dozens": 24, "scores": 40, "hundreds": 200, "thousands": 2_000,
          "tens of thousands": 20_000,
          "hundreds of thousands": 200_000, "millions": 2_000_000}  # fmt: skip

# Longest first, so that "seventeen" is not read as "seven".
_UNIT = "|".join(sorted(UNITS, key=len, reverse=True))
_WORDS = rf"(?:{_UNIT})(?:[-\s](?:{_UNIT}))?(?: (?:hundred|thousand|million))*"
_DIGITS = r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?(?: (?:hundred|thousand|million))?"
_PLAIN = rf"(?:{_DIGITS}|{_WORDS}|a (?:hundred|thousand|million|dozen)|half a dozen|two dozen)"
_CROWD = "|".join(sorted(CROWDS, key=len, reverse=True))
NUMBER = re.compile(
    rf"""(?<![\w.,$€£:/-])
    (?:(?P<lower>at\ least|more\ than|over|no\ fewer\ than|no\ less\ than
      |not\ less\ than|upwards\ of)\ +)?
    (?:(?P<upper>up\ to|as\ many\ as|at\ most|fewer\ than|less\ than|nearly|almost)\ +)?
    (?:(?P<about>about|around|some|roughly|approximately|an\ estimated
      |another|an\ additional|all|the\ other)\ +)?
    (?:between\ +(?P<from>{_PLAIN.replace(" ", r"[ ]")})
        \ +and\ +(?P<until>{_PLAIN.replace(" ", r"[ ]")})
      |(?P<first>{_PLAIN.replace(" ", r"[ ]")})(?:\ +(?:to|or)\ +"
          r"|(?<=\d)[-–](?=\d))(?P<second>{_PLAIN.replace(" ", r"[ ]")})
      |(?P<crowd>(?:several\ )?(?:{_CROWD.replace(" ", r"[ ]")}))
      |(?P<plain>{_PLAIN.replace(" ", r"[ ]")})
      |(?P<nobody>no\ one|nobody|none)
      |(?P<single>an?|no)(?=\ ))
    (?![\w/%]|,\d|\.\d|(?:st|nd|rd|th)\b
      |-(?:year|member|day|hour|strong|month|week|man|mile|metre|meter|kilomet|seat|point))""",
    re.IGNORECASE | re.VERBOSE,
)
# What a number counts where it does not count people.
NOT_PEOPLE = re.compile(
    r"\s*-?\s*(?:per ?cent|percent|%|km|kilomet\w+|met(?:re|er)s?|miles?|years?"
    r"|months?|weeks?|days?|hours?|minutes?"
    r"|seconds?|dollars?|euros?|pounds?|yen|rupees?|roubles?|rubles?|yuan|lira|times"
    r"|o'clock|a\.?m\b|p\.?m\b|tonnes?|tons?"
    r"|kg|kilos?|kilograms?|barrels?|houses?|homes?|buildings?|vehicles?|tanks?"
    r"|aircraft|drones?|missiles?|rockets?"
    r"|provinces?|villages?|towns?|cities|countries|attacks?|airstrikes?|strikes?"
    r"|points?|seats?|goals?|acres|hectares"
    r"|January|February|March|April|May|June|July|August|September|October|November"
    r"|December|GMT|degrees?|separate)\b",
    re.IGNORECASE,
)
YEAR = re.compile(r"(?:19|20)\d\d$")

_DEEDS = {
    "killed": r"killed|slain|murdered|massacred|slaughtered|executed|beheaded|martyred"
        r"|assassinated|shot dead|gunned down"
    r"|shot and killed|burned to death|burnt to death|hacked to death",
    "wounded": r"wounded|injured|hurt|maimed|hospitali[sz]ed|shot and wounded",
    "arrested": r"arrested|detained|jailed|imprisoned|rounded up|taken into custody|apprehended"
        r"|put behind bars",
    "abducted": r"kidnapped|abducted|taken hostage|taken captive|held hostage|seized as hostages",
    "displaced": r"displaced|uprooted|made homeless|forced to flee|forced from their homes"
        r"|driven from their homes"
    r"|forced out of their homes|evacuated",
}  # fmt: skip
_STATES = {
    "killed": r"dead|died|perished|lost their lives|lost his life|lost her life"
        r"|lives were lost|lives lost|fatalities|deaths",
    "wounded": r"casualties hurt|in hospital with wounds",
    "displaced": r"(?:have |had )?fled(?: their homes)?|homeless",
    "missing": r"(?:are |were |remain(?:ed)? |is |was |still |reported |went |gone "
        r"|feared )*(?:missing|unaccounted for)",
}  # fmt: skip
_AUXILIARY = (
    r"(?:(?:were|was|are|is|have|has|had|been|being|be|got|also|reportedly|later"
    r"|either|feared|confirmed|seriously|badly"
    r"|slightly|lightly|critically|fatally|mortally|left|believed|to|reported|said"
    r"|or|and|wounded or|killed or)\s+)"
)
_AFTERWARDS = (
    r"(?=\s*(?:[.,;:!?)\"”]|$|(?:and|in|by|when|as|after|during|on|at|near|while|so"
    r"|over|since|from|for|outside|across|amid|this|last)\b|\d))"
)
_INSERTED = (
    r"(?:,\s*(?:including|among them|most of them|mostly|many of them|some of them"
    r"|all of them|both)[^.;]{1,80}?,)?"
)
_BETWEEN = r"(?P<between>(?:[\s-]+(?:of|the|their|its|his|from|[\w'’-]+)){0,6}?)"

AFTER = {
    kind: re.compile(
        rf"{_BETWEEN}{_INSERTED}\s+(?:{_AUXILIARY}+(?:{deeds})"
        rf"|(?:{deeds}){_AFTERWARDS})\b", re.IGNORECASE
    )
    for kind, deeds in _DEEDS.items()
}  # fmt: skip
STATE_AFTER = {
    kind: re.compile(rf"{_BETWEEN}{_INSERTED}\s+{_AUXILIARY}*(?:{states})\b", re.IGNORECASE)
    for kind, states in _STATES.items()
}
BEFORE = {
    "killed": re.compile(
        r"\b(?:kill(?:s|ed|ing)?|murder(?:s|ed|ing)?|massacr(?:e|es|ed|ing)"
        r"|slaughter(?:s|ed|ing)?|execut(?:es|ed|ing)"
        r"|behead(?:s|ed|ing)|shot dead|gunned down|claim(?:s|ed|ing)? the li(?:ves"
        r"|fe) of|cost the li(?:ves|fe) of"
        r"|death toll (?:rose|rises|has risen|climbed|stands|stood|reached)(?: to| at)?"
        r"|death toll to|toll of|deaths? of)\s+$",
        re.IGNORECASE,
    ),
    "wounded": re.compile(r"\b(?:wound(?:s|ed|ing)?|injur(?:es|ed|ing)|hurt(?:s|ing)?|maim(?:s|ed"
        r"|ing))\s+$", re.IGNORECASE),
    "arrested": re.compile(
        r"\b(?:arrest(?:s|ed|ing)?|detain(?:s|ed|ing)?|jail(?:s|ed|ing)?|imprison(?:s|ed"
        r"|ing)?|round(?:s|ed|ing) up"
        r"|apprehend(?:s|ed|ing)?|arrests? of|detentions? of)\s+$",
        re.IGNORECASE,
    ),
    "abducted": re.compile(
        r"\b(?:kidnap(?:s|ped|ping)?|abduct(?:s|ed|ing)?|took hostage|abductions? of"
        r"|kidnappings? of)\s+$",
        re.IGNORECASE,
    ),
    "displaced": re.compile(
        r"\b(?:displac(?:es|ed|ing|e)|uproot(?:s|ed|ing)?|evacuat(?:es|ed|ing)|driv(?:es"
        r"|ing) out|drove out|forc(?:es|ed|ing))\s+$",
        re.IGNORECASE,
    ),
}  # fmt: skip
LEFT = re.compile(r"\b(?:leav(?:es|ing)|left)\s+$", re.IGNORECASE)
NOTHING = re.compile(r"\bno (?:casualties|deaths|fatalities|injuries|victims)\b", re.IGNORECASE)
PEOPLE_NEEDED = re.compile(
    r"\s+(?:\w+\s+){0,2}(?:person|people|man|woman|child|boy|girl|soldier|officer"
    r"|policeman|policewoman|civilian|journalist"
    r"|reporter|worker|student|teacher|villager|farmer|driver|guard|fighter|militant"
    r"|gunman|activist|protester|demonstrator"
    r"|peacekeeper|teenager|baby|doctor|nurse|engineer|priest|judge|lawyer|sailor"
    r"|pilot|passenger|bystander|resident"
    r"|official|commander|general|colonel|diplomat|tourist|migrant|refugee|family"
    r"|couple|shepherd|marine|airman)\b",
    re.IGNORECASE,
)


SENTENCE_END = re.compile(r"[.!?]\s+(?=[A-Z\"“])|\n+")


@dataclass(frozen=True, slots=True)
class Count:
    """A number of people as the text gives it: inclusive bounds, high None where open."""

    low: int
    high: int | None
    start: int
    end: int


def find_casualties(text: str, within: Span | None = None) -> list[Casualties]:
    """Return the casualties told in a stretch of text, in text order, spans into `text`.

    "at least" and "more than" leave the upper bound open (None), "up to" the lower at 0;
    "dozens" is 24 or more, "hundreds" 200 or more. "Nobody was hurt" is 0 to 0. The span
    covers the number and the word that says what happened to the people.
    """
    stretch = within or Span(0, len(text))
    found: dict[tuple[str, int], Casualties] = {}
    for start, end in _sentences(text, stretch):
        counts = _counts(text, start, end)
        for number, count in enumerate(counts):
            limit = counts[number + 1].start if number + 1 < len(counts) else end
            for casualties in _read(text, count, start, end, limit):
                found.setdefault((casualties.kind, count.start), casualties)
        for match in NOTHING.finditer(text, start, end):
            kind = "wounded" if "injur" in match.group().lower() else "killed"
            found[kind, match.start()] = Casualties(kind, 0, 0, Span(*match.span()))
    return sorted(found.values(), key=lambda item: (item.span.start, item.span.end))


def _sentences(text: str, stretch: Span) -> list[tuple[int, int]]:
    ends = SENTENCE_END.finditer(text, stretch.start, stretch.end)
    starts = [stretch.start, *(match.end() for match in ends)]
    return [(a, b) for a, b in zip(starts, [*starts[1:], stretch.end], strict=True) if a < b]


def _counts(text: str, start: int, end: int) -> list[Count]:
    counts = []
    for match in NUMBER.finditer(text, start, end):
        if NOT_PEOPLE.match(text, match.end(), end):
            continue
        if match.group("single"):
            if not PEOPLE_NEEDED.match(text, match.end(), end):
                continue
            low: int = 0 if match.group("single").lower() == "no" else 1
            counts.append(Count(low, low, *match.span()))
            continue
        plain = match.group("plain")
        if plain and YEAR.match(plain) and not (match.group("lower") or match.group("upper")):
            continue
        bounds = _bounds(match)
        if bounds is not None:
            counts.append(Count(*bounds, *match.span()))
    return counts


def _bounds(match: re.Match[str]) -> tuple[int, int | None] | None:
    """Return the lowest and highest number that the words allow."""
    if match.group("nobody"):
        return 0, 0
    if match.group("crowd"):
        words = match.group("crowd").lower().removeprefix("several ")
        return CROWDS[words], None
    pair = match.group("from", "until") if match.group("from") else match.group("first", "second")
    if pair[0] and pair[1]:
        low, high = read_number(pair[0]), read_number(pair[1])
        return (low, high) if low <= high else None
    value = read_number(match.group("plain"))
    if match.group("lower"):
        return value, None
    if match.group("upper") and match.group("upper").lower() not in ("nearly", "almost"):
        return 0, value
    return value, value


def read_number(words: str) -> int:
    """Return the value of a number in digits or English words; raises ValueError on others."""
    text = words.lower().replace(",", "").replace("-", " ")
    if "dozen" in text:
        return {"a dozen": 12, "half a dozen": 6, "two dozen": 24}[text]
    total, current = 0.0, 0.0
    for word in text.split():
        if word in UNITS:
            current += UNITS[word]
        elif word in SCALES:
            current = (current or 1) * SCALES[word]
            if SCALES[word] >= 1_000:
                total, current = total + current, 0
        elif word != "a":
            current += float(word)
    return int(total + current)


def _read(text: str, count: Count, start: int, end: int, limit: int) -> list[Casualties]:
    """Return what the words around one number say happened to that many people."""
    for kind, pattern in BEFORE.items():
        before = pattern.search(text, start, count.start)
        if before is None or (
            kind == "displaced" and not _fleeing(text, before.group(), count.end, limit)
        ):
            continue
        if re.search(
            r"\b(?:was|were|been|being|be|is|are)\s+$",
            text[max(start, before.start() - 12) : before.start()],
        ):
            continue  # "was killed two days later"
        return [Casualties(kind, count.low, count.high, Span(before.start(), count.end))]
    for patterns in (AFTER, STATE_AFTER):
        for kind, pattern in patterns.items():
            after = pattern.match(text, count.end, end)
            if after is None or not _own_number(text, count, after, limit):
                continue
            if (
                kind == "killed"
                and patterns is STATE_AFTER
                and LEFT.search(text, start, count.start)
            ):
                left = LEFT.search(text, start, count.start)
                if left:
                    return [
                        Casualties(kind, count.low, count.high, Span(left.start(), after.end()))
                    ]
            return [Casualties(kind, count.low, count.high, Span(count.start, after.end()))]
    return []


def _own_number(text: str, count: Count, after: re.Match[str], limit: int) -> bool:
    """Say whether no other number stands between this one and the verb, insertions apart."""
    if after.end() <= limit:
        return True
    between = text[count.end : after.end()]
    return bool(
        re.search(
            r",\s*(?:including|among them|most of them|mostly|many of them|some of them)",
            between[: limit - count.end + 1],
        )
    )


def _fleeing(text: str, verb: str, end: int, limit: int) -> bool:
    if not verb.lower().startswith("forc"):
        return True
    return (
        re.search(
            r"\b(?:flee|leave|from their homes|out of their homes|abandon)\b", text[end : end + 60]
        )
        is not None
    )
