"""Which event told before a mention goes on from, at the same time and place.

"Speaking in Washington on Thursday, Bush said ... But he vowed": a sentence whose subject is a
pronoun goes on with the speaker of the sentence before, where and when he spoke.
"""

from __future__ import annotations

from extract.language import Document
from extract.linking.attachment import head_of, tokens_of
from extract.records import Trigger
from extract.syntax import find_subjects

# A sentence that tells no event, such as a quotation, may stand between.
WITHIN = 2
SPEAKERS = frozenset({"he", "she", "they"})


def goes_on(document: Document, trigger: Trigger, earlier: Trigger) -> bool:
    """Say whether the trigger's subject is a pronoun for who acted in the sentence before."""
    if not 1 <= trigger.sentence - earlier.sentence <= WITHIN:
        return False
    words = tokens_of(document.sentences[trigger.sentence], trigger.span)
    if not words:
        return False
    return any(subject.lower_ in SPEAKERS for subject in find_subjects(head_of(words)))
