// A drawing and its table, each row with its outline: see Reading in __init__.py.
const SVG = "http://www.w3.org/2000/svg";

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function render({ model, el }) {
  el.dataset.lmSuppressShortcuts = "true"; // keys are for the control, not for the notebook around it
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
    group.addEventListener("click", () => toggle(row));
    return group;
  };
  const drawing = () => {
    const [width, height] = model.get("size");
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.setAttribute("aria-hidden", "true"); // the table's buttons do the same for keyboard and screen reader
    model.get("outlines").forEach((points, row) => points && svg.append(outline(points, row)));
    const image = element("img", { src: model.get("src"), alt: model.get("alt"), width, height });
    const notes = element("figcaption");
    model.get("notes").forEach((note) => notes.append(element("div", { textContent: note })));
    return element("figure", {}, element("div", { className: "cvh-drawing" }, image, svg), notes);
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
      event.stopPropagation(); // the notebook would move to another cell
    });
    return made;
  };
  const tableRow = (cells, row) => {
    const placed = Boolean(model.get("outlines")[row]);
    const head = element("th", { scope: "row" }, placed ? button(cells[0], row) : cells[0]);
    const tr = element("tr", {}, head, ...cells.slice(1).map((cell) => element("td", {}, cell)));
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
    const caption = element("caption", {}, element("strong", {}, model.get("description")), " ", hint);
    const made = element(
      "table", {}, caption, element("thead", {}, element("tr", {}, ...columns)), element("tbody", {}, ...rows),
    );
    const box = element("div", { className: "cvh-table", tabIndex: 0 }, made);
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", model.get("description"));
    return rows.length ? box : element("p", {}, "Nothing was found.");
  };

  const draw = () => {
    el.replaceChildren();
    if (model.get("src")) el.append(element("div", { className: "cvh-reading" }, drawing(), table()));
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
