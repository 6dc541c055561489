"""Articles a second and peak memory of `python -m extract annotate`, on one core.

    python -m tests.benchmarks.bench_annotate [ARTICLES.jsonl] [--count 500] [--bytes 2000]

Each article is one of the file's reports (the bundled sample's, unless another is named) with
others drawn at random behind it until it is long enough; one bad line stands in the middle.
Checks that the order is kept, that every offset gives the words it names and that the bad line
alone is missing. Start-up (loading models and gazetteer) is measured by itself, with an input of
no article. `processor_seconds` says what the run costs where other programs share the machine.
Prints one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from extract.bundled import bundled_path

BAD_LINE = "{this is no JSON"


def make_input(source: Path, target: Path, count: int, size: int) -> list[dict[str, Any]]:
    """Write articles of at least `size` bytes and one bad line; return the articles as written."""
    lines = source.read_text(encoding="utf-8").split("\n")
    given = [json.loads(line) for line in lines if line.strip()]
    chance = random.Random(count)
    articles = []
    for number in range(count):
        chosen = [given[number % len(given)]]
        while sum(len(report["text"].encode()) for report in chosen) < size:
            chosen.append(chance.choice(given))
        published = chosen[0].get("published") or chosen[0].get("dct")
        text = "\n\n".join(report["text"] for report in chosen)
        articles.append({"id": f"a{number}", "text": text, "published": published})
    written = [json.dumps(article, ensure_ascii=False) for article in articles]
    written.insert(count // 2, BAD_LINE)
    target.write_text("\n".join(written) + "\n", encoding="utf-8")
    return articles


def annotate(source: Path, target: Path) -> tuple[float, subprocess.CompletedProcess[str]]:
    """Run the command on one core and return its seconds and how it ended."""
    one_thread = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "extract", "annotate", str(source), "-o", str(target)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | one_thread,
    )
    return time.perf_counter() - began, done


def check(articles: list[dict[str, Any]], output: Path) -> int:
    """Raise AssertionError unless the output fits the articles; return the events found."""
    lines = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    assert [line["id"] for line in lines] == [article["id"] for article in articles]
    events = 0
    for article, line in zip(articles, lines, strict=True):
        text = article["text"]
        for mention in (*line["toponyms"], *line["timexes"]):
            assert text[mention["start"] : mention["end"]] == mention["text"], mention
        for event in line["events"]:
            start, end = event["sentence_start"], event["sentence_end"]
            assert text[start:end] == event["sentence"], event
            what_start, what_end = event["spans"]["what"]
            assert text[what_start:what_end] == event["trigger"], event
            for spans in event["evidence"].values():
                assert all(0 <= first < last <= len(text) for first, last in spans), event
        events += len(line["events"])
    return events


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=Path, nargs="?", default=bundled_path("sample.jsonl"))
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--bytes", type=int, default=2_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source, output = Path(folder) / "in.jsonl", Path(folder) / "out.jsonl"
        source.write_text("\n")
        start_up, _ = annotate(source, output)
        articles = make_input(options.articles, source, options.count, options.bytes)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds, done = annotate(source, output)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert done.returncode == 1, done.stderr
        assert f"line {options.count // 2 + 1}:" in done.stderr, done.stderr
        events = check(articles, output)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(
        json.dumps(
            {
                "articles": len(articles),
                "bytes_each": sum(len(a["text"].encode()) for a in articles) // len(articles),
                "events": events,
                "seconds": round(seconds, 2),
                "start_up_seconds": round(start_up, 2),
                "articles_per_second": round(len(articles) / seconds, 1),
                "articles_per_second_after_start_up": round(
                    len(articles) / max(0.01, seconds - start_up), 1
                ),
                "processor_seconds": round(processor, 2),
                "articles_per_processor_second": round(len(articles) / processor, 1),
                "peak_memory_mb": after.ru_maxrss // 1024,
            }
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
