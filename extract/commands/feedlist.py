"""The list of watched feeds: add to it, show it, and exchange it as OPML. Nothing is fetched."""

from __future__ import annotations

import dataclasses
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from extract.bundled import bundled_path
from extract.commands.console import DONE, REFUSED, USAGE, complain, count, print_result
from extract.errors import ArticleError, FetchError
from extract.records import FeedState
from extract.sources.addresses import canonicalise
from extract.sources.opml import ListedFeed, read_opml, write_opml
from extract.store import Store

STARTER = "feeds.opml"
LARGEST_LIST = 20_000_000


def add_feeds(
    urls: Sequence[str],
    *,
    title: str | None,
    country: str | None,
    language: str | None,
    database: str | None,
    as_json: bool = False,
) -> int:
    """Watch feeds; those that are watched already are left as they are."""
    refused = 0
    with Store(database) as store:
        for written in urls:
            try:
                url = read_feed_address(written)
            except FetchError as error:
                complain(str(error))
                refused += 1
                continue
            is_new = store.add_feed(url, title=title, country=country, language=language)
            print_result(
                f"{url} is watched {'from the next poll on' if is_new else 'already'}",
                {"url": url, "new": is_new},
                as_json=as_json,
            )
    return REFUSED if refused else DONE


def remove_feeds(urls: Sequence[str], *, database: str | None, as_json: bool = False) -> int:
    """Watch feeds no more; those that are not watched are named."""
    refused = 0
    with Store(database) as store:
        for written in urls:
            try:
                removed = store.remove_feed(read_feed_address(written))
            except FetchError:
                removed = False
            if removed:
                print_result(f"{written} is watched no more", {"url": written}, as_json=as_json)
            else:
                complain(f"{written} is not watched; see feeds list")
                refused += 1
    return REFUSED if refused else DONE


def list_feeds(*, as_json: bool, database: str | None) -> int:
    """Print the feeds, each with how its last poll went."""
    with Store(database) as store:
        feeds = store.feeds()
    for feed in feeds:
        if as_json:
            print(json.dumps(dataclasses.asdict(feed), ensure_ascii=False, default=str))
        else:
            print(describe_feed(feed))
    if not as_json:
        print(f"{count(len(feeds), 'feed')} watched")
    return DONE


def describe_feed(feed: FeedState) -> str:
    """Return a feed and its last poll in a line."""
    name = feed.url if feed.title is None else f"{feed.title}  {feed.url}"
    about = [value for value in (feed.country, feed.language) if value]
    if feed.last_poll is None:
        about.append("never polled")
    elif feed.last_error is not None:
        about.append(
            f"failed {count(feed.failures, 'time')}, last on {feed.last_poll:%Y-%m-%d %H:%M} UTC: "
            f"{feed.last_error}"
        )
        if feed.next_poll is not None:
            about.append(f"left alone until {feed.next_poll:%Y-%m-%d %H:%M} UTC")
    else:
        about.append(
            f"polled {feed.last_poll:%Y-%m-%d %H:%M} UTC: {feed.new} new, {feed.known} known, "
            f"{feed.refused} refused"
        )
    return f"{name}  ({'; '.join(about)})"


def import_feeds(
    paths: Sequence[Path],
    *,
    starter: bool,
    regions: Sequence[str],
    database: str | None,
    as_json: bool = False,
) -> int:
    """Watch the feeds of OPML lists; `regions` keeps only those, by name."""
    if not paths and not starter:
        complain("name an OPML file, or take the bundled list with --starter")
        return USAGE
    refused = 0
    listed: list[ListedFeed] = []
    for path in [*paths, *([bundled_path(STARTER)] if starter else [])]:
        try:
            feeds, complaints = read_list(path)
        except (ArticleError, OSError) as error:
            complain(f"{path}: {getattr(error, 'strerror', None) or error}")
            refused += 1
            continue
        for complaint in complaints:
            complain(f"{path}: {complaint}")
        refused += len(complaints)
        listed += feeds
    wanted = {name.casefold() for name in regions}
    chosen = [feed for feed in listed if not wanted or (feed.region or "").casefold() in wanted]
    if wanted and not chosen and listed:
        there = sorted({feed.region for feed in listed if feed.region})
        complain(f"no feed is of {', '.join(regions)}; there are {', '.join(there) or 'none'}")
        return REFUSED
    with Store(database) as store:
        added = sum(
            store.add_feed(feed.url, title=feed.title, country=feed.country, language=feed.language)
            for feed in chosen
        )
    print_result(
        f"{count(added, 'feed')} added, {len(chosen) - added} watched already",
        {"added": added, "known": len(chosen) - added, "refused": refused},
        as_json=as_json,
    )
    return REFUSED if refused else DONE


def read_list(path: Path) -> tuple[list[ListedFeed], list[str]]:
    """Return the feeds of an OPML file, and complaints about outlines that name none.

    Raises OSError for a file that cannot be read, UnreadableError for what is no list.
    """
    with path.open("rb") as file:
        return read_opml(file.read(LARGEST_LIST))


def export_feeds(path: str, *, database: str | None, as_json: bool = False) -> int:
    """Write the watched feeds as OPML to a file, or to standard output for "-"."""
    with Store(database) as store:
        feeds = store.feeds()
    written = write_opml(
        (ListedFeed(feed.url, feed.title, feed.country, feed.language) for feed in feeds),
        title="Feeds watched by Dateline",
    )
    if path == "-":
        sys.stdout.write(written.decode())
        return DONE
    try:
        Path(path).write_bytes(written)
    except OSError as error:
        complain(f"{path} cannot be written ({error.strerror or error}); name another file")
        return REFUSED
    print_result(
        f"{count(len(feeds), 'feed')} written to {path}",
        {"feeds": len(feeds), "file": path},
        as_json=as_json,
    )
    return DONE


def read_feed_address(written: str) -> str:
    """Return the canonical address of a feed; feed: is the same as http: or https:.

    Raises FetchError for what is no web address.
    """
    plain = re.sub(r"^feed:(?=https?://)", "", written.strip(), flags=re.IGNORECASE)
    return canonicalise(re.sub(r"^feed://", "http://", plain, flags=re.IGNORECASE))
