"""The commands that look after a store: rerun, check, backup, load, runs; and how they speak."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from extract import workers
from extract.__main__ import main
from extract.pipeline import Extraction, Extractor
from extract.records import Article, Event
from extract.stopwatch import Stopwatch
from extract.store import Store
from tests.made_news import write_news

STRIKE = "Ukrainian drones struck an oil depot in Feodosia on Monday, officials said."
LATER = "Breaking. " + STRIKE


@pytest.fixture(autouse=True)
def _loaded_once(monkeypatch: pytest.MonkeyPatch, extractor: Extractor) -> None:
    monkeypatch.setattr(workers, "open_extractor", lambda model=None, online=None: extractor)


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store with one article that the command line added."""
    monkeypatch.setenv("DATELINE_DB", str(tmp_path / "store.sqlite"))
    add(tmp_path, STRIKE)
    return Store()


def add(folder: Path, text: str, *options: str) -> None:
    line = {"text": text, "published": "2024-06-12", "url": "https://news.example/1"}
    (folder / "news.jsonl").write_text(json.dumps(line) + "\n")
    assert main(["add", str(folder / "news.jsonl"), *options]) == 0


class Changed:
    """An extractor that reads otherwise than the one that filled the store."""

    def __init__(self, extractor: Extractor, **changes: Any) -> None:
        self.stopwatch = Stopwatch()
        self._extractor, self._changes = extractor, changes

    def extract(self, article: Article) -> Extraction:
        found = self._extractor.extract(article)
        events: tuple[Event, ...] = tuple(
            dataclasses.replace(event, **self._changes) for event in found.events
        )
        return dataclasses.replace(found, events=events)


# rerun


def test_reading_again_changes_nothing(kept: Store, capsys: pytest.CaptureFixture[str]) -> None:
    before, version = kept.events_table(), kept.version()
    capsys.readouterr()
    assert main(["rerun"]) == 0
    assert "1 article read again, 0 changed: events 0 added, 0 gone" in capsys.readouterr().out
    assert kept.events_table().equals(before)
    assert kept.version() == version


def test_what_a_rerun_changes_is_told_and_corrections_stay(
    kept: Store, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    extractor: Extractor,
) -> None:  # fmt: skip
    event_id = kept.events_table()["event_id"][0]
    kept.correct(event_id, {"status": "denied"})
    other = Changed(extractor, event_type="PROTEST", mode=None, place=None, place_basis=None)
    monkeypatch.setattr(workers, "open_extractor", lambda model=None, online=None: other)
    version = kept.version()
    capsys.readouterr()
    assert main(["rerun", "--dry-run"]) == 0
    assert "1 would change" in capsys.readouterr().out
    assert kept.version() == version
    assert main(["rerun", "--json"]) == 0
    *differences, counts = map(json.loads, capsys.readouterr().out.splitlines())
    assert [found["kind"] for found in differences] == ["unplaced", "re-typed"]
    assert differences[1]["before"]["event_type"] == "ASSAULT"
    assert differences[1]["after"]["event_type"] == "PROTEST"
    assert (counts["changed"], counts["unplaced"], counts["re-typed"]) == (1, 1, 1)
    assert counts["stray_corrections"] == 0
    (row,) = kept.events_table().to_dict("records")
    assert (row["event_id"], row["event_type"], row["status"]) == (event_id, "PROTEST", "denied")
    assert main(["rerun", "--verbose"]) == 0
    run = kept.runs()[-1]
    assert run["command"] == "rerun"
    assert run["manifest"]["inputs"][0]["input"].startswith("store ")


def test_a_rerun_tells_how_far_and_in_what(kept: Store, capsys: pytest.CaptureFixture[str]) -> None:
    with kept._write() as connection:
        connection.exec_driver_sql("UPDATE events SET latitude = latitude + 1")
    capsys.readouterr()
    assert main(["rerun", "--verbose", "--dry-run"]) == 0
    assert "moved by 111 km: event " in capsys.readouterr().out
    assert main(["rerun", "--json"]) == 0
    moved = json.loads(capsys.readouterr().out.splitlines()[0])
    assert (moved["distance_km"], moved["columns"]) == (pytest.approx(111.1, abs=0.3), ["latitude"])
    with kept._write() as connection:
        connection.exec_driver_sql("UPDATE events SET confidence = 0.5, radius_km = 1")
    assert main(["rerun", "--verbose"]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "event " in line][:1]
    assert line.startswith("otherwise (radius_km, confidence): event ")


