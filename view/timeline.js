/* The timeline: stacks per period, bars for uncertain dates, an overview of all there is.
 *
 * The server counts; this draws, and asks for the counts of another stretch when the reader
 * zooms or moves. A brush (drag, or the two handles by keyboard) sets the dates of the filter.
 * Days are counted since 1970, in UTC, so that a day is the same day in every time zone.
 */
const SVG = "http://www.w3.org/2000/svg";
const LEFT = 38, RIGHT = 36, TOP = 8, PLOT = 112, AXIS = 30, LANE = 9, STRIP = 26;
const SHORTEST = 7; // days that a look may be; the server holds the same
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const UNITS = { day: "day", week: "week", month: "month", quarter: "quarter", year: "year", decade: "decade" };
const states = new WeakMap();

const make = (name, attributes = {}, text) => {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) { element.setAttribute(key, value); }
  if (text !== undefined) { element.textContent = text; }
  return element;
};
const number = (count) => count.toLocaleString("en");
const events = (count) => number(count) + (count === 1 ? " event" : " events");
const date = (day) => new Date(day * 864e5);
const words = (day) => { const d = date(day); return d.getUTCDate() + " " + MONTHS[d.getUTCMonth()] + " " + d.getUTCFullYear(); };
const sum = (list) => list.reduce((a, b) => a + b, 0);

export default function (component) {
  const root = component.parentElement.querySelector(".dl-timeline");
  let state = states.get(root);
  if (!state) {
    state = { root, brush: null, look: null, asked: 0 };
    states.set(root, state);
    build(state);
  }
  state.send = component.setTriggerValue;
  state.data = component.data;
  // What the reader is doing at this moment is not undone by an answer to something earlier.
  if (!state.drag && !state.waiting) { state.look = [component.data.look[0], component.data.look[1] + 1]; }
  if (!state.drag && !state.choosing) { state.brush = component.data.brush ? openEnds(component.data) : null; }
  draw(state);
  return () => {
    if (!root.isConnected) { state.watcher.disconnect(); states.delete(root); }
  };
}

/* ---- what stands once ---- */

function build(state) {
  const { root } = state;
  state.svg = root.querySelector(".dl-chart");
  state.tip = root.querySelector(".dl-tip");
  state.head = root.querySelector(".dl-unit");
  state.said = root.querySelector(".dl-chosen");
  state.note = root.querySelector(".dl-note");
  state.watcher = new ResizeObserver(() => draw(state));
  state.watcher.observe(root);
  const middle = () => (state.look[0] + state.look[1]) / 2;
  const act = {
    in: () => zoom(state, 0.5, middle()),
    out: () => zoom(state, 2, middle()),
    back: () => move(state, -(state.look[1] - state.look[0]) / 3),
    on: () => move(state, (state.look[1] - state.look[0]) / 3),
    all: () => lookAt(state, [state.data.reach[0], state.data.reach[1] + 1]),
    chosen: () => { if (state.brush) { const edge = Math.max(3, (state.brush[1] - state.brush[0]) * 0.08); lookAt(state, [state.brush[0] - edge, state.brush[1] + edge]); } },
    clear: () => choose(state, null, true),
  };
  for (const button of root.querySelectorAll("button[data-act]")) { button.onclick = act[button.dataset.act]; }
  const { svg } = state;
  svg.addEventListener("pointerdown", (event) => press(state, event));
  svg.addEventListener("pointermove", (event) => (state.drag ? drag(state, event) : hover(state, event)));
  svg.addEventListener("pointerup", (event) => release(state, event));
  svg.addEventListener("pointercancel", () => { state.drag = null; draw(state); });
  svg.addEventListener("pointerleave", () => { state.tip.hidden = true; state.inside = false; });
  svg.addEventListener("dblclick", () => { clearTimeout(state.choosing); choose(state, null, true); });
  // The wheel scrolls the page until the reader has clicked into the chart, as on the map.
  svg.addEventListener("wheel", (event) => {
    const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (!sideways && !event.ctrlKey && !event.metaKey && !state.inside) { return; }
    event.preventDefault();
    const days = (state.look[1] - state.look[0]) / state.width;
    if (sideways || event.shiftKey) { move(state, (event.deltaX || event.deltaY) * days); }
    else { zoom(state, Math.exp(Math.max(-120, Math.min(120, event.deltaY)) / 240), dayAt(state, event)); }
  }, { passive: false });
  root.addEventListener("keydown", (event) => pressKey(state, event));
}

