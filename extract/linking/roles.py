"""Who did it, and to whom: the actor and the recipient of each trigger.

Read off the tree of the trigger's sentence: subject and object of a verb, agent of a passive,
the noun an event noun hangs on ("carried out an attack"), "between X and Y", possessives and
adjectives ("Israeli strikes"), and the prepositions that name the other side ("talks with",
"attack on"). A phrase that names no actor by itself ("the ministry", "they") stands for the
actors that the text named before, where one fits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from spacy.tokens import Token

from extract.language import Document, Sentence
from extract.linking.attachment import head_of, tokens_of
from extract.linking.lost_subjects import find_lost_subjects
from extract.mentions.actors.coreference import resolve_anaphora
from extract.records import ActorMention, BlockKind, Span, Trigger
from extract.syntax import (
    LIGHT_VERBS,
    NAME_PARTS,
    OBJECTS,
    SUBJECTS,
    coordinated,
    find_objects,
    find_obliques,
    find_prepositions,
    find_subjects,
    is_passive,
    phrase_head,
    tree_path,
)

# Prepositions that introduce the other side of an event.
TOWARDS = ("with", "against", "on", "upon", "to", "at", "for", "from", "into", "over", "towards")
# Types whose nouns own their actor with "of" ("the withdrawal of X"); of the others "of X" names
# the one it happens to ("the arrest of X").
OWN_DEEDS = frozenset(
    {"CONSULT", "PROTEST", "RETREAT", "MOBILIZE", "AGREE", "COOPERATE", "CONCEDE"}
)
# Who makes another do something; the other is the one who does it.
CAUSATIVES = frozenset(
    """
    lead force cause push compel prompt order urge ask allow tell press drive persuade convince help
    enable oblige induce get invite encourage require permit pressure call
    """.split()
)
BROKERED = frozenset("broker mediate negotiate sponsor draft".split())
# Words of talks that are told beside the deed of those who hold them: "signed after talks".
SPELLS = frozenset("hour day night week month year round series".split())
# Acts of words whose object is another's deed: "condemned the attack", "discussed the sanctions".
SPEAKING = frozenset({"ACCUSE", "REJECT", "REQUEST", "CONSULT"})
# Where one's own forces are what is moved, not whom it is done to: "France sent 300 soldiers".
SENDING = frozenset({"MOBILIZE", "RETREAT", "AID"})
FORCES = frozenset({"MIL", "COP"})
STATES = frozenset({None, "GOV", *FORCES})
JOINT_ACTS = frozenset({"CONSULT", "COOPERATE", "AGREE"})
BESIDE = frozenset({"after", "following", "during", "at", "before"})
# What joins two names: "and" alone, or before the last of a list.
JOINED = re.compile(r"(?i),?\s*(?:and|&|as well as|along with)(?:\s+the)?")
# How a name hangs on a noun that it is of one phrase with.
NOMINAL = NAME_PARTS | {"conj", "appos"}
# Of an object, only these hang the real actors on a head noun that is none ("a group of rebels").
PARTITIVES = ("of", "from", "for")


@dataclass(frozen=True, slots=True)
class Roles:
    """Actors and recipients of one trigger, each in text order, none twice."""

    actors: tuple[ActorMention, ...] = ()
    recipients: tuple[ActorMention, ...] = ()


@dataclass(frozen=True, slots=True)
class _Cast:
    """The actor mentions of one sentence, by the tokens they cover."""

    document: Document
    sentence: Sentence
    mentions: Sequence[ActorMention]
    by_token: Mapping[int, ActorMention] = field(default_factory=dict)
    # The mentions of the sentence itself.
    present: Sequence[ActorMention] = ()
    # The heads of the sentence's triggers that speak of deeds.
    speaking: frozenset[int] = frozenset()
    # By the token of a verb for which the tree has no subject, who are it by the words.
    lost_subjects: Mapping[int, tuple[ActorMention, ...]] = field(default_factory=dict)

    def named_by(self, head: Token) -> list[ActorMention]:
        """Return the actors that the phrase of a head noun, and those joined to it, name."""
        found: list[ActorMention] = []
        for member in coordinated(head):
            found += self._named_by_one(member)
        # "bombed Natanz and the United States joined": not what was bombed.
        if self.lost_subjects:
            apart = [mention for before in self.lost_subjects.values() for mention in before]
            found = [mention for mention in found if mention not in apart]
        return self._add_joined(found)

    def _add_joined(self, found: list[ActorMention]) -> list[ActorMention]:
        """Return actors with those that the words join to them, though the tree does not.

        The parser takes "X, Y and Z" for an apposition and "Prime Minister A and President B" for
        one name as often as not. Only what hangs together as a noun phrase is joined.
        """
        fellows = list(found)
        for mention in fellows:
            for other in self.present:
                if other not in fellows and self._is_joined(mention, other):
                    fellows.append(other)
        if len(fellows) == len(found):
            return found
        return sorted(fellows, key=lambda mention: mention.span.start)

    def _is_joined(self, mention: ActorMention, other: ActorMention) -> bool:
        first, second = sorted((mention.span, other.span), key=lambda span: span.start)
        between = self.document.article.text[first.end : second.start].strip()
        listed = between in (",", ", the") and mention.kind == other.kind == "country"
        if not listed and JOINED.fullmatch(between) is None:
            return False
        ways = tree_path(
            head_of(tokens_of(self.sentence, mention.span)),
            head_of(tokens_of(self.sentence, other.span)),
        )
        # One hangs on the other, or both on one noun.
        return all(token.dep_ in NOMINAL for way in ways for token in way) and not all(ways)

    def _named_by_one(self, head: Token) -> list[ActorMention]:
        if head.i in self.by_token:
            # "the foreign ministers of X and Y": both act, though the phrase names X first.
            fellows = [
                self.by_token[token.i]
                for child in find_obliques(head, "of")
                for token in coordinated(child)
                if token.i in self.by_token
            ]
            return [self.by_token[head.i], *fellows]
        for child in head.children:
            part = child.dep_ in (
                "amod",
                "compound",
                "flat",
                "nmod:poss",
                "poss",
                "appos",
                "nmod:desc",
            )
            if part and child.i in self.by_token:
                return [self.by_token[child.i]]
        for child in head.children:
            # "a Russia-brokered ceasefire": the broker has a part in it.
            if child.lemma_.lower() in BROKERED and (
                brokers := [
                    self.by_token[part.i] for part in child.children if part.i in self.by_token
                ]
            ):
                return brokers
        for child in find_obliques(head, *PARTITIVES):
            if named := [
                self.by_token[token.i] for token in coordinated(child) if token.i in self.by_token
            ]:
                return named
        for child in head.children:
            if child.tag_ == "PRP$":
                owner = self.sentence.span_of(child.i, child.i)
                if named := list(resolve_anaphora(self.document, owner, self.mentions)):
                    return named
        phrase = _phrase_span(self.sentence, head)
        return list(resolve_anaphora(self.document, phrase, self.mentions))


def assign_roles(
    document: Document, triggers: Sequence[Trigger], mentions: Sequence[ActorMention]
) -> list[Roles]:
    """Return the roles of each trigger, in the triggers' order; the sentences are parsed."""
    casts: dict[int, _Cast] = {}
    roles = []
    for trigger in triggers:
        if trigger.sentence not in casts:
            fellows = [other for other in triggers if other.sentence == trigger.sentence]
            casts[trigger.sentence] = _make_cast(document, trigger.sentence, mentions, fellows)
        roles.append(_read_roles(casts[trigger.sentence], trigger))
    return roles


