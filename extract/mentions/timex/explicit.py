"""Dates that name themselves: days, months, years, decades, quarters, seasons, with their year
or without.

A date without its year is put where the tense of its clause and the anchor say.
"""

from __future__ import annotations

import datetime
import re

from extract.mentions.timex.grammar import Match, Rule
from extract.mentions.timex.readings import (
    DATE,
    Context,
    Reading,
    make_reading,
    read_number,
    read_ordinal,
)
from extract.mentions.timex.tense import Tense
from extract.mentions.timex.values import (
    SEASON_ORDER,
    add_months,
    days_in_month,
    days_of,
    make_day,
    season_of,
    value_at,
)
from extract.records import Granularity

# A date on the wrong side of the anchor for its tense must be this many times nearer than one
# on the right side. Of 2, 3, 4, 6 and 9, 4 did best on the gold set and on TimeBank (value F1).
TENSE_WEIGHT = 4

WEEKDAY = "(?:(?P<weekday>WEEKDAY)(?:COMMA|DOT)?(?:the)?)?"
YEAR = "(?:(?:COMMA|of)?(?P<year>YEAR|APOSTROPHEYEAR|{SPELLEDYEAR}))?"
COUNTING = frozenset(
    "% percent per million billion thousand hundred trillion m bn km miles kilometers kilometres "
    "metres meters feet tons tonnes barrels dollars euros pounds".split()
)
YEAR_LEADS = frozenset(
    """
    in since by of from until till through during before after between and to early late mid for
    circa around about year ( [ , - – — summer winter spring autumn fall fiscal the
    """.split()
)
# Words before a four-digit number that make it a name or a number, not a year.
NOT_A_YEAR_AFTER = frozenset(
    """
    article articles no number flight resolution section room route highway page pages chapter $ # €
    £ boeing airbus version model unit bus vol gate apartment apt suite psalm decree order protocol
    nearly approximately over than least most exactly only another some total every windows
    """.split()
)


def year_of(words: list[str], context: Context) -> int | None:
    """Return the year that digits, an apostrophe year or spelled words name, None if none."""
    text = "".join(words)
    digits = text.lstrip("'’‘`")
    if digits.isdecimal() and digits.isascii():
        if len(digits) == 4 or (len(digits) == 3 and digits == text):
            return int(digits)
        return full_year(int(digits), context) if len(digits) == 2 else None
    return spelled_year(words)


def full_year(short: int, context: Context) -> int:
    """Return the year of two digits: the one from 80 years before the anchor to 19 after."""
    pivot = context.day.year if context.day else 2000
    century = pivot // 100 * 100
    year = century + short
    if year > pivot + 19:
        year -= 100
    elif year <= pivot - 81:
        year += 100
    return max(1, min(year, 9999))


def spelled_year(words: list[str]) -> int | None:
    """Return the year of "nineteen ninety-six" or "two thousand and ten", None if it is none."""
    plain = [word for word in words if word not in ("-", "and", "‐", "‑")]
    if not plain:
        return None
    if plain[:2] == ["two", "thousand"]:
        rest = read_number(plain[2:]) if plain[2:] else 0
        return None if rest is None or rest > 99 else 2000 + int(rest)
    head = read_number(plain[:1])
    if head is None or not 10 <= head <= 20:
        return None
    tail = [word for word in plain[1:] if word not in ("hundred", "oh")]
    rest = read_number(tail) if tail else 0
    if rest is None or rest > 99 or ("hundred" not in plain and not tail):
        return None
    return int(head) * 100 + int(rest)


def month_of(match: Match, context: Context) -> int:
    """Return the number of the month a match names."""
    return context.number_of("MONTH", match.words("month")[0])


def place_in_year(
    match: Match, context: Context, month: int, day: int | None, weekday: int | None = None
) -> tuple[int | None, str, str]:
    """Choose the year of a month or of a day in it; returns the year, the rule, the basis.

    The year is None where nothing tells it.
    """
    if context.history or context.day is None:
        told = context.latest(
            Granularity.DAY, Granularity.MONTH, Granularity.YEAR, Granularity.SEASON,
            Granularity.QUARTER,
        )  # fmt: skip
        days = context.days_of(told) if told else None
        if told and days:
            year = days[0].year
            if days[0].month >= 11 and month <= 2 and (days[1] - days[0]).days < 40:
                year += 1
            return year, "the year told before", f"{told.value} before it"
        if context.day is None:
            return None, "no year", ""
    anchor = context.day
    tense = context.tense_of(match)
    best: tuple[float, int] | None = None
    for year in range(anchor.year - 1, anchor.year + 2):
        cost = _distance(anchor, year, month, day, tense, weekday)
        if cost is not None and (best is None or cost < best[0]):
            best = (cost, year)
    if best is None:
        return None, "no such day", ""
    side = {Tense.PAST: "past tense", Tense.FUTURE: "future tense", None: "nearest"}[tense]
    return best[1], side, context.anchor.basis


