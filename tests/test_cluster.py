"""The pipeline over files in partitions: cut anywhere, stopped anywhere, the same table."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from extract import cluster, workers
from extract.__main__ import main
from extract.cluster import Settings, extract_partition, find_finished, plan_partitions
from extract.errors import ExtractError
from extract.pipeline import Extractor
from extract.store import Store
from tests.made_news import write_news

ROOT = Path(__file__).resolve().parent.parent
COUNT = 12


@pytest.fixture(autouse=True)
def _loaded_once(monkeypatch: pytest.MonkeyPatch, extractor: Extractor) -> None:
    monkeypatch.setattr(cluster, "_open_extractor", lambda thread, model: extractor)
    monkeypatch.setattr(workers, "open_extractor", lambda model=None, online=None: extractor)
    # So that a file saved while the tests run does not look like another program.
    monkeypatch.setattr(cluster, "hash_program", lambda: "program")
    cluster._own_program.cache_clear()


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("news") / "news.jsonl"
    write_news(path, COUNT)
    return path


@pytest.fixture(scope="module")
def lines(news: Path) -> list[bytes]:
    return news.read_bytes().splitlines()


@pytest.fixture(scope="module")
def whole(news: Path, extractor: Extractor) -> pd.DataFrame:
    """The table of a single process without partitions."""
    from extract import extract_events, read_articles
    from extract.records import Article

    found = (item for item in read_articles([news]) if isinstance(item, Article))
    table = extract_events(found, extractor=extractor)
    assert len(table) > COUNT
    return table


def read_output(folder: Path) -> pd.DataFrame:
    """Load a folder into a store, and return the store's table."""
    with Store(str(folder / "store.sqlite")) as store:
        assert main(["load", str(folder), "--database", store.url]) == 0
        assert list(store.faults()) == []
        return store.events_table()


def read_all(partitions: list[cluster.Partition], limit: int = 10_000) -> list[bytes]:
    return [
        line.rstrip(b"\r\n")
        for partition in partitions
        for _, line in cluster._read_partition(partition, limit)
    ]


# Partitions


@pytest.mark.parametrize("size", [1, 37, 500, 501, 10**9])
def test_every_line_is_in_one_partition_wherever_it_is_cut(
    news: Path, lines: list[bytes], size: int
) -> None:
    partitions = plan_partitions([str(news)], program="p", size=size)
    assert read_all(partitions) == lines
    assert len({partition.name for partition in partitions}) == len(partitions)


def test_the_last_line_need_not_end_and_one_too_long_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"a": 1}\n' + b"x" * 5_000 + b'\n\n{"b": 2}')
    for size in (7, 100, 4_000):
        found = read_all(plan_partitions([str(path)], program="p", size=size), limit=100)
        assert found[0] == b'{"a": 1}'
        assert found[-1] == b'{"b": 2}'
        assert [len(line) for line in found[1:-1]] == [101]


def test_a_packed_file_is_one_partition(tmp_path: Path, news: Path, lines: list[bytes]) -> None:
    path = tmp_path / "news.jsonl.gz"
    path.write_bytes(gzip.compress(news.read_bytes()))
    partitions = plan_partitions([str(path)], program="p", size=100)
    assert len(partitions) == 1
    assert read_all(partitions) == lines


def test_the_name_of_a_partition_tells_what_was_read_and_by_what(news: Path) -> None:
    first = plan_partitions([str(news)], program="p", size=500)
    assert first == plan_partitions([str(news)], program="p", size=500)
    assert first[0].name != plan_partitions([str(news)], program="q", size=500)[0].name
    assert first[0].name != plan_partitions([str(news)], program="p", size=501)[0].name


@pytest.mark.parametrize("given", ["missing.jsonl", "*.jsonl", "notes.txt", "."])
def test_an_input_that_cannot_be_had_is_named(tmp_path: Path, given: str) -> None:
    (tmp_path / "notes.txt").write_text("no article")
    with pytest.raises(ExtractError, match=r"check the path|convert it"):
        plan_partitions([str(tmp_path / given)], program="p")


