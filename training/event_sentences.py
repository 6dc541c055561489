"""Turn the sentences written for the trigger model into one file of marked examples.

    python -m training.event_sentences

Reads `training/text/events_written_*.txt` (sentences with marks, one a line) and
`training/text/event_templates.txt` (sentences with slots, and what may fill them), and writes
`training/text/events.jsonl`: {"text", "origin", "triggers": [{"start", "end", "type", "mode",
"status"}]}. A sentence without triggers reports no event.

A mark follows its word: `shelled/AS.heavy-weapons:p` is type ASSAULT, mode heavy-weapons,
status planned. `/none` says aloud that the word is no trigger.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

from extract.plover import EVENT_TYPES

TEXT = Path(__file__).parent / "text"
CODES = {
    "AG": "AGREE", "CN": "CONSULT", "SU": "SUPPORT", "CC": "CONCEDE",
    "CO": "COOPERATE", "AI": "AID",
    "RE": "RETREAT", "RQ": "REQUEST", "AC": "ACCUSE", "RJ": "REJECT",
    "TH": "THREATEN", "PR": "PROTEST",
    "SA": "SANCTION", "MO": "MOBILIZE", "CE": "COERCE", "AS": "ASSAULT",
}  # fmt: skip
STATUSES = {
    "": "occurred", "p": "planned", "g": "ongoing", "d": "denied", "h": "hypothetical",
    "t": "threatened", "b": "historical",
}  # fmt: skip
MARK = re.compile(r"/(none|" + "|".join(CODES) + r")(?:\.([a-z][a-z-]+))?(?::([pgdhtb]))?")
SLOT = re.compile(r"\{([A-Z_]+)\}")
# Fillings drawn per template: enough to vary the words, too few to drown the written sentences.
FILLINGS = 14


def read_marked(line: str) -> tuple[str, list[dict[str, object]]]:
    """Split a marked sentence into its text and its triggers; raises ValueError on a bad mark."""
    text, triggers, position = "", [], 0
    for mark in MARK.finditer(line):
        text += line[position : mark.start()]
        position = mark.end()
        if mark.group(1) == "none":
            continue
        word = re.search(r"[\w’'-]+$", text)
        if word is None:
            raise ValueError(f"a mark stands after no word: {line}")
        event_type = CODES[mark.group(1)]
        mode = mark.group(2)
        if mode and mode not in EVENT_TYPES[event_type].modes:
            raise ValueError(f"{event_type} has no mode {mode}: {line}")
        triggers.append(
            {
                "start": word.start(), "end": len(text), "type": event_type, "mode": mode,
                "status": STATUSES[mark.group(3) or ""],
            }
        )  # fmt: skip
    return text + line[position:], triggers


def written_lines() -> Iterator[str]:
    """Yield the sentences of the hand-written files."""
    for path in sorted(TEXT.glob("events_written_*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                yield line.strip()


def template_lines(seed: int = 5) -> Iterator[str]:
    """Yield the templates filled at random, the same for the same seed."""
    slots: dict[str, list[str]] = {}
    templates: list[str] = []
    for line in (TEXT / "event_templates.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("@"):
            name, _, fillers = line[1:].partition("=")
            slots.setdefault(name.strip(), []).extend(f.strip() for f in fillers.split("|"))
        elif line.strip() and not line.startswith("#"):
            templates.append(line.strip())
    chooser = random.Random(seed)
    for template in templates:
        seen: set[str] = set()
        for _ in range(FILLINGS):
            line = template
            for _ in range(4):  # a filler may hold slots of its own
                line = SLOT.sub(lambda match: chooser.choice(slots[match.group(1)]), line)
            line = line[0].upper() + line[1:]
            if line not in seen:
                seen.add(line)
                yield line


def build_examples() -> list[dict[str, object]]:
    """Return all examples, the written ones first, each text once."""
    examples: dict[str, dict[str, object]] = {}
    for origin, lines in (("written", written_lines()), ("template", template_lines())):
        for line in lines:
            text, triggers = read_marked(line)
            examples.setdefault(text, {"text": text, "origin": origin, "triggers": triggers})
    return list(examples.values())


def main() -> None:
    """Write training/text/events.jsonl."""
    examples = build_examples()
    with (TEXT / "events.jsonl").open("w", encoding="utf-8") as file:
        for example in examples:
            file.write(json.dumps(example, ensure_ascii=False) + "\n")
    marked = sum(bool(example["triggers"]) for example in examples)
    print(f"events.jsonl: {len(examples)} sentences, {marked} with an event")


if __name__ == "__main__":
    main()
