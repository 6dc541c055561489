"""Where a clause stands in time, by light rules over its words: no parse is needed.

The nearest word that tells a tense decides, first those before the expression in its clause
("will meet on Friday"), then those after it ("On Friday, ministers met").
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

from extract.mentions.timexes.tokens import TO, TURN, Tokens, read_lexicon

# A clause longer than this many words on one side is not read to its end.
REACH = 24
QUOTES = frozenset("\"”’'")
SENTENCE_ENDS = frozenset({".", "!", "?", ";", "…"})
BE = frozenset("is are am be being 's 're ’s ’re".split())
BE_OR_SET = frozenset("is are be 's ’s set".split())
MODALS = frozenset("may might could can would should must".split())
FUTURE_AFTER_BE = frozenset("to set due about going".split())
# "had been due Friday", "as originally planned Friday": what was planned then is past now.
PARTICIPLE_OF_PAST = frozenset("been originally previously as".split())
PLANNED = frozenset("due scheduled planned expected slated".split())
# "agreed in June to buy" was in June, "agreed to meet in June" will be then.
POSTPONING = frozenset(
    "adjourned postponed delayed deferred extended suspended rescheduled".split()
)
CONTROL = frozenset("agreed pledged vowed promised decided offered ordered urged asked".split())


NOT_AN_INFINITIVE = frozenset("the a an his her its their this that all some him them it".split())


class Tense(StrEnum):
    """Before or after the day of the words."""

    PAST = "past"
    FUTURE = "future"


@lru_cache(maxsize=50_000)
def _tense_of_word(word: str) -> Tense | None:
    lexicon = read_lexicon()
    if word in lexicon.future:
        return Tense.FUTURE
    if word in lexicon.past:
        return Tense.PAST
    if word.endswith("ed") and len(word) > 3 and word not in lexicon.not_past:
        return Tense.PAST
    return None


def _tense_at(tokens: Tokens, place: int) -> Tense | None:
    """Return the tense that the word at a place tells, given its neighbours."""
    words = tokens.lowers
    word = words[place]
    tense = _tense_of_word(word)
    if tense is None and word not in BE_OR_SET:
        return None
    before = words[place - 1] if place else ""
    following = words[place + 1] if place + 1 < len(words) else ""
    if tense is Tense.PAST and (
        before in BE or (place > 1 and before.endswith("ly") and words[place - 2] in BE)
    ):
        # "is seen", "to be held": a passive takes its time from the verb before it.
        return None
    if tense is Tense.FUTURE and before in PARTICIPLE_OF_PAST and word in PLANNED:
        return Tense.PAST
    if word in BE_OR_SET:
        if word == "set":
            return Tense.FUTURE if following == "to" else None
        future = following in FUTURE_AFTER_BE or (word == "be" and before == "to")
        return Tense.FUTURE if future else None
    if word in MODALS and following == "have":
        return Tense.PAST
    lexicon = read_lexicon()
    named = word == "may" and tokens.text[tokens.starts[place]] == "M"
    if (word in lexicon.nouns and before in lexicon.noun_leads) or named:
        return None
    return None if word == "due" and following == "to" else tense


def tense_around(tokens: Tokens, first: int, end: int, *, back: bool = True) -> Tense | None:
    """Return the tense of the clause around the tokens `first` up to `end`, None if untold.

    Without `back` only the words after them are asked.
    """
    words, turns = tokens.lowers, tokens.turns
    lowest = max(0, first - REACH) if back else first
    place = turns.rfind(TURN, lowest, first)
    while place >= 0:
        if _closes(tokens, place):
            lowest = place + 1
            break
        if words[place] in POSTPONING and words[first - 1] in ("until", "till", "to", "for"):
            return Tense.FUTURE
        if words[place] in CONTROL:
            return Tense.FUTURE if _has_infinitive(tokens, place, first) else Tense.PAST
        tense = _tense_at(tokens, place)
        if tense is Tense.PAST and words[first - 1] == "by":
            # "it was part of a plan to pay by February"
            return Tense.FUTURE if _has_infinitive(tokens, place, first) else Tense.PAST
        if tense:
            return tense
        place = turns.rfind(TURN, lowest, place)
    place = turns.find(TURN, end, end + REACH)
    while place >= 0 and not _closes(tokens, place):
        tense = _tense_at(tokens, place)
        if tense:
            return tense
        place = turns.find(TURN, place + 1, end + REACH)
    # Headlines: "Leaders to meet on Friday".
    return Tense.FUTURE if _has_infinitive(tokens, lowest, first) else None


def _has_infinitive(tokens: Tokens, lowest: int, first: int) -> bool:
    """Say whether "to" and what may be a verb stand between two places."""
    place = tokens.turns.rfind(TO, lowest, first - 1)
    while place >= 0:
        verb = tokens.lowers[place + 1]
        if verb.isalpha() and verb not in NOT_AN_INFINITIVE:
            return True
        place = tokens.turns.rfind(TO, lowest, place)
    return False


def _closes(tokens: Tokens, place: int) -> bool:
    """Say whether the token ends a sentence; the dot of "Mr." or "U.S." does not."""
    word = tokens.lowers[place]
    if word[0] == "\n":
        return True
    if word not in SENTENCE_ENDS:
        return False
    if word != "." or place + 1 >= len(tokens):
        return True
    following = tokens.text[tokens.starts[place + 1]]
    if following in QUOTES:
        return True
    previous = tokens.lowers[place - 1] if place else ""
    abbreviated = len(previous) == 1 or previous in read_lexicon().abbreviations
    spaced = tokens.starts[place + 1] > tokens.ends[place]
    return spaced and not following.islower() and not abbreviated
