/* Playing: each step is asked of the server, and the next one only when its answer is here.
 *
 * So the page never runs ahead of what it shows, however slow the server or the line is.
 */
const states = new WeakMap();

export default function (component) {
  const root = component.parentElement.querySelector(".dl-play");
  let state = states.get(root);
  if (!state) {
    state = { root, playing: false, turn: 0, timer: 0, sent: 0 };
    states.set(root, state);
    build(state);
  }
  const { data } = component;
  state.data = data;
  state.ask = (what) => { state.turn += 1; state.sent = performance.now(); state.waits = true; component.setTriggerValue("play", { ...what, turn: state.turn, playing: state.playing }); };
  const answered = data.turn === state.turn || !state.waits;
  if (answered) { state.waits = false; }
  draw(state);
  if (answered && state.playing && !state.timer) {
    if (data.ended) { pause(state); }
    else { state.timer = setTimeout(() => { state.timer = 0; if (state.playing) { state.ask({ by: 1 }); } }, Math.max(0, state.speed() - (performance.now() - state.sent))); }
  }
  return () => {
    if (!root.isConnected) { clearTimeout(state.timer); window.removeEventListener("dateline-play", state.hear); states.delete(root); }
  };
}

function build(state) {
  const { root } = state;
  const find = (name) => root.querySelector(name);
  state.main = find(".dl-main");
  state.speed = () => Number(find(".dl-speed").value);
  const act = (what) => {
    if (what === "toggle") { state.playing ? pause(state) : play(state); }
    else { halt(state); state.ask({ by: what === "on" ? 1 : -1 }); }
  };
  state.main.onclick = () => act("toggle");
  for (const button of root.querySelectorAll("[data-by]")) { button.onclick = () => act(button.dataset.by === "1" ? "on" : "back"); }
  find(".dl-size").onchange = (event) => state.ask({ size: event.target.value });
  find(".dl-total").onchange = (event) => state.ask({ total: event.target.checked });
  find(".dl-off").onclick = () => { halt(state); state.ask({ size: "" }); };
  state.hear = (event) => act(event.detail);
  window.addEventListener("dateline-play", state.hear);
  root.addEventListener("keydown", (event) => {
    if (["SELECT", "INPUT"].includes(event.target.tagName)) { return; }
    const what = { ArrowLeft: "back", ArrowRight: "on", ",": "back", ".": "on" }[event.key] || (event.key === " " && event.target !== state.main ? "toggle" : null);
    // Space on a button presses that button, as everywhere.
    if (!what || (event.key === " " && event.target.tagName === "BUTTON")) { return; }
    event.preventDefault();
    act(what);
  });
}

function halt(state) {
  clearTimeout(state.timer);
  state.timer = 0;
  state.playing = false;
  draw(state);
}

function play(state) {
  state.playing = true;
  state.ask(state.data.ended ? { again: true } : state.data.size ? { by: 1 } : { begin: true });
  draw(state);
}

function pause(state) {
  halt(state);
  // The tables, which rest while the map plays, follow now.
  state.ask({ rest: true });
}

function draw(state) {
  const { root, data } = state;
  const find = (name) => root.querySelector(name);
  root.classList.toggle("dl-playing", state.playing);
  state.main.setAttribute("aria-label", state.playing ? "Pause" : "Play");
  state.main.title = (state.playing ? "Pause" : "Play") + " (space)";
  if (!data) { return; }
  const sizes = find(".dl-size");
  if (!sizes.options.length) {
    sizes.append(new Option("off", ""), ...data.sizes.map((one) => new Option(one.label, one.size)));
  }
  sizes.value = data.size || "";
  find(".dl-total").checked = data.total;
  find(".dl-total").disabled = !data.size;
  find(".dl-off").hidden = !data.size;
  const count = data.shown.toLocaleString("en") + (data.shown === 1 ? " event" : " events");
  find(".dl-when").textContent = data.size ? data.when + " · " + count : "";
  // A screen reader is told where playing ends, and not each step of it.
  find(".dl-when").setAttribute("aria-live", state.playing ? "off" : "polite");
  if (state.playing) { keepAddress(data.query); }
}

/* While it plays, the address follows without an entry in the history for each step. */
function keepAddress(query) {
  const address = new URL(location.href);
  for (const name of ["window", "at", "sum"]) {
    if (query[name]) { address.searchParams.set(name, query[name]); } else { address.searchParams.delete(name); }
  }
  if (address.href !== location.href) { history.replaceState(history.state, "", address); }
}
