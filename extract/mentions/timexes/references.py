"""The present, the past and the future unmeasured, and words that narrow or blur a date."""

from __future__ import annotations

from extract.mentions.timexes.grammar import Match, Rule
from extract.mentions.timexes.readings import (
    ABOUT,
    PORTION,
    REFERENCE,
    Context,
    Reading,
    make_reading,
)
from extract.mentions.timexes.values import duration_value

# "soon after", "as soon as" and "now that" join clauses and name no time.
NOT_BEFORE_REFERENCE = {"soon": frozenset("as too".split()), "now": frozenset()}
NOT_AFTER_REFERENCE = {"soon": frozenset("after as".split()), "now": frozenset({"that"})}
START = frozenset("early start beginning turn opening onset first".split())
END = frozenset("late end close latter closing last final".split())


def read_reference(match: Match, context: Context) -> Reading | None:
    """Now, currently, recently, soon."""
    word = match.words()[-1]
    if match.before() in NOT_BEFORE_REFERENCE.get(word, ()):
        return None
    if match.after() in NOT_AFTER_REFERENCE.get(word, ()):
        return None
    return make_reading(match, REFERENCE, context.code_of("REFERENCE", word), rule="reference")


def read_present(match: Match, context: Context) -> Reading | None:
    """These days, right now, current."""
    return make_reading(match, REFERENCE, "PRESENT_REF", rule="present")


def read_past(match: Match, context: Context) -> Reading | None:
    """The past, recent, long ago, months earlier."""
    return make_reading(match, REFERENCE, "PAST_REF", rule="past")


def read_future(match: Match, context: Context) -> Reading | None:
    """The future, the near future, the short term; not the future of something."""
    if match.words()[-1] == "future" and match.after() == "of":
        return None
    return make_reading(match, REFERENCE, "FUTURE_REF", rule="future")


def read_recent_units(match: Match, context: Context) -> Reading | None:
    """Recent years, past months, coming weeks: a stretch without measure."""
    if match.words("which")[0] in ("coming", "upcoming", "future"):
        return make_reading(match, REFERENCE, "FUTURE_REF", rule="coming units")
    value = duration_value(None, context.unit_of(match.words("unit")[0]))
    return make_reading(match, REFERENCE, value, type="DURATION", rule="recent units")


def read_portion(match: Match, context: Context) -> Reading | None:
    """Early, mid-, late, the end of: kept for the date that follows."""
    words = set(match.words())
    modifier = "START" if words & START else "END" if words & END else "MID"
    modifier = "BEFORE" if "earlier" in words else "AFTER" if "later" in words else modifier
    return make_reading(match, PORTION, "", modifier=modifier)


def read_about(match: Match, context: Context) -> Reading | None:
    """About, nearly, more than, at least: kept for what follows."""
    phrase = match.phrase()
    modifier = "APPROX"
    for words, meaning in ABOUT_MEANINGS:
        if any(word in phrase for word in words):
            modifier = meaning
            break
    return make_reading(match, ABOUT, "", modifier=modifier)


ABOUT_MEANINGS = (
    (("no more than", "at most", "up to", "as much as", "maximum"), "EQUAL_OR_LESS"),
    (("at least", "no less than", "no fewer than", "as long as", "minimum"), "EQUAL_OR_MORE"),
    (("less than", "fewer than", "under"), "LESS_THAN"),
    (("more than", "over"), "MORE_THAN"),
)

RULES: tuple[Rule, ...] = (
    Rule("reference", "(?:more|very|most|just)?REFERENCE", read_reference),
    Rule(
        "present",
        "these days|right now|the present(?:time)?|the present day|present HYPHEN day|current",
        read_present,
    ),
    Rule("past", "recent|the(?:recent|distant)?past|the other day", read_past),
    Rule(
        "past",
        "(?:UNITS|moments)(?:ago|earlier)"
        "|(?:a)?(?:long|short|some|little)(?:time|while)ago|long ago",
        read_past,
    ),
    Rule("future", "(?:UNITS|moments)(?:later|from now|hence)", read_future),
    Rule(
        "future",
        "the(?:near|foreseeable|immediate|distant|not too distant)?future"
        "|(?:near|foreseeable)future|(?<=in)future|the(?:short|near|long|medium|longer)term"
        "|as soon as possible",
        read_future,
    ),
    Rule(
        "recent units",
        "(?:the)?(?:most)?(?P<which>recent|coming|upcoming|future|past|following|subsequent|ensuing"
        "|preceding|previous)(?P<unit>UNITS)(?!of)",
        read_recent_units,
    ),
    Rule(
        "portion",
        "(?:the)?(?:very)?(?:early|late|mid|middle)HYPHEN?(?:in|of|on)?"
        "(?:the(?=DECADE|DECADES|ORDINAL|ORDINALNUMBER))?"
        "|(?:the)?(?:very)?(?:end|beginning|start|middle|close|turn|onset|latter part|early part"
        "|opening)of(?:the(?=DECADE))?"
        "|(?:later|earlier)(?:in|on)?|end HYPHEN(?=MONTH|YEAR)"
        "|the(?:very)?(?:first|early|opening|last|final|closing)(?:days|weeks|months|years)of",
        read_portion,
    ),
    Rule(
        "about",
        "(?:just|only)?(?:about|around|approximately|roughly|some|nearly|almost|well over|over"
        "|under|up to|at least|at most|more than|less than|fewer than|no more than|no less than"
        "|no fewer than|as much as|as long as|circa|an estimated|a little over|a little more than"
        "|a maximum of|a minimum of)",
        read_about,
    ),
)