def _distance(
    anchor: datetime.date,
    year: int,
    month: int,
    day: int | None,
    tense: Tense | None,
    weekday: int | None,
) -> float | None:
    """Return how far off a candidate lies, weighed by the tense; None if there is no such day."""
    start = make_day(year, month, day or 1)
    if start is None:
        return None
    end = start if day else start.replace(day=days_in_month(year, month))
    if start <= anchor <= end:
        gap = 0.0
    elif end < anchor:
        gap = float((anchor - end).days) * (TENSE_WEIGHT if tense is Tense.FUTURE else 1)
    else:
        gap = float((start - anchor).days) * (TENSE_WEIGHT if tense is Tense.PAST else 1)
    if weekday and start.isoweekday() != weekday:
        gap += 3000
    return gap


def read_month_day(match: Match, context: Context) -> Reading | None:
    """June 12; Friday, 12 June 2024; the 12th of June; March eighth."""
    if match.after() in COUNTING:
        return None
    month = month_of(match, context)
    words = match.words("day")
    day = int(words[0]) if words[0].isdecimal() else read_ordinal(words)
    if day is None or not 1 <= day <= 31:
        return None
    weekday = (
        context.number_of("WEEKDAY", match.words("weekday")[0]) if "weekday" in match else None
    )
    rule, basis = "day, month and year", ""
    if "year" in match:
        year = year_of(match.words("year"), context)
    else:
        year, how, basis = place_in_year(match, context, month, day, weekday)
        rule = f"day and month, {how}"
        if year is None and 1 <= day <= days_in_month(2000, month):
            return make_reading(match, DATE, f"XXXX-{month:02d}-{day:02d}", rule=rule)
    if year is None or make_day(year, month, day) is None:
        return None
    return make_reading(match, DATE, f"{year:04d}-{month:02d}-{day:02d}", rule=rule, basis=basis)


def read_day_range(match: Match, context: Context) -> Reading | None:
    """June 12-14; from 3 to 5 May 2024: one interval."""
    if match.after() in COUNTING:
        return None
    month = month_of(match, context)
    numbers = []
    for group in ("day", "last"):
        words = match.words(group)
        numbers.append(int(words[0]) if words[0].isdecimal() else read_ordinal(words) or 0)
    first, last = numbers
    if not 1 <= first < last <= 31:
        return None
    rule, basis = "days of a month", ""
    if "year" in match:
        year = year_of(match.words("year"), context)
    else:
        year, how, basis = place_in_year(match, context, month, first)
        rule = f"days of a month, {how}"
    if year is None:
        return make_reading(
            match, DATE, f"XXXX-{month:02d}-{first:02d}/XXXX-{month:02d}-{last:02d}", rule=rule
        )
    start, end = make_day(year, month, first), make_day(year, month, last)
    if start is None or end is None:
        return None
    return make_reading(
        match, DATE, f"{start.isoformat()}/{end.isoformat()}", rule=rule, basis=basis,
        days=(start, end),
    )  # fmt: skip


MONTH_VERBS_AFTER = frozenset(
    "be have not also well still yet help need want come go get make take on through in".split()
)


def read_month(match: Match, context: Context) -> Reading | None:
    """June, the bare name; "May" and "March" only where they can be no verb and no name."""
    word = match.words("month")[0]
    if not _is_month(match, word):
        return None
    month = month_of(match, context)
    year, how, basis = place_in_year(match, context, month, None)
    value = f"XXXX-{month:02d}" if year is None else f"{year:04d}-{month:02d}"
    return make_reading(match, DATE, value, rule=f"month, {how}", basis=basis)


MONTH_LEADS = frozenset(
    """
    in since by of from until till through during before after between and to early late mid for
    this last next , ( around about each every than previous - – — or end middle beginning start
    """.split()
)


