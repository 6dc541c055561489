"""Days with names: holidays, 9/11, and dates of the Islamic and Persian calendars."""

from __future__ import annotations

from extract.mentions.timex.calendars import holiday_in, islamic_day, persian_day
from extract.mentions.timex.explicit import RELATIVE_YEAR, TENSE_WEIGHT, relative_year, year_of
from extract.mentions.timex.grammar import Match, Rule
from extract.mentions.timex.readings import DATE, Context, Reading, make_reading
from extract.mentions.timex.relative import OFFSETS
from extract.mentions.timex.tense import Tense
from extract.mentions.timex.tokens import read_lexicon
from extract.mentions.timex.values import Days, make_day
from extract.records import Granularity

# Days known the world over by their month and day alone.
NUMBERED_DAYS = {("9", "11"): "2001-09-11", ("7", "7"): "2005-07-07"}
FAMOUS = {"9 / 11": "2001-09-11", "9 - 11": "2001-09-11", "7 / 7": "2005-07-07"}


def _value_of(days: Days) -> str:
    start, end = days
    return start.isoformat() if start == end else f"{start.isoformat()}/{end.isoformat()}"


def read_holiday(match: Match, context: Context) -> Reading | None:
    """Christmas, Good Friday 2024, last Ramadan, Nowruz: the right year's days."""
    first, end = match.groups["holiday"]
    raw = match.raw(first)
    if raw == "the":
        raw = match.raw(first + 1)
    if not raw[:1].isupper():
        return None
    name = " ".join(match.words("holiday")).replace("’", "'")
    name = _spelling(name)
    if name not in context.lexicon.holidays:
        return None
    if name in ("tet", "lent", "easter", "christmas", "labour day", "new year") and not _is_feast(
        match, name
    ):
        return None
    if "year" in match or "named" in match:
        if "year" in match:
            year, basis = year_of(match.words("year"), context), ""
        else:
            year, basis = relative_year(match.words("named"), context)
        found = holiday_in(name, year) if year else ()
        if not found:
            return None
        return _reading(match, found[0], "holiday and year", basis)
    return _read_undated(match, context, name)


def _spelling(name: str) -> str:
    for written, known in ((" 's", "'s"), (" - ", "-"), (" '", "'"), ("' ", "'"), (" .", ".")):
        name = name.replace(written, known)
    holidays = read_lexicon().holidays
    if name in holidays:
        return name
    return next(
        (
            known
            for known in holidays
            if known.replace("'", "").replace("-", " ") == name.replace("'", "").replace("-", " ")
        ),
        name,
    )


def _is_feast(match: Match, name: str) -> bool:
    after = match.after()
    if name == "new year":
        return match.before() in (
            "the",
            "in",
            "for",
            "until",
            "by",
            "since",
            "before",
            "after",
            "over",
            "of",
        )
    if name == "easter":
        return after not in ("island", "islands", "rising")
    if name == "christmas":
        return after not in ("island", "carol")
    if name == "tet":
        return after != "offensive"
    return name != "lent" or match.before() in ("during", "for", "of", "in")


def _read_undated(match: Match, context: Context, name: str) -> Reading | None:
    which = match.words("which")[-1] if "which" in match else ""
    anchor = context.day
    if context.history or anchor is None:
        told = context.latest(Granularity.YEAR, Granularity.MONTH, Granularity.DAY)
        days = context.days_of(told) if told else None
        if told and days and (found := holiday_in(name, days[0].year)):
            return _reading(match, found[0], "holiday", f"{told.value} before it")
    if anchor is None:
        rule = context.lexicon.holidays[name].split()
        value = f"XXXX-{rule[1]}" if rule[0] == "fixed" else "XXXX-XX-XX"
        return make_reading(match, DATE, value, rule="holiday")
    candidates = [
        days for year in range(anchor.year - 1, anchor.year + 2) for days in holiday_in(name, year)
    ]
    if OFFSETS.get(which, 0) < 0:
        candidates = [days for days in candidates if days[1] < anchor][-1:]
    elif OFFSETS.get(which, 0) > 0:
        candidates = [days for days in candidates if days[0] > anchor][:1]
    if not candidates:
        return None
    tense = context.tense_of(match)
    weights = {Tense.PAST: (1, TENSE_WEIGHT), Tense.FUTURE: (TENSE_WEIGHT, 1), None: (1, 1)}[tense]

    def cost(days: Days) -> int:
        if days[0] <= anchor <= days[1]:
            return 0
        if days[1] < anchor:
            return (anchor - days[1]).days * weights[0]
        return (days[0] - anchor).days * weights[1]

    return _reading(match, min(candidates, key=cost), "holiday", context.anchor.basis)


