/* The figures of the analysis as real tables: shaded, with buttons for cells, and by keyboard.
 *
 * Only one cell of a table is a stop of the Tab key; the arrows go on from there. All text comes
 * as text and never as markup.
 */
const places = new WeakMap();
const number = (count) => count.toLocaleString("en");
const plural = (count, noun) => number(count) + " " + noun + (count === 1 ? "" : "s");

function make(name, className, text) {
  const element = document.createElement(name);
  if (className) { element.className = className; }
  if (text !== undefined) { element.textContent = text; }
  return element;
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".dl-figure");
  root.dataset.theme = isDark(root) ? "dark" : "light";
  const scroll = root.querySelector(".dl-scroll");
  const [left, top] = scroll ? [scroll.scrollLeft, scroll.scrollTop] : [0, 0];
  const held = root.contains(root.getRootNode().activeElement);
  root.replaceChildren();
  const pick = (what) => setTriggerValue("pick", what);
  const frame = make("div", "dl-scroll");
  const table = make("table", "dl-" + data.kind);
  const caption = make("caption", "dl-hidden", data.label);
  table.append(caption);
  ({ grid: drawGrid, trends: drawTrends, list: drawList })[data.kind](table, data, pick);
  frame.append(table);
  root.append(frame);
  if (data.kind === "grid") { root.append(drawLegend(data)); }
  for (const note of data.notes) { root.append(make("p", "dl-note", note)); }
  frame.scrollLeft = left;
  frame.scrollTop = top;
  rove(root, table, held);
}

function isDark(root) {
  const probe = getComputedStyle(root).getPropertyValue("--st-background-color").trim();
  const parts = /^#(..)(..)(..)/.exec(probe);
  return parts ? parts.slice(1).map((part) => parseInt(part, 16)).reduce((a, b) => a + b) < 384 : false;
}

/* Arrow keys move among the buttons of a table by row and column. */
function rove(root, table, held) {
  const rows = [...table.rows].map((row) => [...row.cells].map((cell) => cell.querySelector("button")));
  const all = rows.flat().filter(Boolean);
  all.forEach((button, index) => { button.tabIndex = index ? -1 : 0; });
  const enter = (button) => { for (const other of all) { other.tabIndex = -1; } button.tabIndex = 0; };
  table.addEventListener("focusin", (event) => {
    if (all.includes(event.target)) {
      enter(event.target);
      const y = rows.findIndex((row) => row.includes(event.target));
      places.set(root, [y, rows[y].indexOf(event.target)]);
    }
  });
  table.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!way) { return; }
    let [y, x] = places.get(root) || [0, 0];
    for (;;) {
      y += way[0];
      x += way[1];
      if (!rows[y] || x < 0 || x >= rows[y].length) { return; }
      if (rows[y][x]) { event.preventDefault(); rows[y][x].focus(); return; }
    }
  });
  // A table drawn anew gives the focus back to the cell that had it.
  const [y, x] = places.get(root) || [0, 0];
  if (held && rows[y] && rows[y][x]) { rows[y][x].focus({ preventScroll: true }); }
}

function head(text, scope) {
  const cell = make("th", "", text);
  cell.scope = scope;
  return cell;
}

/* ---- shaded grids ---- */

function shadeOf(data, count) {
  let at = -1;
  for (const least of data.breaks) { if (count >= least) { at += 1; } }
  // fewer breaks than shades spread over the whole scale
  return at < 0 ? null : data.shades[data.breaks.length === 1 ? 2 : Math.round((at * (data.shades.length - 1)) / (data.breaks.length - 1))];
}

function paint(element, shade) {
  element.style.setProperty("--light", shade.light);
  element.style.setProperty("--light-ink", shade.lightInk);
  element.style.setProperty("--dark", shade.dark);
  element.style.setProperty("--dark-ink", shade.darkInk);
}

const brief = (count) => (count < 1e4 ? String(count) : count < 1e6 ? Math.round(count / 1e3) + "k" : (count / 1e6).toFixed(1) + "M");

function drawGrid(table, data, pick) {
  const top = table.createTHead().insertRow();
  top.append(head(data.corner, "col"), head("All", "col"));
  for (const column of data.columns) {
    const cell = head("", "col");
    cell.append(column.key ? button(column.label, "dl-name", () => pick({ row: "", column: column.key })) : make("span", "dl-rest", column.label));
    top.append(cell);
  }
  const body = table.createTBody();
  data.rows.forEach((row, y) => {
    const line = body.insertRow();
    const name = head("", "row");
    name.append(row.key ? button(row.label, "dl-name", () => pick({ row: row.key, column: "" })) : make("span", "dl-rest", row.label));
    name.title = row.label;
    const total = make("td", "dl-total", number(data.counts[y].reduce((a, b) => a + b, 0)));
    line.append(name, total);
    data.columns.forEach((column, x) => {
      const count = data.counts[y][x];
      const cell = line.insertCell();
      if (!count) { cell.className = "dl-none"; cell.append(make("span", "dl-hidden", "0")); return; }
      const marked = data.marks && data.marks[y][x];
      const about = row.label + ", " + column.label + ": " + plural(count, data.noun) + (data.marks ? (marked ? ", " : ", none ") + data.marked : "");
      const inside = row.key || column.key
        ? button(brief(count), "dl-cell", () => pick({ row: row.key, column: column.key }))
        : make("span", "dl-cell", brief(count));
      if (inside.tagName === "BUTTON") { inside.setAttribute("aria-label", about); }
      inside.title = about;
      if (marked) { inside.classList.add("dl-marked"); }
      paint(inside, shadeOf(data, count));
      cell.append(inside);
    });
  });
}

