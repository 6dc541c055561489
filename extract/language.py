"""Tokens, sentences and syntax: what the finders need to know of English.

`Language` cuts an article's blocks into sentences and tokenises them, which is cheap;
`Language.parse` tags and parses the sentences it is given, which is not, so finders ask
for it only where an event may be. The bundled pipeline is ours (`training/syntax.py`);
the name of any installed spaCy pipeline with a tagger and a parser can stand in for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import spacy
from spacy.language import Language as SpacyLanguage
from spacy.tokens import Doc
from thinc.api import NumpyOps

from extract.bundled import bundled_path
from extract.errors import ModelError
from extract.records import Article, Block, BlockKind, Span
from extract.token_vectors import FloatArray, TokenVectors

# Words that end in a full stop without ending a sentence. Titles, ranks, months and
# corporate forms as English agencies abbreviate them.
ABBREVIATIONS = frozenset(
    """
    mr mrs ms dr prof rev fr sr jr st gen col lt maj capt cpl sgt cmdr adm brig gov sen rep reps
    sens pres supt det hon amb pfc pvt spc comdr messrs mt ft no nos art vol vs etc inc ltd co corp
    bros dept est govt intl natl univ assn approx ca cf e.g i.e a.m p.m u.s u.k u.n u.a.e d.c e.u
    jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun
    ala ariz ark calif colo conn del fla ga ill ind kan ky la md mass mich minn miss mo mont neb
    nev okla ore pa tenn tex va vt wash wis wyo ont que b.c
    """.split()
)

# Of those, the ones that do end a sentence when a capital follows that is no name's.
OPEN_ABBREVIATIONS = frozenset(
    "u.s u.k u.n u.a.e d.c e.u b.c a.m p.m etc inc ltd co corp jr sr".split()
)

SENTENCE_OPENERS = frozenset(
    """
    the a an in on at he she it they we i you but and this that these those his her its their our
    however meanwhile if when while after before as for from since there then some many most
    all both officials police troops last no not so what who why how under with according
    """.split()
)

BOUNDARY = re.compile(r"""[.!?…]+["'”’»)\]]*(?=\s)|\n[^\S\n]*\n\s*""")
LINE_BREAK = re.compile(r"[\n\r]")
LAST_WORD = re.compile(r"[\w.’'-]*$")
NEXT_WORD = re.compile(r"""\s*["'“‘«(\[]*(\w+)""")


