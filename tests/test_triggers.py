"""Triggers: the lexicon, candidates, types, modes, order and spans."""

from __future__ import annotations

import csv
import datetime
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.bundled import bundled_path
from extract.errors import ModelError
from extract.language import Document, Language
from extract.mentions.triggers import APPEAL_PROBABILITY, TriggerFinder
from extract.mentions.triggers.model import TriggerModel, hash_features
from extract.mentions.triggers.words import TriggerLexicon
from extract.plover import CONTEXTS, EVENT_TYPES
from extract.records import Article, Block, BlockKind, Span, Status, Trigger
from training.event_sentences import build_examples, read_marked
from training.trigger_lexicon import build_rows, inflect_noun, inflect_verb


@pytest.fixture(scope="module")
def language() -> Language:
    return Language()


@pytest.fixture(scope="module")
def finder(language: Language) -> TriggerFinder:
    return TriggerFinder(language)


@pytest.fixture(scope="module")
def lexicon() -> TriggerLexicon:
    return TriggerLexicon()


def read(language: Language, text: str, kind: BlockKind = BlockKind.PARAGRAPH) -> Document:
    article = Article(id="a", text=text, published=datetime.date(2024, 5, 7))
    return language.read(article, [Block(Span(0, len(text)), kind)])


def find(finder: TriggerFinder, language: Language, text: str) -> list[Trigger]:
    return finder.find(read(language, text))


