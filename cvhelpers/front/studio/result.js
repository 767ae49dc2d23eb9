// What was found, drawn over the picture, with its table: the notebook's own Reading.
import reading from "./reading.js";
import { draw, inWords } from "./drawing.js";
import { Model } from "./model.js";
import { element } from "./shared.js";

const ENLARGED = 3; // times the pixels of the drawing, for who looks closely
const MOST_HEIGHT = 0.68; // of the window

/** Show `found` (`{headline, rows, text, width, height}`) of a picture in `el`; `title` names the drawing. */
export function showResult(el, picture, found, title, notes) {
  const size = { width: found.width || picture.width || 1, height: found.height || picture.height || 1 };
  const model = new Model({ least: 0, highlighted: -1, large: "", src: "", rows: [], outlines: [], text: found.text ?? "" }, () => {
    model.set("large", draw(picture, shown(), width(), ENLARGED).src); // the control asks for more pixels
  });
  const shown = () => ({
    ...size,
    rows: found.rows.filter((one) => one.confidence === null || one.confidence >= model.get("least")),
  });
  const width = () => {
    const widest = (window.innerHeight * MOST_HEIGHT * size.width) / size.height;
    return Math.max(Math.floor(Math.min(el.clientWidth, widest, Math.max(size.width * 2, 480))), 200);
  };
  if (!picture.image) notes = [...notes, `This browser can't show ${picture.kind} pictures, so the outlines stand on white.`];
  const original = picture.width ? picture.width / size.width : 1;
  const fill = () => {
    const { rows } = shown();
    const drawn = draw(picture, shown(), width());
    const table = rows.map((row, at) => [String(at + 1), row.what, row.name, sure(row), ...place(row, original)]);
    const names = ["number", "what", "name", "confidence", "x", "y", "width", "height"];
    const kept = names.map((_, at) => at).filter((at) => table.some((cells) => cells[at] !== ""));
    const left = found.rows.length - rows.length;
    model.fill({
      description: title,
      headline: found.headline ?? "",
      has_threshold: found.rows.some((one) => one.points && one.confidence !== null),
      alt: inWords(picture.about || picture.name, rows),
      notes: left ? [...notes, `${left} left out, with a confidence below ${model.get("least").toFixed(2)}.`] : notes,
      size: drawn.size,
      columns: kept.map((at) => names[at]),
      rows: table.map((cells) => kept.map((at) => cells[at])),
      outlines: drawn.outlines,
      highlighted: -1,
      large: "",
      src: drawn.src,
    });
    known = width();
  };
  let known = 0;
  el.replaceChildren();
  const clean = reading.render({ model, el });
  model.on("change:least", () => (model.set("src", ""), fill()));
  const watcher = new ResizeObserver(() => Math.abs(width() - known) > 8 && fill());
  fill();
  watcher.observe(el);
  return () => (watcher.disconnect(), clean());
}

const sure = (row) => (row.confidence === null ? "" : row.confidence.toFixed(3));

/** x, y, width and height in pixels of the picture as it was chosen. */
function place({ points }, scale) {
  if (!points) return ["", "", "", ""];
  const [xs, ys] = [points.map(([x]) => x * scale), points.map(([, y]) => y * scale)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return [x, y, Math.max(...xs) - x, Math.max(...ys) - y].map((one) => String(Math.round(one)));
}

/** Words in place of an answer that is not there. */
export function empty(...words) {
  return element("p", { className: "empty" }, ...words);
}
