"""No input, however wild, makes a reader fail with anything but an ExtractError.

The long run: python -m tests.benchmarks.bench_fuzz
"""

from __future__ import annotations

import contextlib
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extract.errors import ExtractError
from tests.fuzzing import TOKENS, find_seeds, mutate, read_one

KINDS = sorted(find_seeds())
ROUNDS = 60


@pytest.mark.parametrize("kind", KINDS)
def test_the_seeds_are_read(kind: str, tmp_path: Path) -> None:
    for seed in find_seeds()[kind]:
        assert read_one(kind, seed, tmp_path) >= 1


@pytest.mark.parametrize("kind", KINDS)
def test_mutated_inputs_are_read_or_refused(kind: str, tmp_path: Path) -> None:
    chance = random.Random(f"mutations of {kind}")
    seeds = find_seeds()
    others = [seed for group in seeds.values() for seed in group]
    for _ in range(ROUNDS):
        raw = mutate(chance.choice(seeds[kind]), chance, others=others)
        with contextlib.suppress(ExtractError):
            read_one(kind, raw, tmp_path)


@settings(
    deadline=None,
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    pieces=st.lists(
        st.one_of(st.binary(max_size=20), st.sampled_from(TOKENS), st.text(max_size=9)), max_size=9
    )
)
@pytest.mark.parametrize("kind", KINDS)
def test_any_bytes_are_read_or_refused(
    kind: str, tmp_path: Path, pieces: list[bytes | str]
) -> None:
    raw = b"".join(
        piece.encode(errors="surrogatepass") if isinstance(piece, str) else piece
        for piece in pieces
    )
    with contextlib.suppress(ExtractError):
        read_one(kind, raw, tmp_path)
