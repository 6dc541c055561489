"""Articles a second and peak memory of `python -m extract annotate`, on one core.

    python -m tests.benchmarks.bench_annotate ARTICLES.jsonl [--count 500]

The articles are repeated, each time with other words at the end, until there are enough; one
bad line stands in the middle. Checks that the order is kept, that every offset gives the words
it names and that the bad line alone is missing. Start-up (loading models and gazetteer) is
measured by itself, with an input of no article. Prints one line of JSON.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

BAD_LINE = "{this is no JSON"


def make_input(source: Path, target: Path, count: int) -> list[dict[str, Any]]:
    """Write `count` articles and one bad line; return the articles as written."""
    given = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines() if line]
    articles = []
    for number, article in zip(range(count), itertools.cycle(given), strict=False):
        text = article.get("text") or article["sentence"]
        # A paragraph that differs keeps whatever caches there are from seeing the same again.
        text += f"\n\nReport number {number} was filed at {number % 24:02d}:00 by desk {number}."
        published = article.get("published") or article.get("dct") or article.get("date")
        articles.append({"id": f"a{number}", "text": text, "published": published})
    lines = [json.dumps(article, ensure_ascii=False) for article in articles]
    lines.insert(count // 2, BAD_LINE)
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
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
    parser.add_argument("articles", type=Path, help='JSON Lines with a "text" in each')
    parser.add_argument("--count", type=int, default=500)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source, output = Path(folder) / "in.jsonl", Path(folder) / "out.jsonl"
        source.write_text("\n")
        start_up, _ = annotate(source, output)
        articles = make_input(options.articles, source, options.count)
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