def test_an_article_on_which_the_program_fails_keeps_its_events(
    kept: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Faulty:
        stopwatch = Stopwatch()

        def extract(self, article: Article) -> Extraction:
            raise ZeroDivisionError("the stars")

    before = kept.events_table()
    monkeypatch.setattr(workers, "open_extractor", lambda model=None, online=None: Faulty())
    assert main(["rerun"]) == 1
    assert "its events stay as they were" in caplog.text
    assert kept.events_table().equals(before)


def test_an_old_revision_is_not_read_again(
    kept: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    add(tmp_path, LATER)
    assert "0 articles added with 1 event (0 articles without any), 1 revised" in (
        capsys.readouterr().out
    )
    assert main(["rerun"]) == 0
    assert "1 article read again, 0 changed" in capsys.readouterr().out
    add(tmp_path, STRIKE)
    assert "0 articles added with 0 events (0 articles without any), 1 known" in (
        capsys.readouterr().out
    )


# check and backup


def test_a_sound_store_passes_and_a_damaged_one_does_not(
    kept: Store, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    capsys.readouterr()
    assert main(["check"]) == 0
    assert capsys.readouterr().out == "1 article and 1 event checked: no fault\n"
    with kept._write() as connection:
        connection.exec_driver_sql("UPDATE events SET trigger = 'stroke'")
    assert main(["check"]) == 1
    event_id = kept.events_table()["event_id"][0]
    assert f"{event_id}: its trigger does not stand where it should" in caplog.text
    assert "1 fault" in capsys.readouterr().out


def test_a_backup_is_never_written_over_unasked(
    kept: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    target = tmp_path / "copy.sqlite"
    assert main(["backup", str(target)]) == 0
    with Store(str(target)) as copy:
        assert copy.events_table().equals(kept.events_table())
    assert main(["backup", str(target)]) == 2
    assert main(["backup", str(tmp_path / "nowhere" / "copy.sqlite")]) == 2
    assert "name another file" in caplog.text
    assert main(["backup", str(target), "--force"]) == 0
    assert main(["backup", str(tmp_path / "store.sqlite"), "--force"]) == 1
    assert "is the store itself" in caplog.text
    assert main(["check"]) == 0


@pytest.mark.parametrize(
    "command", [["check"], ["runs"], ["rerun"], ["export", "x.csv"], ["backup", "x.sqlite"]]
)
def test_a_store_that_was_not_there_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATELINE_DB", str(tmp_path / "mistyped.sqlite"))
    assert main(command) == 0
    assert "there was no store at" in caplog.text
    assert "mistyped.sqlite" in caplog.text
    caplog.clear()
    assert main([*command, *(["--force"] if command[0] == "backup" else [])]) == 0
    assert caplog.text == ""


# what stands in the way


def test_a_file_that_cannot_be_read_costs_only_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("DATELINE_DB", str(tmp_path / "store.sqlite"))
    locked, good = tmp_path / "locked.txt", tmp_path / "good.txt"
    for path in (locked, good):
        path.write_text(f"Kyiv, June 12, 2024 - {STRIKE}")
    opened = Path.open

    def refuse(path: Path, *arguments: Any, **options: Any) -> Any:
        if path == locked:
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", refuse)
    assert main(["add", str(locked), str(good)]) == 1
    assert f"{locked}: it cannot be opened (Permission denied)" in caplog.text
    with Store() as store:
        assert store.counts().articles == 1
        first, second = store.runs()[0]["manifest"]["inputs"]
    assert "Permission denied" in first["unreadable"]
    assert second["files"] == 1
    for command in (
        ["annotate", str(locked), "-o", str(tmp_path / "out.jsonl")],
        ["annotate", str(locked), "-o", str(tmp_path / "out.jsonl"), "--manifest",
         str(tmp_path / "manifest.json")],
    ):  # fmt: skip
        assert main(command) == 1
        assert f"{locked} cannot be opened" in caplog.text
    assert not list(tmp_path.glob(".*"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    source = tmp_path / "in.jsonl"
    write_news(source, 2)
    assert main(["annotate", str(source), "-o", "/dev/full"]) == 1
    assert "/dev/full cannot be written (No space left on device)" in caplog.text


def test_a_manifest_that_cannot_be_written_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    source, folder = tmp_path / "in.jsonl", tmp_path / "folder"
    write_news(source, 2)
    folder.mkdir()
    command = ["annotate", str(source), "-o", str(tmp_path / "out.jsonl")]
    assert main([*command, "--manifest", str(folder)]) == 1
    assert f"{folder} cannot be written" in caplog.text
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "in.jsonl", "out.jsonl"]


def test_what_was_kept_is_told_when_it_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("DATELINE_DB", str(tmp_path / "store.sqlite"))
    source = tmp_path / "news.jsonl"
    write_news(source, 5)
    kept: list[str] = []
    add_one = Store.add

    def stop_at_the_third(store: Store, found: Any, **options: Any) -> bool:
        if len(kept) == 2:
            raise KeyboardInterrupt
        kept.append(found.article.id)
        return add_one(store, found, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Store, "add", stop_at_the_third)
        assert main(["add", str(source)]) == 130
    assert "stopped before the end: 2 articles added with" in caplog.text
    with Store() as store:
        assert store.runs()[0]["counts"]["added"] == 2
    assert main(["add", str(source)]) == 0
    with Store() as store:
        assert store.counts().articles == 5


# load


def test_events_that_were_exported_can_be_loaded(
    kept: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exported, other = tmp_path / "events.parquet", str(tmp_path / "other.sqlite")
    pq.write_table(pa.Table.from_batches(kept.event_batches()), exported)
    capsys.readouterr()
    assert main(["load", str(exported), "--database", other, "--json"]) == 0
    counts = json.loads(capsys.readouterr().out)
    assert (counts["articles"], counts["events"], counts["known"]) == (1, 1, 0)
    with Store(other) as store:
        assert store.events_table().equals(kept.events_table())
        assert main(["rerun", "--database", other]) == 0
        assert "1 kept without their text were passed over" in capsys.readouterr().out
        assert len(store.events_table()) == 1
    assert main(["load", str(exported), "--database", other]) == 0
    assert "1 known already" in capsys.readouterr().out
    assert main(["load", str(tmp_path / "nothing.parquet"), "--database", other]) == 1


def test_a_folder_without_events_is_refused(
    kept: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    assert main(["load", str(folder)]) == 1
    assert f"{folder}: there is no Parquet file in it" in caplog.text
    assert main(["load", "strange://folder"]) == 1
    assert "Protocol not known: strange" in caplog.text
    assert kept.counts().articles == 1


# runs and how they speak


def test_a_run_leaves_a_manifest(kept: Store, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["runs", "--json"]) == 0
    (run,) = map(json.loads, capsys.readouterr().out.splitlines())
    manifest = run["manifest"]
    (given,) = manifest["inputs"]
    assert given["input"].endswith("news.jsonl")
    assert (given["files"], len(given["sha256"])) == (1, 16)
    program = manifest["program"]
    assert program["dateline"]
    assert program["gazetteer"]
    assert {"triggers.npz", "toponyms.npz", "syntax"} <= set(program["models"])
    assert {"reading", "toponyms", "places", "triggers", "linking", "keeping"} <= set(
        manifest["seconds"]
    )
    assert run["counts"]["added"] == 1
    assert main(["runs", "1"]) == 0
    assert "add  " in capsys.readouterr().out
    assert main(["runs", "2"]) == 1


def test_machines_get_an_object_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATELINE_DB", str(tmp_path / "store.sqlite"))
    write_news(tmp_path / "news.jsonl", 2)
    with (tmp_path / "news.jsonl").open("a") as file:
        file.write("{broken\n")
    assert main(["add", str(tmp_path / "news.jsonl"), "--json"]) == 1
    said = capsys.readouterr()
    assert json.loads(said.out)["added"] == 2
    lines = [json.loads(line) for line in said.err.splitlines()]
    assert [line["level"] for line in lines] == ["info", "info", "info", "warning", "info"]
    assert all(set(line) >= {"time", "level", "message"} for line in lines)
    refused = lines[3]
    assert refused["origin"].endswith("news.jsonl, line 3")
    assert "no JSON" in refused["reason"]
    assert lines[-1]["counts"]["refused"] == 1


def test_people_get_only_what_needs_them(
    kept: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    add(tmp_path, STRIKE)
    assert capsys.readouterr().err == ""
    add(tmp_path, LATER, "--verbose")
    assert "kept as a new revision" in capsys.readouterr().err


def test_annotating_leaves_a_manifest_where_one_is_asked_for(tmp_path: Path) -> None:
    source, manifest = tmp_path / "in.jsonl", tmp_path / "manifest.json"
    write_news(source, 2)
    command = ["annotate", str(source), "-o", str(tmp_path / "out.jsonl")]
    assert main([*command, "--manifest", str(manifest)]) == 0
    told = json.loads(manifest.read_text())
    assert told["counts"]["articles"] == 2
    assert told["seconds"]["triggers"] > 0
    assert told["inputs"][0]["bytes"] == source.stat().st_size