def _make_cast(
    document: Document,
    index: int,
    mentions: Sequence[ActorMention],
    triggers: Sequence[Trigger],
) -> _Cast:
    sentence = document.sentences[index]
    end = sentence.span.end
    if sentence.kind is BlockKind.CAPTION and "[" in sentence.text:
        # "[Iranian Army/Anadolu Agency]" credits the picture; who took it does not act in it.
        end = sentence.span.start + sentence.text.rindex("[")
    present = [
        mention
        for mention in mentions
        if mention.span.overlaps(sentence.span) and mention.span.start < end
    ]
    by_token = {
        token.i: mention for mention in present for token in tokens_of(sentence, mention.span)
    }
    speaking = frozenset(
        head_of(tokens).i
        for trigger in triggers
        if trigger.event_type in SPEAKING and (tokens := tokens_of(sentence, trigger.span))
    )
    lost = find_lost_subjects(sentence, by_token)
    return _Cast(document, sentence, mentions, by_token, present, speaking, lost)


def _read_roles(cast: _Cast, trigger: Trigger) -> Roles:
    tokens = tokens_of(cast.sentence, trigger.span)
    if not tokens:
        return Roles()
    head = head_of(tokens)
    if head.pos_ in ("VERB", "AUX") or head.tag_.startswith("VB"):
        actors, recipients = _verb_roles(cast, head)
    else:
        actors, recipients = _noun_roles(cast, head, trigger.event_type)
    for token in tokens:
        if token.i != head.i:
            more_actors, more_recipients = _hung_on_noun(cast, token, trigger.event_type)
            if token.dep_ in OBJECTS and head.lemma_.lower() not in LIGHT_VERBS:
                # "expelled 35 Russian diplomats": whose the object is does not act.
                more_actors, more_recipients = [], more_actors + more_recipients
            actors, recipients = actors + more_actors, recipients + more_recipients
    acting = tuple(dict.fromkeys(actors))
    sends = trigger.event_type in SENDING and trigger.mode != "release"
    own = {actor.country for actor in acting if sends and actor.sector in STATES}
    return Roles(
        acting,
        tuple(
            mention
            for mention in dict.fromkeys(recipients)
            if mention not in acting and not (mention.sector in FORCES and mention.country in own)
        ),
    )


