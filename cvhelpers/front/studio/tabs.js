// Tabs after the ARIA pattern: one is in the tab order, the arrow keys go round, Home and End go to the ends.
import { element } from "./shared.js";

/** Fill a tablist with `[id, label]` pairs; `chosen(id)` is called when another one is chosen. */
export function makeTabs(list, panel, items, chosen) {
  const tabs = items.map(([id, label]) => {
    const tab = element("button", { type: "button", id: `${list.id}-${id}`, textContent: label });
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", panel.id);
    tab.addEventListener("click", () => choose(id));
    return tab;
  });
  const choose = (id, tell = true) => {
    for (const [place, tab] of tabs.entries()) {
      const on = items[place][0] === id;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      if (on) panel.setAttribute("aria-labelledby", tab.id);
    }
    if (tell) chosen(id);
  };
  list.addEventListener("keydown", (event) => {
    const here = tabs.indexOf(document.activeElement);
    const step = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: -1 }[event.key];
    if (here < 0 || step === undefined) return;
    event.preventDefault();
    const place = (step + tabs.length) % tabs.length;
    tabs[place].focus();
    choose(items[place][0]);
  });
  list.replaceChildren(...tabs);
  choose(items[0][0], false);
  return choose;
}
