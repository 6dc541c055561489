"""The whole flow on one screen: an article in, its mentions and events out.

divide -> read -> find toponyms, timexes, actors, triggers -> resolve -> link
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

from extract.gazetteer import Gazetteer
from extract.geocoding import SecondOpinion, resolve_toponyms
from extract.language import Language
from extract.layout import divide
from extract.linking import link_events
from extract.mentions.actors import ActorFinder
from extract.mentions.timexes import find_timexes
from extract.mentions.toponyms import ToponymRecognizer
from extract.mentions.toponyms.entities import take_names
from extract.mentions.triggers import TriggerFinder
from extract.records import (
    ActorMention,
    Article,
    Block,
    Event,
    ResolvedToponym,
    Status,
    Timex,
    Trigger,
)
from extract.stopwatch import Stopwatch
from extract.table import build_table


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything that was found in one article, each list in text order.

    `events` are those that the text asserts in some sense; `hypothetical` those that it only
    fears, supposes or mentions, which are counted and not mapped. `skipped` says why an article
    gave no event, and is None where it gave some.
    """

    article: Article
    blocks: tuple[Block, ...]
    resolved: tuple[ResolvedToponym, ...]
    timexes: tuple[Timex, ...]
    actors: tuple[ActorMention, ...]
    triggers: tuple[Trigger, ...]
    events: tuple[Event, ...]
    hypothetical: tuple[Event, ...]
    skipped: str | None

    @property
    def supposed(self) -> int:
        """How many events the text only fears, supposes or mentions."""
        return len(self.hypothetical)


class Extractor:
    """The finders with their gazetteer and models, loaded once and used for many articles.

    `gazetteer` None opens the one in the user's cache, and builds it first where it is
    missing or stale; `model` names an installed spaCy pipeline to use instead of the bundled
    one. `online` is asked for names that the gazetteer lacks, and nobody is where it is None.
    `stopwatch` adds up what each stage takes. Raises GazetteerError or ModelError when either
    cannot be had. Not for several threads at once: each process, or thread, opens its own.
    """

    def __init__(
        self,
        *,
        gazetteer: Gazetteer | None = None,
        model: str | None = None,
        online: SecondOpinion | None = None,
    ) -> None:
        self.gazetteer = gazetteer or Gazetteer.open()
        self.language = Language(model)
        self._toponyms = ToponymRecognizer(self.gazetteer)
        self._actors = ActorFinder()
        self._triggers = TriggerFinder(self.language)
        self._online = online
        self.stopwatch = Stopwatch()

    def extract(self, article: Article) -> Extraction:
        """Find the mentions and events of one article."""
        watch = self.stopwatch
        watch.start()
        blocks = divide(article.text, title=article.title)
        watch.lap("layout")
        document = self.language.read(article, blocks)
        watch.lap("sentences")
        toponyms = self._toponyms.find(document)
        watch.lap("toponyms")
        named = self.language.find_place_names(document)
        if named is not None:
            toponyms = take_names(article.text, toponyms, named)
        resolved = resolve_toponyms(document, toponyms, self.gazetteer, online=self._online)
        watch.lap("places")
        timexes = find_timexes(article.text, published=article.published)
        watch.lap("timexes")
        actors = self._actors.find(document, resolved=resolved)
        watch.lap("actors")
        triggers = self._triggers.find(document)
        watch.lap("triggers")
        linked = link_events(
            document,
            resolved=resolved,
            timexes=timexes,
            actors=actors,
            triggers=triggers,
            find_country=self.gazetteer.country,
            find_part=self.gazetteer.part,
        )
        watch.lap("linking")
        events = tuple(event for event in linked if event.status is not Status.HYPOTHETICAL)
        return Extraction(
            article=article,
            blocks=tuple(blocks),
            resolved=tuple(resolved),
            timexes=tuple(timexes),
            actors=tuple(actors),
            triggers=tuple(triggers),
            events=events,
            hypothetical=tuple(event for event in linked if event not in events),
            skipped=None if events else _explain_silence(article, triggers),
        )


def extract_articles(articles: Iterable[Article], extractor: Extractor) -> Iterator[Extraction]:
    """Yield the extraction of each article, in order."""
    return map(extractor.extract, articles)


def extract_events(
    articles: Iterable[Article], *, extractor: Extractor | None = None
) -> pd.DataFrame:
    """Return the events of the articles as one checked table (see `extract.table`)."""
    found = extract_articles(articles, extractor or Extractor())
    return build_table((extraction.article, extraction.events) for extraction in found)


def _explain_silence(article: Article, triggers: list[Trigger]) -> str:
    if not article.text.strip():
        return "the text is empty"
    if not triggers:
        return "no words that report an event"
    return "only events that are feared, supposed or merely mentioned"
