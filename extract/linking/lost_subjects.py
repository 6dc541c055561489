"""Subjects that the tree lost and the order of words keeps: "Kyiv welcomed the measures".

The tagger takes a name that it never saw for anything, and the parser leaves the verb behind it
without a subject. An actor that opens a clause right before a finite verb is its subject.
"""

from __future__ import annotations

from collections.abc import Mapping

from spacy.tokens import Token

from extract.language import Sentence
from extract.linking.attachment import tokens_of
from extract.records import ActorMention
from extract.syntax import SUBJECTS

# So many tokens from a subject to its verb, with helpers and adverbs in between.
FAR = 4
HELPERS = frozenset({"aux", "aux:pass", "auxpass", "cop"})
FINITE = frozenset({"VBD", "VBZ", "VBP"})
# What stands before the subject of a clause, if anything does.
CLAUSE_OPENERS = frozenset(
    """
    and but while whereas after before as when once since until because although though where if
    that , ; : — – -
    """.split()
)


def find_lost_subjects(
    sentence: Sentence, by_token: Mapping[int, ActorMention]
) -> dict[int, tuple[ActorMention, ...]]:
    """Return the actors that open a clause right before a verb without a subject.

    The keys are the indices of the verbs. `by_token` has the sentence's actors by the tokens that
    they cover.
    """
    found: dict[int, tuple[ActorMention, ...]] = {}
    # A verb is near what stands before it.
    verbs = {
        after: sentence.tokens[after]
        for index in by_token
        for after in range(index + 1, min(index + 1 + FAR, len(sentence.tokens)))
        if after not in by_token
    }
    for verb in verbs.values():
        # "Pakistani jets bombed houses" taken for jets, and houses that were bombed.
        misread = verb.tag_ == "VBN" and verb.dep_ == "amod" and verb.head.i > verb.i
        if not (misread or verb.tag_ in FINITE) or verb.dep_ in HELPERS:
            continue
        if any(child.dep_ in SUBJECTS for child in verb.children):
            continue
        index = verb.i - 1
        while index >= 0 and index not in by_token and _helps(sentence.tokens[index], verb):
            index -= 1
        if index not in by_token:
            continue
        if misread and by_token[index].kind == "demonym":
            continue
        chain = _find_chain(sentence, by_token, by_token[index])
        if chain:
            found[verb.i] = chain
    return found


def _find_chain(
    sentence: Sentence, by_token: Mapping[int, ActorMention], last: ActorMention
) -> tuple[ActorMention, ...]:
    """Return the actors of a list that opens a clause and ends with `last`, or ()."""
    chain = [last]
    befores = [_find_before(sentence, last)]
    while (before := befores[0]) is not None and before.lower_ in ("and", ","):
        if before.i - 1 not in by_token:
            break
        chain.insert(0, by_token[before.i - 1])
        befores.insert(0, _find_before(sentence, chain[0]))
    while chain and not _opens(befores[0]):
        del chain[0], befores[0]
    return tuple(chain)


def _helps(token: Token, verb: Token) -> bool:
    return token.head.i == verb.i and token.dep_ in HELPERS | {"advmod"}


def _find_before(sentence: Sentence, mention: ActorMention) -> Token | None:
    """Return the token before a mention and its article; None at the head of the sentence."""
    index = tokens_of(sentence, mention.span)[0].i - 1
    if index >= sentence.opening and sentence.tokens[index].dep_ == "det":
        index -= 1
    return sentence.tokens[index] if index >= sentence.opening else None


def _opens(before: Token | None) -> bool:
    """Say whether what follows a token opens a clause."""
    return before is None or before.lower_ in CLAUSE_OPENERS