/* ---- choosing and looking ---- */

function openEnds(data) {
  const [first, last] = data.brush;
  return [first === null ? data.reach[0] : first, (last === null ? data.reach[1] : last) + 1];
}

function lookAt(state, look) {
  let [first, after] = look;
  if (after - first < SHORTEST) { const lack = (SHORTEST - after + first) / 2; first -= lack; after += lack; }
  const room = Math.max(30, (state.data.reach[1] - state.data.reach[0]) * 0.5);
  const low = state.data.reach[0] - room, high = state.data.reach[1] + room;
  const size = Math.min(after - first, high - low);
  first = Math.max(low, Math.min(first, high - size));
  state.look = [first, first + size];
  draw(state);
  clearTimeout(state.waiting);
  state.waiting = setTimeout(() => {
    state.waiting = 0;
    state.send("look", { days: [state.look[0], state.look[1] - 1], turn: ++state.asked });
  }, 140);
}

function zoom(state, factor, around) {
  const [first, after] = state.look;
  lookAt(state, [around - (around - first) * factor, around + (after - around) * factor]);
}

function move(state, days) { lookAt(state, [state.look[0] + days, state.look[1] + days]); }

function choose(state, brush, now) {
  if (!brush && !state.brush) { return; }
  state.brush = brush;
  draw(state);
  clearTimeout(state.choosing);
  // A click may be the first half of a double click, and a key one of many.
  state.choosing = setTimeout(() => {
    state.choosing = 0;
    state.send("brush", { days: brush ? [brush[0], brush[1] - 1] : null, turn: ++state.asked });
  }, now ? 0 : 260);
}

function snap(state, day, side) {
  // To the edge of a period where one is wider than a few pixels, else to the day.
  const { edges, period } = state.data;
  if (period === "day" || period === "decade") { return Math.round(day); }
  if (side === "down") { return [...edges].reverse().find((edge) => edge <= day) ?? Math.floor(day); }
  if (side === "up") { return edges.find((edge) => edge > day) ?? Math.ceil(day); }
  const near = edges.reduce((best, edge) => (Math.abs(edge - day) < Math.abs(best - day) ? edge : best), edges[0]);
  return Math.abs(near - day) > 400 ? Math.round(day) : near;
}

/* ---- the pointer ---- */

const xOf = (state, day) => LEFT + ((day - state.look[0]) / (state.look[1] - state.look[0])) * state.width;
const overviewX = (state, day) => LEFT + ((day - state.data.reach[0]) / Math.max(1, state.data.reach[1] + 1 - state.data.reach[0])) * state.width;

function dayAt(state, event) {
  const x = event.clientX - state.svg.getBoundingClientRect().left - LEFT;
  return state.look[0] + (x / state.width) * (state.look[1] - state.look[0]);
}

function spot(state, event) {
  const box = state.svg.getBoundingClientRect();
  const [x, y] = [event.clientX - box.left, event.clientY - box.top];
  if (y >= state.stripTop - 3) { return { part: "overview", x }; }
  if (state.brush) {
    const [first, after] = state.brush.map((day) => xOf(state, day));
    const reach = event.pointerType === "touch" ? 16 : 7;
    const nearer = Math.abs(x - first) <= Math.abs(x - after) ? "first" : "after";
    if (Math.abs(x - (nearer === "first" ? first : after)) <= reach) { return { part: nearer, x }; }
    if (x > first && x < after && y < TOP + PLOT) { return { part: "inside", x }; }
  }
  return { part: "plot", x };
}

function press(state, event) {
  if (event.button) { return; }
  const at = spot(state, event);
  state.inside = true;
  state.svg.setPointerCapture(event.pointerId);
  state.tip.hidden = true;
  state.drag = { ...at, began: at.x, day: dayAt(state, event), brush: state.brush, look: state.look, moved: false };
  if (at.part === "overview") { dragOverview(state, at.x); }
}

function drag(state, event) {
  const move = state.drag;
  const x = event.clientX - state.svg.getBoundingClientRect().left;
  if (Math.abs(x - move.began) > 3) { move.moved = true; }
  if (!move.moved) { return; }
  const day = dayAt(state, event);
  if (move.part === "overview") { dragOverview(state, x); return; }
  if (move.part === "plot") {
    const [low, high] = [Math.min(move.day, day), Math.max(move.day, day)];
    const [first, after] = event.shiftKey ? [Math.floor(low), Math.ceil(high)] : [snap(state, low), snap(state, high)];
    state.brush = after > first ? [first, after] : [snap(state, low, "down"), snap(state, low, "up")];
  } else if (move.part === "inside") {
    const size = move.brush[1] - move.brush[0];
    const first = snap(state, move.brush[0] + day - move.day);
    state.brush = [first, first + size];
  } else {
    const edge = event.shiftKey ? Math.round(day) : snap(state, day);
    const other = move.brush[move.part === "first" ? 1 : 0];
    state.brush = edge === other ? state.brush : [Math.min(edge, other), Math.max(edge, other)];
  }
  draw(state);
}