def _verb_roles(cast: _Cast, verb: Token) -> tuple[list[ActorMention], list[ActorMention]]:
    nouns = _find_doers(verb)
    subjects = _named(cast, nouns)
    first = verb
    while first.dep_ == "conj" and first.i not in cast.lost_subjects:
        first = first.head
    if first.i in cast.lost_subjects and (first.i == verb.i or not subjects):
        subjects = list(cast.lost_subjects[first.i])
    elif not subjects and verb.dep_ == "conj" and verb.head.i < verb.i:
        # "Hungary, which had blocked it, dropped its veto", taken for a name and what it did.
        subjects = [cast.by_token[verb.head.i]] if verb.head.i in cast.by_token else []
    if is_passive(verb) and not _fires_upon(verb):
        agents = [child for child in verb.children if child.dep_ in ("obl:agent", "agent")]
        agents = agents or find_obliques(verb, "by")
        agents += [
            grandchild
            for child in verb.children
            if child.dep_ == "agent"
            for grandchild in child.children
        ]
        actors = _named(cast, agents)
        if not actors and not subjects:
            actors = _behind_subject(cast, nouns)
        return actors, subjects + _named(cast, find_objects(verb))
    recipients = _named(cast, find_objects(verb)) or _through_object(cast, verb)
    recipients += _named(cast, find_obliques(verb, *TOWARDS))
    return subjects or _behind_subject(cast, nouns), recipients


def _find_doers(verb: Token) -> list[Token]:
    """Return the subject of a verb, also where the tree hides it.

    "X led Y to surrender" has Y for it; "The president, on a visit to Y, called for calm", taken
    for a noun with clauses, that noun.
    """
    clause = verb
    while clause.dep_ == "conj" and not any(child.dep_ in SUBJECTS for child in clause.children):
        clause = clause.head
    if clause.dep_ in ("advcl", "xcomp") and clause.head.lemma_.lower() in CAUSATIVES:
        made = [noun for noun in find_objects(clause.head) if noun.i < clause.i]
        if made and any(child.lower_ == "to" for child in clause.children):
            return made
    if nouns := find_subjects(verb):
        return nouns
    head = clause.head
    is_apart = clause.dep_ in ("advcl", "parataxis", "acl") and head.i < clause.i
    return [head] if is_apart and head.dep_ == "ROOT" and head.pos_ in ("NOUN", "PROPN") else []


