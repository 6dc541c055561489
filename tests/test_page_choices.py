"""The widgets of the filters: what the browser tells, and what it is told."""

from __future__ import annotations

import pytest

from page.choices import MOST_OPTIONS, list_options, read_labels


@pytest.mark.parametrize(
    ("field", "told", "values", "read"),
    [
        ("types", ["ASSAULT"], ["ASSAULT", "AID"], ["ASSAULT"]),
        ("types", ["Assault  ·  1,204"], ["ASSAULT", "AID"], ["ASSAULT"]),
        ("countries", ["Iran  ·  3", "AZE"], ["IRN", "AZE"], ["IRN", "AZE"]),
        ("precisions", ["No place  ·  0"], ["none", "town"], ["none"]),
        ("actors", ["Iran  ·  74"], ["Iran"], ["Iran"]),
        ("actors", ["Somebody new"], ["Iran"], ["Somebody new"]),
        ("actors", ["Iran  ·  74", "Iran"], ["Iran"], ["Iran"]),
        ("sources", ["The  ·  Post"], ["AFP"], ["The  ·  Post"]),
        ("sources", [], ["AFP"], []),
    ],
)
def test_labels_of_an_earlier_count_are_their_values(
    field: str, told: list[str], values: list[str], read: list[str]
) -> None:
    assert read_labels(field, told, values) == read


def test_options_are_the_commonest_and_what_is_chosen() -> None:
    counts = {f"actor {number}": number for number in range(1000)}
    options = list_options("actors", counts, ["actor 3", "unheard of"])
    assert options[0] == "actor 999"
    assert options[-2:] == ["actor 3", "unheard of"]
    assert len(options) == MOST_OPTIONS + 2
    assert list_options("actors", {"b": 1, "a": 2}, []) == ["b", "a"]
    assert len(list_options("countries", counts, [])) == 1000
