"""One event once: the mentions of one occurrence within an article become one event.

Title, lead and body tell the same thing again ("the attack"). Two mentions are one occurrence
when they are of one type and sense, and neither place, date nor actors speak against it;
their words are all kept and the surest value of each field wins.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from geopy.distance import great_circle

from extract.language import Document
from extract.linking.attachment import tokens_of
from extract.linking.dates import Dating, is_history
from extract.linking.places import FINENESS, VERBAL, Placement
from extract.linking.roles import Roles
from extract.mentions.triggers.casualties import find_casualties
from extract.plover import EVENT_TYPES
from extract.records import (
    ActorMention,
    BlockKind,
    Casualties,
    DateBasis,
    Event,
    Place,
    PlaceBasis,
    Precision,
    Span,
    Status,
    Trigger,
    hash_id,
)
from extract.syntax import LIGHT_VERBS

# Bases of a place that the event's own sentence proves; the others yield to them.
PROVEN = (PlaceBasis.TRIGGER, PlaceBasis.SENTENCE)
LEAD_SENTENCES = 3
WORD = re.compile(r"\w+")
HAPPENED = frozenset({Status.OCCURRED, Status.ONGOING})
# Words that open a sentence about another occurrence of the same kind.
APART = frozenset(
    """
    also another separately simultaneously meanwhile elsewhere second similar earlier later
    """.split()
)
# What each type of event can do to people; killed and wounded by force of any kind.
DEEDS_OF_FORCE = frozenset({"ASSAULT", "PROTEST", "COERCE", "MOBILIZE"})
HARMING = {
    "killed": DEEDS_OF_FORCE,
    "wounded": DEEDS_OF_FORCE,
    "arrested": frozenset({"COERCE", "PROTEST", "SANCTION"}),
    "abducted": frozenset({"ASSAULT", "COERCE"}),
    "displaced": DEEDS_OF_FORCE,
    "missing": DEEDS_OF_FORCE,
}
# Types that two tellings of one occurrence may take.
KINDRED = {
    frozenset(pair)
    for pair in (
        ("COOPERATE", "MOBILIZE"),
        ("COOPERATE", "AGREE"),
        ("CONSULT", "AGREE"),
        ("CONSULT", "COOPERATE"),
        ("ASSAULT", "COERCE"),
        ("REQUEST", "ACCUSE"),
    )
}


def assemble_event(
    document: Document, trigger: Trigger, roles: Roles, placement: Placement, dating: Dating
) -> Event:
    """Return the event that one trigger reports, from its roles, place and date."""
    article = document.article
    status = trigger.status
    # A picture's caption dates its picture; it tells no background, however old.
    told = document.sentences[trigger.sentence].kind is not BlockKind.CAPTION
    if told and status in HAPPENED and is_history(dating, article.published):
        status = Status.HISTORICAL
    proofs: dict[str, tuple[Span, ...]] = {
        "what": (trigger.span,),
        "who": tuple(actor.span for actor in roles.actors),
        "whom": tuple(actor.span for actor in roles.recipients),
        "where": placement.spans + placement.elsewhere,
        "when": tuple(span for span in (dating.span, dating.elsewhere) if span),
    }
    located = placement.probability if placement.place else 1.0
    return Event(
        id=hash_id(article.id, str(trigger.span.start), str(trigger.span.end)),
        article_id=article.id,
        event_type=trigger.event_type,
        mode=trigger.mode,
        status=status,
        sentence=document.sentences[trigger.sentence].span,
        spans={name: found for name, found in proofs.items() if found},
        actors=roles.actors,
        recipients=roles.recipients,
        place=placement.place,
        place_basis=placement.basis,
        alternatives=placement.alternatives,
        start=dating.start,
        end=dating.end,
        granularity=dating.granularity,
        date_basis=dating.basis,
        confidence=trigger.probability * located * dating.probability,
        salience=_salience(document, trigger, status),
        contexts=trigger.contexts,
        mentions=(trigger.span,),
    )


def count_casualties(document: Document, events: Sequence[Event]) -> list[Event]:
    """Return the events with the casualties that their sentences tell, each told of one event.

    A count goes to the nearest trigger of its sentence whose type can harm people that way.
    """
    by_sentence: dict[Span, list[int]] = {}
    for number, event in enumerate(events):
        if any(event.event_type in types for types in HARMING.values()):
            by_sentence.setdefault(event.sentence, []).append(number)
    harmed: dict[int, list[Casualties]] = {}
    for sentence, numbers in by_sentence.items():
        for casualties in find_casualties(document.article.text, within=sentence):
            able = [
                number
                for number in numbers
                if events[number].event_type in HARMING.get(casualties.kind, DEEDS_OF_FORCE)
            ]
            if able:
                nearest = min(
                    able,
                    key=lambda number: abs(
                        events[number].mentions[0].start - casualties.span.start
                    ),
                )
                harmed.setdefault(nearest, []).append(casualties)
    return [
        replace(event, casualties=tuple(harmed[number])) if number in harmed else event
        for number, event in enumerate(events)
    ]


def merge_events(document: Document, events: Sequence[Event]) -> list[Event]:
    """Return the events with the mentions of one occurrence joined, in the order of the first."""
    words = {event.id: _read_words(document, event) for event in events}
    merged: list[Event] = []
    for event in events:
        apart = _is_told_apart(document, event)
        for index, earlier in enumerate(merged):
            if apart and not earlier.sentence.overlaps(event.sentence):
                continue
            alike = bool(words[earlier.id] & words[event.id])
            if is_same_occurrence(earlier, event, alike=alike):
                merged[index] = join(earlier, event)
                words[earlier.id] |= words[event.id]
                break
        else:
            merged.append(event)
    return merged


def is_same_occurrence(first: Event, second: Event, *, alike: bool) -> bool:
    """Say whether two mentions of one article are one occurrence.

    `alike` says that their triggers share a word. They must be of one type, or of kindred
    types and alike ("hold exercises", "joint exercises"), and of one sense, and no field may
    speak against it. Where nothing but the type speaks for it, two deeds are taken for one,
    two statements are not: a report quotes many people, but mostly tells of one attack.
    """
    same_type = first.event_type == second.event_type
    kindred = alike and frozenset({first.event_type, second.event_type}) in KINDRED
    return (
        (same_type or kindred)
        and _senses_agree(first.status, second.status)
        and (not same_type or first.sentence == second.sentence or _modes_agree(first, second))
        and _places_agree(first, second)
        and _dates_agree(first, second)
        and _actors_agree(first, second)
        and (_is_deed(first) or _share_actor(first, second))
    )


def _is_told_apart(document: Document, event: Event) -> bool:
    """Say whether the event's sentence marks it as another one than those told before."""
    index = document.sentence_at(event.mentions[0].start)
    if index is None:
        return False
    return not APART.isdisjoint(WORD.findall(document.sentences[index].text.lower()))


