"""The event that one trigger reports, from its roles, place and date; and whom it harmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extract.language import Document
from extract.linking.dates import Dating, is_history
from extract.linking.places import Placement
from extract.linking.roles import Roles
from extract.linking.sameness import HAPPENED
from extract.mentions.triggers.casualties import find_casualties
from extract.records import BlockKind, Casualties, Event, Span, Status, Trigger, hash_id

LEAD_SENTENCES = 3

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
    # One verb may tell of several places; the first keeps the trigger's own identity.
    first = placement.spans[:1] if placement.joined else ()
    key = (trigger.span, *first)
    return Event(
        id=hash_id(article.id, *(str(edge) for span in key for edge in (span.start, span.end))),
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


def _salience(document: Document, trigger: Trigger, status: Status) -> float:
    """Return 1 for what title and lead report, 0.7 for the body, 0.3 for background."""
    if status is Status.HISTORICAL:
        return 0.3
    sentence = document.sentences[trigger.sentence]
    if sentence.kind is BlockKind.TITLE:
        return 1.0
    body = [s for s in document.sentences if s.kind is BlockKind.PARAGRAPH][:LEAD_SENTENCES]
    return 1.0 if sentence in body else 0.7