function release(state, event) {
  const move = state.drag;
  state.drag = null;
  if (!move) { return; }
  if (move.part === "overview") { lookAt(state, state.look); return; }
  if (move.moved) { const wanted = state.brush; state.brush = move.brush || []; choose(state, wanted, true); return; }
  if (move.part === "plot") {
    const day = dayAt(state, event);
    const [first, after] = [snap(state, day, "down"), snap(state, day, "up")];
    if (state.data.period === "day") { choose(state, [Math.floor(day), Math.floor(day) + 1]); }
    else if (after > first) { choose(state, [first, after]); }
  }
}

function dragOverview(state, x) {
  const all = state.data.reach[1] + 1 - state.data.reach[0];
  const day = state.data.reach[0] + ((x - LEFT) / state.width) * all;
  const size = state.look[1] - state.look[0];
  if (state.drag.grip === undefined) {
    state.drag.grip = day >= state.look[0] && day <= state.look[1] ? day - state.look[0] : size / 2;
  }
  state.look = [day - state.drag.grip, day - state.drag.grip + size];
  draw(state);
}

function hover(state, event) {
  const { data, tip } = state;
  const at = spot(state, event);
  state.svg.style.cursor = { overview: "grab", first: "ew-resize", after: "ew-resize", inside: "move", plot: "crosshair" }[at.part];
  const box = state.svg.getBoundingClientRect();
  const y = event.clientY - box.top;
  const day = dayAt(state, event);
  tip.hidden = true;
  if (at.x < LEFT || at.x > LEFT + state.width || at.part === "overview") { return; }
  let lines = null;
  if (y >= state.barsTop && y < state.stripTop) {
    const lane = Math.floor((y - state.barsTop) / LANE);
    const bar = data.bars.find((one) => one.lane === lane && day >= one.start && day < one.end + 1);
    if (bar) { lines = [["Some time in " + bar.when, sum(bar.counts)], ...data.quads.map((quad, index) => [quad.label, bar.counts[index], quad.colour])]; }
  } else if (y < TOP + PLOT + AXIS) {
    const index = data.edges.findIndex((edge, at) => day >= edge && day < data.edges[at + 1]);
    if (index >= 0) {
      const parts = data.types.map((type) => [type.label, type.counts[index], type.colour]).filter((part) => part[1]);
      parts.sort((a, b) => b[1] - a[1]);
      lines = [[data.when[index], sum(parts.map((part) => part[1]))], ...parts.slice(0, 9)];
      if (parts.length > 9) { lines.push([parts.length - 9 + " more types", sum(parts.slice(9).map((part) => part[1])), "transparent"]); }
    }
  }
  if (!lines) { return; }
  tip.replaceChildren(...lines.filter((line) => line[1] || line === lines[0]).map(([text, count, colour]) => {
    const line = document.createElement("span");
    const chip = document.createElement("i");
    if (colour) { chip.style.background = colour; line.append(chip); } else { line.className = "dl-first"; }
    const label = document.createElement("span");
    label.textContent = text;
    const value = document.createElement("b");
    value.textContent = number(count);
    line.append(label, value);
    return line;
  }));
  tip.hidden = false;
  const left = at.x + 14 + tip.offsetWidth > box.width ? at.x - tip.offsetWidth - 14 : at.x + 14;
  tip.style.left = Math.max(0, left) + "px";
}

/* ---- the keyboard ---- */

