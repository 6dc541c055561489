"""The tree's questions, asked of sentences that the bundled parser reads rightly."""

import pytest
from spacy.tokens import Token

from extract.language import Language, Sentence
from extract.records import Article, Block, BlockKind, Span
from extract.syntax import (
    coordinated,
    find_objects,
    find_obliques,
    find_prepositions,
    find_subjects,
    is_passive,
    phrase_head,
    tree_path,
)


@pytest.fixture(scope="module")
def language() -> Language:
    return Language()


def read(language: Language, text: str) -> Sentence:
    block = Block(Span(0, len(text)), BlockKind.PARAGRAPH)
    document = language.read(Article("a", text), [block])
    language.parse(document.sentences)
    return document.sentences[0]


def word(sentence: Sentence, text: str) -> Token:
    return next(token for token in sentence.tokens if token.text == text)


def words(tokens: list[Token]) -> list[str]:
    return [token.text for token in tokens]


@pytest.mark.parametrize(
    ("text", "verb", "subjects"),
    [
        ("Russia attacked the port.", "attacked", ["Russia"]),
        ("Russia met Iran and signed a deal.", "signed", ["Russia"]),
        ("Iran is set to conduct exercises.", "conduct", ["Iran"]),
        ("The army forced the rebels to surrender.", "surrender", ["rebels"]),
        ("The minister, who signed the deal, left.", "signed", ["minister"]),
        ("The man arrested in Paris was freed.", "arrested", ["man"]),
    ],
)
def test_subjects_are_found_through_the_tree(
    language: Language, text: str, verb: str, subjects: list[str]
) -> None:
    sentence = read(language, text)
    assert words(find_subjects(word(sentence, verb))) == subjects


@pytest.mark.parametrize(
    ("text", "verb", "passive"),
    [
        ("Three soldiers were killed by rebels.", "killed", True),
        ("Rebels killed three soldiers.", "killed", False),
        ("Two men were arrested and charged.", "charged", True),
        ("Rebels have killed three soldiers.", "killed", False),
    ],
)
def test_a_passive_is_known(language: Language, text: str, verb: str, passive: bool) -> None:
    assert is_passive(word(read(language, text), verb)) is passive


def test_objects_obliques_and_prepositions(language: Language) -> None:
    sentence = read(language, "The minister held talks with Iran in Vienna.")
    talks = word(sentence, "talks")
    assert words(find_objects(word(sentence, "held"))) == ["talks"]
    partners = find_obliques(talks, "with") or find_obliques(word(sentence, "held"), "with")
    assert words(partners) == ["Iran"]
    assert find_prepositions(word(sentence, "Vienna")) == ("in",)


def test_names_lead_to_their_noun_and_their_fellows(language: Language) -> None:
    sentence = read(language, "Iran and Azerbaijan held drills in the Karabakh region.")
    assert phrase_head(word(sentence, "Karabakh")).text == "region"
    assert [token.text for token in coordinated(word(sentence, "Iran"))] == ["Iran", "Azerbaijan"]


def test_the_way_between_two_words_leaves_out_their_common_governor(language: Language) -> None:
    sentence = read(language, "Rebels killed soldiers.")
    ups, downs = tree_path(word(sentence, "Rebels"), word(sentence, "soldiers"))
    assert (words(ups), words(downs)) == (["Rebels"], ["soldiers"])
    assert tree_path(word(sentence, "Rebels"), word(sentence, "Rebels")) == ([], [])
