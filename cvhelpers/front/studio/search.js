// The pages of an image search.
import gallery from "./gallery.js";
import { Model } from "./model.js";
import { element } from "./shared.js";

export const COUNT = 24;

/** The pictures of a page as tiles. `open(place)` is called with a click on one, `turn(offset)` to see another page. */
export function showPage(el, answer, offset, earlier, open, turn) {
  const items = answer.value.map((one, at) => ({
    title: `${offset + at + 1} ${one.name || "without a title"}`,
    note: [one.creator, one.creativeCommons].filter(Boolean).join(", ") || "no credit given",
    src: one.thumbnailUrl,
  }));
  const description = "Open a picture: what does the machine see in it?";
  const model = new Model({ description, items, opens: true, selected: -1 }, ({ open: place }) => open(place));
  const tiles = element("div");
  const total = answer.totalEstimatedMatches ?? 0;
  const last = !answer.value.length || !(answer.nextOffset < total);
  const pages = () => {
    const button = (textContent, disabled, act) => {
      const made = element("button", { type: "button", textContent, disabled });
      made.addEventListener("click", act);
      return made;
    };
    return element(
      "div", { className: "pages" },
      button("Page back", !earlier.length, () => turn(earlier.at(-1), earlier.slice(0, -1))),
      element("span", {}, answer.value.length ? `${offset + 1} to ${offset + answer.value.length} of about ${total.toLocaleString("en")}` : ""),
      button("Page forward", last, () => turn(answer.nextOffset, [...earlier, offset])),
    );
  };
  el.replaceChildren(pages(), tiles, pages());
  gallery.render({ model, el: tiles });
}