def _is_month(match: Match, word: str) -> bool:
    if word not in ("may", "march", "mar", "dec", "jan", "sun", "april", "june", "august"):
        return True
    before, after = match.before(), match.after()
    following = match.raw(match.end)
    if word in ("may", "march"):
        return before in MONTH_LEADS and (word == "march" or after not in MONTH_VERBS_AFTER)
    # First names: "June Brown", "April Smith".
    named = following[:1].isupper() and following.isalpha() and not following.isupper()
    return not named or before in MONTH_LEADS


def read_month_year(match: Match, context: Context) -> Reading | None:
    """June 2024; June of 2024; Nov. '89."""
    year = year_of(match.words("year"), context)
    if year is None or not 1 <= year <= 9999:
        return None
    month = month_of(match, context)
    return make_reading(match, DATE, f"{year:04d}-{month:02d}", rule="month and year")


def relative_year(words: list[str], context: Context) -> tuple[int | None, str]:
    """Return the year of "last year", "the following year", "that year", and its basis."""
    word = next((word for word in words if word not in ("the", "year", "of")), "this")
    if word in ("that", "same", "previous", "following", "preceding"):
        told = context.latest(Granularity.YEAR, Granularity.MONTH, Granularity.DAY)
        days = context.days_of(told) if told else None
        if told and days:
            offset = {"previous": -1, "preceding": -1, "following": 1}.get(word, 0)
            return days[0].year + offset, f"{told.value} before it"
    if context.day is None:
        return None, ""
    offset = {"last": -1, "previous": -1, "next": 1, "following": 1, "coming": 1, "past": -1}
    return context.day.year + offset.get(word, 0), context.anchor.basis


def read_month_of_relative_year(match: Match, context: Context) -> Reading | None:
    """October last year; January of next year; 3 May this year."""
    year, basis = relative_year(match.words("which"), context)
    month = month_of(match, context)
    head = "XXXX" if year is None or not 1 <= year <= 9999 else f"{year:04d}"
    value = f"{head}-{month:02d}"
    if "day" in match:
        words = match.words("day")
        day = int(words[0]) if words[0].isdecimal() else read_ordinal(words) or 0
        if not 1 <= day <= days_in_month(year if head != "XXXX" and year else 2000, month):
            return None
        value = f"{value}-{day:02d}"
    return make_reading(match, DATE, value, rule="month of a relative year", basis=basis)


def read_year(match: Match, context: Context) -> Reading | None:
    """2024: a number of four digits that counts nothing."""
    year = int(match.words("year")[0])
    before, after = match.before(), match.after()
    if before in NOT_A_YEAR_AFTER or after in COUNTING or after in ("/", ":"):
        return None
    text, tokens = match.tokens.text, match.tokens
    start, end = tokens.starts[match.first], tokens.ends[match.end - 1]
    if text[start - 1 : start] in ("-", "/", "+", "#", "@", "=", "_", ".") and not (
        re.match(r"[12]\d{3}[-–—/]$", text[max(0, start - 5) : start])
        or (before in ("mid", "pre", "post", "-")
        and text[start - 2 : start - 1].isalpha())
    ):
        return None
    if text[end : end + 1] in ("/", "_", "=") or re.match(
        r"[-.,]\d{3,}(?!\d)", text[end : end + 5]
    ):
        if not re.match(r"[-/][12]\d{3}\b", text[end : end + 5]):
            return None
    if re.match(r"-[A-Za-z]+", text[end : end + 3]) and not re.match(
        r"-(?:era|style|vintage|model)\b", text[end : end + 9]
    ):
        return None
    led = before in YEAR_LEADS or match.first == 0
    if not 1900 <= year <= 2060:
        if before not in (
            "in",
            "since",
            "by",
            "until",
            "from",
            "year",
            "(",
            "between",
            "circa",
            "of",
            "to",
            "and",
            "–",
            "-",
            "—",
        ):
            return None
        if before in ("of", "to", "by", "and", "from", "-") and not _other_years_near(match):
            return None
    if _counts_things(match, context, year, led):
        return None
    return make_reading(match, DATE, f"{year:04d}", rule="year")


def _other_years_near(match: Match) -> bool:
    """Say whether another number of four digits that may be a year stands within five words."""
    words = match.tokens.lowers
    window = words[max(0, match.first - 5) : match.first] + words[match.end : match.end + 5]
    return any(len(word) == 4 and word.isdecimal() and word[0] == "1" for word in window)


