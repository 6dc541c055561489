"""The command line as other programs use it: its lines, its complaints, its exit status."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from extract import workers
from extract.__main__ import main
from extract.pipeline import Extractor
from extract.stopwatch import Stopwatch
from extract.store import Store
from extract.table import COLUMNS
from view.filters import QUERY_NAMES

ROOT = Path(__file__).resolve().parent.parent
STRIKE = (
    "Ukrainian drones struck an oil depot in Feodosia on Monday, officials said. "
    "The Russian foreign ministry condemned the attack on Tuesday."
)
HOSTILE = '<script>alert(1)</script> "=1+1" \'; DROP TABLE events; --'


@pytest.fixture(autouse=True)
def _loaded_once(monkeypatch: pytest.MonkeyPatch, extractor: Extractor) -> None:
    """Give every command the real extractor, loaded once for the whole run."""
    monkeypatch.setattr(workers, "open_extractor", lambda model=None, online=None: extractor)


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "store.sqlite"
    monkeypatch.setenv("DATELINE_DB", f"sqlite:///{path}")
    return path


def write_lines(path: Path, *lines: dict[str, Any] | str) -> Path:
    written = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(written) + "\n", encoding="utf-8")
    return path


def annotate_lines(
    tmp_path: Path, *lines: dict[str, Any] | str
) -> tuple[int, list[dict[str, Any]]]:
    source = write_lines(tmp_path / "in.jsonl", *lines)
    target = tmp_path / "out.jsonl"
    status = main(["annotate", str(source), "-o", str(target)])
    return status, [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "extract", *arguments],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


# annotate


def test_a_line_out_has_exactly_the_promised_keys(tmp_path: Path) -> None:
    status, (line,) = annotate_lines(
        tmp_path, {"id": 7, "text": STRIKE, "published": "2024-06-12", "title": "Depot hit"}
    )
    assert status == 0
    assert list(line) == ["id", "published", "toponyms", "timexes", "events", "skipped"]
    assert line["id"] == 7
    assert line["published"] == "2024-06-12"
    assert line["skipped"] is None
    assert {"Feodosia"} <= {toponym["text"] for toponym in line["toponyms"]}
    for toponym in line["toponyms"]:
        assert {
            "start", "end", "text", "name", "latitude", "longitude", "country", "admin1",
            "geoname_id", "feature_code", "precision", "radius_km", "confidence",
        } <= set(toponym)  # fmt: skip
    for timex in line["timexes"]:
        assert set(timex) == {
            "start", "end", "text", "type", "value", "date_start", "date_end", "granularity",
        }  # fmt: skip
    assert line["events"]
    for event in line["events"]:
        assert list(event) == list(COLUMNS)


def test_every_offset_gives_its_words(tmp_path: Path) -> None:
    texts = [STRIKE, f"  \n{STRIKE}\r\n\tЁ 😀 {STRIKE}", f"Title\n\n{STRIKE}\n\nREAD: {STRIKE}"]
    _, lines = annotate_lines(
        tmp_path, *({"id": str(n), "text": text, "published": "2024-06-12"} for n, text in
                    enumerate(texts))
    )  # fmt: skip
    for text, line in zip(texts, lines, strict=True):
        assert line["toponyms"]
        assert line["timexes"]
        for mention in (*line["toponyms"], *line["timexes"]):
            assert text[mention["start"] : mention["end"]] == mention["text"]
        for event in line["events"]:
            assert text[event["sentence_start"] : event["sentence_end"]] == event["sentence"]
            start, end = event["spans"]["what"]
            assert text[start:end] == event["trigger"]
            assert all(0 <= a < b <= len(text) for a, b in event["spans"].values())


def test_one_bad_line_is_named_and_the_rest_is_done_in_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = [{"id": f"a{number}", "text": f"{STRIKE} {number}"} for number in range(6)]
    status, lines = annotate_lines(tmp_path, *good[:3], "{broken", *good[3:])
    assert status == 1
    assert [line["id"] for line in lines] == [article["id"] for article in good]
    complaints = capsys.readouterr().err
    assert "line 4: the line is no JSON" in complaints
    assert "1 line refused, the rest is done" in complaints


def test_a_fault_of_the_program_costs_one_article(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    extractor: Extractor,
) -> None:  # fmt: skip
    class Faulty:
        stopwatch = Stopwatch()

        def extract(self, article: Any) -> Any:
            if article.id == "b":
                raise ZeroDivisionError("the stars")
            return extractor.extract(article)

    monkeypatch.setattr(workers, "open_extractor", lambda model=None, online=None: Faulty())
    status, lines = annotate_lines(tmp_path, *({"id": name, "text": STRIKE} for name in "abc"))
    assert status == 1
    assert [line["id"] for line in lines] == ["a", "c"]
    assert "line 2: the program failed on it (ZeroDivisionError('the stars'))" in (
        capsys.readouterr().err
    )


def test_without_a_day_relative_dates_have_no_interval(tmp_path: Path) -> None:
    status, (line,) = annotate_lines(tmp_path, {"id": "a", "text": STRIKE})
    assert status == 0
    assert line["published"] is None
    monday = next(timex for timex in line["timexes"] if timex["text"] == "Monday")
    assert (monday["date_start"], monday["date_end"]) == (None, None)
    _, (dated,) = annotate_lines(tmp_path, {"id": "a", "text": STRIKE, "published": "2024-06-12"})
    monday = next(timex for timex in dated["timexes"] if timex["text"] == "Monday")
    assert monday["date_start"] == monday["date_end"] == "2024-06-10"


def test_a_day_above_the_text_is_used_when_none_is_given(tmp_path: Path) -> None:
    text = f"Depot hit\n\nJune 12, 2024 at 3:46 pm\n\n{STRIKE}"
    _, (line,) = annotate_lines(tmp_path, {"id": "a", "text": text})
    assert line["published"] == "2024-06-12"


def test_an_article_without_events_says_why(tmp_path: Path) -> None:
    _, (quiet, empty) = annotate_lines(
        tmp_path,
        {"id": "a", "text": "The museum is blue and has a roof."},
        {"id": "b", "text": ""},
    )
    assert quiet["events"] == []
    assert quiet["skipped"]
    assert empty["skipped"] == "the text is empty"


def test_a_file_may_be_annotated_into_itself(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", {"id": "a", "text": STRIKE})
    assert main(["annotate", str(path), "-o", str(path)]) == 0
    assert json.loads(path.read_text())["events"]
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("source", "target"), [("none.jsonl", "out.jsonl"), ("in.jsonl", "none/out.jsonl")]
)
def test_a_path_that_is_not_there_is_wrong_usage(
    tmp_path: Path, source: str, target: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write_lines(tmp_path / "in.jsonl", {"id": "a", "text": STRIKE})
    assert main(["annotate", str(tmp_path / source), "-o", str(tmp_path / target)]) == 2
    assert "none" in capsys.readouterr().err


# add


def test_adding_twice_changes_nothing(
    tmp_path: Path, database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = write_lines(
        tmp_path / "a.jsonl",
        {"text": STRIKE, "published": "2024-06-12", "url": "https://news.example/1"},
        {"text": "The museum is blue.", "published": "2024-06-12"},
    )
    assert main(["add", str(source)]) == 0
    with Store() as store:
        before, table = store.counts(), store.events_table()
    assert (before.articles, before.silent) == (2, 1)
    assert "2 articles added" in capsys.readouterr().out
    assert main(["add", str(source), str(source)]) == 0
    assert "0 articles added with 0 events (0 articles without any), 4 known already" in (
        capsys.readouterr().out
    )
    with Store() as store:
        assert store.counts() == before
        assert store.events_table().equals(table)


def test_what_is_refused_is_named_kept_and_the_rest_goes_on(
    tmp_path: Path, database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.txt").write_text(STRIKE)
    (tmp_path / "news" / "b.txt").write_text(f"June 12, 2024\n\n{STRIKE}")
    (tmp_path / "news" / "c.bin").write_bytes(bytes(99))
    missing = str(tmp_path / "missing.txt")
    assert main(["add", str(tmp_path / "news"), missing, "http://127.0.0.1/"]) == 1
    said = capsys.readouterr()
    for words in ("a.txt: it gives no day", "c.bin: files ending in .bin", "missing.txt: there is",
                  "http://127.0.0.1/: 127.0.0.1 is at 127.0.0.1, which is not on"):  # fmt: skip
        assert words in said.err
    assert "1 article added" in said.out
    assert "4 refused" in said.out
    with Store() as store:
        assert len(store.refusals()) == 4
    given = ["add", str(tmp_path / "news" / "a.txt"), "--published", "2024-06-12"]
    assert main(given) == 0
    with Store() as store:
        assert len(store.refusals()) == 3


# export


def test_hostile_text_is_inert_in_every_export(tmp_path: Path, database: Path) -> None:
    text = f"=HYPERLINK {HOSTILE}. {STRIKE}"
    source = write_lines(
        tmp_path / "a.jsonl",
        {"text": text, "published": "2024-06-12", "title": f"={HOSTILE}", "source": f"@{HOSTILE}"},
    )
    assert main(["add", str(source)]) == 0
    table, collection = tmp_path / "events.csv", tmp_path / "events.geojson"
    assert main(["export", str(table)]) == 0
    assert main(["export", str(collection)]) == 0
    rows = list(csv.DictReader(io.StringIO(table.read_bytes().decode(), newline="")))
    assert rows
    for row in rows:
        assert row["title"] == f"'={HOSTILE}"
        assert row["source"] == f"'@{HOSTILE}"
        assert not [cell for cell in row.values() if cell.startswith(("=", "@", "\t", "\r"))]
    features = json.loads(collection.read_text())["features"]
    assert [feature["properties"]["title"] for feature in features] == [f"={HOSTILE}"] * len(rows)


@pytest.mark.parametrize(
    ("filters", "share"),
    [
        ([], "all"),
        (["--country", "ukr", "--country", "RUS"], "some"),
        (["--country", "BRA"], "none"),
        (["--from", "2024-06-11"], "some"),
        (["--from", "2024-06-01", "--to", "2024-06-30"], "all"),
        (["--to", "2020-01-01"], "none"),
        (["--type", "assault"], "some"),
        (["--status", "denied"], "none"),
        (["--source", "Example"], "all"),
        (["--text", "FEODOSIA"], "some"),
        (["--text", "no such words"], "none"),
        (["--precision", "none", "--precision", "town"], "some"),
        (["--actor", "RUS"], "some"),
        (["--area", "44,33 44,37 46,37 46,33"], "some"),
        (["--area", "-44,33 -44,37 -46,37"], "none"),
        (["--who", "nobody"], "none"),
        (["--whom", "nobody"], "none"),
    ],
)
def test_the_filters_are_those_of_the_page(
    tmp_path: Path, database: Path, filters: list[str], share: str
) -> None:
    source = write_lines(
        tmp_path / "a.jsonl", {"text": STRIKE, "published": "2024-06-12", "source": "Example"}
    )
    main(["add", str(source)])
    with Store() as store:
        total = store.counts().events
    target = tmp_path / "events.csv"
    assert main(["export", str(target), *filters]) == 0
    count = len(list(csv.DictReader(io.StringIO(target.read_bytes().decode(), newline=""))))
    assert {"all": count == total, "none": count == 0, "some": 0 < count <= total}[share]


def test_every_filter_of_the_page_has_its_option(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["export", "--help"])
    told = capsys.readouterr().out
    for name in QUERY_NAMES.values():
        assert f"--{'text' if name == 'q' else name} " in told


def test_an_unknown_ending_is_wrong_usage(
    tmp_path: Path, database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", str(tmp_path / "events.xlsx")]) == 2
    assert "does not end in .csv or .geojson" in capsys.readouterr().err


# The program as a whole


@pytest.mark.parametrize(
    "command",
    [[], ["annotate"], ["add"], ["export"], ["runs"], ["gazetteer"], ["gazetteer", "build"]],
)
def test_every_command_explains_itself(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([*command, "--help"])
    assert stopped.value.code == 0
    assert "usage: python -m extract" in capsys.readouterr().out


@pytest.mark.parametrize(
    "command",
    [[], ["nonsense"], ["annotate"], ["annotate", "x"], ["add"], ["gazetteer"],
     ["add", "x", "--published", "yesterday"], ["add", "x", "--size-limit", "-1"],
     ["export", "x.csv", "--from", "2024-02-30"], ["export", "x.csv", "--type", "ATTACK"],
     ["export", "x.csv", "--status", "perhaps"], ["export", "x.csv", "--country", "Iran"],
     ["export", "x.csv", "--precision", "house"], ["export", "x.csv", "--area", "1,2 3,4"],
     ["export", "x.csv", "--area", "1,2 3,4 91,5"], ["export", "x.csv", "--area", "1 2 3"],
     ["export", "x.csv", "--area", "nan,1 1,2 3,4"]],
)  # fmt: skip
def test_wrong_usage_ends_with_two(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(command)
    assert stopped.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_a_newer_store_is_told_and_not_touched(tmp_path: Path, database: Path) -> None:
    Store().close()
    with Store() as store, store._write() as connection:
        connection.exec_driver_sql("UPDATE meta SET value = '99'")
    done = run("export", str(tmp_path / "x.csv"))
    assert done.returncode == 1
    assert "version 99, newer than this program's" in done.stderr
    assert "Traceback" not in done.stderr


def test_help_is_quick_to_load() -> None:
    done = run("--help")
    assert done.returncode == 0
    loaded = subprocess.run(
        [sys.executable, "-c", "import extract.__main__, sys; print(*sys.modules)"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    assert not {"spacy", "pandas", "sqlalchemy"} & set(loaded)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork to kill a loaded process")
def test_a_killed_add_leaves_each_article_whole_or_out() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.bench_store", "kill", "--times", "5",
         "--articles", "10"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures["killed_while_adding"] >= 1
