"""Which event told before a mention goes on from, at the same time and place.

"Speaking in Washington on Thursday, Bush said ... But he vowed": a sentence whose subject is a
pronoun goes on with the speaker of the sentence before, where and when he spoke. So does one
that tells what was said after a meeting.
"""

from __future__ import annotations

import re

from extract.language import Document
from extract.linking.attachment import head_of, tokens_of
from extract.records import Trigger
from extract.syntax import find_subjects

# A sentence that tells no event, such as a quotation, may stand between.
WITHIN = 2
AFTER_MEETING = re.compile(
    r"(?i)\bafterwards?\b"
    r"|\b(?:after|following|at|during) (?:the|their|this) "
    r"(?:\w+ )?(?:meeting|talks|summit|session|conference)\b"
)
SPEAKERS = frozenset({"he", "she", "they"})


def goes_on(document: Document, trigger: Trigger, earlier: Trigger) -> bool:
    """Say whether the trigger is told of where and when the earlier one of just before was."""
    if not 1 <= trigger.sentence - earlier.sentence <= WITHIN:
        return False
    sentence = document.sentences[trigger.sentence]
    if earlier.event_type == "CONSULT" and AFTER_MEETING.search(sentence.text):
        return True
    words = tokens_of(sentence, trigger.span)
    if not words:
        return False
    return any(subject.lower_ in SPEAKERS for subject in find_subjects(head_of(words)))