function pressKey(state, event) {
  const handle = event.target.closest && event.target.closest("[data-handle]");
  const onPlot = event.target === state.svg;
  if (!handle && !onPlot) { return; }
  const play = { " ": "toggle", ".": "on", ",": "back" }[event.key];
  const sideways = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (handle && sideways) {
    const which = handle.dataset.handle === "first" ? 0 : 1;
    const brush = state.brush ? [...state.brush] : [state.look[0], state.look[1]].map(Math.round);
    const { edges } = state.data;
    const here = brush[which];
    const next = event.shiftKey ? here + sideways
      : sideways > 0 ? edges.find((edge) => edge > here) ?? here + 1 : [...edges].reverse().find((edge) => edge < here) ?? here - 1;
    brush[which] = next;
    if (brush[1] > brush[0]) { choose(state, brush); }
  } else if (play) {
    window.dispatchEvent(new CustomEvent("dateline-play", { detail: play }));
  } else if (onPlot && sideways) { move(state, (sideways * (state.look[1] - state.look[0])) / 10); }
  else if (event.key === "+" || event.key === "=") { zoom(state, 0.5, (state.look[0] + state.look[1]) / 2); }
  else if (event.key === "-") { zoom(state, 2, (state.look[0] + state.look[1]) / 2); }
  else if (event.key === "0") { lookAt(state, [state.data.reach[0], state.data.reach[1] + 1]); }
  else if (event.key === "Escape" || event.key === "Delete") { choose(state, null, true); }
  else { return; }
  event.preventDefault();
}

/* ---- drawing ---- */

function draw(state) {
  const { svg, data, root } = state;
  const whole = root.clientWidth;
  if (!data || !whole) { return; }
  state.width = whole - LEFT - RIGHT;
  const lanes = data.bars.length ? Math.max(...data.bars.map((bar) => bar.lane)) + 1 : 0;
  state.barsTop = TOP + PLOT + AXIS;
  state.stripTop = state.barsTop + (lanes ? lanes * LANE + 8 : 2);
  const height = state.stripTop + STRIP + 2;
  const focused = svg.getRootNode().activeElement;
  const handle = focused && focused.dataset ? focused.dataset.handle : null;
  svg.replaceChildren();
  svg.setAttribute("height", height);
  svg.setAttribute("viewBox", "0 0 " + whole + " " + height);
  const clip = make("clipPath", { id: "dl-clip" });
  clip.append(make("rect", { x: LEFT, y: 0, width: state.width, height }));
  svg.append(clip);
  const inside = make("g", { "clip-path": "url(#dl-clip)" });
  drawScale(state, svg);
  if (data.window) { inside.append(shade(state, data.window[0], data.window[1] + 1, "dl-window", TOP, PLOT)); }
  drawStacks(state, inside);
  drawBars(state, inside);
  svg.append(inside);
  drawAxis(state, svg);
  drawBrush(state, svg, inside);
  drawOverview(state, svg);
  say(state);
  if (handle) { const again = svg.querySelector('[data-handle="' + handle + '"]'); if (again) { again.focus({ preventScroll: true }); } }
}

function shade(state, first, after, name, top, tall) {
  return make("rect", { class: name, x: xOf(state, first), y: top, width: Math.max(2, xOf(state, after) - xOf(state, first)), height: tall });
}

function highest(state) {
  const { data } = state;
  let top = 0;
  for (let index = 0; index + 1 < data.edges.length; index++) {
    if (data.edges[index + 1] > state.look[0] && data.edges[index] < state.look[1]) {
      top = Math.max(top, sum(data.types.map((type) => type.counts[index])));
    }
  }
  top = Math.max(top, 3);
  const step = Math.pow(10, Math.floor(Math.log10(top / 2)));
  const grain = Math.max(1, [1, 2, 5, 10].map((factor) => factor * step).find((one) => top / one <= 4));
  return { top: Math.ceil(top / grain) * grain, grain };
}

function drawScale(state, svg) {
  const scale = highest(state);
  state.top = scale.top;
  for (let value = 0; value <= scale.top; value += scale.grain) {
    const y = TOP + PLOT - (value / scale.top) * PLOT;
    svg.append(make("line", { class: value ? "dl-grid" : "dl-ground", x1: LEFT, x2: LEFT + state.width, y1: y, y2: y }));
    const brief = value < 10000 ? number(value) : value < 1e6 ? value / 1000 + "k" : value / 1e6 + "M";
    svg.append(make("text", { class: "dl-value", x: LEFT - 6, y: y + 3.5, "text-anchor": "end" }, brief));
  }
}