def _fires_upon(verb: Token) -> bool:
    """Say whether "forces fired on protesters" was taken for a passive."""
    helped = any(child.dep_ in ("aux:pass", "auxpass") for child in verb.children)
    return (
        verb.lemma_.lower() in ("fire", "open")
        and not helped
        and bool(find_obliques(verb, "on", "upon", "at", "into"))
    )


def _behind_subject(cast: _Cast, nouns: Iterable[Token]) -> list[ActorMention]:
    """Return the actors of a deed that is itself the subject: "talks between X and Y resumed"."""
    found: list[ActorMention] = []
    for noun in nouns:
        found += _named(cast, find_obliques(noun, "by", "between", "among", "of", "with"))
        for clause in noun.children:
            if clause.dep_ == "acl" and clause.lemma_ == "involve":
                found += _named(cast, find_objects(clause))
    return found


def _through_object(cast: _Cast, verb: Token) -> list[ActorMention]:
    """Return the actors behind an object that names none: "condemned the attack by X"."""
    found: list[ActorMention] = []
    for noun in find_objects(verb):
        found += _named(cast, find_obliques(noun, "by", "with", "against", "on", "to", "between"))
    return found


def _noun_roles(
    cast: _Cast, noun: Token, event_type: str
) -> tuple[list[ActorMention], list[ActorMention]]:
    actors, recipients = _hung_on_noun(cast, noun, event_type)
    outer = phrase_head(noun)
    # "after a day of talks": the day is only how long they took.
    if "of" in find_prepositions(outer) and outer.head.lemma_.lower() in SPELLS:
        outer = outer.head
    verb = outer.head
    if actors or verb.i == outer.i or not verb.tag_.startswith("VB"):
        return actors, recipients
    prepositions = find_prepositions(outer)
    if event_type in JOINT_ACTS and prepositions and prepositions[-1] in BESIDE:
        return _named(cast, find_subjects(verb)), recipients
    if verb.i in cast.speaking and event_type not in JOINT_ACTS:
        # "Japan condemned the attack" does not say who attacked.
        return actors, recipients
    if outer.dep_ in ("obj", "dobj") or (
        prepositions and prepositions[-1] in ("in", "into", "for", "on")
    ):
        subjects = _named(cast, find_subjects(verb))
        if is_passive(verb):
            return _named(cast, find_obliques(verb, "by")), recipients + subjects
        return subjects, recipients + _named(cast, find_obliques(verb, "with", "against", "on"))
    if outer.dep_ in ("nsubj:pass", "nsubjpass"):
        return _named(cast, find_obliques(verb, "by")), recipients
    if outer.dep_ == "nsubj" and not recipients:
        recipients = _named(cast, find_objects(verb))
    return actors, recipients


def _hung_on_noun(
    cast: _Cast, noun: Token, event_type: str
) -> tuple[list[ActorMention], list[ActorMention]]:
    """Return actors and recipients that hang on an event noun itself."""
    actors = [
        cast.by_token[member.i]
        for child in noun.children
        if child.dep_ in ("amod", "compound", "nmod:poss", "poss") and child.i in cast.by_token
        for member in coordinated(child)
        if member.i in cast.by_token
    ]
    actors += _named(cast, find_obliques(noun, "by", "between", "among"))
    owned = _named(cast, find_obliques(noun, "of"))
    if event_type in OWN_DEEDS:
        return actors + owned, _named(cast, find_obliques(noun, *TOWARDS))
    return actors, owned + _named(cast, find_obliques(noun, *TOWARDS))


def _named(cast: _Cast, heads: Iterable[Token]) -> list[ActorMention]:
    return [mention for head in heads for mention in cast.named_by(head)]


def _phrase_span(sentence: Sentence, head: Token) -> Span:
    """Return the span of a noun with its determiners and adjectives, up to the noun."""
    left = [
        child.i
        for child in head.children
        if child.i < head.i and child.dep_ in ("det", "amod", "compound", "nummod", "nmod:poss")
    ]
    return sentence.span_of(min([*left, head.i]), head.i)
