"""When each event happened: the interval of the timex that belongs to it.

The timex of the trigger's own clause comes first, then one elsewhere in the sentence, then
the date of the event told just before in the same paragraph where that is a story of the
past, then the day the report's lead covers; else the publication date as an upper bound,
with the basis `published`.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Token

from extract.language import Document, Sentence
from extract.linking.attachment import head_of, tokens_of
from extract.linking.continuation import goes_on
from extract.linking.offsets import find_offset, reckon
from extract.plover import EVENT_TYPES, QuadClass
from extract.records import (
    BlockKind,
    DateBasis,
    Granularity,
    Span,
    Status,
    Timex,
    Trigger,
)
from extract.syntax import CLAUSES, find_prepositions, path_up, tree_path

HISTORY_DAYS = 365
# A lead's day is the report's own day only when it is fresh.
FRESH_DAYS = 7
AHEAD = frozenset({Status.PLANNED, Status.HYPOTHETICAL})
DEADLINES = frozenset({"for", "until", "till", "by"})
VERBAL = frozenset({QuadClass.VERBAL_COOPERATION, QuadClass.VERBAL_CONFLICT})
PRESENT_TAGS = frozenset({"VBP", "VBZ", "MD"})
# How often a date found by each road is right; the product goes into an event's confidence.
OWN_CLAUSE, SAME_SENTENCE, PARAGRAPH, LEAD, PUBLISHED = 0.9, 0.7, 0.5, 0.6, 0.5
CLAUSE_COST = 4
# The dateline's day is when it was written; any other of the sentence says more.
DATELINE_COST = 20
# "It was the worst attack since that of June 2021. France sent condolences": not in June 2021.
RECALLED_DAYS = 21
# How a sentence opens that goes on at the time of the one before.
AT_ONCE = (
    "simultaneously",
    "at the same time",
    "at the same moment",
    "on the same day",
    "the same day",
    "in parallel",
    "meanwhile",
)
AT_ONCE_WITHIN = 6
# Anywhere in a sentence, of what was told at any distance before.
SAME_DAY = "on the same day"
# An hour without a day.
CLOCK = re.compile(
    r"(?i)(?:(?:at|around|about|by|before|after|shortly)\s+)*"
    r"\d{1,2}(?:[:.]\d{2})?\s*(?:hours|[ap]\.?\s?m\.?)?(?:\s+(?:GMT|UTC|CET|EST|local time))?"
)
CLOSE = 4
# Clauses that only say which one is meant: "the aid promised in 2016", "loans that were".
DESCRIBING = frozenset({"acl", "acl:relcl", "relcl"})
RELATIVES = frozenset({"WDT", "WP", "WRB"})
# What goes on with the main clause after one that describes.
CLOSING = frozenset({"after", "before", "during", "following", "amid", "since", "until"})
# What is the first or worst "since" a day this long ago is not told of that day.
LONG_SINCE_DAYS = 180


@dataclass(frozen=True, slots=True)
class Dating:
    """The date of one trigger: inclusive days, the words, and how likely it is right.

    `span` is in the trigger's own sentence, `elsewhere` in another one.
    """

    start: datetime.date | None = None
    end: datetime.date | None = None
    granularity: Granularity | None = None
    basis: DateBasis | None = None
    span: Span | None = None
    elsewhere: Span | None = None
    probability: float = 1.0


def date_triggers(
    document: Document, triggers: Sequence[Trigger], timexes: Sequence[Timex]
) -> list[Dating]:
    """Return the dating of each trigger, in the triggers' order."""
    published = document.article.published
    dated = [timex for timex in timexes if _names_days(timex)]
    direct = [
        _date_in_sentence(
            document.sentences[trigger.sentence],
            trigger,
            [other for other in triggers if other.sentence == trigger.sentence],
            dated,
            published,
        )
        for trigger in triggers
    ]
    story = _find_story_day(document, triggers, direct)
    return [
        dating
        if dating.basis
        else _date_from_elsewhere(document, number, triggers, direct, story, dated)
        for number, dating in enumerate(direct)
    ]


