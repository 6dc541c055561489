"""Articles made up by the thousand, each different: reports put together from our own sentences."""

from __future__ import annotations

import datetime
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from extract.bundled import bundled_path

SENTENCES = 12


def make_news(count: int, *, seed: int = 1, length: int = SENTENCES) -> Iterator[dict[str, Any]]:
    """Yield articles as JSON Lines have them, of the bundled sample's sentences in new orders.

    `length` is the number of sentences of each.
    """
    chance = random.Random(seed)
    sample = [
        json.loads(line)
        for line in bundled_path("sample.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    sentences = [
        sentence.strip()
        for article in sample
        for paragraph in article["text"].split("\n")
        for sentence in paragraph.replace(". ", ".\n").split("\n")
        if len(sentence.strip()) > 40
    ]
    for number in range(count):
        chosen = chance.sample(sentences, length)
        day = datetime.date(2015, 1, 1) + datetime.timedelta(days=chance.randrange(3_600))
        yield {
            "title": chance.choice(sample)["title"],
            "text": "\n\n".join(" ".join(chosen[at : at + 3]) for at in range(0, length, 3)),
            "url": f"https://news.example/{seed}/{number}",
            "source": chance.choice(["Example", "Other", "Third"]),
            "published": day.isoformat(),
        }


def write_news(path: Path, count: int, *, seed: int = 1, length: int = SENTENCES) -> None:
    """Write `make_news` to a file, a line each."""
    with path.open("w", encoding="utf-8") as file:
        for article in make_news(count, seed=seed, length=length):
            file.write(json.dumps(article, ensure_ascii=False) + "\n")
