/* One page of the events table. Heads sort, rows open their event; the server does both. */
export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".dl-events");
  const make = (name, className, text) => {
    const element = document.createElement(name);
    if (className) { element.className = className; }
    if (text !== undefined) { element.textContent = text; }
    return element;
  };
  const number = (count) => count.toLocaleString("en");
  const press = (text, className, act) => { const element = make("button", className, text); element.type = "button"; element.onclick = act; return element; };
  const active = root.getRootNode().activeElement;
  const held = active && active.dataset ? active.dataset.hold : null;

  const top = root.querySelector("thead tr");
  top.replaceChildren(...data.heads.map((head) => {
    const cell = make("th", "dl-" + head.key);
    cell.scope = "col";
    if (!head.sorts) { cell.append(make("span", "dl-head dl-plain", head.label)); return cell; }
    const sorted = head.key === data.by;
    if (sorted) { cell.setAttribute("aria-sort", data.descending ? "descending" : "ascending"); }
    const button = press(head.label, "dl-head", () => setTriggerValue("order", { by: head.key }));
    button.dataset.hold = "head " + head.key;
    const sign = make("span", "dl-sign", sorted ? (data.descending ? "↓" : "↑") : "");
    sign.setAttribute("aria-hidden", "true");
    button.append(sign);
    cell.append(button);
    return cell;
  }));

  const before = root.dataset.at;
  root.dataset.at = data.by + data.descending + data.page + "/" + data.total;
  root.querySelector("tbody").replaceChildren(...data.rows.map((row) => {
    const line = make("tr", row.picked ? "dl-picked" : "");
    for (const head of data.heads) {
      const cell = make("td", "dl-" + head.key);
      const text = row.cells[head.key];
      if (head.key === "date_start") {
        const open = press(text, "dl-open", () => setTriggerValue("picked", row.id));
        open.setAttribute("aria-label", "Open the event: " + row.cells.event_type + ", " + text);
        open.dataset.hold = "row " + row.id;
        cell.append(open);
      } else if (head.key === "event_type") {
        const picture = make("span", "dl-symbol");
        picture.innerHTML = data.symbols[row.symbol]; // ours: a symbol of the palette, no text of articles
        cell.append(picture, text);
      } else { cell.textContent = text; if (head.key === "sentence") { cell.title = text; } }
      line.append(cell);
    }
    line.onclick = (event) => { if (!event.target.closest("button") && !String(getSelection())) { setTriggerValue("picked", row.id); } };
    return line;
  }));
  if (!data.rows.length) {
    const cell = make("td", "dl-empty", "No event passes these filters.");
    cell.colSpan = data.heads.length;
    const line = make("tr");
    line.append(cell);
    root.querySelector("tbody").append(line);
  }
  if (before !== root.dataset.at) { root.querySelector(".dl-scroll").scrollTop = 0; }

  const turn = (name, label, page, off) => {
    const button = press(label, "", () => setTriggerValue("order", { page }));
    button.setAttribute("aria-label", name);
    button.title = name;
    button.disabled = off;
    button.dataset.hold = name;
    return button;
  };
  const said = make("span", "dl-said", data.total ? number(data.first) + "–" + number(data.last) + " of " + number(data.total) : "0 events");
  said.setAttribute("role", "status");
  const go = make("label", "dl-go", "Page ");
  const field = make("input");
  field.type = "number";
  field.min = 1;
  field.max = data.pages;
  field.value = data.page + 1;
  field.onchange = () => setTriggerValue("order", { page: Math.min(data.pages, Math.max(1, Number(field.value) || 1)) - 1 });
  go.append(field, " of " + number(data.pages));
  root.querySelector(".dl-pages").replaceChildren(
    turn("First page", "«", 0, data.page === 0),
    turn("Page before", "‹", data.page - 1, data.page === 0),
    go,
    turn("Next page", "›", data.page + 1, data.page + 1 >= data.pages),
    turn("Last page", "»", data.pages - 1, data.page + 1 >= data.pages),
    said,
  );
  if (held) { const again = [...root.querySelectorAll("[data-hold]")].find((element) => element.dataset.hold === held); if (again && !again.disabled) { again.focus({ preventScroll: true }); } }
}