def is_history(dating: Dating, published: datetime.date | None) -> bool:
    """Say whether the event ended more than a year before the report was published."""
    return (
        published is not None
        and dating.end is not None
        and dating.basis is DateBasis.TEXT
        and (published - dating.end).days > HISTORY_DAYS
    )


def _names_days(timex: Timex) -> bool:
    """Say whether a timex names days; an hour alone ("around 6:30 pm") is of a day told before."""
    if timex.type == "TIME" and CLOCK.fullmatch(timex.text):
        return False
    return timex.start is not None and timex.end is not None and timex.type in ("DATE", "TIME")


def _date_in_sentence(
    sentence: Sentence,
    trigger: Trigger,
    fellows: Sequence[Trigger],
    timexes: Sequence[Timex],
    published: datetime.date | None,
) -> Dating:
    """Return the date that the sentence gives; `fellows` are all triggers of the sentence."""
    words = tokens_of(sentence, trigger.span)
    reckoned = _date_by_offset(sentence, head_of(words), timexes) if words else None
    if reckoned is not None and _fits(reckoned, trigger.status, published):
        return _bound(reckoned, trigger.status, published)
    rivals = [
        head_of(tokens)
        for other in fellows
        if other is not trigger and (tokens := tokens_of(sentence, other.span))
    ]
    best: tuple[float, Timex] | None = None
    for timex in timexes:
        if not sentence.span.covers(timex.span) or not _fits(timex, trigger.status, published):
            continue
        tokens = tokens_of(sentence, timex.span)
        if not tokens or not words:
            continue
        # What is asked, threatened or promised for a day is said before it.
        if trigger.status not in AHEAD and _is_verbal(trigger) and _is_deadline(tokens):
            continue
        ups, downs = tree_path(head_of(tokens), head_of(words))
        if not downs and _is_of_another(ups, rivals, verbal=_is_verbal(trigger)):
            continue
        if _only_describes(timex, tokens, words, ups, published):
            continue
        # A clause boundary between the two costs more than any way within a clause.
        clauses = sum(token.dep_ in CLAUSES for token in (*ups[1:], *downs))
        near = abs(tokens[0].i - words[0].i) / 100
        cost = len(ups) + len(downs) + CLAUSE_COST * clauses + near
        if tokens[0].i < sentence.opening:
            cost += DATELINE_COST
        if best is None or cost < best[0]:
            best = (cost, timex)
    if best is None:
        return Dating()
    cost, timex = best
    return _bound(
        Dating(
            start=timex.start,
            end=timex.end,
            granularity=timex.granularity,
            basis=DateBasis.TEXT,
            span=timex.span,
            probability=OWN_CLAUSE if cost < CLOSE + CLAUSE_COST else SAME_SENTENCE,
        ),
        trigger.status,
        published,
    )


def _date_by_offset(sentence: Sentence, trigger: Token, timexes: Sequence[Timex]) -> Dating | None:
    """Return the date of what is told as so long after or before what has a date, or None."""
    offset = find_offset(sentence, trigger)
    if offset is None:
        return None
    inside = {token.i for token in offset.governor.subtree}
    above = offset.governor.head
    best: tuple[int, Timex] | None = None
    for timex in timexes:
        tokens = tokens_of(sentence, timex.span) if sentence.span.covers(timex.span) else ()
        if not tokens or timex.span.overlaps(offset.span):
            continue
        if any(token.i in inside for token in tokens):
            return None  # the clause has a date of its own
        ups, downs = tree_path(head_of(tokens), above)
        if best is None or len(ups) + len(downs) < best[0]:
            best = (len(ups) + len(downs), timex)
    reckoned = reckon(offset, best[1]) if best else None
    if reckoned is None:
        return None
    start, end, granularity = reckoned
    return Dating(start, end, granularity, DateBasis.TEXT, offset.span, probability=OWN_CLAUSE)


def _is_of_another(way: Sequence[Token], rivals: Sequence[Token], *, verbal: bool) -> bool:
    """Say whether a timex below the trigger is told of another event that the trigger is about.

    "voted to adopt a text, which condemned the attacks on Friday": the attacks were on Friday.
    Within one clause that is so where the trigger is of words. `way` leads from the timex up to
    the trigger.
    """
    for position, token in enumerate(way[:-1]):
        below = any(rival.i == token.i for rival in rivals)
        if below and (verbal or any(upper.dep_ in CLAUSES for upper in way[position:-1])):
            return True
    return False


