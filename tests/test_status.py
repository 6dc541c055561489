"""Whether an event happened, read from the words around its trigger."""

from __future__ import annotations

import pytest

from extract.language import Language
from extract.mentions.triggers.status import StatusWords, judge_status
from extract.mentions.triggers.words import Tree
from extract.records import Article, Block, BlockKind, Span, Status


@pytest.fixture(scope="module")
def language() -> Language:
    return Language()


def judge(
    language: Language, text: str, word: str, event_type: str | None = None
) -> tuple[Status, str | None]:
    block = Block(Span(0, len(text)), BlockKind.PARAGRAPH)
    document = language.read(Article(id="a", text=text), [block])
    language.parse(document.sentences)
    tree = Tree(document.sentences[0].tokens)
    judgement = judge_status(tree.words.index(word), tree, StatusWords(), event_type=event_type)
    return judgement.status, None if judgement.token is None else tree.words[judgement.token]


@pytest.mark.parametrize(
    ("text", "word", "status", "because"),
    [
        ("The army shelled the town on Monday.", "shelled", Status.OCCURRED, None),
        (
            "They discussed an agreement reached in May between officials to hold a drill.",
            "hold",
            Status.PLANNED,
            "reached",
        ),
        ("France will back Poland in case of a strike.", "strike", Status.HYPOTHETICAL, "strike"),
        (
            "The men are accused of conspiring to kill soldiers.",
            "kill",
            Status.HYPOTHETICAL,
            "conspiring",
        ),
        ("The ministers will meet in Baku next week.", "meet", Status.PLANNED, "will"),
        (
            "The minister said the army would withdraw next month.",
            "withdraw",
            Status.PLANNED,
            "would",
        ),
        ("The two countries plan to hold exercises in June.", "hold", Status.PLANNED, "plan"),
        (
            "The president is expected to visit Tbilisi on Friday.",
            "visit",
            Status.PLANNED,
            "expected",
        ),
        ("Both sides agreed to hold talks in May.", "hold", Status.PLANNED, "agreed"),
        ("Armenia is to hand back the town by Sunday.", "hand", Status.PLANNED, "is"),
        ("Iran and Oman are to hold joint naval drills.", "hold", Status.PLANNED, "are"),
        ("The army did not attack the village.", "attack", Status.DENIED, "not"),
        ("No group claimed the attack.", "attack", Status.OCCURRED, None),
        ("Rebels attempted to seize the airport on Monday.", "seize", Status.OCCURRED, None),
        (
            "Crowds set fire to foreign factories on Tuesday to protest against the rig.",
            "protest",
            Status.OCCURRED,
            None,
        ),
        ("Moscow will not attack the town.", "attack", Status.DENIED, "not"),
        (
            "The RSF, which has surrounded the town since May, denied targeting civilians.",
            "targeting",
            Status.DENIED,
            "denied",
        ),
        (
            "The general denied that his men had attacked the camp.",
            "attacked",
            Status.DENIED,
            "denied",
        ),
        ("The two sides failed to sign the treaty.", "sign", Status.DENIED, "failed"),
        ("The group threatened to attack the port.", "attack", Status.THREATENED, "threatened"),
        ("The rebels could attack the capital.", "attack", Status.HYPOTHETICAL, "could"),
        (
            "The government is considering sending troops to Mali.",
            "sending",
            Status.HYPOTHETICAL,
            "considering",
        ),
        ("The army is shelling the town.", "shelling", Status.ONGOING, None),
        ("The minister met his colleague and visited a factory.", "visited", Status.OCCURRED, None),
    ],
)
def test_status_and_the_word_that_decides_it(
    language: Language, text: str, word: str, status: Status, because: str | None
) -> None:
    found, token = judge(language, text, word)
    assert found == status
    if because is not None:
        assert token == because


def test_what_is_said_to_have_happened_has_happened(language: Language) -> None:
    assert (
        judge(language, "The ministry said that troops attacked the camp.", "attacked")[0]
        is Status.OCCURRED
    )


def test_a_refusal_told_by_a_negated_verb_has_happened(language: Language) -> None:
    text = "France will not lift the ban."
    assert judge(language, text, "lift", "REJECT")[0] is Status.OCCURRED
    assert judge(language, text, "lift", "CONCEDE")[0] is Status.DENIED


def test_a_threat_is_threatened(language: Language) -> None:
    assert judge(language, "Kim threatened war.", "threatened", "THREATEN")[0] is Status.THREATENED


def test_blame_laid_beside_a_plan_is_laid_already(language: Language) -> None:
    text = "The envoy said the talks would end, blaming the rebels."
    assert judge(language, text, "blaming", "ACCUSE")[0] is Status.OCCURRED
    assert judge(language, text, "end", "SANCTION")[0] is Status.PLANNED


def test_a_bar_told_by_what_is_not_let_has_happened(language: Language) -> None:
    text = "The fighters allow no lorry through."
    assert judge(language, text, "allow", "COERCE")[0] is Status.OCCURRED
    assert judge(language, text, "allow", "RETREAT")[0] is Status.DENIED


def test_an_exit_announced_as_going_on_is_done(language: Language) -> None:
    text = "The juntas announced that they were leaving the bloc."
    assert judge(language, text, "leaving", "SANCTION")[0] is Status.OCCURRED
    assert judge(language, text, "leaving", "RETREAT")[0] is Status.ONGOING