# The whole


def test_partitions_give_the_table_of_a_single_process(
    tmp_path: Path, news: Path, whole: pd.DataFrame, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "out"
    command = ["batch", str(news), "-o", str(output), "--partition-bytes", "1500", "--json"]
    assert main(command) == 0
    counts = json.loads(capsys.readouterr().out)
    assert counts["partitions"] > 2
    assert (counts["articles"], counts["events"]) == (COUNT, len(whole))
    pd.testing.assert_frame_equal(read_output(output), whole)
    manifest = json.loads((output / "manifest.json").read_text())
    assert manifest["counts"] == counts
    assert manifest["seconds"]["triggers"] > 0
    assert set(manifest["program"]["models"]) >= {"triggers.npz", "toponyms.npz"}


def test_a_stopped_batch_goes_on_where_it_stopped(
    tmp_path: Path, news: Path, whole: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "out"
    command = ["batch", str(news), "-o", str(output), "--partition-bytes", "1500"]
    done: list[str] = []

    def stop_after_two(partition: cluster.Partition, settings: Settings) -> Any:
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(partition.name)
        return extract_partition(partition, settings)

    with monkeypatch.context() as patch:
        patch.setattr(cluster, "extract_partition", stop_after_two)
        assert main(command) == 130
    # What a killed writer leaves behind is no partition.
    (output / "events" / "000009-x.parquet.1.part").write_bytes(b"half")
    with monkeypatch.context() as patch:
        patch.setattr(
            cluster,
            "extract_partition",
            lambda partition, settings: (
                done.append(partition.name) or extract_partition(partition, settings)
            ),
        )
        assert main(command) == 0
    assert len(done) == len(set(done)) > 3
    pd.testing.assert_frame_equal(read_output(output), whole)


def test_a_folder_with_events_of_other_inputs_is_refused(
    tmp_path: Path, news: Path, caplog: pytest.LogCaptureFixture
) -> None:
    output = tmp_path / "out"
    (output / "events").mkdir(parents=True)
    pq.write_table(pa.table({"a": [1]}), output / "events" / "000000-0123456789abcdef.parquet")
    assert main(["batch", str(news), "-o", str(output)]) == 1
    assert "has events of other inputs" in caplog.text


def test_what_is_refused_is_written_down(tmp_path: Path, news: Path, lines: list[bytes]) -> None:
    source, output = tmp_path / "in.jsonl", tmp_path / "out"
    undated = b'{"text": "Troops shelled a village near Goris."}'
    source.write_bytes(b"\n".join([lines[0], b"{broken", lines[0], undated]) + b"\n")
    assert main(["batch", str(source), "-o", str(output)]) == 1
    (path,) = (output / "refused").iterdir()
    refused = [json.loads(line) for line in path.read_text().splitlines()]
    assert [entry["origin"].rsplit("/", 1)[1].split(",")[0] for entry in refused] == [
        "in.jsonl", "in.jsonl",
    ]  # fmt: skip
    assert "no JSON" in refused[0]["reason"]
    assert "no day of publication" in refused[1]["reason"]
    counts = json.loads((output / "manifest.json").read_text())["counts"]
    assert (counts["articles"], counts["known"], counts["refused"]) == (1, 1, 2)


def test_articles_in_parquet_give_the_same_events(
    tmp_path: Path, lines: list[bytes], whole: pd.DataFrame
) -> None:
    rows = [json.loads(line) for line in lines]
    source, output = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    pq.write_table(pa.Table.from_pylist(rows), source / "news.parquet", row_group_size=5)
    assert main(["batch", str(source), "-o", str(output)]) == 0
    assert len(list((output / "events").iterdir())) == 3
    pd.testing.assert_frame_equal(read_output(output), whole)


@pytest.fixture
def storage() -> Iterator[str]:
    """A store of objects as fsspec has it for tests: no folders to move files in."""
    system = fsspec.filesystem("memory")
    yield "memory://bucket"
    system.rm("/bucket", recursive=True)


def test_inputs_and_output_may_be_objects_of_a_storage(
    storage: str, lines: list[bytes], whole: pd.DataFrame, tmp_path: Path
) -> None:
    with fsspec.open(f"{storage}/in/news.jsonl", "wb") as file:
        file.write(b"\n".join(lines))
    command = ["batch", f"{storage}/in/*.jsonl", "-o", f"{storage}/out"]
    assert main(command) == 0
    system = fsspec.filesystem("memory")
    (path,) = system.glob("/bucket/out/events/*.parquet")
    with system.open(path) as file:
        assert pq.read_table(file)["event_id"].to_pylist() == whole["event_id"].tolist()
    partitions = plan_partitions([f"{storage}/in"], program=cluster.hash_program())
    assert len(find_finished(partitions, f"{storage}/out")) == 1
    for given in (f"{storage}/out", f"{storage}/out/events/", system.unstrip_protocol(path)):
        database = str(tmp_path / f"{len(given)}.sqlite")
        assert main(["load", given, "--database", database]) == 0
        with Store(database) as store:
            assert len(store.events_table()) == len(whole)
            assert all(article.text for article in store.articles())


@pytest.mark.parametrize(
    ("inputs", "output"),
    [("strange://in.jsonl", "out"), ("{news}", "strange://out"), ("s3://bucket/in.jsonl", "out")],
)
def test_a_storage_that_is_not_known_is_told(
    inputs: str, output: str, news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    monkeypatch.setitem(sys.modules, "s3fs", None)
    monkeypatch.chdir(tmp_path)
    assert main(["batch", inputs.format(news=news), "-o", output]) == 1
    assert "whose client is installed" in caplog.text


def test_a_damaged_file_costs_only_itself(
    tmp_path: Path, news: Path, whole: pd.DataFrame, caplog: pytest.LogCaptureFixture
) -> None:
    output = tmp_path / "out"
    packed = gzip.compress(news.read_bytes())
    damaged = {
        "noise.jsonl.gz": b"noise" * 50,
        "cut.jsonl.gz": packed[: len(packed) // 2],
        "flipped.jsonl.gz": packed[:30] + b"\xff" * 30 + packed[60:],
    }
    for name, content in damaged.items():
        (tmp_path / name).write_bytes(content)
    files = [str(tmp_path / name) for name in damaged]
    assert main(["batch", *files, str(news), "-o", str(output)]) == 1
    for name in damaged:
        assert any(name in line for line in caplog.text.splitlines())
    pd.testing.assert_frame_equal(read_output(output), whole)
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 and no more")
    assert main(["batch", str(tmp_path / "bad.parquet"), "-o", str(output)]) == 1
    assert "bad.parquet cannot be read" in caplog.text


def test_a_full_disk_leaves_no_half_partition(
    tmp_path: Path, news: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    output = tmp_path / "out"
    command = ["batch", str(news), "-o", str(output)]
    with monkeypatch.context() as patch:
        local = type(fsspec.filesystem("file"))
        patch.setattr(local, "mv", lambda *_, **__: (_ for _ in ()).throw(OSError(28, "No space")))
        assert main(command) == 1
    assert "No space" in caplog.text
    assert not [path for path in output.rglob("*") if path.is_file()]
    assert main(command) == 0
    # An output that was damaged later is made again.
    (path,) = (output / "events").iterdir()
    path.write_bytes(b"damaged")
    assert main(command) == 0
    assert pq.read_table(path).num_rows


def test_what_was_refused_is_noted_in_the_store(
    tmp_path: Path, lines: list[bytes], caplog: pytest.LogCaptureFixture
) -> None:
    source, output, database = tmp_path / "in.jsonl", tmp_path / "out", str(tmp_path / "db.sqlite")
    source.write_bytes(b"\n".join([lines[0], b"{broken"]) + b"\n")
    assert main(["batch", str(source), "-o", str(output)]) == 1
    for _ in range(2):
        assert main(["load", str(output), "--database", database]) == 0
    with Store(database) as store:
        ((origin, reason),) = store.refusals()
        assert [run["counts"]["noted"] for run in store.runs()] == [1, 0]
        version = store.version()
        assert store.refuse_many([(origin, "another reason")]) == 0
        assert store.version() == version
    assert "in.jsonl, byte" in origin
    assert "no JSON" in reason
    (output / "refused" / "x.jsonl").write_text("")
    (path,) = [path for path in (output / "refused").iterdir() if path.stat().st_size]
    path.write_text("no JSON\n")
    assert main(["load", str(output), "--database", database]) == 1
    assert "what `batch` refused of it cannot be read" in caplog.text


def test_a_worker_with_another_program_is_refused(tmp_path: Path, news: Path) -> None:
    (partition,) = plan_partitions([str(news)], program="p")
    settings = Settings(output=str(tmp_path), size_limit=10_000, program="another")
    with pytest.raises(ExtractError, match="another version of the program"):
        extract_partition(partition, settings)


@pytest.mark.parametrize("scheduler", ["nonsense", "tcp://", "tcp://127.0.0.1:1", "tcp://x:y"])
def test_a_scheduler_that_is_not_there_is_told(
    news: Path, tmp_path: Path, scheduler: str, caplog: pytest.LogCaptureFixture
) -> None:
    command = ["batch", str(news), "-o", str(tmp_path / "out"), "--scheduler", scheduler]
    assert main(command) == 1
    assert "cannot be reached" in caplog.text


def test_a_cluster_of_two_gives_the_same_table_though_one_is_killed() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.bench_cluster", "--articles", "40",
         "--sentences", "3", "--partition-bytes", "3000", "--kill"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures["killed"]
    assert figures["same_table"]


@pytest.fixture
def run_dask(tmp_path: Path) -> Iterator[Any]:
    """Start Dask's own programs, and end them with the test."""
    program = Path(sys.executable).with_name("dask")
    if not program.exists():
        pytest.skip(f"{program} is not installed")
    running: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str, folder: Path) -> subprocess.Popen[bytes]:
        with (tmp_path / f"{len(running)}.log").open("wb") as log:
            command = [str(program), *arguments, "--no-dashboard"]
            running.append(subprocess.Popen(command, cwd=folder, stdout=log, stderr=log))
        return running[-1]

    yield start
    for process in running:
        process.kill()
        process.wait()


def test_a_cluster_is_started_as_the_manual_says(
    tmp_path: Path, news: Path, whole: pd.DataFrame, run_dask: Any
) -> None:
    told, output = tmp_path / "scheduler.json", tmp_path / "out"
    # In a folder without our modules.
    scheduler = run_dask(
        "scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(told),
        folder=tmp_path,
    )  # fmt: skip
    for _ in range(600):
        if told.exists() and told.read_text().strip():
            break
        time.sleep(0.1)
    address = json.loads(told.read_text())["address"]
    command = [sys.executable, "-m", "extract", "batch", str(news), "-o", str(output)]
    with subprocess.Popen(
        [*command, "--scheduler", address], cwd=ROOT, stderr=subprocess.PIPE, text=True
    ) as batch:
        assert batch.stderr is not None
        assert "has no worker yet" in batch.stderr.readline()
        worker = run_dask(
            "worker", address, "--nworkers", "1", "--nthreads", "1", "--local-directory",
            str(tmp_path), folder=ROOT,
        )  # fmt: skip
        _, complaints = batch.communicate(timeout=120)
    assert batch.returncode == 0, complaints
    pd.testing.assert_frame_equal(read_output(output), whole)
    worker.kill()
    worker.wait()
    other = [*command[:-1], str(tmp_path / "other"), "--scheduler", address]
    with subprocess.Popen(other, cwd=ROOT, stderr=subprocess.PIPE, text=True) as batch:
        assert batch.stderr is not None
        assert "has no worker yet" in batch.stderr.readline()
        scheduler.kill()
        _, complaints = batch.communicate(timeout=120)
    assert batch.returncode == 1
    # Dask tells of it too, at length.
    assert complaints.splitlines()[-1].startswith(f"error: the scheduler {address} was lost")
