/* The one-file view: unpacks the events it carries, filters, draws, and asks nobody for anything.
 *
 * A filter means here what it means on the page (extract/selection.py): fields are joined by
 * "and", the values of one field by "or". All text enters as text nodes; the one exception are the
 * cards, which Python wrote with everything escaped.
 */
(async function () {
  "use strict";
  const FACETS = [
    ["countries", "Country", (event) => event.countries],
    ["type", "Event type", (event) => [event.type]],
    ["status", "Status", (event) => [event.status]],
    ["actors", "Actor", (event) => event.actors],
    ["precision", "Place precision", (event) => [event.precision]],
    ["source", "Source", (event) => (event.source ? [event.source] : [])],
  ];
  const DAY = 86400000;
  const NAMESPACE = "http://www.w3.org/2000/svg";
  const find = (id) => document.getElementById(id);

  async function unpack(id) {
    const packed = Uint8Array.from(atob(find(id).textContent), (sign) => sign.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    return JSON.parse(await new Response(stream).text());
  }

  function make(tag, options, ...children) {
    const element = document.createElement(tag);
    Object.assign(element, options || {});
    element.append(...children);
    return element;
  }

  function draw(tag, attributes) {
    const element = document.createElementNS(NAMESPACE, tag);
    for (const [name, value] of Object.entries(attributes)) { element.setAttribute(name, value); }
    return element;
  }

  function picture(address) {
    const image = make("img", { alt: "", width: 20, height: 20 });
    // The symbol comes as an <img> of Python's; only its data address is taken over.
    image.src = /src="(data:[^"]+)"/.exec(address)[1].replaceAll("&amp;", "&");
    return image;
  }

  const fold = (text) => text.toLowerCase().replaceAll("ı", "i").normalize("NFKD").replace(/\p{M}/gu, "");
  const dayOf = (text) => (text ? Date.parse(text + "T00:00:00Z") / DAY : null);
  const textOf = (day) => new Date(day * DAY).toISOString().slice(0, 10);

  const data = await unpack("packed-events");
  const countries = await unpack("packed-countries");
  const events = data.events;
  const chosen = Object.fromEntries(FACETS.map(([field]) => [field, new Set()]));
  const state = { text: [], from: null, to: null, shown: [], spot: null, open: null, labels: [] };
  const quadNames = data.quads.map((quad) => quad.name);

  /* ---- the filter ---- */

  function passes(event, except) {
    for (const [field, , read] of FACETS) {
      if (field === except || !chosen[field].size) { continue; }
      if (!read(event).some((value) => chosen[field].has(value))) { return false; }
    }
    if (except !== "dates") {
      if (state.from !== null && !(event.end !== null && event.end >= state.from)) { return false; }
      if (state.to !== null && !(event.start !== null && event.start <= state.to)) { return false; }
    }
    return state.text.every((word) => event.search.includes(word));
  }

  function nameOf(field, value) {
    if (field === "countries") { return data.names[value] || value; }
    if (field === "type") { return data.types[value].label; }
    if (field === "precision") { return data.precisions[value]; }
    return field === "status" ? value.charAt(0).toUpperCase() + value.slice(1) : value;
  }

  function writeFacets() {
    const box = find("facets");
    for (const [field, label, read] of FACETS) {
      const totals = new Map();
      for (const event of events) { for (const value of new Set(read(event))) { totals.set(value, (totals.get(value) || 0) + 1); } }
      const values = [...totals.keys()].sort((a, b) => totals.get(b) - totals.get(a) || (a < b ? -1 : 1));
      const list = make("div", { className: "values" });
      list.setAttribute("role", "group");
      list.setAttribute("aria-label", label);
      for (const value of values) {
        const input = make("input", { type: "checkbox", value });
        input.addEventListener("change", () => { input.checked ? chosen[field].add(value) : chosen[field].delete(value); state.spot = null; update(); });
        list.append(make("label", {}, input, make("span", { textContent: nameOf(field, value) }), make("i")));
      }
      const facet = make("details", { className: "facet" }, make("summary", {}, label + " ", make("b")), list);
      facet.dataset.field = field;
      box.append(facet);
    }
  }

  function countFacets() {
    for (const [field, , read] of FACETS) {
      const counts = new Map();
      for (const event of events) {
        if (passes(event, field)) { for (const value of new Set(read(event))) { counts.set(value, (counts.get(value) || 0) + 1); } }
      }
      const facet = document.querySelector('[data-field="' + field + '"]');
      facet.querySelector("summary b").textContent = chosen[field].size ? chosen[field].size + " chosen" : "all";
      for (const label of facet.querySelectorAll("label")) {
        const input = label.firstChild;
        input.checked = chosen[field].has(input.value);
        label.lastChild.textContent = (counts.get(input.value) || 0).toLocaleString("en");
      }
    }
  }

  /* ---- the map ---- */

  const map = L.map("map", { zoomSnap: 0.25, zoomDelta: 1, minZoom: 1, maxZoom: 14, worldCopyJump: true, zoomAnimation: false });
  map.attributionControl.setPrefix(false);
  map.attributionControl.addAttribution("Places: GeoNames (CC BY 4.0) · Borders in effect: Natural Earth · Leaflet");
  L.control.scale({ imperial: false }).addTo(map);
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const land = L.geoJSON(countries, { interactive: false, style: () => ({ color: css("--border"), weight: 0.7, fillColor: css("--land"), fillOpacity: 1 }) }).addTo(map);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => land.setStyle({ color: css("--border"), fillColor: css("--land") }));
  const shades = L.layerGroup().addTo(map);
  const marks = L.layerGroup().addTo(map);
  const shapes = new Map(countries.features.map((feature) => [feature.properties.code, feature]));

  // The middle nine tenths of the places, so that a far one does not shrink the rest; or all.
  function fit(share) {
    const spots = state.shown.filter((event) => event.place >= 0).map((event) => data.places[event.place]).map((place) => [place[1], place[2]]);
    if (!spots.length) {
      for (const event of state.shown) {
        const shape = event.whole && shapes.get(event.countries[0]);
        if (shape) { spots.push([shape.properties.latitude, shape.properties.longitude]); }
      }
    }
    if (!spots.length) { map.setView([25, 20], 2); return; }
    const cut = Math.floor((spots.length * (1 - share)) / 2);
    const ends = [0, 1].map((side) => spots.map((spot) => spot[side]).sort((a, b) => a - b)).map((values) => [values[cut], values[values.length - 1 - cut]]);
    map.fitBounds(L.latLngBounds([ends[0][0], ends[1][0]], [ends[0][1], ends[1][1]]).pad(0.08), { maxZoom: 8, animate: false });
  }

  const Fit = L.Control.extend({
    options: { position: "topleft" },
    onAdd: () => {
      const bar = make("div", { className: "leaflet-bar" });
      const button = make("a", { href: "#", className: "fit", title: "Fit the map to the events" });
      const corners = draw("svg", { width: 14, height: 14, viewBox: "0 0 14 14", "aria-hidden": "true" });
      corners.append(draw("path", { d: "M1 5V1h4M9 1h4v4M13 9v4H9M5 13H1V9", fill: "none", stroke: "currentColor", "stroke-width": 1.6 }));
      button.append(corners);
      press(button, button.title, () => fit(1));
      button.addEventListener("click", (stroke) => { stroke.preventDefault(); fit(1); });
      L.DomEvent.disableClickPropagation(bar);
      bar.append(button);
      return bar;
    },
  });
  map.addControl(new Fit());

  function groupBy(list, read) {
    const groups = new Map();
    for (const one of list) {
      for (const key of read(one)) { groups.has(key) ? groups.get(key).push(one) : groups.set(key, [one]); }
    }
    return groups;
  }

  function drawShades() {
    shades.clearLayers();
    state.labels = [];
    const known = groupBy(state.shown.filter((event) => event.whole), (event) => event.countries);
    const most = Math.max(1, ...[...known.values()].map((list) => list.length));
    for (const [code, list] of known) {
      const shape = shapes.get(code);
      if (!shape) { continue; }
      const open = () => showSpot(data.names[code] || code, list);
      L.geoJSON(shape, { style: { color: "#cc6a3c", weight: 1, fillColor: "#cc6a3c", fillOpacity: 0.1 + 0.26 * Math.sqrt(list.length / most) } })
        .on("click", open).bindTooltip(hint(data.names[code] || code, list), { sticky: true }).addTo(shades);
      state.labels.push({ spot: [shape.properties.latitude, shape.properties.longitude], words: (data.names[code] || code) + " " + list.length, n: list.length, open });
    }
    const wide = groupBy(state.shown.filter((event) => event.place >= 0), (event) => [event.place]);
    for (const [place, list] of [...wide].sort((a, b) => data.places[b[0]][4] - data.places[a[0]][4])) {
      const [name, latitude, longitude, precision, radius] = data.places[place];
      if (precision === "point" || precision === "town" || !radius) { continue; }
      const colour = mainColour(list);
      L.circle([latitude, longitude], { radius: radius * 1000, color: colour, weight: 1.3, dashArray: "5 4", fillColor: colour, fillOpacity: 0.08 })
        .on("click", () => showSpot(name, list)).bindTooltip(hint(name, list), { sticky: true }).addTo(shades);
    }
  }

  // A country's name stands where neither a symbol nor a larger count is in its way.
  function writeLabels(boxes) {
    const free = (box) => boxes.every((other) => box[0] > other[2] || box[2] < other[0] || box[1] > other[3] || box[3] < other[1]);
    for (const { spot, words, open } of [...state.labels].sort((a, b) => b.n - a.n)) {
      const middle = map.latLngToLayerPoint(spot);
      const half = 3.6 * words.length + 8;
      const down = [0, 22, -22, 44, -44].find((step) => free([middle.x - half, middle.y + step - 10, middle.x + half, middle.y + step + 10]));
      if (down === undefined) { continue; }
      boxes.push([middle.x - half, middle.y + down - 10, middle.x + half, middle.y + down + 10]);
      const marker = L.marker(map.layerPointToLatLng([middle.x, middle.y + down]), { icon: L.divIcon({ className: "count", html: make("span", { textContent: words }), iconSize: [0, 0] }), keyboard: true });
      marker.on("click", open).on("add", () => press(marker.getElement(), words, open)).addTo(marks);
    }
  }

  function press(element, words, open) {
    element.setAttribute("role", "button");
    element.setAttribute("aria-label", words);
    element.addEventListener("keydown", (stroke) => { if (stroke.key === "Enter" || stroke.key === " ") { stroke.preventDefault(); open(); } });
  }

  function mainColour(list) {
    const counts = quadNames.map((quad) => list.filter((event) => event.quad === quad).length);
    return data.quads[counts.indexOf(Math.max(...counts))].colour;
  }

  function hint(title, list) {
    const box = make("div", {}, make("strong", { textContent: title + ": " + list.length + (list.length === 1 ? " event" : " events") }));
    for (const event of list.slice(0, 3)) { box.append(make("br"), event.when + " · " + event.words.slice(0, 90) + (event.words.length > 90 ? "…" : "")); }
    return box;
  }

  // Places closer on the screen than a symbol is wide stand together under one count.
  function drawMarks() {
    marks.clearLayers();
    const groups = [];
    const cells = new Map();
    const places = groupBy(state.shown.filter((event) => event.place >= 0), (event) => [event.place]);
    for (const [place, list] of [...places].sort((a, b) => b[1].length - a[1].length || a[0] - b[0])) {
      const [, latitude, longitude] = data.places[place];
      const spot = map.project([latitude, longitude]);
      const near = cells.get(Math.floor(spot.x / 46) + "/" + Math.floor(spot.y / 46));
      if (near) { near.places.push(place); near.list.push(...list); continue; }
      const group = { places: [place], list: [...list] };
      groups.push(group);
      const x = Math.floor(spot.x / 46), y = Math.floor(spot.y / 46);
      for (const right of [-0.5, 0.5]) {
        for (const down of [-0.5, 0.5]) {
          const key = Math.floor(spot.x / 46 + right) + "/" + Math.floor(spot.y / 46 + down);
          if (!cells.has(key)) { cells.set(key, group); }
        }
      }
      cells.set(x + "/" + y, group);
    }
    const boxes = [];
    for (const group of groups) {
      const [name, latitude, longitude, precision] = data.places[group.places[0]];
      const alone = group.places.length === 1;
      const wide = alone && precision !== "point" && precision !== "town";
      const size = group.list.length === 1 ? 22 : Math.round(26 + Math.min(22, 7 * Math.log10(group.list.length)));
      const title = alone ? name : name + " and " + (group.places.length - 1) + " more";
      const open = () => {
        if (alone || map.getZoom() >= map.getMaxZoom()) { showSpot(title, group.list); return; }
        map.fitBounds(L.latLngBounds(group.places.map((place) => [data.places[place][1], data.places[place][2]])).pad(0.2), { maxZoom: map.getZoom() + 3, animate: false });
      };
      const marker = L.marker([latitude, longitude], {
        icon: L.divIcon({ className: "mark", html: pie(group.list, size, wide), iconSize: [size, size] }), keyboard: true, zIndexOffset: group.list.length,
      });
      marker.on("click", open).on("add", () => press(marker.getElement(), title + ", " + group.list.length + " events", open))
        .bindTooltip(hint(title, group.list), { direction: "top", offset: [0, -size / 2] }).addTo(marks);
      const middle = map.latLngToLayerPoint([latitude, longitude]);
      boxes.push([middle.x - size / 2, middle.y - size / 2, middle.x + size / 2, middle.y + size / 2]);
    }
    writeLabels(boxes);
  }

  function pie(list, size, wide) {
    const svg = draw("svg", { width: size, height: size, viewBox: "0 0 " + size + " " + size, "aria-hidden": "true" });
    const middle = size / 2, radius = middle - 4, around = 2 * Math.PI * radius;
    svg.append(draw("circle", { cx: middle, cy: middle, r: middle - 0.5, fill: "#ffffff", stroke: wide ? "#5c6873" : "#ffffff", "stroke-dasharray": wide ? "3 2" : "none" }));
    let turned = 0;
    data.quads.forEach((quad) => {
      const share = (list.filter((event) => event.quad === quad.name).length / list.length) * around;
      if (share) {
        svg.append(draw("circle", { cx: middle, cy: middle, r: radius, fill: "none", stroke: quad.colour, "stroke-width": 6, "stroke-dasharray": share + " " + (around - share), "stroke-dashoffset": -turned, transform: "rotate(-90 " + middle + " " + middle + ")" }));
      }
      turned += share;
    });
    if (list.length > 1) {
      const count = draw("text", { x: "50%", y: "50%", dy: ".35em", "text-anchor": "middle" });
      count.textContent = list.length < 1000 ? list.length : (list.length / 1000).toFixed(1) + "k";
      svg.append(count);
    }
    return svg;
  }

  /* ---- list and card ---- */

  function showSpot(title, list) {
    state.spot = { title, ids: new Set(list.map((event) => event.id)) };
    state.open = list.length === 1 ? list[0].id : null;
    writePanel();
  }

  function writePanel() {
    const panel = find("panel");
    panel.replaceChildren();
    const number = state.open === null ? -1 : events.findIndex((event) => event.id === state.open);
    if (number >= 0) {
      const back = make("button", { className: "back", textContent: "← Back to the list" });
      back.addEventListener("click", () => { state.open = null; writePanel(); });
      const card = make("div");
      card.innerHTML = data.cards[number];
      panel.append(back, card);
      return;
    }
    let list = state.shown;
    if (state.spot) {
      list = list.filter((event) => state.spot.ids.has(event.id));
      const all = make("button", { className: "back", textContent: "← All events" });
      all.addEventListener("click", () => { state.spot = null; writePanel(); });
      panel.append(all, make("p", { className: "spot", textContent: state.spot.title + ": " + list.length + (list.length === 1 ? " event" : " events") }));
    }
    const ordered = [...list].sort((a, b) => (b.start === null ? -1e9 : b.start) - (a.start === null ? -1e9 : a.start));
    const add = (from) => {
      for (const event of ordered.slice(from, from + 100)) {
        const button = make("button", { className: "event" });
        button.dataset.id = event.id;
        const type = data.types[event.type];
        button.append(picture(type.symbols[event.look]), make("div", {},
          make("p", { className: "line" }, make("b", { textContent: type.label }), make("span", { textContent: event.where || "no place" }), make("time", { textContent: event.when })),
          make("p", { className: "words", textContent: event.words })));
        button.addEventListener("click", () => { state.open = event.id; writePanel(); });
        panel.append(button);
      }
      if (ordered.length > from + 100) {
        const more = make("button", { className: "back", textContent: "Show more (" + (ordered.length - from - 100).toLocaleString("en") + ")" });
        more.addEventListener("click", () => { more.remove(); add(from + 100); });
        panel.append(more);
      }
    };
    add(0);
    if (!ordered.length) { panel.append(make("p", { className: "quiet", textContent: "No event passes these filters." })); }
  }

  /* ---- the timeline ---- */

  const PERIODS = [["day", 70], ["week", 500], ["month", 3000], ["year", Infinity]];
  const LENGTHS = { day: 1, week: 7, month: 28, year: 365 };
  let axis = null;

  function beginOf(day, period) {
    const date = new Date(day * DAY);
    if (period === "week") { return day - ((date.getUTCDay() + 6) % 7); }
    if (period === "month") { return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / DAY; }
    // Date.UTC reads years below 100 as those of the last century
    if (period === "year") { return new Date(0).setUTCFullYear(date.getUTCFullYear(), 0, 1) / DAY; }
    return day;
  }

  function drawTimeline() {
    const svg = find("timeline");
    svg.replaceChildren();
    const width = svg.clientWidth || 900, height = 150, floor = 118, left = 34;
    svg.setAttribute("viewBox", "0 0 " + width + " " + height);
    const dated = events.filter((event) => event.start !== null && passes(event, "dates"));
    const undated = events.filter((event) => event.start === null && passes(event, "dates")).length;
    if (!dated.length) { axis = null; find("timenote").textContent = "No event with a date."; return; }
    const first = Math.min(...dated.map((event) => event.start)), last = Math.max(...dated.map((event) => event.end));
    const starts = dated.map((event) => event.start).sort((a, b) => a - b);
    const bulk = starts[Math.floor(starts.length * 0.95)] - starts[Math.floor(starts.length * 0.05)];
    // no more bars than pixels
    const period = PERIODS.find(([name, span]) => bulk <= span && (last - first) / LENGTHS[name] < width / 2)[0];
    const length = LENGTHS[period];
    const sure = dated.filter((event) => event.end - event.start < length);
    const bins = groupBy(sure, (event) => [beginOf(event.start, period)]);
    const low = beginOf(first, period), high = last + length;
    const most = Math.max(1, ...[...bins.values()].map((list) => list.length));
    axis = { left, width, low, high, x: (day) => left + ((day - low) / (high - low)) * (width - left - 6), day: (x) => Math.round(low + ((x - left) / (width - left - 6)) * (high - low)) };
    const bar = Math.max(1.5, axis.x(low + length) - axis.x(low) - 1);
    for (const [day, list] of bins) {
      let top = floor;
      for (const quad of data.quads) {
        const count = list.filter((event) => event.quad === quad.name).length;
        if (!count) { continue; }
        const tall = (count / most) * (floor - 12);
        top -= tall;
        const rect = draw("rect", { x: axis.x(day), y: top, width: bar, height: tall, fill: quad.colour });
        const title = draw("title", {});
        title.textContent = textOf(day) + " (" + period + "): " + count + " × " + quad.label.toLowerCase();
        rect.append(title);
        svg.append(rect);
      }
    }
    // Events known to a longer stretch only are bars over it, in no stack.
    dated.filter((event) => event.end - event.start >= length).slice(0, 300).forEach((event, number) => {
      svg.append(draw("rect", { x: axis.x(event.start), y: floor + 4 + (number % 4) * 3, width: Math.max(2, axis.x(event.end + 1) - axis.x(event.start)), height: 2, fill: data.quads[quadNames.indexOf(event.quad)].colour, "fill-opacity": 0.6 }));
    });
    svg.append(draw("line", { x1: left, x2: width, y1: floor, y2: floor, class: "axis" }));
    for (const [day, words] of findTicks(low, high)) {
      const tick = draw("text", { x: axis.x(day), y: height - 4, "text-anchor": axis.x(day) > width - 24 ? "end" : "middle" });
      tick.textContent = words;
      svg.append(tick);
    }
    const top = draw("text", { x: left - 5, y: 18, "text-anchor": "end" });
    top.textContent = most;
    svg.append(top);
    if (state.from !== null || state.to !== null) {
      const a = axis.x(Math.max(low, state.from === null ? low : state.from)), b = axis.x(Math.min(high, state.to === null ? high : state.to + 1));
      svg.append(draw("rect", { class: "brush", x: a, y: 0, width: Math.max(2, b - a), height: floor }));
    }
    find("timenote").textContent = "Events per " + period + "; bars below: some time within that stretch." + (undated ? " " + undated + " without a date not shown." : "") + " Drag over the chart to choose days; click it to let go.";
  }

  // Round dates, at most ten: years, months, or days.
  function findTicks(low, high) {
    const ticks = [];
    const months = Math.max(1, Math.round((high - low) / 30.4));
    if (months <= 2) {
      for (let day = low, step = Math.max(1, Math.ceil((high - low) / 8)); day < high; day += step) { ticks.push([day, textOf(day)]); }
      return ticks;
    }
    const step = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200].find((count) => months / count <= 10) || 6000;
    const date = new Date(low * DAY);
    const first = date.getUTCFullYear() * 12 + date.getUTCMonth();
    for (let month = Math.ceil(first / step) * step; ; month += step) {
      const day = new Date(0).setUTCFullYear(Math.floor(month / 12), month % 12, 1) / DAY;
      if (day > high) { return ticks; }
      if (day >= low) { ticks.push([day, step % 12 ? textOf(day).slice(0, 7) : String(Math.floor(month / 12))]); }
    }
  }

  function brush() {
    const svg = find("timeline");
    let from = null;
    const place = (stroke) => axis.day(Math.min(axis.width - 6, Math.max(axis.left, stroke.clientX - svg.getBoundingClientRect().left)));
    svg.addEventListener("pointerdown", (stroke) => { if (axis) { from = { day: place(stroke), x: stroke.clientX }; svg.setPointerCapture(stroke.pointerId); } });
    svg.addEventListener("pointerup", (stroke) => {
      if (from === null) { return; }
      const to = place(stroke);
      const still = Math.abs(stroke.clientX - from.x) < 4;
      state.from = still ? null : Math.min(from.day, to);
      state.to = still ? null : Math.max(from.day, to);
      from = null;
      find("from").value = state.from === null ? "" : textOf(state.from);
      find("to").value = state.to === null ? "" : textOf(state.to);
      update();
    });
  }

  /* ---- all together ---- */

  function update() {
    state.shown = events.filter((event) => passes(event, ""));
    const mapped = state.shown.filter((event) => event.place >= 0 || event.whole).length;
    const all = state.shown.length === events.length ? "All " + events.length.toLocaleString("en") : state.shown.length.toLocaleString("en") + " of " + events.length.toLocaleString("en");
    find("shown").textContent = all + " events, " + mapped.toLocaleString("en") + " on the map.";
    find("clear").disabled = state.shown.length === events.length && !state.text.length;
    countFacets();
    drawShades();
    drawMarks();
    drawTimeline();
    if (state.open !== null && !state.shown.some((event) => event.id === state.open)) { state.open = null; }
    writePanel();
  }

  find("text").addEventListener("input", (stroke) => { state.text = fold(stroke.target.value).split(/\s+/).filter(Boolean); update(); });
  for (const [id, name] of [["from", "from"], ["to", "to"]]) {
    find(id).addEventListener("change", (stroke) => { state[name] = dayOf(stroke.target.value); update(); });
  }
  find("clear").addEventListener("click", () => {
    for (const set of Object.values(chosen)) { set.clear(); }
    Object.assign(state, { text: [], from: null, to: null, spot: null, open: null });
    for (const id of ["text", "from", "to"]) { find(id).value = ""; }
    update();
  });
  find("legend").append(
    ...data.quads.map((quad) => { const dot = make("span", { className: "dl-dot" }); dot.style.background = quad.colour; return make("li", {}, dot, quad.label); }),
    make("li", { textContent: "dashed: somewhere in this area" }), make("li", { textContent: "shaded: the country as a whole" }));
  document.querySelector("form").addEventListener("submit", (stroke) => stroke.preventDefault());
  writeFacets();
  brush();
  state.shown = events;
  fit(0.9);
  update();
  map.on("zoomend", drawMarks);
  window.addEventListener("resize", drawTimeline);
})();
