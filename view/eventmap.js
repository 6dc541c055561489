/* The part of the event map that runs in the browser; view/eventmap.py sends it what to draw.
 *
 * All text that comes from articles enters the page as text nodes or through `escape`, so that
 * it can never become markup. Symbols come by tile and zoom level; what is there stays there,
 * what is lacking is asked for, and a new answer changes the standing symbols instead of
 * replacing them. What the reader does goes to the server as one message that tells all of it.
 */
window.dateline = (function () {
  "use strict";
  // Milliseconds: what follows a move within them is told together with it.
  const SIDE = 512, PAD = 0.25, PATIENCE = 100;
  const state = {
    map: null, styles: null, payload: null, base: null, countries: null, fitted: null, layers: null,
    generation: null, tiles: new Map(), shown: new Map(), nations: [], layer: null, moved: false,
    picks: 0, pick: null, drawings: 0, area: [], wanted: [], timer: null, fitView: null, theme: null,
    going: null, late: [],
  };
  // Where the badge of a country may stand, in steps from its middle, nearest first.
  const SHIFTS = [[0, 0], [0, 1], [0, -1], [1.4, 0], [-1.4, 0], [0, 2], [0, -2], [1.4, 1], [-1.4, 1], [1.4, -1], [-1.4, -1]];

  function escape(text) {
    return String(text).replace(/[&<>"'`]/g, (sign) => "&#" + sign.charCodeAt(0) + ";");
  }

  function applyTheme() {
    const ground = getComputedStyle(document.documentElement).getPropertyValue("--background-color").trim();
    const parts = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})/i.exec(ground);
    const light = parts
      ? 0.299 * parseInt(parts[1], 16) + 0.587 * parseInt(parts[2], 16) + 0.114 * parseInt(parts[3], 16) > 128
      : true;
    document.documentElement.dataset.theme = light ? "light" : "dark";
    if (state.theme !== null && state.theme !== light) { redraw(); }
    state.theme = light;
  }

  /* ---- the base map ---- */

  function begin(map, styles) {
    state.map = map;
    state.styles = styles;
    // Each symbol with a transform of its own is a layer that the compositor weighs against all
    // others, which took most of each frame: symbols stand by left and top, and what still has a
    // transform is no layer for it. .leaflet-map-pane stays one.
    L.Marker.include({ _setPos: setPosition });
    L.Browser.ie3d = true;
    const sheet = document.createElement("style");
    sheet.textContent = styles.css;
    document.head.appendChild(sheet);
    applyTheme();
    if (window.Streamlit && window.Streamlit.events) {
      window.Streamlit.events.addEventListener("streamlit:render", () => setTimeout(applyTheme, 0));
    }
    for (const [name, level] of [["land", 250], ["heat", 300], ["areas", 350], ["drawn", 380], ["names", 450]]) {
      map.createPane(name).style.zIndex = level;
    }
    for (const name of ["land", "heat", "names"]) { map.getPane(name).style.pointerEvents = "none"; }
    state.layers = L.layerGroup().addTo(map);
    map.attributionControl.setPrefix(false);
    map.attributionControl.addAttribution(escape(styles.credit));
    L.control.scale({ imperial: false, maxWidth: 120 }).addTo(map);
    addFitButton(map);
    dateline.tools = mapTools(state, send, escape);
    dateline.kinds = mapLayers(state, { escape, short, hint, choose, asButton });
    dateline.kinds.addSwitch((layer) => { state.layer = layer; send(); });
    // The wheel scrolls the page until the reader has entered the map.
    map.scrollWheelZoom.disable();
    map.on("focus click", () => map.scrollWheelZoom.enable());
    map.getContainer().addEventListener("mouseleave", () => map.scrollWheelZoom.disable());
    map.getContainer().setAttribute("role", "application");
    map.getContainer().setAttribute("aria-label", styles.label);
    // Where a zoom will end is known when it begins: what will be lacking there is asked for at
    // once, and drawn when the map has arrived.
    map.on("zoomanim", (event) => {
      state.going = { middle: event.center, zoom: event.zoom };
      if (isElsewhere()) { state.moved = true; }
      send();
    });
    map.on("moveend", () => {
      state.going = null;
      if (isElsewhere()) { state.moved = true; }
      refresh();
      state.late.splice(0).forEach((answer) => draw(null, answer));
      send(PATIENCE);
    });
    map.on("resize", () => { if (!state.moved && state.payload) { fit(state.payload.bulk, false); } refresh(); send(PATIENCE); });
    window.addEventListener("resize", () => map.invalidateSize());
    if (styles.countries) {
      fetch(styles.countries)
        .then((answer) => (answer.ok ? answer.json() : null))
        .then((countries) => { if (countries) { drawLand(map, countries); } });
    }
  }

  /* In place of Leaflet's own, which sets a transform; `this` is the marker. */
  function setPosition(point) {
    if (this._icon) {
      this._icon._leaflet_pos = point;
      this._icon.style.left = point.x + "px";
      this._icon.style.top = point.y + "px";
    }
    this._zIndex = point.y + this.options.zIndexOffset;
    this._resetZIndex();
  }

  function drawLand(map, countries) {
    state.base = {};
    for (const feature of countries.features) {
      if (feature.properties.code) { state.base[feature.properties.code] = feature; }
    }
    state.land = L.geoJSON(countries, {
      pane: "land", interactive: false, smoothFactor: 1.2, style: () => ({ className: "dl-land", weight: 0.7 }),
    }).addTo(map);
    state.countries = countries.features;
    redraw();
  }

  function showStreets(wanted) {
    if (Boolean(state.streets) === wanted) { return; }
    document.documentElement.classList.toggle("dl-on-streets", wanted);
    if (wanted) {
      state.streets = L.tileLayer(state.styles.streets.url, { attribution: escape(state.styles.streets.credit), maxZoom: 19 }).addTo(state.map);
    } else {
      state.streets.remove();
      state.streets = null;
    }
  }

  function addFitButton(map) {
    const Fit = L.Control.extend({
      options: { position: "topleft" },
      onAdd: function () {
        const bar = L.DomUtil.create("div", "leaflet-bar");
        bar.appendChild(toolButton("dl-fit", "Fit the map to the events", "M1 5V1h4M9 1h4v4M13 9v4H9M5 13H1V9", () => {
          if (state.payload) { state.moved = false; fit(state.payload.bounds, true); }
        }));
        L.DomEvent.disableClickPropagation(bar);
        return bar;
      },
    });
    map.addControl(new Fit());
  }

  function toolButton(className, title, path, act) {
    const button = L.DomUtil.create("a", className + " dl-tool");
    button.href = "#";
    button.role = "button";
    button.title = title;
    button.setAttribute("aria-label", title);
    button.innerHTML = '<svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true"><path d="' + path +
      '" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linejoin="round"/></svg>';
    L.DomEvent.on(button, "click", (event) => { L.DomEvent.stop(event); act(event.detail === 0); });
    button.addEventListener("keydown", (event) => { if (event.key === " ") { event.preventDefault(); act(true); } });
    return button;
  }

  function fit(bounds, animate) {
    if (!bounds) { return; }
    const options = { padding: [36, 36], maxZoom: 8, animate: animate };
    const zoom = Math.min(state.map.getBoundsZoom(bounds, false, L.point(72, 72)), options.maxZoom);
    const corners = L.latLngBounds(bounds);
    const middle = state.map.project(corners.getSouthWest(), zoom).add(state.map.project(corners.getNorthEast(), zoom)).divideBy(2);
    state.fitView = { spot: state.map.unproject(middle, zoom), zoom: zoom };
    state.map.fitBounds(bounds, options);
  }

  /* Whether the map stands elsewhere than where it was fitted to the events. */
  function isElsewhere() {
    if (!state.fitView) { return true; }
    const map = state.map, { middle, zoom } = destination();
    const far = map.project(state.fitView.spot, zoom).distanceTo(map.project(middle, zoom));
    return Math.abs(state.fitView.zoom - zoom) > 0.01 || far > 6;
  }

  /* Where the map stands, or will stand when its zoom has ended. */
  function destination() {
    return state.going || { middle: state.map.getCenter(), zoom: state.map.getZoom() };
  }

  /* ---- what the server hears ---- */

  function level() {
    return Math.floor(state.map.getZoom() + 0.5);
  }

  function cover(pad, view = { middle: state.map.getCenter(), zoom: state.map.getZoom() }) {
    const map = state.map, zoom = Math.floor(view.zoom + 0.5);
    const size = map.getSize().multiplyBy((0.5 + pad) * Math.pow(2, zoom - view.zoom));
    const middle = map.project(view.middle, zoom);
    const count = Math.max(1, Math.round(Math.pow(2, zoom) * 256 / SIDE));
    const tiles = new Map();
    for (let row = Math.floor((middle.y - size.y) / SIDE); row <= Math.floor((middle.y + size.y) / SIDE); row++) {
      if (row < 0 || row >= count) { continue; }
      for (let column = Math.floor((middle.x - size.x) / SIDE); column <= Math.floor((middle.x + size.x) / SIDE); column++) {
        const wrapped = ((column % count) + count) % count;
        tiles.set(zoom + "/" + wrapped + "/" + row, [wrapped, row]);
      }
    }
    return tiles;
  }

  /* Tell the server where the map stands and what was done there: later, together with what
   * follows within so many milliseconds, or now where they are left out. */
  function send(patience) {
    clearTimeout(state.timer);
    if (patience !== undefined) { state.timer = setTimeout(send, patience); return; }
    if (!window.Streamlit || !state.payload) { return; }
    const map = state.map, view = destination(), middle = map.wrapLatLng(view.middle), size = map.getSize();
    if (!size.x || !size.y) { return; }
    state.wanted = state.payload.tiles ? [...cover(PAD, view)].filter(([key]) => !state.tiles.has(key)).map(([, tile]) => tile) : [];
    const told = {
      view: { latitude: round(middle.lat), longitude: round(middle.lng), zoom: view.zoom, width: size.x, height: size.y },
      // Of an answer that never came whole, all is wanted.
      moved: state.moved, layer: state.layer, generation: state.whole ? state.generation : "", wanted: state.wanted,
      picks: state.picks, pick: state.pick, drawings: state.drawings, area: state.area,
    };
    const rest = JSON.stringify({ ...told, wanted: [], generation: "" });
    const text = rest + told.generation + JSON.stringify(told.wanted);
    // That nothing is lacking any more is no news.
    if (text === state.told || (rest === state.toldRest && !told.wanted.length && state.whole)) { return; }
    state.told = text;
    state.toldRest = rest;
    window.Streamlit.setComponentValue(told);
  }

  function round(degrees) { return Math.round(degrees * 1e4) / 1e4; }

  function choose(id) {
    state.pick = id;
    state.picks = Date.now();
    send();
  }

  /* ---- the events ---- */

  function draw(group, text) {
    if (state.going) { state.late.push(text); return; }
    const payload = typeof text === "string" ? JSON.parse(text) : text;
    const fresh = state.generation !== payload.generation;
    if (fresh) { state.tiles.clear(); state.whole = false; }
    if (payload.layer !== "points" || payload.nations) { state.whole = true; }
    state.generation = payload.generation;
    state.payload = payload;
    if (state.layer === null || (fresh && !state.told)) { state.layer = payload.layer; }
    if (payload.nations) { state.nations = rowsOf(payload.nations); } else if (fresh) { state.nations = []; }
    keepTiles(payload);
    showStreets(payload.streets);
    state.area = payload.area;
    dateline.tools.showArea(payload.area);
    if (state.fitted !== payload.fit) {
      const first = state.fitted === null;
      state.fitted = payload.fit;
      if (first && payload.opening) {
        state.moved = true;
        state.map.setView([payload.opening[0], payload.opening[1]], payload.opening[2], { animate: false });
      } else {
        state.moved = false;
        fit(payload.bulk, false);
      }
    }
    if (fresh || payload.layer !== state.drawnLayer) { redraw(); } else { refresh(); }
    const focus = payload.picked;
    if (focus && state.focused !== focus.id && focus.place !== undefined) {
      const spot = L.latLng(focus.latitude, nearest(focus.longitude));
      if (!state.map.getBounds().pad(-0.1).contains(spot)) { state.map.panTo(spot); }
    }
    state.focused = focus ? focus.id : null;
    send(PATIENCE);
  }

  /* Columns of one length -> an object per row. */
  function rowsOf(columns) {
    const names = Object.keys(columns).filter((name) => Array.isArray(columns[name]));
    const length = names.length ? columns[names[0]].length : 0;
    return Array.from({ length: length }, (_, at) => Object.fromEntries(names.map((name) => [name, columns[name][at]])));
  }

  function nodesOf(nodes) {
    return nodes.head.map((head, at) => ({
      head: head, from: nodes.from[at], until: nodes.until[at], latitude: nodes.latitude[at], longitude: nodes.longitude[at],
      name: nodes.name[at], lines: nodes.lines[at], members: nodes.members[at], radius: nodes.radius[at], box: nodes.box[at],
      n: nodes.n[at], quads: nodes.quads.slice(4 * at, 4 * at + 4), type: nodes.type[at], main: nodes.main[at],
      look: state.styles.looks[nodes.look[at]], tile: nodes.tile ? nodes.tile[at] : null,
      picked: nodes.picked ? nodes.picked.includes(at) : null,
    }));
  }

  function keepTiles(payload) {
    if (!payload.tiles) {
      state.few = payload.nodes ? nodesOf(payload.nodes) : null;
      return;
    }
    state.few = null;
    const key = ([column, row]) => payload.zoom + "/" + column + "/" + row;
    for (const tile of payload.tiles) { state.tiles.set(key(tile), []); }
    if (payload.nodes) {
      for (const node of nodesOf(payload.nodes)) { state.tiles.get(key(payload.tiles[node.tile])).push(node); }
    }
    if (payload.heat) {
      const cells = payload.heat, per = SIDE / cells.cell;
      cells.x.forEach((x, at) => {
        const tile = state.tiles.get(key([Math.floor(x / per), Math.floor(cells.y[at] / per)]));
        if (tile) { tile.push([x, cells.y[at], cells.n[at]]); }
      });
    }
  }

  function redraw() {
    if (!state.payload) { return; }
    state.drawnLayer = state.payload.layer;
    state.layers.clearLayers();
    if (state.payload.layer === "points") { drawNations(); drawCircles(); }
    dateline.kinds.draw(state.payload);
    refresh();
  }

  function hint(title, lines) {
    const rows = lines.map((line) => '<span class="dl-line">' + escape(line) + "</span>").join("");
    return "<strong>" + escape(title) + "</strong>" + rows;
  }

  function count(number, noun) {
    return number.toLocaleString("en") + " " + noun + (number === 1 ? "" : "s");
  }

  function drawNations() {
    if (!state.base) { return; }
    const most = Math.max(1, ...state.nations.map((nation) => nation.n));
    for (const nation of state.nations) {
      const feature = state.base[nation.code];
      if (!feature) { continue; }
      L.geoJSON(feature, {
        pane: "areas",
        style: () => ({ className: "dl-country", weight: 1, fillOpacity: 0.1 + 0.26 * Math.sqrt(nation.n / most) }),
      }).bindTooltip(hint(nationTitle(nation), nation.lines), { sticky: true, className: "dl-tip" })
        .on("click", () => choose("country:" + nation.code)).addTo(state.layers);
    }
  }

  function nationTitle(nation) {
    return nation.name + ": " + count(nation.n, "event") + " in the country as a whole";
  }

  /* The extents of the larger places that stand alone at this zoom level. */
  function drawCircles() {
    if (state.circles) { state.circles.remove(); }
    state.circles = L.layerGroup().addTo(state.layers);
    const seen = new Set();
    const nodes = state.few || [...state.shown.values()].map((entry) => entry.node);
    for (const node of nodes.filter((one) => one.members === 1 && one.radius > 0).sort((a, b) => b.radius - a.radius)) {
      if (seen.has(node.box)) { continue; }
      seen.add(node.box);
      drawArea(node, state.circles);
    }
  }

  function drawArea(node, group) {
    const colour = state.styles.types[node.main].colour;
    const picked = isPicked(node);
    return L.circle([node.latitude, nearest(node.longitude)], {
      pane: "areas", radius: node.radius * 1000,
      className: "dl-area dl-" + node.look + (node.radius > 700 ? " dl-vast" : "") + (picked ? " dl-picked" : ""),
      color: colour, fillColor: colour, weight: picked ? 2.5 : 1.3,
    }).bindTooltip(hint(node.name + ": " + count(node.n, "event"), node.lines), { sticky: true, className: "dl-tip" })
      .on("click", () => choose("place:" + node.box)).addTo(group);
  }

  function donut(counts, total, size) {
    const radius = size / 2 - 3.5;
    const around = 2 * Math.PI * radius;
    let turned = 0;
    let rings = "";
    counts.forEach((part, index) => {
      if (!part) { return; }
      const share = (part / total) * around;
      rings += '<circle cx="' + size / 2 + '" cy="' + size / 2 + '" r="' + radius + '" fill="none" stroke="' +
        state.styles.quads[index] + '" stroke-width="5" stroke-dasharray="' + share + " " + (around - share) +
        '" stroke-dashoffset="' + -turned + '"/>';
      turned += share;
    });
    return '<svg width="' + size + '" height="' + size + '" viewBox="0 0 ' + size + " " + size +
      '" aria-hidden="true"><circle class="dl-hole" cx="' + size / 2 + '" cy="' + size / 2 + '" r="' + (size / 2 - 1) +
      '"/><g transform="rotate(-90 ' + size / 2 + " " + size / 2 + ')">' + rings + '</g><text class="dl-count" x="50%" y="50%" dy=".35em" ' +
      'text-anchor="middle">' + short(total) + "</text></svg>";
  }

  function short(number) {
    if (number < 1000) { return String(number); }
    return number < 1e6 ? (number / 1000).toFixed(number < 10000 ? 1 : 0) + "k" : (number / 1e6).toFixed(1) + "M";
  }

  function symbol(node, size) {
    const style = state.styles.types[node.type];
    const open = node.look === "hollow" || node.look === "crossed";
    const edge = node.look === "grey" ? "#858f99" : style.colour;
    const ground = open ? "var(--paper)" : edge;
    const ink = open ? "var(--ink)" : node.look === "grey" ? "#ffffff" : style.ink;
    const cross = node.look === "crossed"
      ? '<path d="M3 17L17 3" stroke="' + edge + '" stroke-width="2.2"/>' : "";
    const badge = node.n > 1 ? '<span class="dl-badge">' + short(node.n) + "</span>" : "";
    return '<svg width="' + size + '" height="' + size + '" viewBox="0 0 20 20" aria-hidden="true">' +
      '<circle cx="10" cy="10" r="9.6" class="dl-halo"/>' +
      '<circle cx="10" cy="10" r="8.4" fill="' + ground + '" stroke="' + edge + '" stroke-width="1.9"/>' +
      '<g transform="translate(3.6 3.6) scale(.8)"><path d="' + style.glyph + '" fill="none" stroke="' + ink +
      '" stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round"/></g>' + cross + "</svg>" + badge;
  }

  function isPicked(node) {
    const picked = state.payload.picked;
    if (!picked || picked.place === undefined) { return false; }
    if (node.picked !== null && node.picked !== undefined) { return node.picked; }
    if (node.members === 1) { return node.box === picked.place; }
    return node.head === picked.heads[Math.min(Math.max(node.from, 0), picked.heads.length - 1)];
  }

  /* The copy of a longitude that is nearest to the middle of the map, as the world repeats. */
  function nearest(longitude) {
    return longitude + 360 * Math.round((state.map.getCenter().lng - longitude) / 360);
  }

  /* Places that lie on the very same point do not come apart: their events are listed. */
  function idOf(node) {
    if (node.members === 1) { return "place:" + node.box; }
    return node.box[0] === node.box[1] && node.box[2] === node.box[3] ? "spot:" + node.head : null;
  }

  function titleOf(node) {
    return node.members === 1 ? node.name + ": " + count(node.n, "event") : count(node.members, "place") + ", " + count(node.n, "event");
  }

  function asButton(layer, label, act) {
    layer.on("add", () => {
      const element = layer.getElement();
      element.setAttribute("role", "button");
      element.setAttribute("aria-label", label());
      if (element.dataset.heard) { return; }
      element.dataset.heard = "1";
      element.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); event.stopPropagation(); act(); }
      });
      element.addEventListener("click", (event) => { event.stopPropagation(); act(); });
    });
    return layer;
  }

  function markerOf(entry) {
    const marker = L.marker([entry.node.latitude, nearest(entry.node.longitude)], {
      icon: L.divIcon({ className: "dl-node", html: "", iconSize: [0, 0] }), keyboard: true, riseOnHover: true,
    });
    asButton(marker, () => titleOf(entry.node) + (idOf(entry.node) ? ". Show the events" : ". Zoom in"), () => {
      const node = entry.node, id = idOf(node);
      if (id) { choose(id); return; }
      // A cluster opens here and now.
      const box = L.latLngBounds([node.box[0], nearest(node.box[2])], [node.box[1], nearest(node.box[3])]);
      const deeper = Math.max((node.until > 20 ? level() : node.until) + 1, state.map.getZoom() + 1);
      if (state.map.getZoom() >= state.map.getMaxZoom()) { choose("spot:" + node.head); return; }
      state.map.fitBounds(box, { padding: [60, 60], maxZoom: deeper });
    });
    marker.on("add", () => dress(entry));
    return marker;
  }

  /* Let a marker look like its node: when it is new, and when an answer changed the node. */
  function dress(entry) {
    const { node, marker } = entry;
    const element = marker.getElement();
    if (!element) { return; }
    const cluster = node.members > 1, plain = !cluster && node.type >= 0;
    const size = plain ? 24 : Math.round(26 + Math.min(22, 7 * Math.log10(node.n)));
    node.size = size;
    const look = plain ? symbol(node, size) : donut(node.quads, node.n, size);
    if (entry.look !== look) {
      entry.look = look;
      element.innerHTML = look;
      element.style.width = element.style.height = size + "px";
      element.style.marginLeft = element.style.marginTop = -size / 2 + "px";
    }
    element.classList.toggle("dl-cluster", cluster);
    element.classList.toggle("dl-wide", !cluster && node.radius > 0);
    element.classList.toggle("dl-picked", isPicked(node));
    element.setAttribute("aria-label", titleOf(node) + (idOf(node) ? ". Show the events" : ". Zoom in"));
    marker.setZIndexOffset(isPicked(node) ? 1000 : Math.min(node.n, 900));
    const tip = hint(titleOf(node), node.lines);
    if (entry.tip !== tip) {
      entry.tip = tip;
      marker.unbindTooltip();
      marker.bindTooltip(tip, { className: "dl-tip", direction: "top", offset: [0, -size / 2] });
    }
  }

  function refresh() {
    if (!state.payload || !state.layers) { return; }
    dateline.kinds.refresh(state.payload, () => [...cover(PAD).keys()].map((key) => state.tiles.get(key) || []).flat());
    const zoom = level();
    const view = state.map.getBounds().pad(0.3);
    const wanted = new Map();
    const lacking = new Set();
    if (state.payload.layer === "points") {
      if (state.few) {
        for (const node of state.few) {
          if (node.from <= zoom && zoom <= node.until && view.contains([node.latitude, nearest(node.longitude)])) {
            wanted.set((node.members === 1 ? "p" + node.box : "c" + node.head + "/" + node.members) + "/" + node.from, node);
          }
        }
      } else {
        for (const key of cover(PAD).keys()) {
          const nodes = state.tiles.get(key);
          if (!nodes) { lacking.add(key); continue; }
          for (const node of nodes) { wanted.set(zoom + ":" + node.head, node); }
        }
      }
    }
    for (const [key, entry] of state.shown) {
      const node = wanted.get(key);
      if (!node) {
        // What stands in a tile that is still to come stays until it comes.
        if (lacking.size && lacking.has(tileAt(entry.node, zoom))) { continue; }
        entry.marker.remove();
        state.shown.delete(key);
        continue;
      }
      wanted.delete(key);
      entry.node = node;
      entry.marker.setLatLng([node.latitude, nearest(node.longitude)]);
      dress(entry);
    }
    for (const [key, node] of wanted) {
      const entry = { node: node };
      entry.marker = markerOf(entry);
      entry.marker.addTo(state.map);
      state.shown.set(key, entry);
    }
    if (state.payload.layer === "points" && !state.few) { drawCircles(); }
    writeNames(zoom, view);
  }

  function tileAt(node, zoom) {
    const spot = state.map.project([node.latitude, node.longitude], zoom);
    return zoom + "/" + Math.floor(spot.x / SIDE) + "/" + Math.floor(spot.y / SIDE);
  }

  /* Names: of places beside their symbols, of countries where there is room for them. */
  function writeNames(zoom, view) {
    const map = state.map;
    if (state.names) { state.names.remove(); }
    state.names = L.layerGroup().addTo(map);
    const boxes = [];
    const pixels = 256 * Math.pow(2, map.getZoom()) / 360;
    const free = (box) => boxes.every((other) => box[0] > other[2] || box[2] < other[0] || box[1] > other[3] || box[3] < other[1]);
    for (const { node } of state.shown.values()) {
      const spot = map.latLngToContainerPoint([node.latitude, nearest(node.longitude)]);
      const half = (node.size || 26) / 2 + (node.radius > 0 ? 5 : 2);
      boxes.push([spot.x - half, spot.y - half, spot.x + half, spot.y + half]);
    }
    const badged = new Set();
    const picked = state.payload.picked ? state.payload.picked.countries : [];
    for (const nation of state.payload.layer === "points" ? state.nations : []) {
      const feature = state.base && state.base[nation.code];
      if (!feature) { continue; }
      const place = feature.properties;
      const spot = map.latLngToContainerPoint([place.latitude, nearest(place.longitude)]);
      // The name stands where the country has room for it, the count alone where it has little,
      // and behind the symbols where it has none; zooming in sets it free.
      const full = 3.6 * nation.name.length + 17;
      const brief = 6 + 4 * short(nation.n).length;
      const step = Math.max(10, Math.min(40, (place.width * pixels) / 5));
      const room = (half) => SHIFTS.map(([right, down]) => [right * step, down * step])
        .find(([right, down]) => free([spot.x + right - half, spot.y + down - 9, spot.x + right + half, spot.y + down + 9]));
      let shift = place.width * pixels > 1.5 * full ? room(full) : undefined;
      const named = shift !== undefined;
      const half = named ? full : brief;
      shift = shift || room(brief);
      badged.add(nation.code);
      const [x, y] = [spot.x + (shift ? shift[0] : 0), spot.y + (shift ? shift[1] : 0)];
      boxes.push([x - half, y - 10, x + half, y + 10]);
      const badge = L.marker(map.containerPointToLatLng([x, y]), {
        icon: L.divIcon({
          className: "dl-country-badge" + (named ? "" : " dl-brief") + (picked.includes(nation.code) ? " dl-picked" : ""),
          html: "<span>" + (named ? escape(nation.name) + " " : "") + "<b>" + short(nation.n) + "</b></span>", iconSize: [0, 0],
        }),
        keyboard: true,
        zIndexOffset: shift ? 500 : -1000,
      }).bindTooltip(hint(nationTitle(nation), nation.lines), { className: "dl-tip", direction: "top" });
      asButton(badge, () => nation.name + " " + short(nation.n) + ". " + nationTitle(nation) + ". Show the events", () => choose("country:" + nation.code));
      state.names.addLayer(badge);
    }
    const write = (text, latitude, longitude, className, side) => {
      const spot = map.latLngToContainerPoint([latitude, nearest(longitude)]);
      const width = text.length * (className === "dl-place-name" ? 5.9 : 7.4);
      const left = side ? spot.x + 17 : spot.x - width / 2;
      const box = [left, spot.y - 8, left + width, spot.y + 8];
      if (!free(box)) { return; }
      boxes.push(box);
      L.marker([latitude, nearest(longitude)], {
        pane: "names", interactive: false, keyboard: false,
        icon: L.divIcon({ className: className, html: "<span>" + escape(text) + "</span>", iconSize: [0, 0] }),
      }).addTo(state.names);
    };
    if (zoom >= 5) {
      const places = [...state.shown.values()].map((entry) => entry.node).filter((node) => node.members === 1);
      places.sort((a, b) => b.n - a.n);
      for (const node of places) { write(node.name, node.latitude, node.longitude, "dl-place-name", true); }
    }
    const nations = (state.streets ? [] : state.countries || []).map((feature) => feature.properties)
      .filter((place) => !badged.has(place.code) && view.contains([place.latitude, nearest(place.longitude)]) && place.width * pixels > place.name.length * 7.5);
    nations.sort((a, b) => b.width - a.width);
    for (const place of nations) { write(place.name, place.latitude, place.longitude, "dl-country-name", false); }
  }

  return { begin, draw, toolButton, drawArea, nearest, rowsOf, count, state };
})();