def _counts_things(match: Match, context: Context, year: int, led: bool) -> bool:
    """Say whether the number counts what the next word names ("2000 people")."""
    after = match.after()
    if after in (
        "people",
        "men",
        "women",
        "children",
        "police",
        "staff",
        "sq",
        "hours",
        "years",
        "days",
        "year",
    ):
        return True
    plural = after.endswith("s") and len(after) > 3 and after.isalpha()
    if not plural or after in context.lexicon.not_counted or after.endswith("ss"):
        return False
    if match.raw(match.end)[:1].isupper():
        return False
    round_number = year % 100 == 0 or year % 50 == 0
    return (
        (round_number
        and match.before() not in ("in", "since", "the"))
        or (not led and match.before() not in ("'s", "’s", ""))
    )


def read_named_year(match: Match, context: Context) -> Reading | None:
    """The year 2000; fiscal 1989; nineteen ninety-six; fiscal 2015/16; FY2024."""
    year = year_of(match.words("year"), context)
    if year is None or not 1 <= year <= 9999:
        return None
    rule = "spelled year" if len(match.words("year")) > 1 else "year"
    if "fiscal" in match:
        rule = f"{match.words('fiscal')[0]} year"
    return make_reading(match, DATE, f"{year:04d}", rule=rule)


def read_fiscal_mark(match: Match, context: Context) -> Reading | None:
    """FY24, FY2024, FQ24."""
    digits = re.sub(r"\D", "", match.words()[0])
    year = int(digits) if len(digits) == 4 else full_year(int(digits), context)
    if not 1 <= year <= 9999:
        return None
    return make_reading(match, DATE, f"{year:04d}", rule="fiscal year")


def read_year_range(match: Match, context: Context) -> Reading | None:
    """2015-16 and 2015/16, a season or school year; 2024-06 is a month."""
    year, short = int(match.words("year")[0]), int(match.words("short")[0])
    last = year // 100 * 100 + short
    if last <= year and year % 100 == 99 and short == 0:
        last = year + 1
    if last == year + 1 or (year < last <= year + 40 and short > 12):
        start, end = datetime.date(year, 1, 1), datetime.date(last, 12, 31)
        return make_reading(match, DATE, f"{year:04d}/{last:04d}", rule="years", days=(start, end))
    if 1 <= short <= 12 and "/" not in match.words() and 1900 <= year <= 2100:
        return make_reading(match, DATE, f"{year:04d}-{short:02d}", rule="year and month")
    return None


def read_before_christ(match: Match, context: Context) -> Reading | None:
    """44 BC, AD 79: years before the year 1 have a value, and no days of our calendar."""
    words = match.words("year")
    digits = words[0]
    if not digits.isdecimal() or len(digits) > 4 or int(digits) == 0:
        return None
    if any(word in ("bc", "bce") for word in match.words("era")):
        return make_reading(match, DATE, f"BC{int(digits):04d}", rule="year before Christ")
    return make_reading(match, DATE, f"{int(digits):04d}", rule="year")


def read_decade(match: Match, context: Context) -> Reading | None:
    """The 1990s, the '90s, the nineteen nineties."""
    words = match.words("decade")
    if words[0][0].isalpha():
        tens = context.number_of("DECADES", words[0])
        head = read_number(match.words("century")) if "century" in match else None
        if head is None and not match.words()[0] == "the":
            return None
        if match.before() in ("his", "her", "their", "my", "in"):
            return None
        decade = int(head) * 10 + tens if head is not None else None
    else:
        digits = re.sub(r"\D", "", words[0])
        if len(digits) == 4:
            decade = int(digits) // 10
        else:
            quoted = words[0][0] in "'’‘`"
            if not quoted and (match.words()[0] != "the" or int(digits) < 50):
                return None
            decade = None
            tens = int(digits[0])
    if decade is None:
        pivot = (context.day.year if context.day else 2000) // 10
        century = pivot // 10 * 10
        decade = century + tens if century + tens <= pivot else century - 10 + tens
    if not 0 <= decade <= 999:
        return None
    return make_reading(match, DATE, f"{decade:03d}", rule="decade")


def read_century(match: Match, context: Context) -> Reading | None:
    """The 19th century -> 18; the fifth century BC."""
    ordinal = read_ordinal(match.words("ordinal"))
    if ordinal is None or not 1 <= ordinal <= 30:
        return None
    if any(word in ("bc", "bce") for word in match.words("era")):
        return make_reading(match, DATE, f"BC{ordinal - 1:02d}", rule="century before Christ")
    return make_reading(match, DATE, f"{ordinal - 1:02d}", rule="century")


