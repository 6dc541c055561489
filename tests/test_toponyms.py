from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extract.errors import ModelError
from extract.gazetteer import Gazetteer
from extract.language import Document, Language
from extract.layout import divide
from extract.mentions.toponyms import ToponymRecognizer
from extract.mentions.toponyms.boundaries import Stretch, settle
from extract.mentions.toponyms.initials import find_initials
from extract.mentions.toponyms.sequence_model import SequenceModel
from extract.mentions.toponyms.token_features import (
    QUOTES,
    Sentence,
    find_abbreviations,
    find_runs,
    make_lookup,
    shape_of,
    tokenize,
)
from extract.records import Article, Toponym

Read = Callable[[str], Document]
Find = Callable[[str], list[Toponym]]


@pytest.fixture(scope="module")
def read() -> Read:
    language = Language()
    return lambda text: language.read(Article("a", text), divide(text))


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.open(progress=False)


@pytest.fixture(scope="module")
def find(read: Read, gazetteer: Gazetteer) -> Find:
    recognizer = ToponymRecognizer(gazetteer)
    return lambda text: recognizer.find(read(text))


# Every passage is ours. Brackets mark what must be found, and nothing else may be.
PASSAGES = [
    # plain names, several words, lower-case links
    "Soldiers crossed the border from [Turkey] into northern [Syria] on Monday.",
    "The ferry sailed from [Trinidad and Tobago] to [Rio de Janeiro].",
    "A tanker was seized in the [Gulf of Oman] near the [Strait of Hormuz].",
    "Thousands fled [Bosnia and Herzegovina] during the war.",
    # casings
    "[BAKU], June 12 (Reuters) - Officials denied the report.",
    "[LEXINGTON], [Ky.] — Two people were hurt in a crash on Friday.",
    "EXPLOSION ROCKS [DAMASCUS]",
    # possessives and hyphenated pairs
    "[Iran]'s foreign minister flew to [Moscow] on Tuesday.",
    "Smugglers use the [Iran]-[Iraq] border at night.",
    # abbreviations
    "The [U.S.] embassy in [Kabul] was closed.",
    "He grew up in [Springfield], [Ill.], and moved to [Portland], [Ore.], last year.",
    # Arabic articles in small letters, of places, of people and of others
    "Shells fell on [al-Fashir] and [el-Obeid] on Saturday.",
    "Bashar al-Assad spoke, and Mohammed al-Halbousi agreed.",
    "He left al-Qaeda for al-Shabaab.",
    "The militia attacked the Dar al-Arqam centre at the university.",
    # people who bear the names of places
    "Michael Jordan scored 30 points, and Jordan thanked the crowd.",
    "Paris Hilton and Georgia Brown arrived late.",
    "Mr. Lincoln and Mrs. Washington were not at home.",
    "Gov. Jerry Houston signed the bill.",
    # organisations, peoples, months, common words
    "The Associated Press and Reuters reported the deaths.",
    "Most Azerbaijani and Armenian voters stayed at home.",
    "Reading is fun, said Police Chief Day in March.",
    # names the gazetteer lacks
    "Rebels attacked the village of [Karamundile] before dawn.",
    "The town of [Zubrakovo] lost power.",
    # measures, directions and headlines
    "Fighters seized a base 50 km north of [Mosul].",
    "[BEIRUT] — Rockets hit northern [Israel] from southern [Lebanon].",
    "Police in [Paris], [Texas], arrested a man from [Paris], [France].",
    # counties and offices
    "The [Anderson County] Sheriff's Office found the truck.",
    "Police in [Oakland] said the man was armed.",
]


def unmark(marked: str) -> tuple[str, list[tuple[int, int]]]:
    text, spans, start = "", [], 0
    for letter in marked:
        if letter == "[":
            start = len(text)
        elif letter == "]":
            spans.append((start, len(text)))
        else:
            text += letter
    return text, spans


@pytest.mark.parametrize("marked", PASSAGES)
def test_finds_exactly_the_places(marked: str, find: Find) -> None:
    text, expected = unmark(marked)
    found = find(text)
    assert [text[start:end] for start, end in expected] == [each.text for each in found]
    assert expected == [(each.span.start, each.span.end) for each in found]


