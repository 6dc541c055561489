"""Years, decades, centuries and seasons that name themselves, and numbered weeks."""

from __future__ import annotations

import datetime
import re

from extract.mentions.timexes.dates import COUNTING, RELATIVE_YEAR
from extract.mentions.timexes.grammar import Match, Rule
from extract.mentions.timexes.placing import (
    full_year,
    place_season,
    write_year,
    year_named,
    year_of,
)
from extract.mentions.timexes.readings import (
    DATE,
    Context,
    Reading,
    make_reading,
    read_number,
    read_ordinal,
)
from extract.mentions.timexes.values import days_of

# Years of news stand alone; other numbers of four digits need a word that leads to a year.
NEWS_YEARS = range(1900, 2061)
YEAR_LEADS = frozenset("in since by until from year ( between circa of to and – - —".split())
WEAK_YEAR_LEADS = frozenset("of to by and from - – —".split())
# Words before a number that make it a name or a measure.
NOT_A_YEAR_AFTER = frozenset(
    """
    article articles no number flight resolution section room route highway page pages chapter $ # €
    £ boeing airbus version model unit bus vol gate apartment apt suite psalm decree order protocol
    agenda vision nearly approximately over than least most exactly only another some total every
    windows
    """.split()
)
COUNTED = frozenset(
    "people men women children police staff sq hours years days year troops soldiers".split()
)


def read_year(match: Match, context: Context) -> Reading | None:
    """2024: a number of four digits that counts nothing and is part of no name."""
    year = int(match.words("year")[0])
    before, after = match.before(), match.after()
    if after in COUNTING or not _stands_alone(match):
        return None
    if before in NOT_A_YEAR_AFTER and not _opens_range(match, year):
        return None
    if year not in NEWS_YEARS and not _is_old_year(match, year):
        return None
    if _counts_things(match, context, year):
        return None
    return make_reading(match, DATE, f"{year:04d}", rule="year")


def _opens_range(match: Match, year: int) -> bool:
    """Say whether a later year of our time follows a dash: "over 2000 - 2050"."""
    following = match.after(2)
    later = len(following) == 4 and following.isdecimal() and following.isascii()
    return match.after() in ("-", "–", "—", "to") and later and year < int(following) <= 2060


def _stands_alone(match: Match) -> bool:
    """Say whether no sign glues the number to a longer one or to a name (B-2000, 555-2010)."""
    text, tokens = match.tokens.text, match.tokens
    start, end = tokens.starts[match.first], tokens.ends[match.end - 1]
    behind = text[max(0, start - 1) : start]
    if behind and behind in "-/+#@=_.":
        range_end = re.search(r"(?<!\d)[12]\d{3}[-/]$", text[max(0, start - 6) : start])
        prefix = match.before(2) in ("mid", "pre", "post", "late", "early")
        if not range_end and not prefix:
            return False
    ahead = text[end : end + 6]
    if re.match(r"[/_=:]|[-.,]\d", ahead):
        return bool(re.match(r"[-/](?:1\d|20)\d\d(?!\d)", ahead))
    return not re.match(r"-[A-Za-z]", ahead) or bool(
        re.match(r"-(?:era|style)", text[end : end + 8])
    )


def _is_old_year(match: Match, year: int) -> bool:
    """Say whether a number before 1900 or after 2060 is a year: "in 1648", "the treaty of 1648"."""
    before = match.before()
    if before not in YEAR_LEADS:
        return False
    if before not in WEAK_YEAR_LEADS or _old_years_near(match):
        return True
    after = match.after()
    counting = after.isalpha() and match.raw(match.end).islower() and after not in AFTER_OLD_YEAR
    return before == "of" and year % 50 != 0 and match.before(2) not in MEASURES and not counting


# "the treaty of 1648 ended it", but "a survey of 1709 schoolchildren".
AFTER_OLD_YEAR = frozenset(
    "in and which was were had has that with between to on at the by for as or is ended began when"
    " after before from until but of".split()
)
MEASURES = frozenset("total sum distance height length depth cost price number weight out".split())


def _old_years_near(match: Match) -> bool:
    """Say whether another number of four digits that may be a year stands within five words."""
    words = match.tokens.lowers
    window = words[max(0, match.first - 5) : match.first] + words[match.end : match.end + 5]
    return any(len(word) == 4 and word.isdecimal() and word[0] == "1" for word in window)