def year_named(match: Match, context: Context) -> tuple[int | None, str, bool]:
    """Return the year a quarter, half or season is put in, its basis, and whether it is told."""
    if "year" in match:
        return year_of(match.words("year"), context), "", True
    if "which" in match:
        year, basis = relative_year(match.words("which"), context)
        return year, basis, True
    return None, "", False


def read_quarter(match: Match, context: Context) -> Reading | None:
    """The third quarter; Q3 2014; this year's first quarter; third-quarter (earnings)."""
    if "mark" in match:
        mark = match.words("mark")[0]
        if "h" in mark:
            return _read_half(match, context, int(mark.strip("h")))
        number = int(mark.strip("q"))
    else:
        number = {"last": 4, "final": 4}.get(match.words("ordinal")[0]) or (
            read_ordinal(match.words("ordinal")) or 0
        )
    if not 1 <= number <= 4:
        return None
    year, basis, told = year_named(match, context)
    rule = "quarter and year"
    if not told:
        year, basis = latest_part(match, context, 3, number)
        rule = "quarter"
    value = f"{year:04d}-Q{number}" if year and 1 <= year <= 9999 else f"XXXX-Q{number}"
    return make_reading(match, DATE, value, rule=rule, basis=basis)


def latest_part(match: Match, context: Context, months: int, number: int) -> tuple[int | None, str]:
    """Return the year of the quarter or half that the clause means, and its basis.

    By default it is the last that has begun; with the future tense the next that has not ended.
    """
    if context.history or context.day is None:
        told = context.latest(Granularity.YEAR, Granularity.QUARTER, Granularity.MONTH)
        days = context.days_of(told) if told else None
        if told and days:
            return days[0].year, f"{told.value} before it"
        if context.day is None:
            return None, ""
    first = months * (number - 1) + 1
    year = context.day.year
    last = first + months - 1
    if context.tense_of(match) is Tense.FUTURE:
        return (year if last >= context.day.month else year + 1), context.anchor.basis
    return (year if first <= context.day.month else year - 1), context.anchor.basis


def _read_half(match: Match, context: Context, number: int) -> Reading | None:
    year, basis, told = year_named(match, context)
    if not told:
        year, basis = latest_part(match, context, 6, number)
    value = f"{year:04d}-H{number}" if year and 1 <= year <= 9999 else f"XXXX-H{number}"
    return make_reading(match, DATE, value, rule="half of a year", basis=basis)


def read_half(match: Match, context: Context) -> Reading | None:
    """The first half of 2014; the second half of the year; the first half of the 1990s."""
    number = {"first": 1, "early": 1}.get(match.words("half")[0], 2)
    return _read_half(match, context, number)


def read_season(match: Match, context: Context) -> Reading | None:
    """Summer 2014; the summer of last year; the winter; in spring."""
    season = context.code_of("SEASON", match.words("season")[0])
    year, basis, told = year_named(match, context)
    if told:
        value = f"{year:04d}-{season}" if year and 1 <= year <= 9999 else f"XXXX-{season}"
        return make_reading(match, DATE, value, rule="season and year", basis=basis)
    word = match.words("season")[0]
    if not _is_season(match, word):
        return None
    value, basis = nearest_season(match, context, season)
    return make_reading(match, DATE, value, rule="season", basis=basis)


def _is_season(match: Match, word: str) -> bool:
    before, after = match.before(), match.after()
    if match.words()[0] in ("the", "mid"):
        return (
            after != "of"
            and (
                word not in ("fall", "spring")
                or before in ("in", "by", "during", "until", "since", "for")
            )
            and not (
                after.isalpha() and after in ("olympics", "games", "palace", "war", "offensive")
            )
        )
    return before in (
        "in",
        "by",
        "during",
        "until",
        "since",
        "late",
        "early",
        "mid",
        "every",
        "each",
    ) and (after not in ("of", "sports", "training", "school"))


