"""LINK: the mentions of one article become events: who did what to whom, where and when.

roles.py       actor and recipient of a trigger, from the tree of its sentence
lost_subjects.py  subjects that the tree lost and the words keep
attachment.py  how likely a toponym or timex belongs to a trigger
placement.py   a place with the rule and the words that gave it
places.py      the place of each event, and by which rule
elsewhere.py   the place of what its own sentence does not place
compass.py     which part of its country, where only a point of the compass tells
dates.py       the date of each event, and whether it is history
continuation.py  which event told before a mention goes on from
offsets.py     what is told as so long after or before something dated
assembly.py    the event of one trigger, and whom it harmed
merging.py     the mentions of one occurrence become one event: which are tellings of which
sameness.py    what speaks against two mentions being one occurrence
absorption.py  mentions of one clause that are one event
joining.py     one event of two mentions
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from extract.geocoding.relative import FindPart
from extract.language import Document
from extract.linking.assembly import assemble_event, count_casualties
from extract.linking.attachment import AttachmentModel
from extract.linking.compass import narrow_to_parts
from extract.linking.dates import date_triggers, is_history
from extract.linking.elsewhere import place_background
from extract.linking.merging import merge_events
from extract.linking.places import place_triggers
from extract.linking.roles import assign_roles
from extract.records import (
    ActorMention,
    Event,
    Place,
    ResolvedToponym,
    Timex,
    Trigger,
)

__all__ = ["link_events"]


def link_events(
    document: Document,
    *,
    resolved: Sequence[ResolvedToponym],
    timexes: Sequence[Timex],
    actors: Sequence[ActorMention],
    triggers: Sequence[Trigger],
    find_country: Callable[[str], Place | None],
    find_part: FindPart | None = None,
    attachment: AttachmentModel | None = None,
) -> list[Event]:
    """Return the events of an article in reading order, each occurrence once.

    Every list is of one document and in text order; the sentences of the triggers are parsed.
    `find_country` gives the place of an ISO alpha-3 code, for acts at home; `find_part` where a
    country's end in a direction lies, for "in the east".
    `attachment` None is the bundled model.
    """
    roles = assign_roles(document, triggers, actors)
    placements = place_triggers(
        document, triggers, roles, resolved, actors, timexes, find_country, model=attachment
    )
    placements = narrow_to_parts(document, triggers, placements, find_part)
    datings = date_triggers(document, triggers, timexes)
    placements = [
        place_background(placement, (*role.actors, *role.recipients), find_country)
        if is_history(dating, document.article.published)
        else placement
        for placement, role, dating in zip(placements, roles, datings, strict=True)
    ]
    told = [
        assemble_event(document, trigger, role, place, dating)
        for trigger, role, placement, dating in zip(
            triggers, roles, placements, datings, strict=True
        )
        for place in (placement, *placement.fellows)
    ]
    return merge_events(document, count_casualties(document, told))
