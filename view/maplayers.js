/* The other layers of the event map: heat, countries, areas; the switch between them, and the
 * legend of the one that is shown. */
function mapLayers(state, tools) {
  "use strict";
  const { escape, short, hint, choose, asButton } = tools;
  const GRID = 2, REACH = 14; // pixels of a grid point; grid points from the middle of a glow to its rim
  const kernel = [];
  for (let y = -REACH; y <= REACH; y++) {
    for (let x = -REACH; x <= REACH; x++) {
      const far = Math.hypot(x, y) / REACH;
      if (far < 1) { kernel.push([x, y, Math.exp(-4.5 * far * far)]); }
    }
  }
  const mass = kernel.reduce((sum, point) => sum + point[2], 0);
  let legend = null, canvas = null;

  function ramp() {
    return state.theme === false ? [...state.styles.ramp].reverse() : state.styles.ramp;
  }

  function colourOf(value, scale) {
    let at = 0;
    while (at + 1 < scale.length && value >= scale[at + 1]) { at += 1; }
    const colours = ramp();
    // A short scale uses the far ends of the ramp too, so that few classes keep well apart.
    return colours[scale.length < 2 ? 2 : Math.round(at * (colours.length - 1) / (scale.length - 1))];
  }

  /* ---- the switch ---- */

  function addSwitch(changed) {
    const Switch = L.Control.extend({
      options: { position: "topright" },
      onAdd: function () {
        const bar = L.DomUtil.create("fieldset", "dl-switch");
        bar.innerHTML = "<legend>Show as</legend>" + state.styles.layers.map(([name, label]) =>
          '<label><input type="radio" name="layer" value="' + name + '"><span>' + escape(label) + "</span></label>").join("");
        bar.addEventListener("change", (event) => changed(event.target.value));
        L.DomEvent.disableClickPropagation(bar);
        L.DomEvent.disableScrollPropagation(bar);
        state.bar = bar;
        return bar;
      },
    });
    state.map.addControl(new Switch());
    const Legend = L.Control.extend({
      options: { position: "bottomright" },
      onAdd: function () { legend = L.DomUtil.create("div", "dl-scale"); legend.hidden = true; return legend; },
    });
    state.map.addControl(new Legend());
    state.map.on("zoomstart", () => { if (canvas) { canvas.style.visibility = "hidden"; } });
  }

  function write(title, scale, note) {
    legend.hidden = false;
    const label = (at) => {
      const from = scale[at], to = scale[at + 1];
      if (at === 0) { return to === undefined ? "any" : "under " + number(to); }
      return to === undefined ? number(from) + " or more" : number(from) + " to " + number(to);
    };
    legend.innerHTML = "<strong>" + escape(title) + "</strong><ul>" + scale.map((from, at) =>
      '<li><i style="background:' + colourOf(from, scale) + '"></i>' + escape(label(at)) + "</li>").join("") + "</ul>" +
      (note ? "<em>" + escape(note) + "</em>" : "");
  }

  function number(value) { return value >= 1000 ? short(value).replace(".0k", "k") : String(value); }

  /* ---- what is drawn once for an answer ---- */

  function draw(payload) {
    const chosen = state.bar.querySelector('input[value="' + state.layer + '"]');
    if (chosen) { chosen.checked = true; }
    legend.hidden = true;
    document.documentElement.dataset.layer = payload.layer;
    if (canvas) { canvas.remove(); canvas = null; }
    if (payload.countries && state.base) { drawCountries(payload.countries); }
    if (payload.areas) { drawAreas(payload.areas); }
  }

  function drawCountries(countries) {
    const per = countries.per ? " per month" : "";
    for (const country of dateline.rowsOf({ code: countries.code, name: countries.name, n: countries.n, value: countries.value })) {
      const feature = state.base[country.code];
      if (!feature) { continue; }
      const title = country.name + ": " + dateline.count(country.n, "event") + (per ? ", " + country.value + per : "");
      L.geoJSON(feature, {
        pane: "areas",
        style: () => ({ className: "dl-choropleth", weight: 0.8, fillOpacity: 0.88, fillColor: colourOf(country.value, countries.scale) }),
      }).bindTooltip(hint(title, ["Click to see these alone"]), { sticky: true, className: "dl-tip" })
        .on("click", () => choose("nation:" + country.code))
        .eachLayer((shape) => asButton(shape, () => title + ". Show these alone", () => choose("nation:" + country.code)))
        .addTo(state.layers);
    }
    for (const element of state.map.getPane("areas").querySelectorAll("path.dl-choropleth")) { element.setAttribute("tabindex", "0"); }
    write("Events that touch a country" + per, countries.scale,
      countries.per ? "Over " + countries.months.toLocaleString("en") + " months. Grey ground: none." : "One that touches two counts in both.");
  }

  function drawAreas(areas) {
    const rows = dateline.rowsOf({
      box: areas.place, latitude: areas.latitude, longitude: areas.longitude, radius: areas.radius, n: areas.n,
      main: areas.type, look: areas.look, name: areas.name, lines: areas.lines,
    });
    for (const area of rows) {
      area.members = 1;
      area.look = state.styles.looks[area.look];
      const circle = dateline.drawArea(area, state.layers);
      circle.setStyle({ color: colourOf(area.n, areas.scale), fillColor: colourOf(area.n, areas.scale), fillOpacity: 0.22, dashArray: null });
      const element = circle.getElement();
      element.classList.add("dl-counted");
      element.setAttribute("tabindex", "0");
      element.setAttribute("role", "button");
      element.setAttribute("aria-label", area.name + ": " + dateline.count(area.n, "event") + ". Show the events");
      element.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose("place:" + area.box); }
      });
    }
    write("Events known to an area", areas.scale,
      areas.left ? areas.left.toLocaleString("en") + " areas with fewer are left out." : "Each as large as the place it is known to.");
  }

  /* ---- heat: drawn anew whenever the map has moved ---- */

  function refresh(payload, cells) {
    if (payload.layer !== "heat") { return; }
    const map = state.map, size = map.getSize();
    if (!canvas) {
      canvas = L.DomUtil.create("canvas", "dl-heat");
      map.getPane("heat").appendChild(canvas);
    }
    const wide = Math.ceil(size.x / GRID) + 2 * REACH, high = Math.ceil(size.y / GRID) + 2 * REACH;
    const field = new Float32Array(wide * high);
    const zoom = Math.floor(map.getZoom() + 0.5);
    const scale = Math.pow(2, map.getZoom() - zoom);
    const corner = map.project(map.containerPointToLatLng([0, 0]), zoom);
    const around = 256 * Math.pow(2, zoom);
    const middle = corner.x + size.x / 2 / scale;
    const glow = (x, y, n) => {
      const column = Math.round(x / GRID) + REACH, row = Math.round(y / GRID) + REACH;
      if (column < REACH || row < REACH || column >= wide - REACH || row >= high - REACH) { return; }
      for (const [right, down, share] of kernel) { field[(row + down) * wide + column + right] += n * share; }
    };
    for (const [cellX, cellY, n] of cells()) {
      let x = (cellX + 0.5) * payload.heat.cell;
      x += around * Math.round((middle - x) / around);
      glow((x - corner.x) * scale, ((cellY + 0.5) * payload.heat.cell - corner.y) * scale, n);
    }
    for (const [latitude, longitude, radius, n] of payload.heat.wide) {
      const spot = map.latLngToContainerPoint([latitude, dateline.nearest(longitude)]);
      const perPixel = 156.543 * Math.cos(latitude * Math.PI / 180) / Math.pow(2, map.getZoom());
      const reach = radius / perPixel / GRID;
      if (reach <= REACH) { glow(spot.x, spot.y, n); continue; }
      // As many in all as at a spot, but nowhere more than elsewhere in the area.
      const share = n * mass / (Math.PI * reach * reach);
      const column = spot.x / GRID + REACH, row = spot.y / GRID + REACH;
      for (let y = Math.max(0, Math.ceil(row - reach)); y <= Math.min(high - 1, Math.floor(row + reach)); y++) {
        const half = Math.sqrt(reach * reach - (y - row) * (y - row));
        for (let x = Math.max(0, Math.ceil(column - half)); x <= Math.min(wide - 1, Math.floor(column + half)); x++) {
          field[y * wide + x] += share;
        }
      }
    }
    paint(field, wide, high, size);
    const km = REACH * GRID * 0.5 * 156.543 * Math.cos(map.getCenter().lat * Math.PI / 180) / Math.pow(2, map.getZoom());
    const steps = stepsUp(field);
    write("Events within about " + (km >= 10 ? Math.round(km / 5) * 5 || 5 : km.toPrecision(1)) + " km", steps,
      "What is known to an area is spread over it.");
  }

  function stepsUp(field) {
    let top = 0;
    for (const value of field) { if (value > top) { top = value; } }
    if (top <= 0) { return [0]; }
    const steps = [];
    for (let power = Math.floor(Math.log10(top)); power >= -1 && steps.length < 5; power--) {
      for (const factor of [5, 2, 1]) {
        const step = Number((factor * Math.pow(10, power)).toPrecision(3));
        if (step < top && step >= 0.5 && steps.length < 5) { steps.unshift(step); }
      }
    }
    return [0, ...steps];
  }

  function paint(field, wide, high, size) {
    const steps = stepsUp(field);
    const colours = steps.map((from) => colourOf(from, steps)).map((hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)));
    const floor = steps.length > 1 ? steps[1] / 4 : 0.05;
    const small = document.createElement("canvas");
    small.width = wide - 2 * REACH;
    small.height = high - 2 * REACH;
    const image = small.getContext("2d").createImageData(small.width, small.height);
    for (let y = 0; y < small.height; y++) {
      for (let x = 0; x < small.width; x++) {
        const value = field[(y + REACH) * wide + x + REACH];
        if (value < floor) { continue; }
        let at = 0;
        while (at + 1 < steps.length && value >= steps[at + 1]) { at += 1; }
        const to = 4 * (y * small.width + x), colour = colours[at];
        image.data[to] = colour[0];
        image.data[to + 1] = colour[1];
        image.data[to + 2] = colour[2];
        image.data[to + 3] = at === 0 ? 150 : 205;
      }
    }
    small.getContext("2d").putImageData(image, 0, 0);
    canvas.width = size.x;
    canvas.height = size.y;
    const pen = canvas.getContext("2d");
    pen.imageSmoothingEnabled = true;
    pen.drawImage(small, 0, 0, small.width * GRID, small.height * GRID);
    L.DomUtil.setPosition(canvas, state.map.containerPointToLayerPoint([0, 0]));
    canvas.style.visibility = "visible";
  }

  return { addSwitch, draw, refresh };
}
