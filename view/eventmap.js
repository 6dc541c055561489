/* The part of the event map that runs in the browser; view/eventmap.py sends it what to draw.
 *
 * All text that comes from articles enters the page as text nodes or through `escape`, so that
 * it can never become markup. Clusters are reckoned in Python: each node says between which
 * zoom levels it stands, and zooming only swaps nodes.
 */
window.dateline = (function () {
  "use strict";
  const state = { map: null, styles: null, group: null, payload: null, shown: [], fitted: null, base: null };
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
  }

  /* ---- the base map ---- */

  function begin(map, styles) {
    state.map = map;
    state.styles = styles;
    const sheet = document.createElement("style");
    sheet.textContent = styles.css;
    document.head.appendChild(sheet);
    applyTheme();
    if (window.Streamlit && window.Streamlit.events) {
      window.Streamlit.events.addEventListener("streamlit:render", () => setTimeout(applyTheme, 0));
    }
    for (const [name, level] of [["land", 250], ["areas", 350], ["names", 450]]) {
      map.createPane(name).style.zIndex = level;
    }
    map.getPane("land").style.pointerEvents = "none";
    map.getPane("names").style.pointerEvents = "none";
    map.attributionControl.setPrefix(false);
    map.attributionControl.addAttribution(escape(styles.credit));
    L.control.scale({ imperial: false, maxWidth: 120 }).addTo(map);
    addFitButton(map);
    // The wheel scrolls the page until the reader has entered the map.
    map.scrollWheelZoom.disable();
    map.on("focus click", () => map.scrollWheelZoom.enable());
    map.getContainer().addEventListener("mouseleave", () => map.scrollWheelZoom.disable());
    map.getContainer().setAttribute("role", "application");
    map.getContainer().setAttribute("aria-label", styles.label);
    map.on("zoomend moveend", refresh);
    map.on("resize", refresh);
    window.addEventListener("resize", () => map.invalidateSize());
    if (styles.countries) {
      fetch(styles.countries)
        .then((answer) => (answer.ok ? answer.json() : null))
        .then((countries) => { if (countries) { drawLand(map, countries); } });
    }
  }

  function drawLand(map, countries) {
    state.base = {};
    for (const feature of countries.features) {
      if (feature.properties.code) { state.base[feature.properties.code] = feature; }
    }
    L.geoJSON(countries, {
      pane: "land",
      interactive: false,
      smoothFactor: 1.2,
      style: () => ({ className: state.styles.streets ? "dl-land dl-bare" : "dl-land", weight: 0.7 }),
    }).addTo(map);
    state.countries = countries.features;
    redraw();
  }

  function addFitButton(map) {
    const Fit = L.Control.extend({
      options: { position: "topleft" },
      onAdd: function () {
        const bar = L.DomUtil.create("div", "leaflet-bar");
        const button = L.DomUtil.create("a", "dl-fit", bar);
        button.href = "#";
        button.role = "button";
        button.title = "Fit the map to the events";
        button.setAttribute("aria-label", button.title);
        button.innerHTML =
          '<svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true"><path d="M1 5V1h4M9 1h4v4M13 9v4H9M5 13H1V9" ' +
          'fill="none" stroke="currentColor" stroke-width="1.6"/></svg>';
        L.DomEvent.disableClickPropagation(bar);
        L.DomEvent.on(button, "click", (event) => { L.DomEvent.preventDefault(event); if (state.payload) { fit(state.payload.bounds, true); } });
        return bar;
      },
    });
    map.addControl(new Fit());
  }

  function fit(bounds, animate) {
    if (bounds) { state.map.fitBounds(bounds, { padding: [36, 36], maxZoom: 8, animate: animate }); }
  }

  /* ---- the events ---- */

  function draw(group, text) {
    state.group = group;
    state.payload = JSON.parse(text);
    if (state.fitted !== state.payload.fit) {
      state.fitted = state.payload.fit;
      fit(state.payload.bulk, false);
    }
    redraw();
    const focus = state.payload.focus;
    if (focus && state.focused !== focus.id) {
      const spot = L.latLng(focus.latitude, focus.longitude);
      if (!state.map.getBounds().pad(-0.1).contains(spot)) { state.map.panTo(spot); }
    }
    state.focused = focus ? focus.id : null;
  }

  function redraw() {
    if (!state.group || !state.payload) { return; }
    state.group.clearLayers();
    state.shown = [];
    drawCountries();
    drawAreas();
    refresh();
  }

  function hint(title, lines, id) {
    const rows = lines.map((line) => '<span class="dl-line">' + escape(line) + "</span>").join("");
    return "<strong>" + escape(title) + "</strong>" + rows + '<span class="dl-id">#' + escape(id) + "</span>";
  }

  function drawCountries() {
    if (!state.base) { return; }
    const most = Math.max(1, ...state.payload.countries.map((country) => country.n));
    for (const country of state.payload.countries) {
      const feature = state.base[country.code];
      if (!feature) { continue; }
      const share = 0.1 + 0.26 * Math.sqrt(country.n / most);
      L.geoJSON(feature, {
        pane: "areas",
        style: () => ({
          className: "dl-country" + (country.picked ? " dl-picked" : ""),
          weight: country.picked ? 2 : 1, fillOpacity: share,
        }),
      }).bindTooltip(hint(country.title, country.lines, country.id), { sticky: true, className: "dl-tip" }).addTo(state.group);
    }
  }

  function drawAreas() {
    for (const area of state.payload.areas) {
      L.circle([area.latitude, area.longitude], {
        pane: "areas",
        radius: area.radius * 1000,
        className: "dl-area dl-" + area.look + (area.radius > 700 ? " dl-vast" : "") + (area.picked ? " dl-picked" : ""),
        color: area.colour, fillColor: area.colour, weight: area.picked ? 2.5 : 1.3,
      }).bindTooltip(hint(area.title, area.lines, area.id), { sticky: true, className: "dl-tip" }).addTo(state.group);
    }
  }

  function donut(counts, total, size) {
    const radius = size / 2 - 3.5;
    const around = 2 * Math.PI * radius;
    let turned = 0;
    let rings = "";
    counts.forEach((count, index) => {
      if (!count) { return; }
      const share = (count / total) * around;
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

  function short(count) {
    if (count < 1000) { return String(count); }
    return count < 1e6 ? (count / 1000).toFixed(count < 10000 ? 1 : 0) + "k" : (count / 1e6).toFixed(1) + "M";
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

  function markerOf(node) {
    const cluster = node.members > 1;
    const plain = !cluster && node.type !== null;
    const size = plain ? 24 : Math.round(26 + Math.min(22, 7 * Math.log10(node.n)));
    const classes = "dl-node" + (cluster ? " dl-cluster" : "") + (node.area ? " dl-wide" : "") + (node.picked ? " dl-picked" : "");
    node.size = size;
    const marker = L.marker([node.latitude, node.longitude], {
      icon: L.divIcon({ className: classes, html: plain ? symbol(node, size) : donut(node.quads, node.n, size), iconSize: [size, size] }),
      keyboard: true,
      riseOnHover: true,
      zIndexOffset: node.picked ? 1000 : node.n,
    });
    marker.bindTooltip(hint(node.title, node.lines, node.id), { className: "dl-tip", direction: "top", offset: [0, -size / 2] });
    marker.on("add", () => {
      const element = marker.getElement();
      element.setAttribute("role", "button");
      element.setAttribute("aria-label", node.title + (cluster ? ". Zoom in" : ". Show the events"));
      element.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); element.click(); }
      });
      if (cluster) {
        // A cluster opens here and now; the page need not hear of it.
        element.addEventListener("click", (event) => {
          event.stopPropagation();
          state.map.fitBounds(node.bounds, { padding: [60, 60], maxZoom: Math.max(node.until + 1, state.map.getZoom() + 1) });
        });
      }
    });
    return marker;
  }

  function refresh() {
    if (!state.group || !state.payload) { return; }
    const zoom = Math.round(state.map.getZoom());
    const view = state.map.getBounds().pad(0.3);
    const wanted = new Map();
    for (const node of state.payload.nodes) {
      if (node.from <= zoom && zoom <= node.until && view.contains([node.latitude, node.longitude])) {
        wanted.set(node.key, node);
      }
    }
    state.shown = state.shown.filter((entry) => {
      if (wanted.has(entry.node.key) && wanted.get(entry.node.key) === entry.node) {
        wanted.delete(entry.node.key);
        return true;
      }
      state.group.removeLayer(entry.marker);
      return false;
    });
    for (const node of wanted.values()) {
      const marker = markerOf(node);
      marker.addTo(state.group);
      state.shown.push({ node, marker });
    }
    writeNames(zoom, view);
  }

  /* Names: of places beside their symbols, of countries where there is room for them. */
  function writeNames(zoom, view) {
    const map = state.map;
    if (state.names) { state.names.remove(); }
    state.names = L.layerGroup().addTo(map);
    const boxes = [];
    const pixels = 256 * Math.pow(2, zoom) / 360;
    const free = (box) => boxes.every((other) => box[0] > other[2] || box[2] < other[0] || box[1] > other[3] || box[3] < other[1]);
    for (const { node } of state.shown) {
      const spot = map.latLngToContainerPoint([node.latitude, node.longitude]);
      const half = node.size / 2 + (node.area ? 5 : 2);
      boxes.push([spot.x - half, spot.y - half, spot.x + half, spot.y + half]);
    }
    const badged = new Set();
    for (const country of state.payload.countries) {
      const feature = state.base && state.base[country.code];
      if (!feature) { continue; }
      const place = feature.properties;
      const spot = map.latLngToContainerPoint([place.latitude, place.longitude]);
      // The name stands where the country has room for it, the count alone where it has little,
      // and behind the symbols where it has none; zooming in sets it free.
      const full = 3.6 * country.name.length + 17;
      const brief = 6 + 4 * short(country.n).length;
      const step = Math.max(10, Math.min(40, (place.width * pixels) / 5));
      const room = (half) => SHIFTS.map(([right, down]) => [right * step, down * step])
        .find(([right, down]) => free([spot.x + right - half, spot.y + down - 9, spot.x + right + half, spot.y + down + 9]));
      let shift = place.width * pixels > 1.5 * full ? room(full) : undefined;
      const named = shift !== undefined;
      const half = named ? full : brief;
      shift = shift || room(brief);
      badged.add(country.code);
      const [x, y] = [spot.x + (shift ? shift[0] : 0), spot.y + (shift ? shift[1] : 0)];
      boxes.push([x - half, y - 10, x + half, y + 10]);
      const badge = L.marker(map.containerPointToLatLng([x, y]), {
        icon: L.divIcon({
          className: "dl-country-badge" + (named ? "" : " dl-brief") + (country.picked ? " dl-picked" : ""),
          html: "<span>" + (named ? escape(country.name) : "") + "<b>" + short(country.n) + "</b></span>", iconSize: [0, 0],
        }),
        keyboard: true,
        zIndexOffset: shift ? 500 : -1000,
      }).bindTooltip(hint(country.title, country.lines, country.id), { className: "dl-tip", direction: "top" });
      badge.on("add", () => {
        const element = badge.getElement();
        element.setAttribute("role", "button");
        element.setAttribute("aria-label", country.title + ". Show the events");
        element.addEventListener("keydown", (event) => {
          if (event.key === "Enter" || event.key === " ") { event.preventDefault(); badge.fire("click", { latlng: badge.getLatLng(), sourceTarget: badge }, true); }
        });
      });
      state.group.addLayer(badge);
      state.shown.push({ node: { key: "badge " + country.code }, marker: badge });
    }
    const write = (text, latitude, longitude, className, side) => {
      const spot = map.latLngToContainerPoint([latitude, longitude]);
      const width = text.length * (className === "dl-place-name" ? 5.9 : 7.4);
      const left = side ? spot.x + 17 : spot.x - width / 2;
      const box = [left, spot.y - 8, left + width, spot.y + 8];
      if (!free(box)) { return; }
      boxes.push(box);
      L.marker([latitude, longitude], {
        pane: "names", interactive: false, keyboard: false,
        icon: L.divIcon({ className: className, html: "<span>" + escape(text) + "</span>", iconSize: [0, 0] }),
      }).addTo(state.names);
    };
    if (zoom >= 5) {
      const places = state.shown.map((entry) => entry.node).filter((node) => node.members === 1);
      places.sort((a, b) => b.n - a.n);
      for (const node of places) { write(node.name, node.latitude, node.longitude, "dl-place-name", true); }
    }
    const nations = (state.styles.streets ? [] : state.countries || []).map((feature) => feature.properties)
      .filter((place) => !badged.has(place.code) && view.contains([place.latitude, place.longitude]) && place.width * pixels > place.name.length * 7.5);
    nations.sort((a, b) => b.width - a.width);
    for (const place of nations) { write(place.name, place.latitude, place.longitude, "dl-country-name", false); }
  }

  return { begin, draw };
})();