def nearest_season(match: Match, context: Context, season: str) -> tuple[str, str]:
    """Return the value and basis of a season whose year is not told, by the clause's tense."""
    if context.history or context.day is None:
        told = context.latest(
            Granularity.YEAR, Granularity.MONTH, Granularity.DAY, Granularity.SEASON
        )
        days = context.days_of(told) if told else None
        if told and days:
            return f"{days[0].year:04d}-{season}", f"{told.value} before it"
        if context.day is None:
            return f"XXXX-{season}", ""
    tense = context.tense_of(match)
    best: tuple[float, str] | None = None
    for year in range(context.day.year - 1, context.day.year + 2):
        days = days_of(f"{year:04d}-{season}", southern=context.southern) if year > 0 else None
        if days is None:
            continue
        if days[0] <= context.day <= days[1]:
            cost = 0.0
        elif days[1] < context.day:
            cost = (context.day - days[1]).days * (TENSE_WEIGHT if tense is Tense.FUTURE else 1.0)
        else:
            cost = (days[0] - context.day).days * (TENSE_WEIGHT if tense is Tense.PAST else 1.0)
        if best is None or cost < best[0]:
            best = (cost, f"{year:04d}-{season}")
    return (best[1] if best else f"XXXX-{season}"), context.anchor.basis


def shift_season(day: datetime.date, season: str, offset: int, *, southern: bool) -> str | None:
    """Return the value of the season of that name `offset` years from the current or last one.

    Offset -1 is the last one wholly past, 0 the one of this year, 1 the next to begin.
    """
    year, current = season_of(day, southern=southern)
    order = SEASON_ORDER if not southern else ("FA", "WI", "SP", "SU")
    if offset < 0:
        year = year - 1 if order.index(season) >= order.index(current) else year
    elif offset > 0:
        year = year + 1 if order.index(season) <= order.index(current) else year
    return f"{year:04d}-{season}" if 1 <= year <= 9999 else None


def read_iso(match: Match, context: Context) -> Reading | None:
    """2024-06-12; 2024-06-12T15:46Z."""
    text = match.words()[0].upper().replace(" ", "T")
    day = make_day(int(text[:4]), int(text[5:7]), int(text[8:10]))
    if day is None:
        return None
    if len(text) == 10:
        return make_reading(match, DATE, text, rule="ISO 8601")
    clock = re.sub(r"\.\d+", "", text)
    return make_reading(match, DATE, clock, type="TIME", rule="ISO 8601")


def read_numeric(match: Match, context: Context) -> Reading | None:
    """12/06/2024, 12.06.24, 2024/06/12: which number is the day is judged from the text."""
    parts = re.split(r"[./-]", match.words()[0])
    if len(parts[0]) == 4:
        day = make_day(int(parts[0]), int(parts[1]), int(parts[2]))
        return make_reading(match, DATE, day.isoformat(), rule="numeric date") if day else None
    dotted = "." in match.words()[0]
    if dotted and len(parts[2]) != 4 and not (len(parts[0]) == 2 and len(parts[1]) == 2):
        return None
    year = int(parts[2]) if len(parts[2]) == 4 else full_year(int(parts[2]), context)
    first, second = int(parts[0]), int(parts[1])
    month_first, day_first = make_day(year, first, second), make_day(year, second, first)
    day = _choose_numeric(month_first, day_first, context, dotted)
    if day is None or not 1000 <= day.year <= 2200:
        return None
    return make_reading(match, DATE, day.isoformat(), rule="numeric date")


def _choose_numeric(
    month_first: datetime.date | None,
    day_first: datetime.date | None,
    context: Context,
    dotted: bool,
) -> datetime.date | None:
    if month_first is None or day_first is None:
        return month_first or day_first
    if context.day_first is not None:
        return day_first if context.day_first else month_first
    if dotted:
        return day_first
    if context.day:
        # A date of news is seldom ahead of it: the reading that is not, or the nearer one.
        ahead = [(day - context.day).days for day in (month_first, day_first)]
        if (ahead[0] > 31) != (ahead[1] > 31):
            return day_first if ahead[0] > 31 else month_first
        if min(abs(ahead[0]), abs(ahead[1])) <= 7 < max(abs(ahead[0]), abs(ahead[1])):
            return day_first if abs(ahead[1]) < abs(ahead[0]) else month_first
    return month_first


def read_bare_day(match: Match, context: Context) -> Reading | None:
    """On the 12th: a day of the month told before, or of this one."""
    day = read_ordinal(match.words("day"))
    if day is None or not 1 <= day <= 31:
        return None
    told = context.latest(Granularity.DAY, Granularity.MONTH, within=80)
    days = context.days_of(told) if told else None
    base, basis = (days[0], f"{told.value} before it") if told and days else (
        context.day, context.anchor.basis,
    )  # fmt: skip
    if base is None:
        return make_reading(match, DATE, f"XXXX-XX-{day:02d}", rule="day of the month")
    if not told:
        tense = context.tense_of(match)
        if tense is not Tense.FUTURE and day > base.day:
            base = add_months(base.replace(day=1), -1) or base
        elif tense is Tense.FUTURE and day < base.day:
            base = add_months(base.replace(day=1), 1) or base
    result = make_day(base.year, base.month, day)
    if result is None:
        return None
    return make_reading(match, DATE, result.isoformat(), rule="day of the month", basis=basis)


