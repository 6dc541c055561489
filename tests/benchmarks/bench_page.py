"""How fast the page answers with a million events, and what it sends.

    python -m tests.benchmarks.bench_page [--events 1000000] [--folder DIR]   the server's part
    python -m tests.benchmarks.bench_page --browser [--events 100000]         Chromium's part
    python -m tests.benchmarks.bench_page --sessions 20 [--seconds 60]        many at once

The events are made up (`made_million.py`) with a fixed seed, laid into a store, and read from
there as the page does. The report tells processor time beside the time on the wall, as other
programs may be running: a machine of its own shows the same on both.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime
import json
import os
import platform
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import folium
import numpy as np
import pyarrow as pa

from extract.plover import EVENT_TYPES
from extract.selection import Selection
from extract.snapshot import open_snapshot
from extract.store import Store
from extract.store.bulk import make_articles
from tests.benchmarks.made_million import make_batches
from view.assets import Assets
from view.columns import EventColumns, Mask, read_columns
from view.eventlist import list_events
from view.eventmap import build_map, describe_events, draw_events
from view.filters import Facet, count_facets, join_masks, make_masks, measure_coverage, read_facets
from view.layers import LAYERS
from view.timeline import count_timeline, describe_timeline
from view.viewport import Viewport

ROOT = Path(__file__).parents[2]
ASSETS = Assets("/app/static/leaflet.js", "/app/static/leaflet.css", "/app/static/x.geojson", True)
MARKERS = 10_000
CHANGES = 60


class Clock:
    """Seconds of processor and wall of what is done under it."""

    processor = wall = 0.0

    @contextmanager
    def running(self) -> Iterator[Clock]:
        processor, wall = time.process_time(), time.perf_counter()
        yield self
        self.processor = time.process_time() - processor
        self.wall = time.perf_counter() - wall

    def __str__(self) -> str:
        return f"{self.processor:.2f} s of processor, {self.wall:.2f} s on the wall"


def say(text: str) -> None:
    print(text, flush=True)


def fill(folder: Path, events: int) -> str:
    """Return the address of a store of so many events, made where it is not there yet."""
    path = folder / f"made-{events}.sqlite"
    if not path.exists():
        draft = folder / f"draft-{events}.sqlite"
        for left in folder.glob(f"{draft.name}*"):
            left.unlink()
        with Store(str(draft)) as store:
            batches = list(make_batches(events))
            articles = (make_articles(pa.Table.from_batches([batch])) for batch in batches)
            store.load(articles, batches)
        draft.rename(path)
    return str(path)


def pick_selections(facets: dict[str, Facet], count: int) -> list[Selection]:
    """Return filters as readers choose them: each kind alone, and some together."""
    chance = random.Random(23)
    found = []
    for number in range(count):
        day = datetime.date(2015, 1, 1) + datetime.timedelta(days=chance.randrange(3400))
        week = datetime.timedelta(days=chance.choice([7, 30, 365, 1000]))
        south, west = chance.uniform(-30, 40), chance.uniform(-120, 120)
        box = ((south, west), (south, west + 30), (south + 20, west + 30), (south + 20, west))
        kinds: list[dict[str, Any]] = [
            {"types": tuple(chance.sample(list(EVENT_TYPES), chance.randint(1, 4)))},
            {"countries": tuple(chance.sample(facets["countries"].values[:60], 2))},
            {"start": day},
            {"start": day, "end": day + week},
            {"actors": (chance.choice(facets["actors"].values[:200]),)},
            {"sources": tuple(chance.sample(facets["sources"].values[:50], 3))},
            {"statuses": ("occurred",)},
            {"precisions": ("town", "point")},
            {"area": box},
            {},
        ]
        chosen = kinds[number % len(kinds)]
        if number >= len(kinds) * 3:
            chosen = chosen | chance.choice(kinds)
        found.append(Selection(**chosen))
    return found


def answer(
    columns: EventColumns,
    facets: dict[str, Facet],
    selection: Selection,
    *,
    layer: str = "points",
    view: Viewport | None = None,
) -> tuple[int, dict[str, float]]:
    """Make all that a filter change sends; return its bytes and the seconds of each part."""
    from streamlit_folium import _get_feature_group_string

    spent: dict[str, float] = {}
    sent = 0

    def part(name: str, make: Callable[[], Any]) -> Any:
        began = time.process_time()
        made = make()
        spent[name] = time.process_time() - began
        return made

    masks = part("masks", lambda: make_masks(columns, selection))
    mask: Mask = part("joined", lambda: join_masks(columns, masks))
    counts = part("counts", lambda: count_facets(columns, facets, masks))
    coverage = part("coverage", lambda: measure_coverage(columns, mask, articles=1))
    payload = part("map", lambda: describe_events(columns, mask, layer=layer, view=view))
    script = part(
        "map's text",
        lambda: _get_feature_group_string(draw_events(payload), build_map(ASSETS)),
    )
    dated = join_masks(columns, masks, without="dates")
    timeline = part(
        "timeline", lambda: describe_timeline(count_timeline(columns, dated), brush=(None, None))
    )
    events = part("list", lambda: list_events(columns, mask))
    options = {
        field: [f"{v}  ·  {n}" for v, n in list(c.items())[:300]] for field, c in counts.items()
    }
    for told in (script, timeline, events, options, coverage.sentence):
        sent += len(json.dumps(told, default=str))
    return sent, spent


def measure_server(folder: Path, events: int) -> None:
    clock = Clock()
    with clock.running():
        url = fill(folder, events)
    say(f"store of {events:,} events: {clock} to make ({Path(url).stat().st_size / 1e6:,.0f} MB)")
    store = Store(url)
    owner, number = store.version().rsplit("-", 1)
    snapshots = folder / "snapshots"
    for left in snapshots.glob(f"*{owner}*"):
        left.unlink()
    facets: dict[str, Facet] = {}
    for name in ("from the store", "from the snapshot"):
        with clock.running():
            table = open_snapshot(store.event_batches, snapshots, store=owner, version=number)
            columns = read_columns(table)
            facets = read_facets(columns)
        say(f"first load {name}: {clock}")
    say(f"places: {len(columns.places):,}; countries: {len(columns.nations):,}")

    selections = pick_selections(facets, CHANGES)
    answer(columns, facets, Selection())
    for title, options in (
        ("filter changes, events on the map", {}),
        ("the same, zoomed in", {"view": Viewport(30.0, 30.0, 6.0, 1300, 700)}),
        *((f"layer {name}", {"layer": name}) for name in LAYERS if name != "points"),
    ):
        times, walls, sizes, parts = [], [], [], []
        for selection in selections if title.startswith("filter") else selections[::4]:
            wall = time.perf_counter()
            sent, spent = answer(columns, facets, selection, **options)  # type: ignore[arg-type]
            walls.append(time.perf_counter() - wall)
            times.append(sum(spent.values()))
            sizes.append(sent)
            parts.append(spent)
        middle = {
            name: round(1000 * statistics.median(part[name] for part in parts)) for name in parts[0]
        }
        say(
            f"{title}: median {1000 * statistics.median(times):.0f} ms of processor "
            f"({1000 * statistics.median(walls):.0f} on the wall), slowest "
            f"{1000 * max(times):.0f}; sent: median {statistics.median(sizes) / 1000:.0f} kB, "
            f"most {max(sizes) / 1000:.0f} kB; ms of each part: {middle}"
        )
    for word in ("convoy", "withdrew", "nowhere"):
        with clock.running():
            make_masks(columns, Selection(text=word))
        say(f"a word never searched before ({word}): {clock}")
    compare_markers(columns, events)


def compare_markers(columns: EventColumns, events: int) -> None:
    """Tell how much longer the same map takes with a folium.Marker per event."""
    rows = np.flatnonzero(columns.place >= 0)[:MARKERS]
    places = columns.places.iloc[columns.place[rows]]
    clock = Clock()
    with clock.running():
        markers = folium.Map(location=(30, 30), zoom_start=3)
        for name, latitude, longitude in zip(
            places["name"], places["latitude"], places["longitude"], strict=True
        ):
            folium.Marker((latitude, longitude), tooltip=name).add_to(markers)
        size = len(markers.get_root().render())
    theirs = clock.processor / len(rows) * events
    ours = []
    mask = np.ones(len(columns), dtype=bool)
    for _ in range(5):
        with clock.running():
            draw_events(describe_events(columns, mask))
        ours.append(clock.processor)
    say(
        f"one folium.Marker per event: {theirs * len(rows) / events:.1f} s for {len(rows):,}, so "
        f"{theirs:,.0f} s and {size / len(rows) * events / 1e6:,.0f} MB for {events:,}; ours "
        f"{statistics.median(ours):.3f} s: {theirs / statistics.median(ours):,.0f} to 1"
    )


# ---- a server of its own --------------------------------------------------------------------


@contextmanager
def serve(url: str, folder: Path) -> Iterator[tuple[str, int]]:
    """Serve the page over a store; give its address and the number of its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "streamlit", "run", "dashboard.py"),
                *(f"--server.port={port}", "--server.fileWatcherType=none"),
                *("--server.headless=true", "--server.address=127.0.0.1"),
            ],
            cwd=ROOT,
            env={**os.environ, "DATELINE_DB": url, "DATELINE_CACHE": str(folder)},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    address = f"127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                with urllib.request.urlopen(f"http://{address}/_stcore/health", timeout=1):
                    break
            except OSError:
                time.sleep(0.1)
        yield address, process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)


