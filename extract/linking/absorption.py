"""Mentions of one clause that are one event: a meeting and what was said there, an agreement and
what is agreed, a deed and its harm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Token

from extract.language import Document
from extract.linking.attachment import head_of, tokens_of
from extract.linking.joining import join
from extract.linking.sameness import dates_agree, is_deed, places_agree, senses_agree
from extract.records import Event

CIRCUMSTANCES = frozenset({"in", "by", "during", "with", "amid", "when"})

# What a deed does to people and things.
HARMS = frozenset({"kill", "wound", "injure", "hurt", "leave", "destroy", "damage", "displace"})

VENUES = frozenset({"at", "during", "in", "on"})

# What is agreed and told with the agreement; what goes with agreeing to terms.
DEALS = frozenset({"AGREE", "SUPPORT"})
AGREED = frozenset({"CONSULT", "COOPERATE"})

YIELDING = frozenset({"RETREAT", "CONCEDE"})


def absorb_venues(document: Document, events: Sequence[Event]) -> list[Event]:
    """Join a meeting with what was said at it, where one clause tells both.

    "At a meeting in Bled the ministers urged", "The Council, meeting in New York, condemned":
    the guidelines of the annotated articles count one event. What was said is kept, and takes
    the meeting's place where it has none of its own.
    """
    merged = list(events)
    for venue in events:
        if venue.event_type != "CONSULT" or len(venue.mentions) > 1:
            continue
        head = find_head(document, venue)
        if head is None:
            continue
        for index, act in enumerate(merged):
            if act is venue or act.sentence != venue.sentence or is_deed(act):
                continue
            verb = find_head(document, act)
            if verb is not None and verb.pos_ == "VERB" and _is_venue(head, verb):
                told = join(act, venue)
                merged[index] = replace(told, event_type=act.event_type, status=act.status)
                merged.remove(venue)
                break
    return merged


def _is_venue(token: Token, verb: Token) -> bool:
    """Say whether a word tells the meeting at which the verb's act was done."""
    marks = {child.lower_ for child in token.children if child.dep_ in ("case", "mark")}
    if token.head.i == verb.i:
        return token.dep_ in ("obl", "nmod", "advcl") and bool(marks & VENUES)
    subjects = {child.i for child in verb.children if child.dep_ == "nsubj"}
    participle = token.lower_.endswith("ing") and token.dep_ in ("acl", "appos")
    return participle and token.head.i in subjects


def absorb_agreements(document: Document, events: Sequence[Event]) -> list[Event]:
    """Join an agreement with what is agreed, where one clause tells both.

    "agreed to meet again in May", "an agreement to hold a joint drill": the meeting or drill is
    the event, planned. "surrender and agree to a ceasefire" is one yielding, the first; "signed
    an accord to establish ties" is one signing.
    """
    merged = list(events)
    for deal in events:
        if deal.event_type not in DEALS or len(deal.mentions) > 1:
            continue
        number = document.sentence_at(deal.mentions[0].start)
        if number is None:
            continue
        phrase = tokens_of(document.sentences[number], deal.mentions[0])
        for index, act in enumerate(merged):
            if act is deal or act.sentence != deal.sentence:
                continue
            word = find_head(document, act)
            if word is None:
                continue
            if deal.event_type == act.event_type and _is_content(word, phrase):
                merged[index] = replace(join(deal, act), status=deal.status)
                merged.remove(deal)
                break
            if deal.event_type == "AGREE" and _is_agreed(word, phrase, act.event_type):
                told = join(act, deal)
                merged[index] = replace(told, event_type=act.event_type, status=act.status)
                merged.remove(deal)
                break
    return merged


def _is_agreed(word: Token, deal: Sequence[Token], event_type: str) -> bool:
    """Say whether a word tells what an agreement's word is about, or yields along with it."""
    if event_type in YIELDING:
        return any(
            token.dep_ == "conj"
            and token.head.i == word.i
            and not any(child.dep_ == "nsubj" for child in token.children)
            for token in deal
        )
    return event_type in AGREED and _is_content(word, deal)


def _is_content(word: Token, deal: Sequence[Token]) -> bool:
    """Say whether a word tells in the infinitive what an agreement is about: "deal to meet"."""
    if not any(child.lower_ == "to" for child in word.children):
        return False
    inside = any(word.head.i == token.i for token in deal)
    return word.dep_ in ("acl", "xcomp", "advcl", "ccomp") and inside


def is_one_deed(document: Document, first: Event, second: Event) -> bool:
    """Say whether two deeds of one type are cause and harm of one occurrence in one clause.

    "killed in fighting", "the shelling killed", "fired rockets, wounding": one hangs on the
    other as subject, as circumstance or as a participle. Who is named beside either does not
    part them: the dead are not those who fought.
    """
    if (
        first.event_type != second.event_type
        or not is_deed(first)
        or not senses_agree(first.status, second.status)
        or not places_agree(first, second)
        or not dates_agree(first, second)
    ):
        return False
    heads = [find_head(document, event) for event in (first, second)]
    if heads[0] is None or heads[1] is None:
        return False
    if _is_circumstance(heads[0], heads[1]) or _is_circumstance(heads[1], heads[0]):
        return True
    return _follows_at_once(heads[0], heads[1]) or _follows_at_once(heads[1], heads[0])


def _is_circumstance(token: Token, verb: Token) -> bool:
    """Say whether a word hangs on a verb as its subject, its circumstance or its result."""
    if token.head.i != verb.i:
        return False
    if token.dep_ in ("nsubj", "obl:agent"):
        return True
    marks = {child.lower_ for child in token.children if child.dep_ in ("case", "mark")}
    if token.dep_ in ("obl", "nmod"):
        return bool(marks & CIRCUMSTANCES)
    # The parser takes "fighting" for a noun as often as for a participle.
    participle = token.lower_.endswith("ing") and token.dep_ in ("advcl", "acl", "conj", "xcomp")
    return participle and marks <= CIRCUMSTANCES


def _follows_at_once(verb: Token, harm: Token) -> bool:
    """Say whether harm is told in a participle right behind the deed, whatever it hangs on.

    "bombed houses in three provinces overnight, killing nine, the government said": the parser
    hangs the participle on "said".
    """
    if harm.tag_ != "VBG" or harm.i <= verb.i + 1 or harm.lemma_.lower() not in HARMS:
        return False
    between = harm.doc[verb.i + 1 : harm.i]
    return between[-1].text == "," and not any(token.tag_.startswith("VB") for token in between)


def find_head(document: Document, event: Event) -> Token | None:
    """Return the token on which the words of an event's first mention hang."""
    index = document.sentence_at(event.mentions[0].start)
    if index is None:
        return None
    tokens = tokens_of(document.sentences[index], event.mentions[0])
    return head_of(tokens) if tokens else None