# Penn tag -> universal tag. Auxiliaries are told from full verbs by the tree (below).
UNIVERSAL_TAGS = {
    "CC": "CCONJ", "CD": "NUM", "DT": "DET", "EX": "PRON", "FW": "X", "IN": "ADP", "JJ": "ADJ",
    "JJR": "ADJ", "JJS": "ADJ", "LS": "X", "MD": "AUX", "NN": "NOUN", "NNS": "NOUN",
    "NNP": "PROPN", "NNPS": "PROPN", "PDT": "DET", "POS": "PART", "PRP": "PRON", "PRP$": "PRON",
    "RB": "ADV", "RBR": "ADV", "RBS": "ADV", "RP": "ADP", "SYM": "SYM", "TO": "PART", "UH": "INTJ",
    "VB": "VERB", "VBD": "VERB", "VBG": "VERB", "VBN": "VERB", "VBP": "VERB", "VBZ": "VERB",
    "WDT": "PRON", "WP": "PRON", "WP$": "PRON", "WRB": "ADV", "ADD": "X", "GW": "X", "NFP": "PUNCT",
    "HYPH": "PUNCT", "AFX": "ADJ", "-LRB-": "PUNCT", "-RRB-": "PUNCT", "``": "PUNCT", "''": "PUNCT",
    ",": "PUNCT", ".": "PUNCT", ":": "PUNCT", "$": "SYM", "#": "SYM",
}  # fmt: skip
# Words whose tags and lemmas are remembered before all are forgotten.
REMEMBERED_LEMMAS = 200_000
AUXILIARIES = ("aux", "aux:pass", "auxpass", "cop")
# Tokens that go through the network at once: several articles' worth, and 30 MB.
PARSED_AT_ONCE = 4_000
# What entity recognisers call places: OntoNotes' three, CoNLL's one of the same name.
PLACE_LABELS = frozenset({"GPE", "LOC", "FAC"})


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an article and its tokens.

    `tokens` is a spaCy `Doc` of this sentence alone: the token `t` starts at character
    `span.start + t.idx` of the article. It has tags and a tree only after `Language.parse`.
    `paragraph` numbers the blocks of the article from 0. `text` has the sentence's words, the
    line breaks of a wrapped paragraph as spaces. `starts` has each token's `idx`, for searching.
    `opening` is how many tokens the dateline has that the sentence begins with, mostly 0.
    """

    span: Span
    tokens: Doc
    kind: BlockKind
    paragraph: int
    text: str
    opening: int = 0
    starts: list[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "starts", [token.idx for token in self.tokens])

    @property
    def lower(self) -> list[str]:
        """The words in lower case."""
        strings = self.tokens.vocab.strings
        return [strings[code] for code in self.tokens.to_array("LOWER").tolist()]

    @property
    def parsed(self) -> bool:
        """Whether the tokens have tags and a tree yet."""
        # A parsed sentence has a label on every token; spaCy's own question walks through all.
        return len(self.tokens) > 0 and self.tokens[0].dep != 0

    def span_of(self, first: int, last: int) -> Span:
        """Return the article's span of the tokens from index `first` up to and with `last`."""
        end = self.tokens[last]
        return Span(
            self.span.start + self.tokens[first].idx, self.span.start + end.idx + len(end.text)
        )


@dataclass(frozen=True, slots=True)
class Document:
    """An article laid out and cut into sentences; what every finder reads."""

    article: Article
    blocks: tuple[Block, ...]
    sentences: tuple[Sentence, ...]

    def sentence_at(self, position: int) -> int | None:
        """Return the index of the sentence that covers a character, or None between sentences."""
        low, high = 0, len(self.sentences)
        while low < high:
            middle = (low + high) // 2
            if self.sentences[middle].span.end <= position:
                low = middle + 1
            else:
                high = middle
        if low < len(self.sentences) and self.sentences[low].span.start <= position:
            return low
        return None


class _FasterProducts(NumpyOps):  # type: ignore[misc]  # thinc is compiled without types
    """Thinc's operations with NumPy's matrix product.

    Its own, from BLIS, runs at 6 to 12 GFLOP/s on the shapes of our models where OpenBLAS runs
    at 32 to 41 (one core of an AMD EPYC); parsing all of a corpus gains a factor of 1.6.
    """

    def gemm(
        self,
        x: np.ndarray,
        y: np.ndarray,
        out: np.ndarray | None = None,
        trans1: bool = False,
        trans2: bool = False,
    ) -> np.ndarray:
        return np.matmul(x.T if trans1 else x, y.T if trans2 else y, out=out)