def test_lexicon_is_large_and_every_row_is_of_the_codebook() -> None:
    with bundled_path("triggers.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= 4_000
    for row in rows:
        assert row["event_type"] in EVENT_TYPES
        assert not row["mode"] or row["mode"] in EVENT_TYPES[row["event_type"]].modes
        assert row["part_of_speech"] in ("VERB", "NOUN", "ADJ")
        assert 0 <= float(row["weight"]) <= 1
        assert row["head"] in row["phrase"].split()
    assert {row["event_type"] for row in rows} == set(EVENT_TYPES)


def test_lexicon_file_is_what_its_families_spell_out() -> None:
    with bundled_path("triggers.csv").open(encoding="utf-8", newline="") as file:
        written = [
            (row["phrase"], row["part_of_speech"], row["event_type"])
            for row in csv.DictReader(file)
        ]
    assert written == [(row.phrase, row.part_of_speech, row.event_type) for row in build_rows()]


@pytest.mark.parametrize(
    ("lemma", "form"),
    [
        ("bomb", "bombed"),
        ("deny", "denies"),
        ("kidnap", "kidnapped"),
        ("withdraw", "withdrew"),
        ("seize", "seizing"),
        ("overrun", "overran"),
        ("die", "dying"),
        ("acquit", "acquitted"),
        ("re-arrest", "re-arrested"),
        ("free", "freeing"),
    ],
)
def test_verbs_are_inflected(lemma: str, form: str) -> None:
    assert form in inflect_verb(lemma)


@pytest.mark.parametrize(
    ("lemma", "plural"),
    [
        ("attack", "attacks"),
        ("embargo", "embargoes"),
        ("casualty", "casualties"),
        ("siege", "sieges"),
    ],
)
def test_nouns_are_inflected(lemma: str, plural: str) -> None:
    assert inflect_noun(lemma) == (lemma, plural)


def test_marks_are_read_with_their_words() -> None:
    text, triggers = read_marked("Troops shelled/AS.heavy-weapons:p the town.")
    assert text == "Troops shelled the town."
    (trigger,) = triggers
    assert text[int(str(trigger["start"])) : int(str(trigger["end"]))] == "shelled"
    assert (trigger["type"], trigger["mode"], trigger["status"]) == (
        "ASSAULT",
        "heavy-weapons",
        "planned",
    )


def test_a_mark_with_a_mode_of_another_type_is_refused() -> None:
    with pytest.raises(ValueError, match="no mode"):
        read_marked("Troops shelled/AS.curfew the town.")


def test_sentences_without_any_trigger_word_are_not_parsed(
    finder: TriggerFinder, language: Language
) -> None:
    document = read(language, "The lake is deep and very cold.")
    assert finder.find(document) == []
    assert not document.sentences[0].parsed


@pytest.mark.parametrize(
    ("text", "event_type"),
    [
        ("Gunmen attacked a police station in Quetta on Monday, killing two officers.", "ASSAULT"),
        ("Police arrested twelve members of the banned group in Ankara.", "COERCE"),
        ("The foreign ministers of Iran and Oman held talks in Muscat on Sunday.", "CONSULT"),
        ("Norway condemned the bombing of the hospital.", "ACCUSE"),
        ("Russia withdrew its troops from the airfield.", "RETREAT"),
        ("Thousands of people marched through Lisbon against the reform.", "PROTEST"),
        ("The European Union imposed sanctions on three generals.", "SANCTION"),
        ("Slovenia agreed to accept the ruling on the bay.", "AGREE"),
        ("Slovenia and Croatia signed an agreement on the bay.", "SUPPORT"),
        ("Morocco sent tents and blankets to the victims in Derna.", "AID"),
        ("Kenya deployed 300 soldiers to the border with Somalia.", "MOBILIZE"),
        ("Serbia rejected the proposal to join the union.", "REJECT"),
        ("The rebels threatened to blow up the dam.", "THREATEN"),
        ("The premier praised Ghana for its role in the mission.", "SUPPORT"),
        ("Japan and India held joint naval exercises near the islands.", "COOPERATE"),
        ("The government lifted the curfew in the capital.", "CONCEDE"),
        ("The union demanded the resignation of the minister.", "REQUEST"),
    ],
)
def test_first_trigger_has_the_type(
    finder: TriggerFinder, language: Language, text: str, event_type: str
) -> None:
    assert find(finder, language, text)[0].event_type == event_type


@pytest.mark.parametrize(
    "text",
    [
        "The company fired its chief executive on Monday.",
        "Shares in the bank fell by three percent.",
        "The striker scored twice as Arsenal beat Leeds.",
        "An earthquake killed forty people in the province.",
        "Analysts believe the economy will recover next year.",
        "The book describes the siege of the city in 1941.",
        "The minister declined to comment on the report.",
        "Combat equipment and attack drones were on display.",
        "The world recognises the region as part of Azerbaijan.",
    ],
)
def test_other_news_holds_no_event(finder: TriggerFinder, language: Language, text: str) -> None:
    assert find(finder, language, text) == []


@pytest.mark.parametrize(
    ("text", "event_type"),
    [
        ("Death toll mounts in Omdurman despite truce", "ASSAULT"),
        ("Nine dead as fighting flares in Kachin", "ASSAULT"),
        ("Casualties as fighting breaks out in Hodeidah", "ASSAULT"),
        ("One KIA, three WIA in Gedo - army HQ", "ASSAULT"),
        ("Kenya reports 2 KIA, 4 WIA in past day", "ASSAULT"),
        ("Renewed shelling of Stepanakert", "ASSAULT"),
        ("Lusaka protest", "PROTEST"),
        ("Niger troops surround rebel-held Diffa", "COERCE"),
    ],
)
def test_headlines_report_without_a_verb(
    finder: TriggerFinder, language: Language, text: str, event_type: str
) -> None:
    triggers = finder.find(read(language, text, BlockKind.TITLE))
    assert event_type in [trigger.event_type for trigger in triggers]


@pytest.mark.parametrize(
    "text",
    [
        "Report on the human rights situation in Chad",
        "Situation update, Lebanon as of 3 March",
        "Peso under siege as banks fall",
        "Toll roads planned in Kenya",
        "What next for Bolivia?",
    ],
)
def test_headlines_without_news_hold_no_event(
    finder: TriggerFinder, language: Language, text: str
) -> None:
    assert finder.find(read(language, text, BlockKind.TITLE)) == []


def test_words_alone_do_not_decide(finder: TriggerFinder, language: Language) -> None:
    fired = find(finder, language, "The army fired rockets at the port of Sidon.")
    assert [t.event_type for t in fired] == ["ASSAULT"]
    struck = find(finder, language, "The two governments struck a deal on fishing.")
    assert struck[0].event_type == "SUPPORT"


def test_main_trigger_comes_first_and_spans_are_words_of_the_text(
    finder: TriggerFinder, language: Language
) -> None:
    text = (
        "A calm day.\nFrance said that its jets bombed a camp after rebels had attacked a convoy."
    )
    triggers = find(finder, language, text)
    assert triggers[0].text == "bombed"
    for trigger in triggers:
        assert trigger.span.of(text) == trigger.text
        assert trigger.sentence == 1


def test_an_appeal_stays_under_the_bar_of_demands(
    finder: TriggerFinder, language: Language
) -> None:
    appeals = finder.find(read(language, "Greece urged Turkey to withdraw its ships."))
    assert appeals[0].event_type == "REQUEST"
    assert appeals[0].probability <= APPEAL_PROBABILITY
    text = "Greece urged Turkey to withdraw its ships."
    undated = language.read(
        Article(id="a", text=text), [Block(Span(0, len(text)), BlockKind.TITLE)]
    )
    assert finder.find(undated) == []
    demands = finder.find(read(language, "Greece demanded the withdrawal of the ships."))
    assert demands[0].probability > APPEAL_PROBABILITY


def test_mode_and_contexts_are_of_the_codebook(finder: TriggerFinder, language: Language) -> None:
    text = "A suicide bomber blew himself up in Kabul. Police arrested a bishop for treason."
    triggers = find(finder, language, text)
    assert triggers[0].mode == "suicide-attack"
    assert any(t.mode == "arrest" for t in triggers)
    assert "terrorism" in triggers[0].contexts
    for trigger in triggers:
        assert trigger.mode is None or trigger.mode in EVENT_TYPES[trigger.event_type].modes
        assert set(trigger.contexts) <= set(CONTEXTS)


def test_status_comes_with_its_words(finder: TriggerFinder, language: Language) -> None:
    text = "The presidents will meet in Sochi next week."
    trigger = find(finder, language, text)[0]
    assert trigger.status is Status.PLANNED
    assert trigger.status_span is not None
    assert trigger.status_span.of(text) == "will"


def test_page_furniture_holds_no_event(finder: TriggerFinder, language: Language) -> None:
    document = read(language, "READ: Gunmen attacked a police station", BlockKind.FURNITURE)
    assert finder.find(document) == []


def test_features_are_hashed_alike_everywhere() -> None:
    assert (
        hash_features(["l=attack", "root", "l=attack"], 1 << 18).tolist()
        == hash_features(["root", "l=attack"], 1 << 18).tolist()
    )


def test_probabilities_sum_to_one_and_a_bad_model_is_refused(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    model = TriggerModel(np.zeros((8, 3), dtype=np.float32), ("NONE", "AID", "AGREE"))
    assert model.probabilities(["a", "b"]).sum() == pytest.approx(1)
    path = tmp_path_factory.mktemp("model") / "broken.npz"
    path.write_bytes(b"no model")
    with pytest.raises(ModelError, match="no trigger model"):
        TriggerModel.load(path)


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=120))
def test_any_text_may_be_asked_for_triggers(lexicon: TriggerLexicon, text: str) -> None:
    assert lexicon.may_hold(text.lower().split()) in (True, False)


def test_every_head_of_the_lexicon_is_known_by_its_written_form(lexicon: TriggerLexicon) -> None:
    assert ("withdraw", "VERB") in lexicon.heads("withdrew")
    assert lexicon.may_hold(["troops", "withdrew"])
    assert not lexicon.may_hold(["the", "lake", "is", "deep"])


def test_training_file_is_what_the_written_sentences_spell_out() -> None:
    path = Path(__file__).parent.parent / "training" / "text" / "events.jsonl"
    written = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert written == build_examples()
    assert len(written) >= 3_000
    assert sum(not row["triggers"] for row in written) >= 500