# Brackets mark the stretch that the model gave and, inside, what is to come of it.
SETTLED = [
    ("shells hit <Ukraine’s Gorlovka>", ["Ukraine", "Gorlovka"]),
    ("shelling north of <Gorlovka - Basurin>", ["Gorlovka"]),
    ("a road between <Homs - Hama>", ["Homs", "Hama"]),
    ("clashes in <East Ukraine>", ["Ukraine"]),
    ("clashes in <E. Ukraine>", ["Ukraine"]),
    ("clashes in <E> Ukraine", []),
    ("soldiers in <East Timor>", ["East Timor"]),
    ("a vote in <West Virginia>", ["West Virginia"]),
    ("he lives in <King's Lynn>", ["King's Lynn"]),
    ("Ukraine in <UN> asks Russia", []),
    ("the <UK> and Russia met", ["UK"]),
    ("the wreck of <MH>17 lies there", []),
    ("<Iran-Iraq> border", ["Iran-Iraq"]),
    ("in <Cabo Delgado province>", ["Cabo Delgado"]),
    ("in <Borno State>", ["Borno State"]),
    ("the <Gaza talks> ended", ["Gaza"]),
    ("at <Isle of Man>", ["Isle of Man"]),
    ("a <US>-led coalition", []),
    ("<Kremlin>-backed fighters", []),
    ("a <Sydney>-based group", ["Sydney"]),
    ("<Russia> -led or not", ["Russia"]),
    ("in southern <Thai> town", []),
]


@pytest.mark.parametrize(("marked", "expected"), SETTLED)
def test_settles_where_names_begin_and_end(
    marked: str, expected: list[str], gazetteer: Gazetteer
) -> None:
    lead, words, rest = re.split("[<>]", marked)
    text = lead + words + rest
    tokens = tokenize(text)
    inside = [
        number
        for number, token in enumerate(tokens)
        if len(lead) <= token.start < len(lead) + len(words)
    ]
    whole = Stretch(inside[0], inside[-1], 0.9)
    found = settle(tokens, whole, text, make_lookup(gazetteer))
    names = [text[tokens[part.first].start : tokens[part.last].end] for part in found]
    assert names == expected


ACTING = [
    ("Russia has rejected the plan.", "Russia", True),
    ("Tehran denied the report on Sunday.", "Tehran", True),
    ("Officials accused Israel of the attack.", "Israel", True),
    ("Talks between Ankara and Athens failed.", "Athens", True),
    ("Fighting spread across Sudan this week.", "Sudan", False),
    ("A bomb exploded in Kabul, officials said.", "Kabul", False),
    ("The mayor of Paris said he would resign.", "Paris", False),
    ("The Kremlin was silent about the raid.", "Kremlin", True),
    ("Protesters gathered outside the White House.", "White House", False),
    ("Two killed as Kyiv troops shell town", "Kyiv", True),
    ("Damascus's air force bombed the market.", "Damascus", True),
    ("A blast hit the Kabul army base on Monday.", "Kabul", False),
    ("Five pro-Tehran fighters died in the raid.", "Tehran", True),
    ("Two soldiers killed in separatist east: Kyiv", "Kyiv", True),
    ("Two soldiers killed in the capital, Kyiv", "Kyiv", False),
]


@pytest.mark.parametrize(("text", "name", "expected"), ACTING)
def test_tells_governments_from_places(text: str, name: str, expected: bool, find: Find) -> None:
    acts = {each.text: each.acts for each in find(text)}
    assert acts[name] is expected


def test_spans_are_the_words_in_order_and_apart(find: Find) -> None:
    text = "ANKARA (AP) — Turkey's army left Afrin and the Syrian town of Jarablus.\n\nIn Iraq?"
    found = find(text)
    assert len(found) >= 4
    for toponym in found:
        assert toponym.span.of(text) == toponym.text
        assert 0.5 <= toponym.probability <= 1
    ends = [each.span.end for each in found]
    assert all(end <= each.span.start for end, each in zip(ends, found[1:], strict=False))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(st.sampled_from(list("ABcdé .,'’-—\n\"()“”U.S3ß中ا\u200d")), max_size=120))
def test_any_text_gives_valid_spans(text: str, find: Find) -> None:
    last = 0
    for toponym in find(text):
        assert toponym.span.start >= last
        assert text[toponym.span.start : toponym.span.end] == toponym.text
        assert toponym.text[0].isalnum()
        assert not toponym.text.endswith(("'s", "’s", ",", ":", ";", "-"))
        last = toponym.span.end


@given(st.text(max_size=200))
def test_tokens_cover_all_that_is_not_space(text: str) -> None:
    tokens = tokenize(text)
    covered = "".join(text[token.start : token.end] for token in tokens)
    assert covered == "".join(text.split())
    assert all(text[token.start : token.end].translate(QUOTES) == token.text for token in tokens)


TOKENS = [
    ("Iran's U.S.-led Ky. plan", ["Iran", "'s", "U.S.", "-", "led", "Ky.", "plan"]),
    ("O’Brien’s Xi'an", ["O'Brien", "'s", "Xi'an"]),
    ("St. Louis, Mo., won.", ["St.", "Louis", ",", "Mo.", ",", "won", "."]),
    ("He saw Pa. and his pa.", ["He", "saw", "Pa.", "and", "his", "pa", "."]),
    ("1,200 km", ["1,200", "km"]),
]