def _counts_things(match: Match, context: Context, year: int) -> bool:
    """Say whether the number counts what the next word names ("2000 people")."""
    after = match.after()
    if after in COUNTED:
        return True
    plural = after.endswith("s") and len(after) > 3 and after.isalpha() and not after.endswith("ss")
    if not plural or after in context.lexicon.not_counted or match.raw(match.end)[0].isupper():
        return False
    if match.before() in ("and", "or") and match.before(2)[:2] in ("19", "20"):
        return False  # "the 2016 and 2017 seasons"
    leads = ("in", "since", "early", "late", "mid", "the", "'s", "’s", "")
    return match.before() not in (leads if year % 50 else leads[:5])


def read_named_year(match: Match, context: Context) -> Reading | None:
    """The year 2000; fiscal 1989; nineteen ninety-six; academic year 2015/16."""
    year = year_of(match.words("year"), context)
    if year is None or not 1 <= year <= 9999:
        return None
    if match.words() == ["two", "thousand"] and match.before() not in (
        "in",
        "since",
        "by",
        "until",
    ):
        return None
    rule = "spelled year" if len(match.words("year")) > 1 else "year"
    if "kind" in match:
        rule = f"{match.words('kind')[0]} year"
    return make_reading(match, DATE, f"{year:04d}", rule=rule)


def read_fiscal_mark(match: Match, context: Context) -> Reading | None:
    """FY24, FY2024."""
    digits = re.sub(r"\D", "", match.words()[0])
    year = int(digits) if len(digits) == 4 else full_year(int(digits), context)
    if not 1 <= year <= 9999:
        return None
    return make_reading(match, DATE, f"{year:04d}", rule="fiscal year")


def read_year_range(match: Match, context: Context) -> Reading | None:
    """2015-16 and 2015/16, a season or school year; 2024-06 is a month."""
    year, short = int(match.words("year")[0]), int(match.words("short")[0])
    last = year // 100 * 100 + short
    if year % 100 == 99 and short == 0:
        last = year + 1
    if last == year + 1 or (year < last <= year + 40 and short > 12):
        days = (datetime.date(year, 1, 1), datetime.date(last, 12, 31))
        return make_reading(match, DATE, f"{year:04d}/{last:04d}", rule="years", days=days)
    if 1 <= short <= 12 and "/" not in match.words() and year in NEWS_YEARS:
        return make_reading(match, DATE, f"{year:04d}-{short:02d}", rule="year and month")
    return None


def read_era_year(match: Match, context: Context) -> Reading | None:
    """44 BC, AD 79: years before the year 1 have a value, and no days of our calendar."""
    digits = match.words("year")[0].replace(",", "")
    if not digits.isdecimal() or not digits.isascii() or len(digits) > 4 or int(digits) == 0:
        return None
    if match.words("era")[0] in ("bc", "bce"):
        return make_reading(match, DATE, f"BC{int(digits):04d}", rule="year before Christ")
    if match.raw(match.groups["era"][0]).islower():
        return None
    return make_reading(match, DATE, f"{int(digits):04d}", rule="year")


def read_decade(match: Match, context: Context) -> Reading | None:
    """The 1990s, the '90s, the nineteen nineties; "in his 90s" is an age."""
    word = match.words("decade")[0]
    led = match.words()[0] == "the"
    if word[0].isalpha():
        tens = context.number_of("DECADES", word)
        head = read_number(match.words("century")) if "century" in match else None
        if head is None and not led:
            return None
        return _decade(match, context, tens, int(head) if head is not None else None)
    digits = re.sub(r"\D", "", word)
    if len(digits) == 4:
        # "the 1800s" are a century, "the 2000s" a decade
        century = digits[2:] == "00" and int(digits) < 2000
        value = digits[:2] if century else digits[:3]
        return make_reading(match, DATE, value, rule="century" if century else "decade")
    if word[0] not in "'’‘`" and (not led or int(digits) < 50 or match.before() == "in"):
        return None
    return _decade(match, context, int(digits[0]), None)


def _decade(match: Match, context: Context, tens: int, head: int | None) -> Reading | None:
    if head is None:
        pivot = (context.day.year if context.day else 2000) // 10
        head = pivot // 10 - (pivot % 10 < tens)
    if not 0 <= head <= 99:
        return None
    return make_reading(match, DATE, f"{head * 10 + tens:03d}", rule="decade")


def read_century(match: Match, context: Context) -> Reading | None:
    """The 19th century -> 18; the fifth century BC."""
    ordinal = read_ordinal(match.words("ordinal"))
    if ordinal is None or not 1 <= ordinal <= 30:
        return None
    if any(word in ("bc", "bce") for word in match.words("era")):
        return make_reading(match, DATE, f"BC{ordinal - 1:02d}", rule="century before Christ")
    return make_reading(match, DATE, f"{ordinal - 1:02d}", rule="century")


