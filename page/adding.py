"""Adding articles: read, show what was found, and keep it if the reader agrees."""

from __future__ import annotations

import datetime
import logging
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from extract.errors import ArticleError, ExtractError, UndatedError
from extract.records import Article
from extract.sources.files import Refusal, read_articles
from extract.sources.plaintext import read_plain_text
from extract.table import build_table
from page.access import may_add
from page.choices import EARLIEST, LATEST
from page.dataset import load_finders, open_store
from page.errands import ORIGIN
from view.evidence import escape_markdown, mark_words, write_card, write_draft, write_field_key
from view.words import count_words

if TYPE_CHECKING:
    from extract.pipeline import Extraction

log = logging.getLogger("extract.page")
UPLOADS = ["txt", "text", "md", "markdown", "html", "htm", "jsonl", "ndjson", "csv", "tsv"]


@st.dialog("Add articles", width="large", on_dismiss="rerun")
def add_articles() -> None:
    """Read pasted text or files, show what was found in them, and keep it if the reader agrees."""
    # Asked here too: a reader may be signed out while the dialog stands open.
    if not may_add():
        st.error("You may read here, not add. Sign in first.")
        return
    state = st.session_state
    if state.drafts:
        show_drafts()
        return
    pasted, uploaded = st.tabs(["Paste text", "Upload files"])
    text = pasted.text_area(
        "Article", height=240, placeholder="Title, date line and text, as they stand in the paper"
    )
    files = uploaded.file_uploader(
        "Files", type=UPLOADS, accept_multiple_files=True, max_upload_size=50
    )
    published = st.date_input(
        "Publication date, where the text does not give it",
        value=None,
        min_value=EARLIEST,
        max_value=LATEST,
        format="YYYY-MM-DD",
        help="Words like “on Tuesday” are reckoned from it.",
    )
    if not st.button("Read", type="primary"):
        return
    found = [read_pasted(text, published)] if text.strip() else []
    found += read_uploads(files, published)
    if not found:
        st.info("Paste a text or choose a file first.")
        return
    try:
        with st.spinner("Finding events …"):
            state.drafts = [one if isinstance(one, Refusal) else read_draft(one) for one in found]
    except ExtractError as error:
        st.error(escape_markdown(str(error)))
        return
    st.rerun(scope="fragment")


def read_draft(article: Article) -> Extraction | Refusal:
    """Find the events of an article; a fault of ours in one must not cost the others."""
    try:
        return load_finders().extract(article)
    except ExtractError:
        # A model or the gazetteer is missing, which is no fault of this article.
        raise
    except Exception as error:
        log.exception("an article could not be read")
        reason = f"the program failed on it ({error!r}); please report it"
        return Refusal(article.title or "Article", reason)


def read_pasted(text: str, published: datetime.date | None) -> Article | Refusal:
    """Read one pasted article; a refusal says what to do on this page."""
    try:
        return read_plain_text(text, published=published)
    except UndatedError:
        return Refusal(
            "Pasted text", "It gives no day of publication. Go back and choose one below the text."
        )
    except ArticleError as error:
        return Refusal("Pasted text", str(error))


def read_uploads(files: list[Any], published: datetime.date | None) -> list[Article | Refusal]:
    """Read uploaded files as the command line reads files, each under its own name."""
    found: list[Article | Refusal] = []
    for file in files:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"upload{Path(file.name).suffix}"
            path.write_bytes(file.getbuffer())
            for one in read_articles([path], published=published):
                if isinstance(one, Refusal):
                    place = one.origin.removeprefix(str(path))
                    one = Refusal(f"{file.name}{place}", one.reason)
                found.append(one)
    return found


def show_drafts() -> None:
    """Show what was read before it is kept: the text with its mentions, and the events."""
    state = st.session_state
    extractions = [draft for draft in state.drafts if not isinstance(draft, Refusal)]
    for refusal in state.drafts:
        if isinstance(refusal, Refusal):
            st.warning(f"{escape_markdown(refusal.origin)}: {escape_markdown(refusal.reason)}")
    for extraction in extractions[:20]:
        show_draft(extraction)
    if len(extractions) > 20:
        st.caption(f"{count_words(len(extractions) - 20, 'more article')} not shown here.")
    back, keep = st.columns(2)
    if back.button("Back", width="stretch"):
        state.drafts = []
        st.rerun(scope="fragment")
    label = f"Keep {count_words(len(extractions), 'article')}"
    if extractions and keep.button(label, type="primary", width="stretch"):
        try:
            keep_drafts(extractions)
        except ExtractError as error:
            st.error(escape_markdown(str(error)))
            return
        state.drafts = []
        state.show_own = True
        st.rerun()


def keep_drafts(extractions: list[Extraction]) -> None:
    """Keep what was read, and a record of where it came from."""
    from extract.commands.add import count_kept, start_counts
    from extract.commands.runs import record_run

    store, counts = open_store(), start_counts()
    with record_run(store, "add", ORIGIN, counts) as record:
        for extraction in extractions:
            revises = store.has(extraction.article.id)
            kept = store.add(extraction, run_id=record.number)
            count_kept(counts, len(extraction.events), kept=kept, revises=revises)


def show_draft(extraction: Extraction) -> None:
    """Show one article with its mentions marked, and its events as cards."""
    article = extraction.article
    spans = {
        "what": [(one.span.start, one.span.end) for one in extraction.triggers],
        "who": [
            (one.span.start, one.span.end)
            for one in extraction.actors
            if not any(one.span.overlaps(place.span) for place in extraction.resolved)
        ],
        "where": [(one.span.start, one.span.end) for one in extraction.resolved],
        "when": [(one.span.start, one.span.end) for one in extraction.timexes],
    }
    frame = build_table([(article, extraction.events)])
    st.html(write_draft(article, len(frame), extraction.skipped))
    text, events = st.tabs(["Text", f"Events ({len(frame)})"])
    text.html(f'{write_field_key()}<div class="dl-text">{mark_words(article.text, spans)}</div>')
    for number in range(len(frame)):
        events.html(write_card(frame.iloc[number], text=article.text))
    if frame.empty:
        events.caption(f"No event: {extraction.skipped}.")
