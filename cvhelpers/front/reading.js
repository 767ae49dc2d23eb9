// A drawing and its table, each row with its outline: see ResultView in widgets/front.py.
import { copyPicture, copyText, csv, element, save, tool } from "./shared.js";

const SVG = "http://www.w3.org/2000/svg";
const STEP = 1.5; // how much larger or smaller one press makes the drawing

function render({ model, el }) {
  const toggle = (row) => {
    model.set("highlighted", model.get("highlighted") === row ? -1 : row);
    model.save_changes();
  };

  const outline = (points, row) => {
    const group = document.createElementNS(SVG, "g");
    group.dataset.row = row;
    for (const kind of ["cvh-halo", "cvh-line"]) {
      const polygon = document.createElementNS(SVG, "polygon");
      polygon.setAttribute("points", points.map((point) => point.join(",")).join(" "));
      polygon.setAttribute("class", kind);
      group.append(polygon);
    }
    group.addEventListener("click", (event) => {
      event.stopPropagation(); // beside the outlines a click enlarges
      toggle(row);
    });
    return group;
  };
  const size = (points) => Math.abs(points[2][0] - points[0][0]) * Math.abs(points[2][1] - points[0][1]);
  const drawing = () => {
    const [width, height] = model.get("size");
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.setAttribute("aria-hidden", "true"); // the table's buttons do the same for keyboard and screen reader
    const placed = model.get("outlines").map((points, row) => [points, row]).filter(([points]) => points);
    placed.sort(([one], [other]) => size(other) - size(one)); // a small outline lies above the large one around it
    svg.append(...placed.map(([points, row]) => outline(points, row)));
    const image = element("img", { src: model.get("src"), alt: model.get("alt"), width, height });
    const notes = element("figcaption");
    model.get("notes").forEach((note) => notes.append(element("div", { textContent: note })));
    const picture = element("div", { className: "cvh-drawing", title: "Click to enlarge" }, image, svg);
    picture.addEventListener("click", () => enlarge(model, el));
    return element("figure", {}, picture, notes);
  };

  const tools = () => {
    const name = model.get("description").replace(/[^\p{L}\p{N}]+/gu, "-").toLowerCase();
    const table = () => csv([model.get("columns"), ...model.get("rows")]);
    const large = element("button", { type: "button", className: "cvh-tool", textContent: "Enlarge" });
    large.addEventListener("click", () => enlarge(model, el));
    const made = element("div", { className: "cvh-tools" }, large);
    if (model.get("text")) {
      made.append(
        tool("Copy text", () => copyText(model.get("text"))),
        tool("Save text", () => save(`${name}.txt`, model.get("text"))),
      );
    }
    made.append(
      tool("Copy CSV", () => copyText(table())),
      tool("Save CSV", () => save(`${name}.csv`, `\ufeff${table()}`, "text/csv")),
      tool("Copy PNG", () => copyPicture(model.get("src"))),
      tool("Save PNG", () => save(`${name}.png`, model.get("src"))),
    );
    made.setAttribute("role", "group");
    made.setAttribute("aria-label", "Enlarge, copy, save");
    return made;
  };

  const button = (text, row) => {
    const made = element("button", { type: "button", textContent: text });
    made.title = "Show its box";
    made.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const all = [...el.querySelectorAll("tbody button")];
      if (step) (all[all.indexOf(made) + step] ?? made).focus();
      else if (event.key === "Escape") toggle(model.get("highlighted"));
      else return;
      event.preventDefault();
    });
    return made;
  };
  const tableRow = (cells, row) => {
    const columns = model.get("columns");
    const placed = Boolean(model.get("outlines")[row]);
    const head = element("th", { scope: "row" }, placed ? button(cells[0], row) : cells[0]);
    const tr = element("tr", {}, head);
    cells.slice(1).forEach((text, n) => tr.append(cell(columns[n + 1], text, cells[columns.indexOf("what")])));
    tr.dataset.row = row;
    if (placed) {
      tr.classList.add("cvh-placed");
      tr.addEventListener("click", () => toggle(row));
    }
    return tr;
  };
  const table = () => {
    const columns = model.get("columns").map((name) => element("th", { scope: "col" }, name));
    const rows = model.get("rows").map(tableRow);
    const hint = model.get("outlines").some(Boolean)
      ? "Click a row, or a box in the picture, to find one by the other."
      : "";
    const caption = element("caption", {}, element("span", {}, element("strong", {}, model.get("description")), " ", hint));
    const head = element("thead", {}, element("tr", {}, ...columns));
    const made = element("table", {}, caption, head, element("tbody", {}, ...rows));
    const box = element("div", { className: "cvh-table", tabIndex: 0 }, made);
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", model.get("description"));
    return rows.length ? box : element("p", {}, "Nothing was found.");
  };
  const text = () => {
    const lines = model.get("text");
    if (!lines.includes("\n")) return "";
    return element("details", { open: true }, element("summary", {}, "The text"), element("pre", {}, lines));
  };

  const threshold = slider(model);
  const drawn = element("div");
  el.append(threshold, drawn); // the slider stays, and with it the focus, when the drawing changes
  const draw = () => {
    drawn.replaceChildren();
    threshold.hidden = !model.get("has_threshold");
    if (!model.get("src")) return;
    const headline = model.get("headline") ? element("p", { className: "cvh-headline" }, model.get("headline")) : "";
    drawn.append(headline, tools(), element("div", { className: "cvh-reading" }, drawing(), text(), table()));
    mark();
  };
  const mark = () => {
    const chosen = model.get("highlighted");
    for (const part of el.querySelectorAll("[data-row]")) {
      const on = Number(part.dataset.row) === chosen;
      part.classList.toggle("cvh-on", on);
      part.querySelector("button")?.setAttribute("aria-pressed", String(on));
      if (on && part.tagName === "TR") show(part);
    }
  };
  model.on("change:src", draw); // Python changes src last, when all the rest is there
  model.on("change:highlighted", mark);
  draw();
  return () => {
    model.off("change:src", draw);
    model.off("change:highlighted", mark);
  };
}