class _Parser:
    """Tagger and parser of the bundled pipeline over token vectors of our own making.

    Tags and trees are those that the pipeline gives, in half of its time.
    """

    def __init__(self, pipeline: SpacyLanguage) -> None:
        encoder: Any = pipeline.get_pipe("tok2vec")
        self._vectors = TokenVectors(encoder.model)
        tagger: Any = pipeline.get_pipe("tagger")
        output = tagger.model.get_ref("output_layer")
        self._tagging = _Linear(output)
        self._tags = np.array([pipeline.vocab.strings.add(tag) for tag in tagger.labels], "uint64")
        parser: Any = pipeline.get_pipe("parser")
        self._parser, model = parser, parser.model
        self._narrowing = _Linear(model.get_ref("tok2vec").layers[-1])
        self._choosing = _Linear(model.get_ref("upper"))
        # What each token gives to each feature of a state, shaped (features, hidden, pieces,
        # width), and what stands for a token that is not there. The pieces come first here.
        lower = model.get_ref("lower")
        weights = lower.get_param("W").swapaxes(1, 2)
        self._features, self._pieces, _, width = weights.shape
        self._giving = np.ascontiguousarray(weights.reshape(-1, width).T)
        self._absent = lower.get_param("pad")[0].swapaxes(1, 2).reshape(-1)
        self._bias = lower.get_param("b").T.reshape(-1)
        # Only spaCy's own model of a step can tell which tokens a state looks at.
        self._steps = model.predict([Doc(pipeline.vocab, words=["."])])

    def parse(self, docs: Iterable[Doc]) -> None:
        """Give tags and a tree to every document."""
        part: list[Doc] = []
        size = 0
        for doc in docs:
            part.append(doc)
            size += len(doc)
            if size >= PARSED_AT_ONCE:
                self._parse_part(part)
                part, size = [], 0
        if size:
            self._parse_part(part)

    def _parse_part(self, docs: Sequence[Doc]) -> None:
        vectors = self._vectors.encode(docs)
        tags = self._tags[self._tagging(vectors).argmax(axis=1)]
        start = 0
        for doc in docs:
            doc.from_array(["TAG"], tags[start : start + len(doc)])
            start += len(doc)
        self._parser.set_annotations(docs, self._find_transitions(docs, vectors))

    def _find_transitions(self, docs: Sequence[Doc], vectors: FloatArray) -> Any:
        """Return the final state of each document, reached by the likeliest step every time.

        spaCy's own loop gives back and takes Python's lock for each of the 64 hidden values of
        each state, which cost more than the arithmetic.
        """
        batch = self._parser.moves.init_batch(docs)
        given = np.empty((len(vectors) + 1, len(self._absent)), dtype=np.float32)
        given[0] = self._absent
        np.matmul(self._narrowing(vectors), self._giving, out=given[1:])
        # A row for each token and feature; token -1 is the one that is not there.
        given = given.reshape((len(vectors) + 1) * self._features, -1)
        feature = np.arange(self._features, 2 * self._features, dtype=np.int32)
        states = [state for state in batch if not state.is_final()]
        while states:
            rows = self._steps.get_token_ids(states)
            rows *= self._features
            rows += feature
            # A step is called hundreds of times for a few numbers: `take` and `reduce` spare what
            # indexing and the methods of an array cost before they begin.
            hidden = np.add.reduce(given.take(rows, axis=0), axis=1)
            hidden += self._bias
            best = np.maximum.reduce(hidden.reshape(len(states), self._pieces, -1), axis=1)
            states = self._parser.transition_states(states, self._choosing(best))
        return batch


class _Linear:
    """A layer of thinc's that multiplies and adds, and nothing else."""

    def __init__(self, layer: Any) -> None:
        self._weights = np.ascontiguousarray(layer.get_param("W").T)
        self._bias = layer.get_param("b")

    def __call__(self, vectors: FloatArray) -> FloatArray:
        made: FloatArray = np.dot(vectors, self._weights)
        made += self._bias
        return made