function drawStacks(state, group) {
  const { data } = state;
  for (let index = 0; index + 1 < data.edges.length; index++) {
    const left = xOf(state, data.edges[index]);
    const right = xOf(state, data.edges[index + 1]);
    if (right < LEFT || left > LEFT + state.width) { continue; }
    const gap = right - left > 5 ? 1 : 0;
    const out = [state.brush, data.window && [data.window[0], data.window[1] + 1]].some((kept) => kept && (data.edges[index] >= kept[1] || data.edges[index + 1] <= kept[0]));
    let below = 0;
    for (const type of data.types) {
      const count = type.counts[index];
      if (!count) { continue; }
      const tall = (count / state.top) * PLOT;
      below += tall;
      group.append(make("rect", {
        class: out ? "dl-bar dl-out" : "dl-bar", x: left + gap / 2, y: TOP + PLOT - below,
        width: Math.max(0.6, right - left - gap), height: Math.max(0.4, tall), fill: type.colour,
      }));
    }
  }
}

function drawBars(state, group) {
  for (const bar of state.data.bars) {
    const left = Math.max(LEFT - 6, xOf(state, bar.start));
    const right = Math.min(LEFT + state.width + 6, xOf(state, bar.end + 1));
    if (right < LEFT || left > LEFT + state.width) { continue; }
    const total = sum(bar.counts);
    const y = state.barsTop + bar.lane * LANE + 1;
    let x = left;
    // Its quad classes share the bar; the outline keeps it one.
    bar.counts.forEach((count, index) => {
      if (!count) { return; }
      const wide = ((right - left) * count) / total;
      group.append(make("rect", { class: "dl-stretch", x, y, width: wide, height: LANE - 3, fill: state.data.quads[index].colour }));
      x += wide;
    });
    group.append(make("rect", { class: "dl-hull", x: left, y: y - 0.5, width: Math.max(2, right - left), height: LANE - 2, rx: 2.5 }));
  }
}

function drawAxis(state, svg) {
  const [first, after] = state.look;
  const pixels = state.width / (after - first);
  const y = TOP + PLOT;
  const put = (day, text, strong) => {
    const x = xOf(state, day);
    if (x < LEFT - 0.5 || x > LEFT + state.width - 12) { return; }
    svg.append(make("line", { class: strong ? "dl-tick dl-strong" : "dl-tick", x1: x, x2: x, y1: y, y2: y + (strong ? 17 : 5) }));
    svg.append(make("text", { class: strong ? "dl-year" : "dl-day", x: x + 3, y: y + (strong ? 26 : 14) }, text));
  };
  const [begin, end] = [date(first), date(after)];
  const day = (year, month) => { const d = new Date(0); d.setUTCFullYear(year, month, 1); return d.getTime() / 864e5; };
  const years = [1, 2, 5, 10, 20, 50, 100, 200].find((step) => step * 365 * pixels > 46);
  const months = [1, 3, 6].find((step) => step * 30.4 * pixels > 30);
  const days = [1, 2, 5, 10].find((step) => step * pixels > 22);
  let strong = 0;
  for (let year = begin.getUTCFullYear(); year <= end.getUTCFullYear(); year++) {
    if (years && year % years === 0) {
      const x = xOf(state, day(year, 0));
      if (x >= LEFT && x < LEFT + state.width - 26) { strong += 1; }
      put(day(year, 0), String(year), true);
    }
    for (let month = 0; months && month < 12; month += months) {
      const start = day(year, month);
      if (start > after || start < first - 31) { continue; }
      if (month || months < 12) { put(start, MONTHS[month], false); }
      if (months !== 1 || !days) { continue; }
      for (let at = days * Math.ceil(28 / (days * pixels)); at < 31 - days * 0.5; at += days) {
        if (new Date((start + at) * 864e5).getUTCMonth() === month) { put(start + at, String(at + 1), false); }
      }
    }
  }
  // An axis always says its year.
  if (!strong) { svg.append(make("text", { class: "dl-year", x: LEFT + 3, y: y + 26 }, String(begin.getUTCFullYear()))); }
}

function drawBrush(state, svg, inside) {
  const brush = state.brush && state.brush.length ? state.brush : null;
  const [first, after] = brush || state.look;
  const tall = state.stripTop - TOP - 4;
  if (brush) { inside.prepend(shade(state, first, after, "dl-brush", TOP, tall)); }
  for (const [name, day, label] of [["first", first, "First day"], ["after", after, "Last day"]]) {
    const x = Math.max(LEFT, Math.min(LEFT + state.width, xOf(state, day)));
    const shown = name === "first" ? Math.round(day) : Math.round(day) - 1;
    const grip = make("g", {
      class: brush && day >= state.look[0] && day <= state.look[1] ? "dl-grip" : "dl-grip dl-idle", tabindex: 0, role: "slider", "data-handle": name, "aria-label": label + " of the filter",
      "aria-valuemin": state.data.reach[0], "aria-valuemax": state.data.reach[1], "aria-valuenow": shown, "aria-valuetext": brush ? words(shown) : "not set; " + words(shown), "aria-orientation": "horizontal",
    });
    grip.append(make("line", { x1: x, x2: x, y1: TOP, y2: TOP + tall }));
    grip.append(make("rect", { x: x - 3.5, y: TOP + PLOT / 2 - 11, width: 7, height: 22, rx: 3 }));
    svg.append(grip);
  }
}

