"""Days counted from the start of what goes on: the second day of the strike, day five.

Such a day is the one the sentence is about, and is told as a date only where the words put it
there: "today is the eighth day", "Yesterday, day five of the games". "On the third day" of a
story is so long after a start that the text may not tell, and is not read.
"""

from __future__ import annotations

from extract.mentions.timexes.grammar import Match, Rule
from extract.mentions.timexes.placing import basis_of
from extract.mentions.timexes.readings import DATE, Context, Reading, make_reading
from extract.records import Granularity

# A day told so many words before is the subject of the clause: "today, in the north, is the".
SUBJECT_REACH = 8
COPULAS = frozenset("is 's ’s was marks marked".split())
APPOSITIONS = frozenset({",", "(", "–", "—"})


def read_counted_day(match: Match, context: Context) -> Reading | None:
    """It is the second day of an offensive; Yesterday, day five of the games."""
    told = context.latest(Granularity.DAY, within=SUBJECT_REACH)
    days = context.days_of(told) if told else None
    if match.before() in APPOSITIONS:
        if told is None or days is None or match.after() != "of" or told.end != match.first - 1:
            return None
    elif match.before() not in COPULAS:
        return None
    if told and days:
        value, basis = days[0].isoformat(), basis_of(told)
    elif context.day and not context.history and match.before() != "was":
        value, basis = context.day.isoformat(), context.anchor.basis
    else:
        return None
    return make_reading(match, DATE, value, rule="counted day", basis=basis)


RULES: tuple[Rule, ...] = (
    Rule(
        "counted day",
        "(?:the|a)?(?:{ORDINALDAY})(?:straight|consecutive|successive)?day",
        read_counted_day,
    ),
    Rule("counted day", "day(?:CARDINAL|COUNT)", read_counted_day),
)