def _reading(match: Match, days: Days, rule: str, basis: str) -> Reading:
    granularity = Granularity.DAY if days[0] == days[1] else Granularity.RANGE
    return make_reading(
        match, DATE, _value_of(days), rule=rule, basis=basis, days=days, granularity=granularity
    )


def read_famous(match: Match, context: Context) -> Reading | None:
    """9/11: the day of 2001, unless the text is of that season and means a fraction."""
    phrase = match.phrase()
    value = FAMOUS.get(phrase)
    if value is None or match.before() in ("$", "1", "2", "3", "page", "score"):
        return None
    if context.day and context.day.isoformat() < value:
        return None
    return make_reading(match, DATE, value, rule="named day")


def read_september_eleventh(match: Match, context: Context) -> Reading | None:
    """The September 11 attacks: of 2001."""
    if context.day and context.day.isoformat() < "2001-09-11":
        return None
    return make_reading(match, DATE, "2001-09-11", rule="named day")


def read_foreign_date(match: Match, context: Context) -> Reading | None:
    """15 Ramadan 1445, 22 Bahman 1357, Farvardin 1, 1403."""
    islamic = "islamic" in match
    group = "islamic" if islamic else "persian"
    month = context.number_of("ISLAMICMONTH" if islamic else "PERSIANMONTH", match.words(group)[0])
    return _foreign(match, context, month, islamic)


def read_long_islamic_date(match: Match, context: Context) -> Reading | None:
    """12 Rabi al-Awwal 1446, 1 Dhu al-Hijjah 1445: months of two words."""
    words = match.words("islamic")
    month = {"rabi": 3, "jumada": 5}.get(words[0], 12)
    if month == 12:
        month = 11 if any("qa" in word or "qi" in word for word in words) else 12
    elif any(word in ("thani", "akhir", "akhirah", "thaniyah", "ii") for word in words):
        month += 1
    return _foreign(match, context, month, True)