function drawOverview(state, svg) {
  const { data } = state;
  const top = state.stripTop;
  const tall = STRIP - 4;
  const high = Math.max(...data.overview, 1);
  const group = make("g", { class: "dl-overview", "aria-hidden": "true" });
  group.append(make("rect", { class: "dl-floor", x: LEFT, y: top, width: state.width, height: tall }));
  const wide = state.width / data.overview.length;
  data.overview.forEach((count, index) => {
    // Square roots, so that a single event of long ago is still to be seen.
    if (count) { const size = Math.max(2, Math.sqrt(count / high) * (tall - 2)); group.append(make("rect", { class: "dl-past", x: LEFT + index * wide, y: top + tall - size, width: Math.max(1, wide), height: size })); }
  });
  const clamp = (x) => Math.max(LEFT, Math.min(LEFT + state.width, x));
  if (data.window) {
    const [a, b] = [clamp(overviewX(state, data.window[0])), clamp(overviewX(state, data.window[1] + 1))];
    group.append(make("rect", { class: "dl-window", x: a, y: top, width: Math.max(2, b - a), height: tall }));
  }
  const [a, b] = [clamp(overviewX(state, state.look[0])), clamp(overviewX(state, state.look[1]))];
  group.append(make("rect", { class: "dl-veil", x: LEFT, y: top, width: a - LEFT, height: tall }));
  group.append(make("rect", { class: "dl-veil", x: b, y: top, width: LEFT + state.width - b, height: tall }));
  group.append(make("rect", { class: "dl-seen", x: a, y: top, width: Math.max(3, b - a), height: tall, rx: 2 }));
  const [from, to] = data.reach.map((day) => date(day).getUTCFullYear());
  group.append(make("text", { class: "dl-value", x: LEFT - 6, y: top + 14, "text-anchor": "end" }, String(from)));
  if (to !== from) { group.append(make("text", { class: "dl-value", x: LEFT + state.width + 6, y: top + 14 }, String(to))); }
  svg.append(group);
}

function say(state) {
  const { data } = state;
  const brush = state.brush && state.brush.length ? state.brush : null;
  state.head.textContent = "Events per " + UNITS[data.period];
  state.said.textContent = brush
    ? words(brush[0]) + (brush[1] - brush[0] > 1 ? " – " + words(brush[1] - 1) : "")
    : words(Math.round(state.look[0])) + " – " + words(Math.round(state.look[1]) - 1);
  state.said.classList.toggle("dl-on", Boolean(brush));
  for (const name of ["clear", "chosen"]) { state.root.querySelector('[data-act="' + name + '"]').hidden = !brush; }
  const notes = [];
  const earlier = data.look[0] > data.reach[0] && Math.round(state.look[0]) === data.look[0] ? data.before : 0;
  if (earlier) { notes.push(events(earlier) + " earlier, back to " + date(data.reach[0]).getUTCFullYear()); }
  if (data.bars.length) { notes.push("Bars below: some time within that stretch" + (data.hidden ? " (" + events(data.hidden) + " of more such stretches in the table)" : "")); }
  if (data.undated) { notes.push(events(data.undated) + " without a date"); }
  state.note.textContent = notes.join(" · ");
  const shown = data.edges.slice(0, -1).map((edge, index) => (edge < state.look[1] && data.edges[index + 1] > state.look[0] ? sum(data.types.map((type) => type.counts[index])) : 0));
  const most = shown.indexOf(Math.max(...shown));
  state.svg.setAttribute("aria-label", "Timeline, " + events(sum(shown)) + " per " + UNITS[data.period] + " from " + words(Math.round(state.look[0])) + " to " + words(Math.round(state.look[1]) - 1) +
    (most >= 0 && shown[most] ? ", most in " + data.when[most] + " with " + number(shown[most]) : "") + ". Arrows move, plus and minus zoom, 0 shows all, Escape clears the dates, space plays. The tab By period has the numbers.");
}