def _read_words(document: Document, event: Event) -> set[str]:
    """Return the lemmas of the nouns and verbs in the event's trigger, light verbs left out."""
    return {
        token.lemma_.lower()
        for sentence in document.sentences
        if sentence.span.overlaps(event.mentions[0])
        for token in tokens_of(sentence, event.mentions[0])
        if token.pos_ in ("NOUN", "VERB") and token.lemma_.lower() not in LIGHT_VERBS
    }


def _modes_agree(first: Event, second: Event) -> bool:
    return not first.mode or not second.mode or first.mode == second.mode


def _is_deed(event: Event) -> bool:
    return EVENT_TYPES[event.event_type].quad_class not in VERBAL


def _share_actor(first: Event, second: Event) -> bool:
    return bool(_codes(first.actors) & _codes(second.actors))


def join(first: Event, second: Event) -> Event:
    """Return one event of two mentions: the first's identity, the surest values, all the words."""
    place_source = second if _places_better(second, first) else first
    date_source = second if _dates_better(second, first) else first
    spans = {
        name: tuple(dict.fromkeys((*first.spans.get(name, ()), *second.spans.get(name, ()))))
        for name in (*first.spans, *(key for key in second.spans if key not in first.spans))
    }
    for name, source in (("where", place_source), ("when", date_source)):
        if name in source.spans:
            spans[name] = tuple(dict.fromkeys((*source.spans[name], *spans[name])))
    # The sentence that tells most is the one to show: the body's rather than the headline's.
    teller = second if _richness(second) > _richness(first) else first
    spans["what"] = tuple(dict.fromkeys((*teller.spans["what"], *spans["what"])))
    return replace(
        first,
        sentence=teller.sentence,
        spans=spans,
        mode=first.mode or second.mode,
        status=teller.status,
        actors=max(first.actors, second.actors, key=len),
        recipients=max(first.recipients, second.recipients, key=len),
        place=place_source.place,
        place_basis=place_source.place_basis,
        alternatives=place_source.alternatives,
        start=date_source.start,
        end=date_source.end,
        granularity=date_source.granularity,
        date_basis=date_source.date_basis,
        confidence=max(first.confidence, second.confidence),
        salience=max(first.salience, second.salience),
        casualties=first.casualties or second.casualties,
        mentions=(*first.mentions, *second.mentions),
    )


