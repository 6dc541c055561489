"""The funnel: how many articles became how many events, and what fell out on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from extract.store.schema import articles, events, refusals


@dataclass(frozen=True, slots=True)
class Funnel:
    """How many articles became how many events, and what fell out on the way, and why.

    `silent` counts the articles without an event; `reasons` says why they and the refused
    inputs gave none, each reason with its count. `mapped` events have a coordinate.
    `supposed` events are only feared, supposed or mentioned; they are counted and not kept.
    """

    articles: int
    silent: int
    events: int
    mapped: int
    without_place: int
    without_date: int
    supposed: int
    refused: int
    reasons: Mapping[str, int]


def count_kept(connection: Connection) -> Funnel:
    """Count what is kept and what fell out on the way; old revisions do not count."""
    dated = func.coalesce(events.c.date_start, events.c.date_end)
    latest = articles.c.revision_of.is_(None)
    old = select(articles.c.id).where(articles.c.revision_of.is_not(None)).scalar_subquery()
    kept, silent, supposed = connection.execute(
        select(func.count(), func.count(articles.c.skipped), func.sum(articles.c.supposed))
        .select_from(articles)
        .where(latest)
    ).one()
    total, mapped, with_date = connection.execute(
        select(func.count(), func.count(events.c.latitude), func.count(dated))
        .select_from(events)
        .where(events.c.article_id.not_in(old))
    ).one()
    refused = connection.execute(select(func.count()).select_from(refusals)).scalar_one()
    reasons: dict[str, int] = {}
    for column, chosen in (
        (articles.c.skipped, articles.c.skipped.is_not(None) & latest),
        (refusals.c.reason, refusals.c.reason.is_not(None)),
    ):
        for reason, count in connection.execute(
            select(column, func.count()).where(chosen).group_by(column)
        ):
            reasons[reason] = reasons.get(reason, 0) + count
    return Funnel(
        articles=kept,
        silent=silent,
        events=total,
        mapped=mapped,
        without_place=total - mapped,
        without_date=total - with_date,
        supposed=supposed or 0,
        refused=refused,
        reasons=reasons,
    )