/** From which confidence on things are shown. */
function slider(model) {
  const input = element("input", { type: "range", min: 0, max: 1, step: 0.05, value: model.get("least") });
  const number = element("output");
  const write = () => (number.textContent = Number(input.value).toFixed(2));
  input.addEventListener("input", write);
  input.addEventListener("change", () => {
    model.set("least", Number(input.value));
    model.save_changes();
  });
  write();
  return element("label", { className: "cvh-threshold" }, "Show from a confidence of ", input, number);
}

/** A cell of the table: a confidence with a bar, a colour with a patch of it. */
function cell(column, text, what) {
  const made = element("td", {}, text);
  if (column === "confidence" && text !== "" && Number(text) >= 0) {
    const bar = element("span", { className: "cvh-bar" });
    bar.style.setProperty("--cvh-part", Math.min(Number(text), 1));
    made.append(bar);
    made.className = "cvh-confidence";
  } else if (column === "name" && what?.includes("color") && CSS.supports("color", text)) {
    const patch = element("span", { className: "cvh-patch" });
    patch.style.backgroundColor = text;
    made.prepend(patch);
  }
  return made;
}

/** The drawing alone, as large as the window; larger and smaller with buttons. */
function enlarge(model, el) {
  const image = element("img", { src: model.get("large") || model.get("src"), alt: model.get("alt") });
  const sharper = () => model.get("large") && (image.src = model.get("large"));
  const [width, height] = model.get("size");
  const room = element("div", { className: "cvh-room", tabIndex: 0 }, image);
  let zoom = 1;
  const resize = (factor) => {
    zoom = factor ? Math.min(Math.max(zoom * factor, 1), 12) : 1;
    const fit = Math.min(room.clientWidth / width, room.clientHeight / height);
    image.style.width = `${Math.floor(width * fit * zoom)}px`;
  };
  const press = (textContent, act) => {
    const made = element("button", { type: "button", className: "cvh-tool", textContent });
    made.addEventListener("click", act);
    return made;
  };
  const dialog = element(
    "dialog", { className: "cvh-dialog" },
    element(
      "div", { className: "cvh-tools" },
      press("Larger", () => resize(STEP)),
      press("Smaller", () => resize(1 / STEP)),
      press("Fit", () => resize(0)),
      press("Close", () => dialog.close()),
    ),
    room,
  );
  room.setAttribute("role", "region");
  room.setAttribute("aria-label", "The drawing enlarged; the arrow keys move it");
  dialog.setAttribute("aria-label", model.get("description"));
  dialog.addEventListener("click", (event) => event.stopPropagation());
  dialog.addEventListener("close", () => {
    model.off("change:large", sharper);
    dialog.remove();
  });
  model.on("change:large", sharper);
  el.append(dialog);
  dialog.showModal();
  resize(0);
  if (!model.get("large")) model.send({ enlarge: true });
}

/** Scroll a row into its table's view; the page stays where it is. */
function show(row) {
  const box = row.closest(".cvh-table");
  const top = row.offsetTop - box.querySelector("thead").offsetHeight;
  if (top < box.scrollTop) box.scrollTop = top;
  else if (row.offsetTop + row.offsetHeight > box.scrollTop + box.clientHeight) {
    box.scrollTop = row.offsetTop + row.offsetHeight - box.clientHeight;
  }
}

export default { render };