def read_week(match: Match, context: Context) -> Reading | None:
    """Week 24; week 24 of 2024; W24."""
    word = match.words("number")[0].lstrip("w")
    number = int(word)
    if "year" in match:
        year = year_of(match.words("year"), context)
        basis = ""
    else:
        year, basis = (context.day.year if context.day else None), context.anchor.basis
    if year is None:
        return None
    value = f"{year:04d}-W{number:02d}"
    if days_of(value) is None:
        return None
    return make_reading(match, DATE, value, rule="numbered week", basis=basis)


def read_week_of_day(match: Match, context: Context) -> Reading | None:
    """The week of June 3: the Monday to Sunday around the day."""
    day = read_month_day(match, context)
    days = days_of(day.value) if day else None
    if day is None or days is None:
        return None
    return make_reading(match, DATE, value_at("W", days[0]), rule="week of a day", basis=day.basis)


RELATIVE_YEAR = "(?P<which>(?:the)?(?:last|next|this|that|same|previous|following|preceding|coming|current)year)"
OF_YEAR = f"(?:(?:of|in|COMMA)?(?:fiscal|calendar)?(?P<year>YEAR|APOSTROPHEYEAR|{{SPELLEDYEAR}})|(?:of|in)?{RELATIVE_YEAR})"
ORDINAL_QUARTER = "(?P<ordinal>ORDINAL|ORDINALNUMBER|final|last(?=quarter of))"