@pytest.mark.parametrize(("text", "expected"), TOKENS)
def test_tokenize(text: str, expected: list[str]) -> None:
    assert [token.text for token in tokenize(text)] == expected


@pytest.mark.parametrize(
    ("form", "expected"),
    [("Baku", "Xx"), ("BAKU", "XXX"), ("US", "XX"), ("U.S.", "X."), ("the", "x"), ("1992", "9999")],
)
def test_shape_of(form: str, expected: str) -> None:
    assert shape_of(form) == expected


def test_runs_join_capitals_and_hyphens() -> None:
    tokens = tokenize("In Cluj-Napoca the Black Sea Fleet left.")
    assert find_runs(tokens) == [(1, 3), (5, 7)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("leaders of Bosnia and Herzegovina (BiH) met", [("BiH", True)]),
        ("the Drug Enforcement Administration (DEA) said", [("DEA", False)]),
        ("the mayor (right) and Ann (left)", []),
    ],
)
def test_abbreviations_in_brackets(
    text: str, expected: list[tuple[str, bool]], gazetteer: Gazetteer
) -> None:
    tokens = tokenize(text)
    found = find_abbreviations(tokens, text, make_lookup(gazetteer))
    assert [(tokens[position].text, is_place) for position, is_place in found] == expected


def brute_force(model: SequenceModel, scores: np.ndarray) -> np.ndarray:
    """Sum over every sequence of labels, for three tokens."""
    width = len(model.labels)
    marginals = np.zeros_like(scores)
    for a in range(width):
        for b in range(width):
            for c in range(width):
                weight = np.exp(
                    scores[0, a] + scores[1, b] + scores[2, c]
                    + model.transitions[a, b] + model.transitions[b, c]
                )  # fmt: skip
                for position, label in enumerate((a, b, c)):
                    marginals[position, label] += weight
    return marginals / marginals.sum(axis=1, keepdims=True)


def test_marginals_equal_the_sum_over_all_sequences(tmp_path: Path) -> None:
    generator = np.random.default_rng(5)
    model = SequenceModel(
        ("O", "B", "I"),
        {"a": 0, "b": 1},
        generator.normal(size=(2, 3)).astype(np.float32),
        generator.normal(size=(3, 3)).astype(np.float32),
    )
    long, short = generator.normal(size=(3, 3)), generator.normal(size=(1, 3))
    first, second = model.find_marginals([long.astype(np.float32), short.astype(np.float32)])
    np.testing.assert_allclose(first, brute_force(model, long), rtol=1e-4)
    np.testing.assert_allclose(second[0], np.exp(short[0]) / np.exp(short[0]).sum(), rtol=1e-4)
    model.save(tmp_path / "model.npz")
    again = SequenceModel.load(tmp_path / "model.npz")
    assert again.labels == model.labels
    np.testing.assert_allclose(again.weigh(["a", "b", "c"]), model.weights.sum(axis=0), rtol=1e-2)


def test_a_file_that_is_no_model_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "broken.npz"
    path.write_bytes(b"not a model")
    with pytest.raises(ModelError, match=r"broken\.npz"):
        SequenceModel.load(path)


INITIALS = [
    ("One DPR militiaman killed in shelling by Ukrainian forces", ["DPR"]),
    ("Two hurt as mine explodes in the JFO area, Ukrainian police say", ["JFO area"]),
    ("The DPR passed the budget, and lawmakers cheered in the chamber.", []),
    ("UKRAINIAN ARMY SHELLS DPR POSITIONS AGAIN", []),
]


@pytest.mark.parametrize(("text", "expected"), INITIALS)
def test_initials_of_an_area_need_its_country(
    text: str, expected: list[str], gazetteer: Gazetteer
) -> None:
    sentence = Sentence(tokenize(text))
    doubtful = np.zeros((len(sentence.tokens), 5))
    doubtful[:, 0] = 1.0
    found = find_initials(sentence, doubtful, text, gazetteer, make_lookup(gazetteer))
    tokens = sentence.tokens
    assert [text[tokens[each.first].start : tokens[each.last].end] for each in found] == expected


def test_initials_that_the_model_takes_for_an_organisation_are_left(gazetteer: Gazetteer) -> None:
    text = "One DPR militiaman killed in shelling by Ukrainian forces"
    sentence = Sentence(tokenize(text))
    sure = np.zeros((len(sentence.tokens), 5))
    sure[:, -1] = 1.0
    assert not list(find_initials(sentence, sure, text, gazetteer, make_lookup(gazetteer)))