def _only_describes(
    timex: Timex,
    tokens: Sequence[Token],
    trigger: Sequence[Token],
    way: Sequence[Token],
    published: datetime.date | None,
) -> bool:
    """Say whether a timex says which thing is meant, not when the trigger's deed was done.

    "reaffirmed the treaty of 1951", "NATO, of which it has been a member since 2009, praised",
    "the heaviest fire since last autumn's war". `way` leads from the timex up to the trigger.
    """
    top, own = head_of(tokens), {token.i for token in trigger}
    named = top.head.pos_ == "NOUN" and top.head.i not in own and top.dep_ == "nmod"
    if named and any(child.lower_ == "of" for child in top.children):
        # "the coup of March, after which rebels overran the north" dates what followed too.
        return not any(upper.i == top.head.i for upper in head_of(trigger).ancestors)
    if published is None or timex.end is None:
        return False
    age = (published - timex.end).days
    own_clause = way[-1:] if way and way[-1].dep_ == "advcl" else ()
    if age > HISTORY_DAYS and any(_describes(token, top) for token in (*way[:-1], *own_clause)):
        return True
    before = top.doc[tokens[0].i - 1].lower_ if tokens[0].i else ""
    return before == "since" and age > LONG_SINCE_DAYS


def _describes(clause: Token, timex: Token) -> bool:
    """Say whether a clause that a timex hangs in only describes a thing or place.

    Not where a comma and a preposition close it before: "seized the shoal, which lies off Luzon,
    after a standoff in 2012".
    """
    relative = any(child.tag_ in RELATIVES for child in clause.children)
    if not (clause.dep_ in DESCRIBING or (clause.dep_ == "advcl" and relative)):
        return False
    between = clause.doc[clause.i + 1 : timex.i]
    return not any(
        token.text == "," and token.nbor().dep_ == "case" and token.nbor().lower_ in CLOSING
        for token in between
    )


def _is_verbal(trigger: Trigger) -> bool:
    return EVENT_TYPES[trigger.event_type].quad_class in VERBAL


def _is_deadline(tokens: Sequence[Token]) -> bool:
    """Say whether a timex is what something is set for: "called a session for Friday"."""
    return bool(DEADLINES & set(find_prepositions(head_of(tokens))))


def _fits(day: Timex | Dating, status: Status, published: datetime.date | None) -> bool:
    """Refuse a day to come for what has happened; all else may be."""
    if published is None or day.start is None or status in AHEAD:
        return True
    return day.start <= published


def _bound(dating: Dating, status: Status, published: datetime.date | None) -> Dating:
    """End what has happened on the day of publication at the latest ("this year")."""
    if published is None or status in AHEAD or dating.end is None or dating.end <= published:
        return dating
    return replace(dating, end=published)


def _find_story_day(
    document: Document, triggers: Sequence[Trigger], direct: Sequence[Dating]
) -> Dating | None:
    """Return the fresh date of the first dated event of title or lead, or None."""
    published = document.article.published
    if published is None:
        return None
    leads = [block.span for block in document.blocks if block.kind is BlockKind.PARAGRAPH][:2]
    limit = leads[-1].end if leads else 0
    for trigger, dating in zip(triggers, direct, strict=True):
        if trigger.span.start >= limit:
            break
        fresh = dating.end is not None and 0 <= (published - dating.end).days <= FRESH_DAYS
        if fresh and dating.basis is DateBasis.TEXT and dating.granularity is Granularity.DAY:
            return dating
    return None