def _foreign(match: Match, context: Context, month: int, islamic: bool) -> Reading | None:
    year = int(match.words("year")[0])
    if "day" not in match:
        start = islamic_day(year, month, 1) if islamic else persian_day(year, month, 1)
        following = (year + month // 12, month % 12 + 1)
        after = islamic_day(*following, 1) if islamic else persian_day(*following, 1)
        if start is None or after is None:
            return None
        days = (start, after.fromordinal(after.toordinal() - 1))
        return _reading(match, days, "Islamic month" if islamic else "Persian month", "")
    number = int("".join(letter for letter in match.words("day")[0] if letter.isdecimal()) or 0)
    day = islamic_day(year, month, number) if islamic else persian_day(year, month, number)
    if day is None:
        return None
    rule = "Islamic calendar" if islamic else "Persian calendar"
    return _reading(match, (day, day), rule, "")


def read_foreign_year(match: Match, context: Context) -> Reading | None:
    """1445 AH, 1403 SH: a year of another calendar as an interval of ours."""
    year = int(match.words("year")[0])
    islamic = match.words("era")[0] in ("ah", "hijri")
    make = islamic_day if islamic else persian_day
    start, following = make(year, 1, 1), make(year + 1, 1, 1)
    if start is None or following is None:
        return None
    last = make_day(following.year, following.month, following.day)
    if last is None:
        return None
    days = (start, last.fromordinal(last.toordinal() - 1))
    return _reading(match, days, "Islamic year" if islamic else "Persian year", "")


def _holiday_pattern() -> str:
    """Return the names as one pattern, the longest first."""
    names = sorted(read_lexicon().holidays, key=lambda name: (-len(name.split()), name))
    return "|".join(dict.fromkeys(_name_pattern(name) for name in names))


def _name_pattern(name: str) -> str:
    pattern = name.replace("'s", " POSSESSIVE ").replace("'", " QUOTE ").replace("-", " HYPHEN ")
    return " ".join(pattern.replace(".", " ").split())


LONG_ISLAMIC = (
    "(?P<islamic>(?:rabi|jumada)(?:HYPHEN)?(?:al|ul|i|ii|QUOTE)?(?:HYPHEN)?(?:awwal|thani|akhir|ula|akhirah|thaniyah|i|ii)?"
    "|(?:dhu|dhul|zul)(?:HYPHEN)?(?:al)?(?:HYPHEN)?(?:hijjah|hijja|qadah|qida|hijjaj|qaada))"
)
DAY = "(?P<day>DAY|ORDINALNUMBER)"
ERA = "(?:ah|hijri)?"

RULES: tuple[Rule, ...] = (
    Rule(
        "holiday",
        f"(?:(?:the|this)?(?P<which>last|this|next|past|coming|previous))?(?P<holiday>{_holiday_pattern()})(?:COMMA?(?:of|in)?(?P<year>YEAR|APOSTROPHEYEAR)|(?:of)?(?P<named>(?:the)?(?:last|next|this)year))?".replace(
            RELATIVE_YEAR, ""
        ),
        read_holiday,
    ),
    Rule("named day", "COUNT(?:SLASH|HYPHEN)COUNT(?!SLASH|HYPHEN|UNIT|UNITS|COUNT)", read_famous),
    Rule(
        "named day",
        "(?:september|sept)(?:DAY|ORDINALNUMBER)(?=COMMA?2001)".replace(
            "(?=COMMA?2001)",
            "(?=attacks|hijackers|terrorist|terror|memorial|commission|hijackings)",
        ),
        read_september_eleventh,
    ),
    Rule(
        "Islamic calendar",
        f"(?:the)?{DAY}(?:of)?(?P<islamic>ISLAMICMONTH)COMMA?(?P<year>HIJRIYEAR){ERA}",
        read_foreign_date,
    ),
    Rule(
        "Islamic calendar",
        f"(?P<islamic>ISLAMICMONTH){DAY}?COMMA?(?P<year>HIJRIYEAR){ERA}",
        read_foreign_date,
    ),
    Rule(
        "Islamic calendar",
        f"(?:the)?{DAY}(?:of)?{LONG_ISLAMIC}COMMA?(?P<year>HIJRIYEAR){ERA}",
        read_long_islamic_date,
    ),
    Rule(
        "Islamic calendar", f"{LONG_ISLAMIC}COMMA?(?P<year>HIJRIYEAR){ERA}", read_long_islamic_date
    ),
    Rule(
        "Persian calendar",
        f"(?:the)?{DAY}(?:of)?(?P<persian>PERSIANMONTH)COMMA?(?P<year>HIJRIYEAR)",
        read_foreign_date,
    ),
    Rule(
        "Persian calendar",
        f"(?P<persian>PERSIANMONTH){DAY}?COMMA?(?P<year>HIJRIYEAR)",
        read_foreign_date,
    ),
    Rule(
        "year of another calendar", "(?P<year>HIJRIYEAR)(?P<era>ah|hijri|sh|ap)", read_foreign_year
    ),
)