function button(text, className, act) {
  const element = make("button", className, text);
  element.type = "button";
  element.addEventListener("click", act);
  return element;
}

function drawLegend(data) {
  const legend = make("p", "dl-legend");
  legend.append(make("span", "", data.noun[0].toUpperCase() + data.noun.slice(1) + "s: "));
  data.breaks.forEach((least, index) => {
    const next = data.breaks[index + 1];
    const chip = make("span", "dl-chip", next === undefined ? (data.breaks.length > 1 ? number(least) + "+" : number(least)) : next - 1 > least ? number(least) + "–" + number(next - 1) : number(least));
    paint(chip, shadeOf(data, least));
    legend.append(chip);
  });
  if (data.marks) {
    const chip = make("span", "dl-chip dl-marked", "n");
    paint(chip, data.shades[1]);
    legend.append(chip, make("span", "", data.marked), make("span", "dl-gap", ""), make("span", "", "not read"));
  }
  return legend;
}

/* ---- trends ---- */

const SVG = "http://www.w3.org/2000/svg";

function drawTrends(table, data, pick) {
  const top = table.createTHead().insertRow();
  top.append(head("Type", "col"), head("The periods before", "col"), head(data.current, "col"));
  for (const name of data.heads) { const cell = head(name, "col"); cell.colSpan = 2; top.append(cell); }
  const body = table.createTBody();
  for (const row of data.rows) {
    const line = body.insertRow();
    if (row.key === "ALL") { line.className = "dl-sum"; }
    const name = head("", "row");
    const act = button("", "dl-name", () => pick({ type: row.key, days: data.days[data.days.length - 1] }));
    const picture = make("span", "dl-symbol");
    picture.innerHTML = row.symbol; // ours: a symbol of the palette, no text of articles
    act.append(picture, make("span", "", row.label));
    act.setAttribute("aria-label", row.label + ", show the events of " + data.current);
    name.append(act);
    line.append(name);
    const chart = line.insertCell();
    chart.className = "dl-spark";
    chart.append(spark(row, data, pick));
    line.append(make("td", "dl-now", number(row.counts[row.counts.length - 1])));
    for (const change of row.changes) {
      line.append(make("td", "dl-mean", change.mean === null ? "–" : change.mean.toLocaleString("en", { minimumFractionDigits: 1 })));
      const cell = line.insertCell();
      cell.className = "dl-change";
      if (change.band) {
        const band = data.bands[change.band];
        const words = make("span", "dl-band", band.sign + " " + change.words);
        words.style.setProperty("--light-ink", band.light);
        words.style.setProperty("--dark-ink", band.dark);
        if (change.band.startsWith("large")) { words.classList.add("dl-large"); }
        cell.append(words);
      } else { cell.append(make("span", "dl-short", change.words)); }
    }
  }
}

function spark(row, data, pick) {
  const [wide, tall] = [4, 26];
  const high = Math.max(...row.counts, 1);
  const picture = document.createElementNS(SVG, "svg");
  const known = data.known;
  picture.setAttribute("width", row.counts.length * wide);
  picture.setAttribute("height", tall);
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", row.label + ": from 0 to " + number(high) + " a period since " + data.when[Math.max(0, row.counts.length - known)]);
  row.counts.forEach((count, index) => {
    const bar = document.createElementNS(SVG, "rect");
    const size = count ? Math.max(1.5, (count / high) * (tall - 2)) : 1;
    const last = index === row.counts.length - 1;
    const set = { x: index * wide, y: tall - size, width: wide - 1, height: size, class: last ? "dl-last" : index < row.counts.length - known ? "dl-unknown" : "dl-before" };
    for (const [name, value] of Object.entries(set)) { bar.setAttribute(name, value); }
    const title = document.createElementNS(SVG, "title");
    title.textContent = data.when[index] + ": " + number(count);
    bar.append(title);
    picture.append(bar);
  });
  for (const [change, size] of [[row.changes[0], 4], [row.changes[1], row.counts.length - 1]]) {
    if (change.mean === null) { continue; }
    const y = tall - (Math.min(change.mean, high) / high) * (tall - 2);
    const mean = document.createElementNS(SVG, "line");
    const set = { x1: (row.counts.length - 1 - size) * wide, x2: row.counts.length * wide, y1: y, y2: y, class: "dl-meanline" };
    for (const [name, value] of Object.entries(set)) { mean.setAttribute(name, value); }
    picture.append(mean);
  }
  picture.addEventListener("click", (event) => {
    const box = picture.getBoundingClientRect();
    const index = Math.min(row.counts.length - 1, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * row.counts.length)));
    pick({ type: row.key, days: data.days[index] });
  });
  return picture;
}

/* ---- lists ---- */

function drawList(table, data, pick) {
  const top = table.createTHead().insertRow();
  for (const name of data.heads) { top.append(head(name, "col")); }
  const body = table.createTBody();
  for (const row of data.rows) {
    const line = body.insertRow();
    const name = head("", "row");
    name.append(button(row.cells[0], "dl-name", () => pick({ actor: row.key })));
    line.append(name);
    row.cells.slice(1).forEach((text, index) => {
      const cell = line.insertCell();
      if (index === row.cells.length - 2) { cell.append(button(text, "dl-words", () => pick({ event: row.event }))); }
      else { cell.textContent = text; cell.className = "dl-plain"; }
    });
  }
}