RULES: tuple[Rule, ...] = (
    Rule("ISO 8601", "ISODATE", read_iso),
    Rule("numeric date", "NUMERIC", read_numeric),
    Rule(
        "month and day",
        f"{WEEKDAY}(?P<month>MONTH)(?:the)?(?P<day>{{DAYNUMBER}})(?!HYPHEN?UNIT){YEAR}",
        read_month_day,
    ),
    Rule(
        "day and month",
        f"{WEEKDAY}(?:the)?(?P<day>{{DAYNUMBER}})(?:of|HYPHEN)?(?:HYPHEN)?(?P<month>MONTH)(?:HYPHEN(?=YEAR))?{YEAR}",
        read_month_day,
    ),
    Rule(
        "days of a month",
        f"{WEEKDAY}(?P<month>MONTH)(?P<day>{{DAYNUMBER}})(?:HYPHEN|RULE|to|through|until|till)(?P<last>DAY|ORDINALNUMBER){YEAR}",
        read_day_range,
    ),
    Rule(
        "days of a month",
        f"(?:the)?(?P<day>{{DAYNUMBER}})(?:HYPHEN|RULE|to|through|until|till)(?:the)?(?P<last>{{DAYNUMBER}})(?:of)?(?P<month>MONTH){YEAR}",
        read_day_range,
    ),
    Rule(
        "days of a month",
        f"(?<=[between])(?P<month>MONTH)(?P<day>{{DAYNUMBER}})and(?P<last>DAY|ORDINALNUMBER){YEAR}".replace(
            "(?<=[between])", "(?<=between)"
        ),
        read_day_range,
    ),
    Rule(
        "days of a month",
        f"(?<=between)(?:the)?(?P<day>{{DAYNUMBER}})and(?:the)?(?P<last>{{DAYNUMBER}})(?:of)?(?P<month>MONTH){YEAR}",
        read_day_range,
    ),
    Rule("month", "(?P<month>MONTH)", read_month),
    Rule(
        "month and year",
        "(?P<month>MONTH)(?:COMMA|of|HYPHEN)?(?P<year>YEAR|APOSTROPHEYEAR|{SPELLEDYEAR})",
        read_month_year,
    ),
    Rule(
        "month of a relative year",
        f"(?P<month>MONTH)(?:of|COMMA)?{RELATIVE_YEAR}",
        read_month_of_relative_year,
    ),
    Rule(
        "month of a relative year",
        f"(?:the)?(?P<day>{{DAYNUMBER}})(?:of)?(?P<month>MONTH)(?:of|COMMA)?{RELATIVE_YEAR}",
        read_month_of_relative_year,
    ),
    Rule(
        "month of a relative year",
        f"(?P<month>MONTH)(?P<day>{{DAYNUMBER}})(?:of|COMMA)?{RELATIVE_YEAR}",
        read_month_of_relative_year,
    ),
    Rule("year", "(?P<year>YEAR)", read_year),
    Rule("years", "(?P<year>YEAR)(?:HYPHEN|RULE|SLASH)(?P<short>SHORTYEAR)", read_year_range),
    Rule(
        "year",
        "(?:the)?(?:(?P<fiscal>fiscal|financial|academic|school|tax|calendar|marketing|crop|budget|budgetary)(?:years?)?|year)(?P<year>YEAR|{SPELLEDYEAR}|APOSTROPHEYEAR)(?:(?:SLASH|HYPHEN|RULE)(?:SHORTYEAR|YEAR))?".replace(
            "years?", "year"
        ),
        read_named_year,
    ),
    Rule("spelled year", "(?P<year>{SPELLEDYEAR})", read_named_year),
    Rule("fiscal year", "FISCAL", read_fiscal_mark),
    Rule(
        "year before Christ",
        "(?P<year>DAY|SHORTYEAR|OLDYEAR|YEAR)(?P<era>bc|bce|ad)",
        read_before_christ,
    ),
    Rule("year", "(?P<era>ad)(?P<year>DAY|SHORTYEAR|OLDYEAR|YEAR)", read_before_christ),
    Rule("decade", "(?:the)?(?P<decade>DECADE)", read_decade),
    Rule("decade", "(?:the)?(?P<century>TEEN)?(?P<decade>DECADES)", read_decade),
    Rule(
        "century",
        "(?:the)?(?P<ordinal>{ORDINALDAY})HYPHEN?century(?P<era>bc|bce|ad)?",
        read_century,
    ),
    Rule(
        "quarter",
        f"(?:the|its|their|his)?(?:company POSSESSIVE)?fiscal?{ORDINAL_QUARTER}(?:HYPHEN|fiscal|calendar)?quarter(?:{OF_YEAR})?",
        read_quarter,
    ),
    Rule(
        "quarter",
        f"(?:the)?(?:(?:fiscal)?(?P<year>YEAR)|{RELATIVE_YEAR})(?:POSSESSIVE)?(?:fiscal)?{ORDINAL_QUARTER}HYPHEN?quarter",
        read_quarter,
    ),
    Rule("quarter", f"(?:the)?(?P<mark>QUARTERNUMBER)(?:{OF_YEAR})?", read_quarter),
    Rule(
        "quarter",
        f"(?:(?P<year>YEAR)|{RELATIVE_YEAR})(?:POSSESSIVE|HYPHEN)?(?P<mark>QUARTERNUMBER)",
        read_quarter,
    ),
    Rule(
        "half of a year",
        f"(?:the)?(?:fiscal)?(?P<half>first|second|last|latter)HYPHEN?half(?:of)(?:(?:fiscal)?(?P<year>YEAR)|{RELATIVE_YEAR}|(?:the|its)(?:fiscal)?year)",
        read_half,
    ),
    Rule(
        "half of a year",
        "(?:the)?(?P<half>first|second)HYPHEN half(?=earnings|profit|net|results|sales|loss|pretax|revenue|profits)",
        read_half,
    ),
    Rule(
        "season",
        f"(?:the)?(?P<season>SEASON)(?:(?:of|COMMA)?(?P<year>YEAR|APOSTROPHEYEAR|{{SPELLEDYEAR}})|(?:of)?{RELATIVE_YEAR})",
        read_season,
    ),
    Rule("season", "(?:the)?(?P<season>SEASON)", read_season),
    Rule(
        "numbered week",
        "(?:the)?(?:week|calendar week)(?P<number>WEEKCOUNT)(?:(?:of)?(?P<year>YEAR))?",
        read_week,
    ),
    Rule("numbered week", "(?P<number>WEEKNUMBER)(?:(?P<year>YEAR))?", read_week),
    Rule(
        "week of a day",
        f"the week of{WEEKDAY}(?P<month>MONTH)(?P<day>{{DAYNUMBER}}){YEAR}",
        read_week_of_day,
    ),
    Rule("day of the month", "(?<=on)the(?P<day>ORDINALNUMBER)", read_bare_day),
)