class Language:
    """A spaCy pipeline for English with a tagger and a dependency parser.

    `model` is the name or path of an installed pipeline; None takes the bundled one. Of a
    pipeline that names entities too, `find_place_names` gives the places. Universal tags and
    lemmas that it lacks are made from its Penn tags by our rules.
    Raises ModelError when it cannot be loaded or has no tagger or parser.
    """

    def __init__(self, model: str | None = None) -> None:
        self._pipeline = _load_pipeline(model)
        self._bundled = model is None
        self._lemmas: dict[tuple[int, int, bool], tuple[int, int]] = {}
        self._helpers = {self._pipeline.vocab.strings.add(label) for label in AUXILIARIES}
        self._parser: _Parser | None = None
        if self._bundled:
            _quicken(self._pipeline)
            self._parser = _Parser(self._pipeline)
        names = self._pipeline.pipe_names
        self._makes_lemmas = not self._bundled and "lemmatizer" in names
        self._lemmatizer: Any = (
            None if self._makes_lemmas else _find_lemmatizer(self._pipeline, self._bundled)
        )
        self.names_places = any(
            "doc.ents" in self._pipeline.get_pipe_meta(name).assigns for name in names
        )

    def read(self, article: Article, blocks: Sequence[Block]) -> Document:
        """Cut the article's blocks into tokenised sentences, in reading order.

        The line breaks of a wrapped paragraph are spaces to the tokens: the same length, so that
        all offsets hold, and no tokens of their own for the parser to stumble over.
        """
        sentences = []
        for number, block in enumerate(blocks):
            for span in split_sentences(article.text, block.span):
                words = LINE_BREAK.sub(" ", span.of(article.text))
                tokens = self._pipeline.make_doc(words)
                opening = _count_dateline(block, span, tokens) if block.dateline else 0
                sentences.append(Sentence(span, tokens, block.kind, number, words, opening))
        return Document(article, tuple(blocks), tuple(sentences))

    def parse(self, sentences: Iterable[Sentence]) -> None:
        """Give tags, lemmas and a tree to the tokens of those sentences that lack them."""
        lacking = [sentence for sentence in sentences if not sentence.parsed]
        waiting = [sentence.tokens for sentence in lacking]
        if self._parser is None:
            for _ in self._pipeline.pipe(waiting):
                pass
        else:
            # A dateline is no part of the sentence behind it, which it would only confuse.
            bodies = [
                sentence.tokens[sentence.opening :].as_doc()
                if sentence.opening
                else sentence.tokens
                for sentence in lacking
            ]
            self._parser.parse(bodies)
            for sentence, body in zip(lacking, bodies, strict=True):
                if sentence.opening:
                    _hang_dateline(sentence, body)
        if not self._makes_lemmas:
            for tokens in waiting:
                self._add_lemmas(tokens)

    def find_place_names(self, document: Document) -> list[Span] | None:
        """Return the spans that the pipeline takes for names of places, in text order.

        None where it names no entities, as the bundled one. Parses every sentence. Labels are
        those of OntoNotes (GPE, LOC, FAC) and of CoNLL (LOC).
        """
        if not self.names_places:
            return None
        self.parse(document.sentences)
        return [
            Span(sentence.span.start + entity.start_char, sentence.span.start + entity.end_char)
            for sentence in document.sentences
            for entity in sentence.tokens.ents
            if entity.label_ in PLACE_LABELS
        ]

    def _add_lemmas(self, tokens: Doc) -> None:
        """Set universal tags and lemmas as the pipeline's last two components do, but remember.

        Both follow from the word, its tag and whether it is an auxiliary, so a word that was
        met before costs one look-up (in a profile over the sample those two took 0.73 of 2.55 s).
        """
        known = self._lemmas
        if len(known) > REMEMBERED_LEMMAS:
            known.clear()
        rows = tokens.to_array(["ORTH", "TAG", "DEP"]).tolist()
        keys = [(word, tag, label in self._helpers) for word, tag, label in rows]
        for index, key in enumerate(keys):
            if key not in known:
                token = tokens[index]
                token.pos_ = "AUX" if key[2] else UNIVERSAL_TAGS.get(token.tag_, "X")
                lemma = self._lemmatizer.lemmatize(token)[0]
                known[key] = (token.pos, tokens.vocab.strings.add(lemma))
        if keys:
            values: Any = np.array([known[key] for key in keys], dtype="uint64")
            tokens.from_array(["POS", "LEMMA"], values)


