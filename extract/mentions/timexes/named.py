"""Days with names: holidays, 9/11, and dates of the Islamic and Persian calendars."""

from __future__ import annotations

from functools import lru_cache

from extract.mentions.timexes.calendars import holiday_in, islamic_day, persian_day
from extract.mentions.timexes.grammar import Match, Rule
from extract.mentions.timexes.placing import (
    OFFSETS,
    basis_of,
    day_of,
    nearest,
    relative_year,
    year_of,
)
from extract.mentions.timexes.readings import DATE, Context, Reading, make_reading
from extract.mentions.timexes.tokens import read_lexicon
from extract.mentions.timexes.values import ONE_DAY, Days
from extract.records import Granularity

# Days known the world over by their month and day alone.
FAMOUS_DAYS = {"9 / 11": "2001-09-11", "7 / 7": "2005-07-07"}
# Words after a holiday's name that make it another name.
NOT_AFTER_HOLIDAY = frozenset(
    "island islands rising carol offensive massacre agreement accords truce parade accord".split()
)
NEW_YEAR_LEADS = frozenset("the in for until by since before after over of".split())


def read_holiday(match: Match, context: Context) -> Reading | None:
    """Christmas, Good Friday 2024, last Ramadan, Nowruz: the right year's days."""
    name = _holidays_by_letters().get(_letters("".join(match.words("holiday"))))
    first = match.groups["holiday"][0]
    if name is None or not match.raw(first + (match.raw(first) == "the"))[:1].isupper():
        return None
    if match.after() in NOT_AFTER_HOLIDAY or (name in SURNAMES and _is_surname(match)):
        return None
    if name == "new year" and (match.before() not in NEW_YEAR_LEADS and "year" not in match):
        return None
    western = context.lexicon.holidays[name].startswith("easter")
    if western and f"orthodox {name}" in context.lexicon.holidays and _is_orthodox(context):
        name = f"orthodox {name}"
    if "year" in match or "named" in match:
        if "year" in match:
            year, basis = year_of(match.words("year"), context), ""
        else:
            year, basis = relative_year(match.words("named"), context)
        found = holiday_in(name, year) if year else ()
        return _reading(match, found[0], "holiday and year", basis) if found else None
    return _read_undated(match, context, name)


def _is_orthodox(context: Context) -> bool:
    """Say whether the text is about people who keep Easter by the Julian calendar."""
    words = context.tokens.lowers
    lexicon = context.lexicon
    return not lexicon.orthodox.isdisjoint(words) and lexicon.western.isdisjoint(words)


def _is_surname(match: Match) -> bool:
    """Say whether "Ramadan" or "Bayram" is a person: after a name, or before what people do."""
    raw, before = match.raw(match.first - 1), match.before()
    named = raw[:1].isupper() and raw.isalpha() and before not in HOLIDAY_LEADS
    born = match.after() == "," and match.after(2) in ("born", "who", "a", "the")
    return named or born or match.after() in ("said", "told", "who", "has", "had", "'s", "’s")


SURNAMES = frozenset("ramadan ramadhan ramazan bayram".split())
HOLIDAY_LEADS = frozenset("during in for this the on before after since holy muslim when".split())


def _read_undated(match: Match, context: Context, name: str) -> Reading | None:
    anchor = context.day
    if context.history or anchor is None:
        told = context.latest(Granularity.YEAR, Granularity.MONTH, Granularity.DAY)
        days = context.days_of(told) if told else None
        if told and days and (found := holiday_in(name, days[0].year)):
            return _reading(match, found[0], "holiday", basis_of(told))
    if anchor is None:
        kind, *rest = context.lexicon.holidays[name].split()
        value = f"XXXX-{rest[0]}" if kind == "fixed" else "XXXX-XX-XX"
        return make_reading(match, DATE, value, rule="holiday")
    candidates = [
        days for year in range(anchor.year - 1, anchor.year + 2) for days in holiday_in(name, year)
    ]
    which = match.words("which")[-1] if "which" in match else "this"
    if OFFSETS[which] < 0:
        candidates = [days for days in candidates if days[1] < anchor][-1:]
    elif OFFSETS[which] > 0:
        candidates = [days for days in candidates if days[0] > anchor][:1]
    best = nearest(candidates, anchor, context.tense_of(match))
    return _reading(match, best, "holiday", context.anchor.basis) if best else None


def _reading(match: Match, days: Days, rule: str, basis: str) -> Reading:
    start, end = days
    if start == end:
        return make_reading(match, DATE, start.isoformat(), rule=rule, basis=basis)
    value = f"{start.isoformat()}/{end.isoformat()}"
    return make_reading(match, DATE, value, rule=rule, basis=basis, days=days)


def read_famous(match: Match, context: Context) -> Reading | None:
    """9/11: the day of 2001; not in a text from before it, nor as a fraction."""
    value = FAMOUS_DAYS.get(match.phrase())
    before = match.before()
    if value is None or before[:1].isdigit() or before in ("$", "page", "score"):
        return None
    if context.day and context.day.isoformat() < value:
        return None
    return make_reading(match, DATE, value, rule="named day")


def read_september_eleventh(match: Match, context: Context) -> Reading | None:
    """The September 11 attacks: of 2001."""
    if (context.day and context.day.isoformat() < "2001-09-11") or day_of(match) != 11:
        return None
    return make_reading(match, DATE, "2001-09-11", rule="named day")


