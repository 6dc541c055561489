"""The page for everybody: axe-core on every tab and open part, focus in order, no needless motion.

axe-core looks into the frame of the map and into the components. What it calls serious or
critical by WCAG 2.2 A and AA, or by its own best practice, fails.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from page.choices import FIGURES, TABS
from tests.browser.conftest import ROOT, Reader, need

pytestmark = pytest.mark.browser

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})"
THEMES = [{"color_scheme": "light"}, {"color_scheme": "dark"}]


@pytest.fixture(scope="module")
def axe() -> str:
    need(AXE.is_file(), "axe-core is not installed (run npm ci)")
    return Path(AXE).read_text(encoding="utf-8")


def find_barriers(reader: Reader, axe: str) -> list[str]:
    """Return what axe-core calls serious or critical, a line each."""
    for frame in reader.page.frames:
        if not frame.evaluate("Boolean(window.axe)"):
            frame.evaluate(axe)
    found: list[dict[str, Any]] = reader.page.evaluate(RUN, TAGS)["violations"]
    return [
        f"{one['id']}: {node['target']} {node['html'][:120]} {node['failureSummary'][:200]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("reader", THEMES, indirect=True, ids=["light", "dark"])
def test_every_tab_and_figure_is_without_barriers(reader: Reader, made_page: str, axe: str) -> None:
    reader.open(made_page)
    barriers = {}
    for tab in TABS:
        reader.page.get_by_role("tab", name=tab, exact=True).click()
        reader.rest()
        barriers[tab] = find_barriers(reader, axe)
    for name in FIGURES:
        reader.open(f"{made_page}/?tab=Analysis&figure={name.replace(' ', '+')}")
        reader.page.get_by_role("button", name="Download CSV").or_(
            reader.page.get_by_text("Nobody is new in these days.")
        ).first.wait_for()
        reader.rest()
        barriers[name] = find_barriers(reader, axe)
    assert {name: found for name, found in barriers.items() if found} == {}
    reader.check()


@pytest.mark.parametrize("reader", THEMES, indirect=True, ids=["light", "dark"])
def test_card_sharing_dialog_and_playing_are_without_barriers(
    reader: Reader, made_page: str, axe: str
) -> None:
    reader.open(f"{made_page}/?event=article3-0&window=year&at=2023-01-01&from=2022-01-01")
    reader.card.wait_for()
    barriers = {"card": find_barriers(reader, axe)}
    reader.page.get_by_role("button", name="Share").click()
    reader.page.get_by_text("Link to this view").wait_for()
    barriers["sharing"] = find_barriers(reader, axe)
    reader.page.keyboard.press("Escape")
    reader.page.get_by_role("button", name="Add articles").click()
    reader.page.get_by_role("dialog").get_by_label("Article").wait_for()
    reader.rest()
    barriers["dialog"] = find_barriers(reader, axe)
    reader.page.keyboard.press("Escape")
    assert {name: found for name, found in barriers.items() if found} == {}


@pytest.mark.parametrize(
    "reader", [{"viewport": {"width": 390, "height": 844}}], indirect=True, ids=["narrow"]
)
def test_a_phone_is_without_barriers(reader: Reader, made_page: str, axe: str) -> None:
    reader.open(f"{made_page}/?tab=Analysis&figure=Countries")
    assert find_barriers(reader, axe) == []
    assert reader.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


WHERE = """() => {
  let at = document.activeElement;
  while (at && at.shadowRoot && at.shadowRoot.activeElement) { at = at.shadowRoot.activeElement; }
  const host = at && at.getRootNode().host;
  const inside = (selector) => at.closest(selector) || (host && host.closest(selector));
  if (at.tagName === "IFRAME" || inside(".stCustomComponentV1")) { return "map"; }
  if (inside("[data-testid=stSidebar]")) { return "filters"; }
  if (inside(".st-key-masthead")) { return "masthead"; }
  if (at.closest(".dl-list")) { return "list"; }
  if (at.closest(".dl-play")) { return "playback"; }
  if (at.closest(".dl-timeline")) { return "timeline"; }
  if (inside("[role=tablist]")) { return "tabs"; }
  if (at.closest(".dl-events")) { return "table"; }
  return "";
}"""


def test_the_focus_goes_down_the_page(reader: Reader, made_page: str) -> None:
    # few events, so that the list of them is soon behind
    reader.open(f"{made_page}/?country=UKR")
    order: list[str] = []
    for _ in range(160):
        reader.page.keyboard.press("Tab")
        where = reader.page.evaluate(WHERE)
        if where and where not in order:
            order.append(where)
        if where == "table":
            break
    assert order == [
        "filters", "masthead", "map", "list", "playback", "timeline", "tabs", "table"
    ]  # fmt: skip


@pytest.mark.parametrize("reader", [{"reduced_motion": "reduce"}], indirect=True, ids=["reduced"])
def test_who_wants_no_motion_gets_none(reader: Reader, made_page: str) -> None:
    reader.open(made_page)
    moving = reader.page.evaluate(
        """() => {
          const slow = (time) => parseFloat(time) * (time.includes("ms") ? 1 : 1000) > 1;
          return [...document.querySelectorAll("button, input, a, [role=tab]")].filter((one) => {
            const { transitionDuration, animationDuration } = getComputedStyle(one);
            return [transitionDuration, animationDuration].join().split(",").some(slow);
          }).length;
        }"""
    )
    assert moving == 0
    reader.check()
