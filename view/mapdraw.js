/* The tools that draw an area to filter by: a box, a polygon, what is in view; and none.
 *
 * A box can be drawn without a pointer: the arrow keys move it, with Shift they stretch it,
 * Enter takes it and Escape leaves it. */
function mapTools(state, send, escape) {
  "use strict";
  const map = state.map, box = map.getContainer();
  const STEP = 0.06;
  let drawn = null, draft = null, mode = null, corners = [], buttons = {}, told = null;

  const Tools = L.Control.extend({
    options: { position: "topleft" },
    onAdd: function () {
      const bar = L.DomUtil.create("div", "leaflet-bar dl-tools");
      const add = (name, title, path, act) => {
        buttons[name] = dateline.toolButton("dl-" + name, title, path, act);
        bar.appendChild(buttons[name]);
      };
      add("box", "Draw a box to filter by", "M2 3h10v8H2z", (byKey) => start("box", byKey));
      add("polygon", "Draw a polygon to filter by", "M7 1.5l5.5 4-2 6.5h-7l-2-6.5z", () => start("polygon", false));
      add("view", "Filter by what the map shows", "M1 7s2.2-4 6-4 6 4 6 4-2.2 4-6 4-6-4-6-4zM7 5.4a1.6 1.6 0 1 0 0 3.2a1.6 1.6 0 1 0 0-3.2z", () => takeView());
      add("clear", "Take the area away", "M3 3l8 8M11 3l-8 8", () => take([]));
      L.DomEvent.disableClickPropagation(bar);
      return bar;
    },
  });
  map.addControl(new Tools());
  told = L.DomUtil.create("div", "dl-told", box);
  told.setAttribute("role", "status");

  function showArea(area) {
    if (drawn) { drawn.remove(); drawn = null; }
    buttons.clear.hidden = !area.length;
    if (area.length) {
      drawn = L.polygon(area, { pane: "drawn", className: "dl-drawn", interactive: false, weight: 2 }).addTo(map);
    }
  }

  function take(area) {
    stop();
    state.area = area.map(([latitude, longitude]) => [Math.round(latitude * 1e4) / 1e4, Math.round(longitude * 1e4) / 1e4]);
    state.drawings = Date.now();
    showArea(state.area);
    send(0);
  }

  function takeView() {
    take(rectangle(map.getBounds().getSouthWest(), map.getBounds().getNorthEast()));
  }

  function rectangle(one, other) {
    const [south, north] = [one.lat, other.lat].sort((a, b) => a - b).map((degrees) => Math.max(-90, Math.min(90, degrees)));
    let [west, east] = [one.lng, other.lng].sort((a, b) => a - b);
    const turn = 360 * Math.round((west + east) / 720);
    if (east - west >= 360) { [west, east] = [-180, 180]; } else { west -= turn; east -= turn; }
    return [[south, west], [south, east], [north, east], [north, west]];
  }

  /* ---- drawing ---- */

  function start(name, byKey) {
    const again = mode === name;
    stop();
    if (again) { return; }
    mode = name;
    buttons[name].classList.add("dl-on");
    buttons[name].setAttribute("aria-pressed", "true");
    box.classList.add("dl-drawing");
    map.dragging.disable();
    map.doubleClickZoom.disable();
    map.keyboard.disable();
    if (name === "box" && byKey) {
      const size = map.getSize();
      corners = [map.containerPointToLatLng(size.multiplyBy(0.3)), map.containerPointToLatLng(size.multiplyBy(0.7))];
      show(rectangle(corners[0], corners[1]));
      say("Arrow keys move the box, with Shift they stretch it. Enter takes it, Escape leaves it.");
    } else {
      say(name === "box" ? "Drag over the map. Escape leaves." : "Click corner by corner; click the first or press Enter to close. Escape leaves.");
    }
  }

  function stop() {
    if (mode) {
      buttons[mode].classList.remove("dl-on");
      buttons[mode].removeAttribute("aria-pressed");
      map.dragging.enable();
      map.doubleClickZoom.enable();
      map.keyboard.enable();
    }
    mode = null;
    corners = [];
    box.classList.remove("dl-drawing");
    if (draft) { draft.remove(); draft = null; }
    say("");
  }

  function say(text) { told.textContent = text; }

  function show(points) {
    if (draft) { draft.remove(); }
    draft = L.polygon(points, { pane: "drawn", className: "dl-draft", interactive: false, weight: 2 }).addTo(map);
  }

  const spotOf = (event) => map.mouseEventToLatLng(event);
  const onMap = (event) => !event.target.closest(".leaflet-control");

  box.addEventListener("pointerdown", (event) => {
    if (!mode || event.button !== 0 || !onMap(event)) { return; }
    event.stopPropagation();
    event.preventDefault();
    if (mode === "box") {
      box.setPointerCapture(event.pointerId);
      corners = [spotOf(event)];
      return;
    }
    const spot = spotOf(event);
    const first = corners.length && map.latLngToContainerPoint(corners[0]);
    if (corners.length >= 3 && first.distanceTo(map.latLngToContainerPoint(spot)) < 12) { close(); return; }
    corners.push(spot);
    show(corners);
  }, true);

  box.addEventListener("pointermove", (event) => {
    if (mode === "box" && corners.length === 1) { show(rectangle(corners[0], spotOf(event))); }
    if (mode === "polygon" && corners.length) { show([...corners, spotOf(event)]); }
  }, true);

  box.addEventListener("pointerup", (event) => {
    if (mode !== "box" || corners.length !== 1) { return; }
    event.stopPropagation();
    const end = spotOf(event);
    const far = map.latLngToContainerPoint(corners[0]).distanceTo(map.latLngToContainerPoint(end));
    if (far < 6) { corners = []; if (draft) { draft.remove(); draft = null; } return; }
    take(rectangle(corners[0], end));
  }, true);

  // What a drawn corner lies on must not hear the click.
  for (const kind of ["click", "dblclick", "mousedown"]) {
    box.addEventListener(kind, (event) => { if (mode && onMap(event)) { event.stopPropagation(); event.preventDefault(); } }, true);
  }

  function close() {
    if (corners.length < 3) { return; }
    const turn = 360 * Math.round(corners.reduce((sum, corner) => sum + corner.lng, 0) / corners.length / 360);
    take(corners.map((corner) => [Math.max(-90, Math.min(90, corner.lat)), corner.lng - turn]));
  }

  document.addEventListener("keydown", (event) => {
    if (!mode) { return; }
    if (event.key === "Escape") { event.preventDefault(); const button = buttons[mode]; stop(); button.focus(); return; }
    if (event.key === "Enter") {
      event.preventDefault();
      event.stopPropagation();
      if (mode === "polygon") { close(); } else if (corners.length === 2) { take(rectangle(corners[0], corners[1])); }
      return;
    }
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (mode !== "box" || corners.length !== 2 || !ways[event.key]) { return; }
    event.preventDefault();
    event.stopPropagation();
    const size = map.getSize(), [right, down] = ways[event.key];
    const step = L.point(right * size.x * STEP, down * size.y * STEP);
    corners = corners.map((corner, at) => (event.shiftKey && at === 0)
      ? corner : map.containerPointToLatLng(map.latLngToContainerPoint(corner).add(step)));
    show(rectangle(corners[0], corners[1]));
  }, true);

  return { showArea };
}
