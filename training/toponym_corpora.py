"""Texts with the places marked, read from the corpora that toponyms may be learnt from.

Each corpus has its own idea of what a place is; `read_corpora` brings them to ours:
every name of a place counts, also where it stands for a government or a team or inside the
name of an office ("Oakland police", "Alameda County Jail"); peoples and languages do not; a
span holds the name alone ("Tel Tamer", not "the town of Tel Tamer").
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A document of a corpus; `places` are half-open character spans in text order.

    `ignored` are spans where the corpus gives no answer that we can use.
    """

    corpus: str
    text: str
    places: tuple[tuple[int, int], ...]
    ignored: tuple[tuple[int, int], ...] = ()
    names: tuple[tuple[int, int, str], ...] = field(default=())


def read_corpora(folder: Path) -> list[MarkedText]:
    """Read every known corpus under a folder, in a fixed order; absent ones are left out."""
    texts: list[MarkedText] = []
    for name, reader in READERS.items():
        for path in sorted(folder.rglob(name)):
            texts.extend(reader(path))
    return texts


def _load(path: Path) -> Iterator[dict[str, object]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def _read_marked(path: Path, corpus: str) -> Iterator[MarkedText]:
    for row in _load(path):
        text = str(row["text"])
        places: list[tuple[int, int]] = []
        ignored: list[tuple[int, int]] = []
        toponyms = row["toponyms"]
        assert isinstance(toponyms, list)
        for toponym in toponyms:
            span = (int(toponym["start"]), int(toponym["end"]))
            if toponym["adjectival"]:
                ignored.append(span)
            else:
                name = trim_to_name(text, *span)
                if name:
                    places.append(name)
        yield MarkedText(corpus, text, _sort_apart(places), tuple(sorted(ignored)))


def _sort_apart(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Sort spans and drop those that overlap an earlier one."""
    kept: list[tuple[int, int]] = []
    for span in sorted(set(spans)):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return tuple(kept)


# The first word of a name, an Arabic or Spanish article in front of it included.
NAME_START = re.compile(r"(?<![\w-])(?:(?:al|el|ad|an|ar|as|ash|at|az)[- ])?[A-ZÀ-Þ‘’ʿ]")


def trim_to_name(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the span of the name in a descriptive phrase, or None where there is none.

    "the Syrian town of Tel Tamer" gives "Tel Tamer"; "a hospital" gives None; "Mosul airport"
    stays, less what follows a comma.
    """
    phrase = text[start:end]
    if not any(letter.isupper() for letter in phrase):
        return None
    if "," in phrase:
        end = start + phrase.index(",")
        phrase = text[start:end]
    of = re.search(
        r"\b(?:city|town|village|province|district|area|region|state)s? of (?=[A-Z])", phrase
    )
    if of:
        start += of.end()
        phrase = text[start:end]
    lead = NAME_START.search(phrase)
    if lead and not re.match(r"\d+(?:st|nd|rd|th)\b", phrase):
        start += lead.start()
    while end > start and not text[end - 1].isalnum() and text[end - 1] not in ".)":
        end -= 1
    tail = re.search(r"(?:\s+[a-z][\w-]*)+$", text[start:end])
    if tail:
        end = start + tail.start()
    if start >= end or not any(letter.isupper() for letter in text[start:end]):
        return None
    return start, end


def read_geovirus(path: Path) -> Iterator[MarkedText]:
    """Read GeoVirus: Wikinews reports on epidemics."""
    return _read_marked(path, "geovirus")


def read_setimes(path: Path) -> Iterator[MarkedText]:
    """Read the SETimes and VOA articles of the LREC 2020 corpus of locative phrases."""
    return _read_marked(path, "setimes")


def read_re3d(path: Path) -> Iterator[MarkedText]:
    """Read re3d: security reports on Syria and Iraq, less its phrases without a name."""
    return _read_marked(path, "re3d")


def read_event_locations(path: Path) -> Iterator[MarkedText]:
    """Read sentences in which only the places of one event are marked: all else is unknown."""
    for row in _load(path):
        text = str(row["text"])
        marked = row["event_location"]
        assert isinstance(marked, list)
        spans = [trim_to_name(text, int(start), int(end)) for start, end in marked]
        yield MarkedText(
            "event_location",
            text,
            _sort_apart(span for span in spans if span),
            ((0, len(text)),),
        )


SPACE_BEFORE = frozenset("([{“‘«$£€#")
NO_SPACE = frozenset(".,;:!?)]}”’»%")


def join_words(words: Iterable[str]) -> tuple[str, list[tuple[int, int]]]:
    """Write tokens as running text; returns it with the span of each token."""
    text = ""
    spans: list[tuple[int, int]] = []
    open_quote = False
    glue = True
    for word in words:
        attach = glue or word in NO_SPACE or word in ("'s", "’s", "n't", "'", "-RRB-", "''")
        if word == '"':
            attach = glue or open_quote
            open_quote = not open_quote
        if text and not attach:
            text += " "
        spans.append((len(text), len(text) + len(word)))
        text += word
        glue = word in SPACE_BEFORE or (word == '"' and open_quote)
    return text, spans


def _collect_tagged(
    sentences: Iterable[list[tuple[str, str]]], corpus: str, kinds: dict[str, str], group: int
) -> Iterator[MarkedText]:
    """Join tagged sentences, `group` to a document; `kinds` says what each tag means to us."""
    lines: list[str] = []
    names: list[tuple[int, int, str]] = []
    length = 0
    count = 0
    for sentence in sentences:
        text, spans = join_words(word for word, _ in sentence)
        for first, last, tag in _group_tags([tag for _, tag in sentence]):
            kind = kinds.get(tag)
            if kind:
                names.append((length + spans[first][0], length + spans[last][1], kind))
        lines.append(text)
        length += len(text) + 1
        count += 1
        if count == group:
            yield _build_tagged(corpus, lines, names)
            lines, names, length, count = [], [], 0, 0
    if lines:
        yield _build_tagged(corpus, lines, names)


def _build_tagged(corpus: str, lines: list[str], names: list[tuple[int, int, str]]) -> MarkedText:
    text = "\n".join(lines)
    places = []
    for start, end, kind in names:
        if kind == "LOC":
            name = trim_to_name(text, start, end)
            if name:
                places.append(name)
    return MarkedText(corpus, text, _sort_apart(places), (), tuple(names))


def _group_tags(tags: list[str]) -> Iterator[tuple[int, int, str]]:
    """Yield (first, last, kind) of the stretches in IOB or IOB2 tags."""
    first: int | None = None
    for position, tag in enumerate([*tags, "O"]):
        inside = first is not None and tag.startswith("I-") and tag[2:] == tags[first][2:]
        if first is not None and not inside:
            yield first, position - 1, tags[first][2:]
            first = None
        if tag != "O" and first is None:
            first = position


def _read_columns(
    path: Path, separator: str | None, word: int, tag: int
) -> Iterator[list[tuple[str, str]]]:
    sentence: list[tuple[str, str]] = []
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.startswith("# "):
                continue
            cells = line.rstrip("\n").split(separator)
            if not line.strip():
                if sentence:
                    yield sentence
                sentence = []
            elif len(cells) > max(word, tag) and cells[word].strip():
                sentence.append((cells[word], cells[tag]))
    if sentence:
        yield sentence


def read_wikigold(path: Path) -> Iterator[MarkedText]:
    """Read WikiGold: Wikipedia with persons, organisations, places and other names."""
    kinds = {"LOC": "LOC", "PER": "PER", "ORG": "ORG", "MISC": "MISC"}
    return _collect_tagged(_read_columns(path, None, 0, 1), "wikigold", kinds, 8)


def read_uner(path: Path) -> Iterator[MarkedText]:
    """Read Universal NER over the English Web Treebank: web text of many kinds."""
    kinds = {"LOC": "LOC", "PER": "PER", "ORG": "ORG"}
    return _collect_tagged(_read_columns(path, "\t", 1, 2), "uner", kinds, 8)


def read_politics(path: Path) -> Iterator[MarkedText]:
    """Read CrossNER politics: Wikipedia on politics; its sentences stand in no order."""
    kinds = {"location": "LOC", "country": "LOC", "politician": "PER", "person": "PER"}
    kinds |= {"organisation": "ORG", "politicalparty": "ORG", "event": "MISC"}
    kinds |= {"election": "MISC", "misc": "MISC"}
    return _collect_tagged(_read_columns(path, "\t", 0, 1), "politics", kinds, 1)


READERS: dict[str, Callable[[Path], Iterator[MarkedText]]] = {
    "geovirus.jsonl": read_geovirus,
    "setimes_voa_locations.jsonl": read_setimes,
    "re3d_locations.jsonl": read_re3d,
    "wikigold.conll.txt": read_wikigold,
    "uner_ewt_*.iob2": read_uner,
    "crossner_politics.conll": read_politics,
    "event_location*.jsonl": read_event_locations,
}


def count_common_words(folder: Path, *, least: int = 3) -> list[str]:
    """Return the words that a treebank under the folder has `least` times in lower case, sorted.

    Treebanks are files `train.conllu.gz`; none gives an empty list.
    """
    counts: Counter[str] = Counter()
    for path in sorted(folder.rglob("train.conllu.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                cells = line.split("\t", 2)
                if len(cells) == 3 and cells[0].isdigit() and cells[1].islower():
                    counts[cells[1]] += 1
    return sorted(word for word, count in counts.items() if count >= least and word.isalpha())