def read_foreign_date(match: Match, context: Context) -> Reading | None:
    """15 Ramadan 1445, 22 Bahman 1357, Farvardin 1403: a day, or a month as an interval."""
    if "islamic" in match:
        month = context.number_of("ISLAMICMONTH", match.words("islamic")[0])
        return _read_foreign(match, month, "Islamic")
    month = context.number_of("PERSIANMONTH", match.words("persian")[0])
    return _read_foreign(match, month, "Persian")


def read_long_islamic_date(match: Match, context: Context) -> Reading | None:
    """12 Rabi al-Awwal 1446, 1 Dhu al-Hijjah 1445: months of two words."""
    words = set(match.words("islamic"))
    second = bool(words & {"thani", "akhir", "akhirah", "thaniyah", "ii"})
    if "rabi" in words:
        month = 3 + second
    elif "jumada" in words:
        month = 5 + second
    else:
        month = 11 if words & {"qadah", "qida", "qaada"} else 12
    return _read_foreign(match, month, "Islamic")


def _read_foreign(match: Match, month: int, calendar: str) -> Reading | None:
    make = islamic_day if calendar == "Islamic" else persian_day
    year = int(match.words("year")[0])
    if "day" in match:
        day = make(year, month, day_of(match))
        return _reading(match, (day, day), f"{calendar} calendar", "") if day else None
    start, after = make(year, month, 1), make(year + month // 12, month % 12 + 1, 1)
    if start is None or after is None:
        return None
    return _reading(match, (start, after - ONE_DAY), f"{calendar} calendar", "")


def read_foreign_year(match: Match, context: Context) -> Reading | None:
    """1445 AH, 1403 SH: a year of another calendar as an interval of ours."""
    year = int(match.words("year")[0])
    islamic = match.words("era")[0] in ("ah", "hijri")
    make = islamic_day if islamic else persian_day
    start, after = make(year, 1, 1), make(year + 1, 1, 1)
    if start is None or after is None:
        return None
    rule = "Islamic year" if islamic else "Persian year"
    return _reading(match, (start, after - ONE_DAY), rule, "")


def _letters(name: str) -> str:
    return "".join(letter for letter in name if letter.isalpha())


@lru_cache(maxsize=1)
def _holidays_by_letters() -> dict[str, str]:
    """Return the holidays by the letters of their names alone, however they are written."""
    return {_letters(name): name for name in read_lexicon().holidays}


def make_holiday_rule() -> Rule:
    """Return the rule that matches any holiday of the lexicon, the longest name first."""
    names = sorted(read_lexicon().holidays, key=lambda name: (-len(name.split()), name))
    signs = {"'s": " POSSESSIVE ", "'": " QUOTE ", "-": " HYPHEN ", ".": " DOT? "}
    patterns = []
    for name in names:
        for sign, token in signs.items():
            name = name.replace(sign, token)
        patterns.append(" ".join(name.split()))
    year = (
        "(?:COMMA?(?:of|in)?(?P<year>YEAR|APOSTROPHEYEAR)"
        "|(?:of)?(?P<named>(?:the)?(?:last|next|this)year))?"
    )
    return Rule(
        "holiday",
        "(?:(?:the|this)?(?P<which>last|this|next|past|coming|previous))?"
        f"(?P<holiday>{'|'.join(dict.fromkeys(patterns))}){year}",
        read_holiday,
    )


LONG_ISLAMIC_MONTH = (
    "(?P<islamic>(?:rabi|jumada)HYPHEN?(?:al|ul|QUOTE)?HYPHEN?"
    "(?:awwal|thani|akhir|ula|akhirah|thaniyah|i|ii)?"
    "|(?:dhu|dhul|zul)HYPHEN?(?:al)?HYPHEN?(?:hijjah|hijja|qadah|qida|qaada))"
)
ISLAMIC_MONTH = "(?P<islamic>ISLAMICMONTH)"
PERSIAN_MONTH = "(?P<persian>PERSIANMONTH)"
DAY = "(?:the)?(?P<day>DAY|ORDINALNUMBER)(?:of)?"
YEAR = "COMMA?(?P<year>HIJRIYEAR)(?:ah|hijri|sh)?"

RULES: tuple[Rule, ...] = (
    Rule(
        "named day",
        "COUNT SLASH COUNT(?!SLASH|HYPHEN|UNIT|UNITS|COUNT|MERIDIEM|MONTH)",
        read_famous,
    ),
    Rule(
        "named day",
        "(?:september|sept)(?P<day>DAY|ORDINALNUMBER)"
        "(?=attacks|attack|hijackers|terrorist|terror|memorial|commission|hijackings)",
        read_september_eleventh,
    ),
    Rule("Islamic calendar", f"{DAY}{ISLAMIC_MONTH}{YEAR}", read_foreign_date),
    Rule(
        "Islamic calendar", f"{ISLAMIC_MONTH}(?P<day>DAY|ORDINALNUMBER)?{YEAR}", read_foreign_date
    ),
    Rule("Islamic calendar", f"(?:{DAY})?{LONG_ISLAMIC_MONTH}{YEAR}", read_long_islamic_date),
    Rule("Persian calendar", f"{DAY}{PERSIAN_MONTH}{YEAR}", read_foreign_date),
    Rule(
        "Persian calendar", f"{PERSIAN_MONTH}(?P<day>DAY|ORDINALNUMBER)?{YEAR}", read_foreign_date
    ),
    Rule(
        "year of another calendar", "(?P<year>HIJRIYEAR)(?P<era>ah|hijri|sh|ap)", read_foreign_year
    ),
)