def _count_dateline(block: Block, sentence: Span, tokens: Doc) -> int:
    """Return how many tokens of a sentence are its block's dateline.

    None of a sentence that is all dateline, which is parsed as it stands.
    """
    end = block.dateline.end if block.dateline else 0
    count = sum(sentence.start + token.idx < end for token in tokens)
    return count if count < len(tokens) else 0


def _hang_dateline(sentence: Sentence, body: Doc) -> None:
    """Give a sentence the tree of what follows its dateline, whose words hang on the root."""
    tokens, opening = sentence.tokens, sentence.opening
    root = next(token.i for token in body if token.head.i == token.i) + opening
    strings = tokens.vocab.strings
    values: Any = np.empty((len(tokens), 3), dtype="uint64")
    values[:opening, :2] = strings.add("NNP"), strings.add("dep")
    values[:opening, 2] = np.arange(root, root - opening, -1)
    values[opening:] = body.to_array(["TAG", "DEP", "HEAD"])
    tokens.from_array(["TAG", "DEP", "HEAD"], values)


def _load_pipeline(model: str | None) -> SpacyLanguage:
    """Return the named pipeline, or the bundled one for None; see `Language` for the errors."""
    try:
        pipeline = spacy.load(model or bundled_path("models/syntax"))
    except (OSError, ValueError, ImportError) as error:
        raise ModelError(
            f"the language model {model or 'models/syntax'!r} cannot be loaded ({error}); "
            "install it with pip, or leave it out to use the bundled one"
        ) from error
    missing = {"tagger", "parser"} - set(pipeline.pipe_names)
    if missing:
        raise ModelError(
            f"the language model {model or 'models/syntax'!r} lacks a "
            f"{' and a '.join(sorted(missing))}; name a pipeline that has both"
        )
    return pipeline


def _quicken(pipeline: SpacyLanguage) -> None:
    """Let the models of a pipeline that runs on the processor multiply with NumPy."""
    operations = _FasterProducts()
    for _, component in pipeline.pipeline:
        network = getattr(component, "model", None)
        for node in network.walk() if network else ():
            node.ops = operations


def _find_lemmatizer(pipeline: SpacyLanguage, bundled: bool) -> Any:
    """Return our rules for lemmas, out of the bundled pipeline."""
    if not bundled:
        trained = ["tok2vec", "tagger", "parser", "attribute_ruler"]
        pipeline = spacy.load(bundled_path("models/syntax"), exclude=trained)
    return pipeline.get_pipe("lemmatizer")


def split_sentences(text: str, within: Span) -> list[Span]:
    """Return the spans of the sentences in a stretch of text, in order, white space trimmed.

    A full stop ends a sentence unless the word before it is an abbreviation or an initial, or
    the next word is in lower case. A blank line always ends one; a single line break does not,
    because a block has one only where a paragraph was hard-wrapped (`extract.layout`).
    """
    sentences: list[Span] = []
    start = within.start
    for boundary in BOUNDARY.finditer(text, within.start, within.end):
        if boundary.start() < start:
            continue
        if boundary.group().startswith("\n") or _ends_sentence(text, start, boundary, within.end):
            _add_trimmed(sentences, text, start, boundary.end())
            start = boundary.end()
    _add_trimmed(sentences, text, start, within.end)
    return sentences


def _ends_sentence(text: str, start: int, boundary: re.Match[str], limit: int) -> bool:
    following = NEXT_WORD.match(text, boundary.end(), limit)
    if following and following.group(1)[0].islower():
        return False
    if boundary.group()[0] != "." or boundary.group().startswith(".."):
        return True
    word = LAST_WORD.search(text, max(start, boundary.start() - 30), boundary.start())
    word_before = word.group().lower() if word else ""
    if len(word_before) == 1 and word_before.isalpha():
        return False
    if word_before in OPEN_ABBREVIATIONS:
        return following is not None and following.group(1).lower() in SENTENCE_OPENERS
    return word_before not in ABBREVIATIONS


def _add_trimmed(sentences: list[Span], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        sentences.append(Span(start, end))
