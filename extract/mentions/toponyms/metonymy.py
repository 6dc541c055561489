"""Whether the name of a place stands for the government that sits there.

"Moscow rejected the plan" and "talks between Seoul and Tokyo" name governments, "the mayor of
Moscow" and "fighting in Sudan" places. The words next to the name decide; only countries and
capitals can act.
"""

from __future__ import annotations

from collections.abc import Sequence

from extract.gazetteer import NameFacts
from extract.mentions.toponyms.token_features import Token, is_capitalised, load_word_lists

# Words that may stand between a name and its verb: "Iran has repeatedly denied".
PASSED_OVER = frozenset(
    "has have had also again later then already now still reportedly repeatedly publicly "
    "officially formally strongly flatly long quickly immediately consistently previously "
    "recently would will could may might must did does not never on "
    "monday tuesday wednesday thursday friday saturday sunday yesterday today".split()
)
LONGEST_REACH = 4


def can_act(facts: NameFacts | None) -> bool:
    """Say whether a name belongs to a country or a capital."""
    return facts is not None and (facts.is_country or "PPLC" in facts.feature_codes)


def acts(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Say whether the tokens from `first` to `last`, a country or capital, name who acts."""
    lists = load_word_lists()
    before = [token.text.lower() for token in tokens[max(0, first - 4) : first]]
    previous = before[-1] if before else ""
    if previous == "the":
        before = before[:-1]
        previous = before[-1] if before else ""
    if previous in lists["addressed_verbs"]:
        return True
    if previous in ("with", "between", "against", "on", "to", "from") and len(before) > 1:
        governor = before[-2]
        if governor in lists["addressed_nouns"]:
            return True
    if previous == "and" and "between" in before:
        return True
    if previous in lists["locative_prepositions"] or previous in ("of", "for", "by", "with"):
        return False
    return _governs_verb(tokens, last, lists["acting_verbs"])


def _governs_verb(tokens: Sequence[Token], last: int, verbs: frozenset[str]) -> bool:
    for token in tokens[last + 1 : last + 1 + LONGEST_REACH]:
        word = token.text.lower()
        if word in verbs and not is_capitalised(token.text):
            return True
        # "Russia and China vetoed": both act; a comma or another noun ends the search.
        if word not in PASSED_OVER and word != "and" and not is_capitalised(token.text):
            return False
    return False
