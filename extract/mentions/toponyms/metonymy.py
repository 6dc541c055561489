"""Whether the name of a place stands for the government that sits there.

"Moscow rejected the plan" and "talks between Seoul and Tokyo" name governments, "the mayor of
Moscow" and "fighting in Sudan" places. The words next to the name decide; only countries, capitals
and seats of power can act, and a seat ("the Kremlin") does unless something happens at it.
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
SIDED = frozenset({"pro", "anti"})
# Signs that part a headline from who says so.
SOURCE_SIGNS = frozenset({":", "-", "–", "—"})
# "Kabul army base" is in Kabul.
BUILT = frozenset(
    "base bases camp barracks hospital academy airport airfield headquarters hq building buildings "
    "post posts checkpoint compound convoy depot school office offices parade cemetery".split()
)
PAIRS = frozenset({"air force", "security forces", "armed forces", "air strike", "air strikes"})
# The feature code of seats of power.
SEAT = "PAL"


def can_act(facts: NameFacts | None) -> bool:
    """Say whether a name belongs to a country, a capital or a seat of power."""
    return facts is not None and (
        facts.is_country or "PPLC" in facts.feature_codes or is_seat(facts)
    )


def is_seat(facts: NameFacts) -> bool:
    """Say whether a name is that of a seat of power and of nothing else."""
    return facts.feature_codes == {SEAT}


def acts(tokens: Sequence[Token], first: int, last: int, *, seat: bool = False) -> bool:
    """Say whether the tokens from `first` to `last`, of a name that can act, name who acts.

    `seat` says that they name a seat of power.
    """
    lists = load_word_lists()
    before = [token.text.lower() for token in tokens[max(0, first - 4) : first]]
    previous = before[-1] if before else ""
    if previous == "the":
        before = before[:-1]
        previous = before[-1] if before else ""
    if seat:
        return previous not in lists["locative_prepositions"]
    if previous in lists["addressed_verbs"]:
        return True
    if previous in ("with", "between", "against", "on", "to", "from") and len(before) > 1:
        governor = before[-2]
        if governor in lists["addressed_nouns"]:
            return True
    if previous == "and" and "between" in before:
        return True
    if _is_side(tokens, first, last, lists["state_bodies"]):
        return True
    if previous in lists["locative_prepositions"] or previous in ("of", "for", "by", "with"):
        return False
    return _governs_verb(tokens, last, lists["acting_verbs"])


def _is_side(tokens: Sequence[Token], first: int, last: int, bodies: frozenset[str]) -> bool:
    """Say whether a name is a side to a conflict or a source rather than where something happens.

    "Kiev troops", "Damascus's air force", "pro-Kiev"; and in headlines who says so: "Two soldiers
    killed in east: Kiev", "... - Kiev military".
    """
    if first > 1 and tokens[first - 1].text == "-" and tokens[first - 2].text.lower() in SIDED:
        return True
    following = [token.text.lower() for token in tokens[last + 1 : last + 4]]
    if following[:1] in (["'s"], ["'"]):
        following = following[1:]
    if " ".join(following[:2]) in PAIRS:
        return True
    if following and following[0] in bodies and not BUILT.intersection(following[1:2]):
        return True
    return (
        not following
        and first > 1
        and tokens[first - 1].text in SOURCE_SIGNS
        and tokens[first - 1].end <= tokens[first].start
        and (tokens[first - 1].text == ":" or tokens[first - 2].end < tokens[first - 1].start)
    )


def _governs_verb(tokens: Sequence[Token], last: int, verbs: frozenset[str]) -> bool:
    for token in tokens[last + 1 : last + 1 + LONGEST_REACH]:
        word = token.text.lower()
        if word in verbs and not is_capitalised(token.text):
            return True
        # "Russia and China vetoed": both act; a comma or another noun ends the search.
        if word not in PASSED_OVER and word != "and" and not is_capitalised(token.text):
            return False
    return False