def _senses_agree(first: Status, second: Status) -> bool:
    return first is second or {first, second} <= HAPPENED


def _places_agree(first: Event, second: Event) -> bool:
    if first.place is None or second.place is None:
        return True
    if first.place_basis not in PROVEN or second.place_basis not in PROVEN:
        return bool(set(first.place.countries) & set(second.place.countries)) or not (
            first.place.countries and second.place.countries
        )
    return _is_within(first.place, second.place) or _is_within(second.place, first.place)


def _is_within(inner: Place, outer: Place) -> bool:
    if outer.precision is Precision.COUNTRY:
        return outer.country in inner.countries
    apart = great_circle((inner.latitude, inner.longitude), (outer.latitude, outer.longitude)).km
    return bool(apart <= max(outer.radius_km, 5.0))


def _dates_agree(first: Event, second: Event) -> bool:
    if DateBasis.TEXT not in (first.date_basis, second.date_basis):
        return True
    if first.date_basis is not second.date_basis:
        return first.status is not Status.HISTORICAL and second.status is not Status.HISTORICAL
    if first.start is None or first.end is None or second.start is None or second.end is None:
        return True
    return first.start <= second.end and second.start <= first.end


def _actors_agree(first: Event, second: Event) -> bool:
    for ours, theirs in ((first.actors, second.actors), (first.recipients, second.recipients)):
        if ours and theirs and not _codes(ours) & _codes(theirs):
            return False
    return True


def _codes(actors: Sequence[ActorMention]) -> set[str]:
    return {actor.country or actor.code or actor.name for actor in actors}


def _places_better(first: Event, second: Event) -> bool:
    if first.place is None or second.place is None:
        return first.place is not None
    proven = (first.place_basis in PROVEN) - (second.place_basis in PROVEN)
    return (proven, FINENESS[second.place.precision]) > (0, FINENESS[first.place.precision])


def _dates_better(first: Event, second: Event) -> bool:
    if first.date_basis is not second.date_basis:
        return first.date_basis is DateBasis.TEXT
    if first.start and first.end and second.start and second.end:
        return first.end - first.start < second.end - second.start
    return False


def _richness(event: Event) -> int:
    return sum(name in event.spans for name in ("who", "whom", "where", "when"))


def _salience(document: Document, trigger: Trigger, status: Status) -> float:
    """Return 1 for what title and lead report, 0.7 for the body, 0.3 for background."""
    if status is Status.HISTORICAL:
        return 0.3
    sentence = document.sentences[trigger.sentence]
    if sentence.kind is BlockKind.TITLE:
        return 1.0
    body = [s for s in document.sentences if s.kind is BlockKind.PARAGRAPH][:LEAD_SENTENCES]
    return 1.0 if sentence in body else 0.7
