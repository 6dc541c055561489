"""Areas that a text calls by their initials alone: "One DPR militiaman killed", "in the JFO area".

Out of context such initials mean a dozen things, and the model has seldom seen them, so it is
unsure. They are an area's where the gazetteer has them for areas only and the text also speaks of
the area's country, by its name or its nationality.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extract.gazetteer import Gazetteer, NameKind
from extract.gazetteer.names import fold
from extract.mentions.toponyms.boundaries import Stretch
from extract.mentions.toponyms.sequence_model import Array
from extract.mentions.toponyms.token_features import FactsLookup, Sentence, Token, load_word_lists

# The feature code of regions and disputed areas.
AREA = "RGN"
SHORTEST, LONGEST = 3, 6
# What the model may still believe of such a name: that it is a person's or an organisation's.
ANOTHER = 0.9
# How sure the rule is: not more than the least that the model itself would have to be.
PROBABILITY = 0.6
CAPITALISED = re.compile(r"[A-Z][a-z]+(?:-[A-Z][a-z]+)?")


def find_initials(
    sentence: Sentence, marginals: Array, text: str, gazetteer: Gazetteer, lookup: FactsLookup
) -> Iterator[Stretch]:
    """Yield the stretches of a sentence that are an area's initials and no stretch of the model's.

    `marginals` are the model's probabilities of each label, of which the last two are those of
    persons and organisations. A sentence in capitals has no initials.
    """
    tokens = sentence.tokens
    for position, token in enumerate(tokens):
        form = token.text
        if not (SHORTEST <= len(form) <= LONGEST and form.isupper() and form.isalpha()):
            continue
        last = _longest_area(tokens, position, text, lookup)
        if (
            last is not None
            and marginals[position, -2:].sum() < ANOTHER
            and sum(each.text.isupper() for each in tokens) * 2 < len(tokens)
            and _speaks_of_country(text, text[token.start : tokens[last].end], gazetteer)
        ):
            yield Stretch(position, last, PROBABILITY)


def _longest_area(
    tokens: Sequence[Token], first: int, text: str, lookup: FactsLookup
) -> int | None:
    """Return the last token of an area's initials, with a word for its kind behind them."""
    for last in (first + 1, first):
        if last < len(tokens) and (last == first or tokens[last].text.islower()):
            facts = lookup(text[tokens[first].start : tokens[last].end])
            if facts is not None and facts.feature_codes == {AREA}:
                return last
    return None


def _speaks_of_country(text: str, name: str, gazetteer: Gazetteer) -> bool:
    """Say whether a text names a country of an area, or its people."""
    countries = {
        country
        for candidate in gazetteer.look_up(fold(name))
        if candidate.kind < NameKind.FOREIGN
        for country in candidate.place.countries
    }
    return any(
        not countries.isdisjoint(_countries_of(word, gazetteer))
        for word in set(CAPITALISED.findall(text))
    )


def _countries_of(word: str, gazetteer: Gazetteer) -> set[str]:
    folded = fold(word)
    found = set(gazetteer.demonyms.get(folded, ()))
    if gazetteer.has(folded) and folded not in load_word_lists()["given_names"]:
        for candidate in gazetteer.look_up(folded)[:1]:
            found.update(candidate.place.countries)
    return found
