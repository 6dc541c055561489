/* The list of events: real buttons, so that keyboard and screen reader work as everywhere. */
export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const list = parentElement.querySelector(".dl-list");
  const place = list.scrollTop;
  list.replaceChildren();
  const make = (tag, className, text) => {
    const element = document.createElement(tag);
    element.className = className;
    if (text !== undefined) { element.textContent = text; }
    return element;
  };
  for (const group of data.groups) {
    list.appendChild(make("h2", "", group.name));
    for (const event of group.events) {
      const button = make("button", event.picked ? "picked" : "");
      button.type = "button";
      button.setAttribute("aria-pressed", String(event.picked));
      const symbol = make("span", "symbol");
      symbol.innerHTML = data.symbols[event.symbol]; // ours: a symbol of the palette, no text of articles
      const body = make("span", "body");
      const head = make("span", "head");
      head.append(make("b", "", event.type), make("span", "place", event.place), make("span", "when", event.when));
      body.append(head);
      if (event.parties || event.status) {
        const line = make("span", "parties", event.parties);
        if (event.status) { line.prepend(make("em", "", event.status)); }
        body.append(line);
      }
      body.append(make("span", "words", event.words || ""));
      button.append(symbol, body);
      button.onclick = () => setTriggerValue("picked", event.id);
      list.appendChild(button);
    }
  }
  if (data.left > 0) {
    const more = make("button", "more", "Show more (" + data.left.toLocaleString("en") + " left)");
    more.type = "button";
    more.onclick = () => setTriggerValue("more", true);
    list.appendChild(more);
  }
  if (!data.groups.length) { list.appendChild(make("p", "empty", "No event passes these filters.")); }
  list.scrollTop = place;
  const current = list.querySelector(".picked");
  if (current) { current.scrollIntoView({ block: "nearest" }); }
}