def read_memory(pid: int) -> str:
    """Return the memory of a process in words; Linux alone tells it so."""
    told = Path(f"/proc/{pid}/smaps_rollup")
    if not told.exists():
        return "not told on this system"
    sizes = {
        line.split(":")[0]: int(line.split()[1]) / 1024
        for line in told.read_text().splitlines()[1:]
    }
    return (
        f"{sizes['Rss']:,.0f} MB resident, {sizes['Anonymous']:,.0f} MB of it its own, the rest "
        "mapped files"
    )


def read_processor(pid: int) -> float:
    """Return the seconds of processor that a process has spent, 0 where the system tells none."""
    told = Path(f"/proc/{pid}/stat")
    if not told.exists():
        return 0.0
    fields = told.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Session:
    """One reader's connection, speaking Streamlit's own protocol without a browser."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.ids: dict[str, str] = {}
        self.received = 0
        self.failed = ""

    async def run(self, widgets: dict[str, list[str]]) -> float:
        """Ask for a run with some filters and return the seconds until it was finished."""
        from streamlit.proto.BackMsg_pb2 import BackMsg
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        message = BackMsg()
        message.rerun_script.query_string = ""
        for label, values in widgets.items():
            state = message.rerun_script.widget_states.widgets.add()
            state.id = self.ids[label]
            state.string_array_value.data.extend(values)
        began = time.perf_counter()
        await self.connection.send(message.SerializeToString())
        while True:
            data = await asyncio.wait_for(self.connection.recv(), 60)
            self.received += len(data)
            answer = ForwardMsg()
            answer.ParseFromString(data)
            kind = answer.WhichOneof("type")
            if kind == "delta":
                element = answer.delta.new_element
                if element.WhichOneof("type") == "multiselect":
                    self.ids[element.multiselect.label] = element.multiselect.id
                if element.WhichOneof("type") == "exception":
                    self.failed = element.exception.message
            if kind == "script_finished":
                return time.perf_counter() - began


async def load_server(
    address: str, sessions: int, seconds: float
) -> tuple[list[float], list[str], float]:
    """Let sessions filter every two seconds; return the seconds of each, failures, mean bytes."""
    from websockets.asyncio.client import connect

    waits: list[float] = []
    failures: list[str] = []
    sizes: list[float] = []

    async def read(number: int) -> None:
        chance = random.Random(number)
        async with connect(
            f"ws://{address}/_stcore/stream",
            subprotocols=["streamlit"],
            max_size=None,  # type: ignore[list-item]
        ) as connection:
            session = Session(connection)
            await session.run({})
            await asyncio.sleep(chance.uniform(0, 2))
            end = time.perf_counter() + seconds
            while time.perf_counter() < end:
                due = time.perf_counter() + 2
                chosen = [name.capitalize() for name in chance.sample(list(EVENT_TYPES), 2)]
                before = session.received
                waits.append(await session.run({"Event type": [f"{one}  ·  0" for one in chosen]}))
                sizes.append(session.received - before)
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
            if session.failed:
                failures.append(session.failed)

    for outcome in await asyncio.gather(*map(read, range(sessions)), return_exceptions=True):
        if isinstance(outcome, BaseException):
            failures.append(repr(outcome))
    return waits, failures, statistics.mean(sizes) if sizes else 0.0


def measure_sessions(folder: Path, events: int, sessions: int, seconds: float) -> None:
    url = fill(folder, events)
    with serve(url, folder) as (address, pid):
        asyncio.run(load_server(address, 1, 1))
        say(f"one session over {events:,} events: {read_memory(pid)}")
        for count in dict.fromkeys((min(10, sessions), sessions)):
            before = read_processor(pid)
            waits, failures, size = asyncio.run(load_server(address, count, seconds))
            spent = (read_processor(pid) - before) / (len(waits) + count)
            waits.sort()
            say(
                f"{count} sessions, filtering every 2 s for {seconds:.0f} s: {len(waits)} runs, "
                f"median {statistics.median(waits):.2f} s, p95 {waits[int(0.95 * len(waits))]:.2f} "
                f"s, most {waits[-1]:.2f} s; {size / 1000:.0f} kB and {1000 * spent:.0f} ms of "
                f"processor each; {len(failures)} errors "
                f"{failures[:1] or ''}; {read_memory(pid)}"
            )


# ---- Chromium -------------------------------------------------------------------------------

MOST_WAIT = 20_000  # milliseconds

# Each leaves a promise of the moment, in milliseconds since 1970, at which the frame after a change
# was drawn; null where nothing changed. Watching in the browser itself costs it next to nothing,
# where asking it again and again from here took most of what was measured.
WATCH_TEXT = """() => {
  const read = () => (document.querySelector("SELECTOR") || {}).textContent;
  const before = read(), until = Date.now() + WAIT;
  window.dlChanged = new Promise((resolve) => {
    const look = () => {
      if (read() !== before) { requestAnimationFrame(() => resolve(Date.now())); }
      else if (Date.now() > until) { resolve(null); }
      else { requestAnimationFrame(look); }
    };
    requestAnimationFrame(look);
  });
}""".replace("WAIT", str(MOST_WAIT))
WATCH_SENTENCE = WATCH_TEXT.replace("SELECTOR", ".dl-shown")
WATCH_CARD = WATCH_TEXT.replace("SELECTOR", "article.dl-card")
# Symbols that come, go or say something else; moving or fading those that stand is no change.
WATCH_SYMBOLS = """() => {
  window.dlChanged = new Promise((resolve) => {
    const isSymbol = (node) => node.closest && node.closest(".dl-node");
    const watcher = new MutationObserver((changes) => {
      if (!changes.some((one) => isSymbol(one.target) ||
          [...one.addedNodes, ...one.removedNodes].some(isSymbol))) { return; }
      watcher.disconnect();
      requestAnimationFrame(() => resolve(Date.now()));
    });
    const pane = document.querySelector(".leaflet-map-pane");
    watcher.observe(pane, { childList: true, subtree: true });
    setTimeout(() => { watcher.disconnect(); resolve(null); }, WAIT);
  });
}""".replace("WAIT", str(MOST_WAIT))
# The ground under the reader's hand.
WATCH_GROUND = """() => {
  window.dlChanged = new Promise((resolve) => {
    const watcher = new MutationObserver(() => {
      watcher.disconnect();
      requestAnimationFrame(() => resolve(Date.now()));
    });
    const pane = document.querySelector(".leaflet-map-pane");
    watcher.observe(pane, { attributes: true, attributeFilter: ["style", "class"] });
    setTimeout(() => { watcher.disconnect(); resolve(null); }, WAIT);
  });
}""".replace("WAIT", str(MOST_WAIT))


def measure_browser(folder: Path, events: int, *, rounds: int = 5) -> None:
    """Tell the time from an input to the pixels it changed, and whether the map was kept."""
    from playwright.sync_api import TimeoutError as PlaywrightTimeout
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import ARGUMENTS, Reader, find_chromium

    url = fill(folder, events)
    with serve(url, folder) as (address, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        page = browser.new_context(viewport={"width": 1400, "height": 1000}).new_page()
        reader = Reader(page)
        clock = time.perf_counter()
        reader.open(f"http://{address}/")
        say(f"page opened over {events:,} events: {time.perf_counter() - clock:.1f} s")
        frame = page.locator("iframe[title='streamlit_folium.st_folium']")
        first = frame.element_handle()
        drawn = next(one for one in page.frames if "st_folium" in one.url or "component" in one.url)
        times: dict[str, list[float]] = {}

        def timed(name: str, act: Callable[[], None], where: Any, watch: str) -> None:
            page.wait_for_timeout(500)
            where.evaluate(watch)
            began = time.time()
            act()
            try:
                changed = where.evaluate("() => window.dlChanged")
            except PlaywrightTimeout:
                changed = None
            if changed is None:
                say(f"  {name}: nothing changed in {MOST_WAIT / 1000:.0f} s")
            else:
                times.setdefault(name, []).append(changed / 1000 - began)
                say(f"  {name}: {times[name][-1]:.2f} s")
            reader.rest()

        box = frame.bounding_box()
        assert box is not None
        middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

        def drag(step: int) -> None:
            page.mouse.move(*middle)
            page.mouse.down()
            page.mouse.move(middle[0] + step, middle[1], steps=4)
            page.mouse.up()

        for turn in range(rounds):
            drawn.evaluate("() => dateline.state.map.setView([25, 20], 4, { animate: false })")
            page.wait_for_timeout(1500)
            kind = list(EVENT_TYPES)[turn].capitalize()

            def choose(kind: str = kind) -> None:
                page.get_by_role("option", name=kind).first.click()

            page.get_by_role("combobox", name="Event type").click()
            timed("filter (sentence)", choose, page, WATCH_SENTENCE)
            page.keyboard.press("Escape")
            page.mouse.click(box["x"] + 500, 12)
            page.wait_for_timeout(300)
            page.get_by_role("combobox", name="Status").click()
            timed(
                "filter (map)",
                lambda: page.get_by_role("option").nth(1).click(),
                drawn,
                WATCH_SYMBOLS,
            )
            page.keyboard.press("Escape")
            page.mouse.click(box["x"] + 500, 12)
            page.wait_for_timeout(300)
            page.get_by_role("button", name="Clear all filters").click()
            reader.rest()
            page.wait_for_timeout(1500)
            timed("pan (ground)", lambda: drag(-160), drawn, WATCH_GROUND)
            timed("pan (new symbols)", lambda: drag(-420), drawn, WATCH_SYMBOLS)
            zoom_in = drawn.locator(".leaflet-control-zoom-in").click
            timed("zoom (new symbols)", zoom_in, drawn, WATCH_SYMBOLS)
            drawn.evaluate("() => dateline.state.map.setView([25, 20], 4, { animate: false })")
            page.wait_for_timeout(1200)

            drawn.locator(".dl-box").click()
            page.mouse.move(middle[0] - 120, middle[1] - 90)
            page.mouse.down()
            page.mouse.move(middle[0] + 120, middle[1] + 90, steps=4)
            # letting go of the button is what asks for the box
            timed("draw a box", page.mouse.up, page, WATCH_SENTENCE)
            reader.page.get_by_role("button", name="Area drawn on the map").click()
            reader.rest()
            timed("open a card", lambda: reader.rows.first.click(), page, WATCH_CARD)
            page.get_by_role("button", name="Back to the list").click()
            reader.rest()
        page.get_by_label("Window").select_option(index=3)
        reader.rest()
        step = page.get_by_role("button", name="Step forward")
        for _ in range(10):
            timed("play a step", step.click, drawn, WATCH_SYMBOLS)
        for name, seconds in times.items():
            say(f"{name}: median {statistics.median(seconds):.2f} s, most {max(seconds):.2f} s")
        same = first.evaluate("(one, other) => one === other", frame.element_handle())
        say(f"the map's frame is the same element: {same}; errors: {reader.errors[:2]}")
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--events", type=int)
    parser.add_argument("--folder", type=Path, help="where the store is kept for the next time")
    parser.add_argument("--browser", action="store_true")
    parser.add_argument("--sessions", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=60)
    chosen = parser.parse_args()
    say(
        f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        if chosen.browser:
            measure_browser(folder, chosen.events or 100_000)
        elif chosen.sessions:
            measure_sessions(folder, chosen.events or 1_000_000, chosen.sessions, chosen.seconds)
        else:
            measure_server(folder, chosen.events or 1_000_000)


if __name__ == "__main__":
    main()