def _date_from_elsewhere(
    document: Document,
    number: int,
    triggers: Sequence[Trigger],
    direct: Sequence[Dating],
    story: Dating | None,
    timexes: Sequence[Timex],
) -> Dating:
    published = document.article.published
    trigger = triggers[number]
    told = _find_told_day(document, number, triggers, direct)
    if told is not None and _is_said_now(document, trigger):
        told = None
    if told is not None and (trigger.status is Status.OCCURRED or _is_at_once(document, trigger)):
        return _lean_on(told, PARAGRAPH)
    if published is None:
        return Dating()
    if told is None and trigger.status is Status.OCCURRED and not _is_verbal(trigger):
        background = _find_background(document, trigger, timexes, published)
        if background is not None:
            return background
    if trigger.status in AHEAD:
        return Dating(start=published, basis=DateBasis.PUBLISHED, probability=PUBLISHED)
    if story is not None and trigger.status is Status.OCCURRED:
        return _lean_on(story, LEAD)
    # What is told as fresh news happened on the day of publication or before: that day is both
    # the nearest guess and, as the basis says, only a bound.
    return Dating(published, published, basis=DateBasis.PUBLISHED, probability=PUBLISHED)


def _find_background(
    document: Document, trigger: Trigger, timexes: Sequence[Timex], published: datetime.date
) -> Dating | None:
    """Return the date of a story of years ago that the sentence before tells, or None.

    "She took office in December 2022 after her predecessor was arrested. Some 50 people died in
    the protests that followed." A date that only describes somebody begins no story.
    """
    index = trigger.sentence - 1
    if index < 0 or document.sentences[index].paragraph != document.sentences[index + 1].paragraph:
        return None
    before = document.sentences[index]
    told = [timex for timex in timexes if before.span.covers(timex.span)]
    if len(told) != 1 or told[0].end is None or (published - told[0].end).days <= HISTORY_DAYS:
        return None
    tokens = tokens_of(before, told[0].span)
    if not before.parsed or not tokens:
        return None
    way = path_up(head_of(tokens))
    if any(token.dep_ in CLAUSES for token in way[:-1]):
        return None
    return Dating(
        told[0].start,
        told[0].end,
        told[0].granularity,
        DateBasis.TEXT,
        elsewhere=told[0].span,
        probability=PARAGRAPH,
    )


def _find_told_day(
    document: Document, number: int, triggers: Sequence[Trigger], direct: Sequence[Dating]
) -> Dating | None:
    """Return the date of the event told just before in the same paragraph, or None."""
    sentence = document.sentences[triggers[number].sentence]
    paragraph = sentence.paragraph
    same_day = SAME_DAY in sentence.text.lower()
    for earlier in reversed(range(number)):
        same = document.sentences[triggers[earlier].sentence].paragraph == paragraph
        if not same and not same_day and not goes_on(document, triggers[number], triggers[earlier]):
            return None
        dating = direct[earlier]
        if _is_aside(document, triggers[earlier]):
            continue
        asserted = triggers[earlier].status is Status.OCCURRED
        if dating.basis is DateBasis.TEXT and (asserted or _is_at_once(document, triggers[number])):
            words_only = _is_verbal(triggers[number]) and not _is_verbal(triggers[earlier])
            if words_only and not same_day and _is_past(dating, document.article.published):
                return None
            return dating
    return None


def _is_past(dating: Dating, published: datetime.date | None) -> bool:
    """Say whether what a report recalls is too old for what is said of the news in one breath."""
    if published is None or dating.end is None:
        return False
    return (published - dating.end).days > RECALLED_DAYS


def _is_aside(document: Document, trigger: Trigger) -> bool:
    """Say whether a trigger is told in a clause that only describes a thing or person."""
    words = tokens_of(document.sentences[trigger.sentence], trigger.span)
    if not words:
        return False
    token = head_of(words)
    while token.head.i != token.i:
        if token.dep_ in DESCRIBING:
            return True
        token = token.head
    return False


def _is_said_now(document: Document, trigger: Trigger) -> bool:
    """Say whether words are said in the present, and so with the report: "must", "calls on"."""
    words = tokens_of(document.sentences[trigger.sentence], trigger.span)
    return bool(words) and _is_verbal(trigger) and head_of(words).tag_ in PRESENT_TAGS


def _is_at_once(document: Document, trigger: Trigger) -> bool:
    """Say whether the sentence tells of the same time as the one before it."""
    words = document.sentences[trigger.sentence].tokens[:AT_ONCE_WITHIN].text.lower()
    return words.startswith(AT_ONCE)


def _lean_on(dating: Dating, probability: float) -> Dating:
    return replace(dating, span=None, elsewhere=dating.span, probability=probability)
