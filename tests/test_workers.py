"""Work shared among processes: in order, with what each stage took, and none lost in silence."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from threadpoolctl import threadpool_info

from extract import workers
from extract.__main__ import main
from extract.errors import ExtractError
from extract.pipeline import Extractor
from extract.stopwatch import Stopwatch
from extract.store import Store
from extract.workers import PART, prepare_process, work_through
from tests.made_news import write_news


def double(_extractor: Extractor, number: Any) -> Any:
    return 2 * number


def double_in(extractor: Extractor, number: int) -> int:
    extractor.stopwatch.start()
    extractor.stopwatch.lap("doubling")
    return 2 * number


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Deadly:
    """Kills the process that is handed it, before that has loaded a model."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (die, ())


def test_one_job_takes_an_item_when_the_last_is_done(
    monkeypatch: pytest.MonkeyPatch, extractor: Extractor
) -> None:
    monkeypatch.setattr(workers, "open_extractor", lambda model=None, online=None: extractor)
    taken: list[int] = []
    items = (taken.append(number) or number for number in range(5))
    found = work_through(items, double_in, stopwatch=(watch := Stopwatch()))
    assert next(found) == (0, 0)
    assert taken == [0]
    assert list(found) == [(number, 2 * number) for number in range(1, 5)]
    assert set(watch.seconds) == {"doubling"}


def test_no_model_is_loaded_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> Extractor:
        raise AssertionError("a model was loaded")

    monkeypatch.setattr(workers, "open_extractor", refuse)
    assert list(work_through([], double, stopwatch=Stopwatch())) == []
    assert list(work_through([], double, jobs=2, stopwatch=Stopwatch())) == []


def test_two_processes_find_what_one_does(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    extractor: Extractor,
) -> None:
    monkeypatch.setattr(workers, "open_extractor", lambda model=None, online=None: extractor)
    source, target = tmp_path / "news.jsonl", tmp_path / "out.jsonl"
    write_news(source, 3 * PART + 1, length=3)
    one, two = (f"{tmp_path}/{name}.sqlite" for name in ("one", "two"))
    assert main(["add", str(source), "--database", one]) == 0
    sentence = capsys.readouterr().out
    assert main(["add", str(source), "--database", two, "--jobs", "2"]) == 0
    assert capsys.readouterr().out == sentence
    with Store(one) as first, Store(two) as second:
        assert first.events_table().equals(second.events_table())
        assert list(first.articles()) == list(second.articles())
        (run,) = second.runs()
        assert run["settings"]["jobs"] == 2
        assert run["manifest"]["seconds"]["triggers"] > 0
    assert main(["annotate", str(source), "-o", str(target), "--jobs", "2"]) == 0
    articles = [json.loads(line) for line in source.read_text().splitlines()]
    annotated = [json.loads(line)["events"] for line in target.read_text().splitlines()]
    for article, events in zip(articles, annotated, strict=True):
        assert {event["url"] for event in events} <= {article["url"]}


def test_a_worker_computes_in_one_thread() -> None:
    with multiprocessing.get_context("spawn").Pool(1, prepare_process) as pool:
        pools = pool.apply(threadpool_info)
    assert pools
    assert {one["num_threads"] for one in pools} == {1}


def test_a_worker_that_dies_is_told() -> None:
    with pytest.raises(ExtractError, match="a worker process died"):
        list(work_through([Deadly()], double, jobs=2, stopwatch=Stopwatch()))
