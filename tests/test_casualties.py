"""Numbers of people harmed: how they are found and read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.mentions.triggers.casualties import find_casualties, read_number
from extract.records import Span


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Twelve people were killed in the market.", [("killed", 12, 12)]),
        (
            "The blast killed at least nine people and wounded 30.",
            [("killed", 9, None), ("wounded", 30, 30)],
        ),
        (
            "Gunmen attacked the camp, killing two soldiers and injuring five others.",
            [("killed", 2, 2), ("wounded", 5, 5)],
        ),
        ("At least 17 civilians, including three children, were killed.", [("killed", 17, None)]),
        ("Up to 40 fighters died in the raid.", [("killed", 0, 40)]),
        ("Between 20 and 30 people were injured.", [("wounded", 20, 30)]),
        ("Dozens of people were wounded.", [("wounded", 24, None)]),
        ("Police arrested more than 200 demonstrators in Minsk.", [("arrested", 200, None)]),
        ("Some 1,500 protesters were detained.", [("arrested", 1500, 1500)]),
        ("The fighting displaced 20,000 people.", [("displaced", 20000, 20000)]),
        ("More than a million people have fled.", [("displaced", 1000000, None)]),
        ("The attack left six dead and 14 wounded.", [("killed", 6, 6), ("wounded", 14, 14)]),
        ("Three fishermen are missing.", [("missing", 3, 3)]),
        ("Rebels kidnapped eleven engineers near Arauca.", [("abducted", 11, 11)]),
        ("A soldier was killed and two were wounded.", [("killed", 1, 1), ("wounded", 2, 2)]),
        ("Nobody was hurt in the blast.", [("wounded", 0, 0)]),
        ("There were no casualties.", [("killed", 0, 0)]),
        ("Ten dead in Kabul mosque blast", [("killed", 10, 10)]),
        ("Twenty-three people were shot dead.", [("killed", 23, 23)]),
        ("The death toll rose to 61.", [("killed", 61, 61)]),
        ("Half a dozen soldiers were injured.", [("wounded", 6, 6)]),
    ],
)
def test_casualties_are_read(text: str, expected: list[tuple[str, int, int | None]]) -> None:
    assert [(c.kind, c.low, c.high) for c in find_casualties(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "He was killed two days later.",
        "In 2014 the town was captured.",
        "The army arrested him on 12 May.",
        "They fired 12 missiles at the port.",
        "The loan of 30 million dollars was approved.",
        "Ten militants attacked the base.",
        "She was wounded 12 kilometres from the border.",
        "The 27-member bloc met on Monday.",
    ],
)
def test_other_numbers_are_no_casualties(text: str) -> None:
    assert find_casualties(text) == []


def test_subject_of_a_killing_is_not_its_victim() -> None:
    found = find_casualties("Ten gunmen killed two guards.")
    assert [(c.kind, c.low) for c in found] == [("killed", 2)]


def test_spans_cover_the_number_and_point_into_the_whole_text() -> None:
    text = "A calm day.\nThe strike killed at least nine people near Hama."
    (casualties,) = find_casualties(text, Span(12, len(text)))
    assert casualties.span.of(text) == "killed at least nine"


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("1,250", 1250),
        ("twenty-three", 23),
        ("two hundred", 200),
        ("three thousand", 3000),
        ("1.5 million", 1500000),
        ("a dozen", 12),
    ],
)
def test_numbers_are_read(words: str, value: int) -> None:
    assert read_number(words) == value


@given(st.text(max_size=200))
def test_any_text_is_read_without_error_and_spans_fit(text: str) -> None:
    for casualties in find_casualties(text):
        assert 0 <= casualties.span.start < casualties.span.end <= len(text)
        assert casualties.high is None or casualties.low <= casualties.high