def read_decade_of_century(match: Match, context: Context) -> Reading | None:
    """The first decade of the 19th century -> 180; the last decade of the century before."""
    century = read_ordinal(match.words("century"))
    word = match.words("ordinal")
    number = 10 if word in (["last"], ["final"]) else read_ordinal(word)
    if century is None or number is None or not (1 <= century <= 30 and 1 <= number <= 10):
        return None
    return make_reading(match, DATE, f"{(century - 1) * 10 + number - 1:03d}", rule="decade")


def read_season(match: Match, context: Context) -> Reading | None:
    """Summer 2014; the summer of last year; the winter; in spring."""
    season = context.code_of("SEASON", match.words("season")[0])
    year, basis, told = year_named(match, context)
    if told:
        value = f"{write_year(year)}-{season}"
        return make_reading(match, DATE, value, rule="season and year", basis=basis)
    if not _is_season(match):
        return None
    value, basis = place_season(match, context, season)
    return make_reading(match, DATE, value, rule="season", basis=basis)


SEASON_LEADS = frozenset("in by during until since late early mid through".split())
NOT_AFTER_SEASON = frozenset(
    "of olympics games palace war offensive sports training school water rolls from in".split()
)


def _is_season(match: Match) -> bool:
    """Say whether the word is a season, and not a fall, a spring or part of a name."""
    if match.after() in NOT_AFTER_SEASON:
        return False
    following = match.raw(match.end)
    if match.raw(match.end - 1)[:1].isupper() and following[:1].isupper() and following.isalpha():
        return False  # "the Winter War", "Spring Offensive"
    if match.words()[0] != "the":
        return match.before() in SEASON_LEADS
    return match.words("season")[0] not in ("fall", "spring") or match.before() in SEASON_LEADS


def read_week(match: Match, context: Context) -> Reading | None:
    """Week 24; week 24 of 2024; W24."""
    number = int(match.words("number")[0].lstrip("w"))
    year, basis, told = year_named(match, context)
    if not told:
        year, basis = (context.day.year if context.day else None), context.anchor.basis
    value = f"{write_year(year)}-W{number:02d}"
    if year is not None and days_of(value) is None:
        return None
    return make_reading(match, DATE, value, rule="numbered week", basis=basis)


ANY_YEAR = "(?P<year>YEAR|APOSTROPHEYEAR|{SPELLEDYEAR})"
ERA = "(?P<era>bc|bce|ad)"

RULES: tuple[Rule, ...] = (
    Rule("year", "(?P<year>YEAR)", read_year),
    Rule("years", "(?P<year>YEAR)(?:HYPHEN|RULE|SLASH)(?P<short>SHORTYEAR)", read_year_range),
    Rule(
        "year",
        "(?:the)?(?:(?P<kind>fy|fiscal|financial|academic|school|tax|calendar|marketing|budget)(?:year)?"
        f"|year){ANY_YEAR}(?:(?:SLASH|HYPHEN|RULE)(?:SHORTYEAR|YEAR))?",
        read_named_year,
    ),
    Rule("spelled year", "(?P<year>{SPELLEDYEAR})(?!HYPHEN)", read_named_year),
    Rule("fiscal year", "FISCAL", read_fiscal_mark),
    Rule("year", f"(?P<year>COUNT){ERA}", read_era_year),
    Rule("year", "(?P<era>ad)(?P<year>SHORTYEAR|OLDYEAR|YEAR)", read_era_year),
    Rule("decade", "(?:the)?(?P<decade>DECADE)", read_decade),
    Rule("decade", "(?:the)?(?P<century>TEEN)?HYPHEN?(?P<decade>DECADES)", read_decade),
    Rule("century", f"(?:the)?(?P<ordinal>{{ORDINALDAY}})HYPHEN?century{ERA}?", read_century),
    Rule(
        "decade",
        "(?:the)?(?P<ordinal>ORDINAL|ORDINALNUMBER|last|final)decade of"
        "(?:the)?(?P<century>{ORDINALDAY})century",
        read_decade_of_century,
    ),
    Rule(
        "season",
        f"(?:the)?(?P<season>SEASON)(?:(?:of|COMMA)?{ANY_YEAR}"
        f"(?:(?:SLASH|HYPHEN|RULE)(?:SHORTYEAR|YEAR))?|(?:of)?{RELATIVE_YEAR})",
        read_season,
    ),
    Rule("season", f"{RELATIVE_YEAR}POSSESSIVE(?P<season>SEASON)", read_season),
    Rule("season", "(?:the)?(?P<season>SEASON)", read_season),
    Rule(
        "numbered week",
        "(?:week|calendar week)(?P<number>WEEKCOUNT)(?:(?:of)?(?P<year>YEAR))?",
        read_week,
    ),
    Rule("numbered week", "(?P<number>WEEKNUMBER)(?P<year>YEAR)?", read_week),
)
