// The picture with what was found drawn over it: a numbered outline each, and a label where there is room.
import { element } from "./shared.js";

const COLOURS = ["#0b4f9c", "#a33600", "#1b653a", "#6a2c91"]; // numbers, not colours, tell the outlines apart
const FONT = "system-ui, sans-serif";
const TEXT = 13; // CSS pixels
const GAP = 2;

/**
 * Draw `rows` (those with `points`) over the picture, `width` CSS pixels wide. Returns `{src, size, outlines}`, the
 * outlines in pixels of the drawing, null for a row without a place.
 */
export function draw(picture, { rows, width: across, height: down }, width, scale = devicePixelRatio) {
  const height = Math.max(Math.round((width * down) / across), 1);
  const canvas = element("canvas", { width: Math.round(width * scale), height: Math.round(height * scale) });
  const paper = canvas.getContext("2d");
  paper.scale(scale, scale);
  paper.imageSmoothingQuality = "high";
  paper.fillStyle = "#fff";
  paper.fillRect(0, 0, width, height);
  if (picture.image) paper.drawImage(picture.image, 0, 0, width, height);
  const factor = width / across;
  const outlines = rows.map((row) => row.points?.map(([x, y]) => [x * factor, y * factor]) ?? null);
  outlines.forEach((points, number) => points && outline(paper, points, colourOf(number)));
  const taken = [];
  const boxes = outlines.map((points) => points && around(points));
  outlines.forEach((points, number) => points && label(paper, number, rows[number], boxes, taken, { width, height }));
  return { src: canvas.toDataURL("image/png"), size: [width, height], outlines };
}

const colourOf = (number) => COLOURS[number % COLOURS.length];

function outline(paper, points, colour) {
  paper.beginPath();
  points.forEach(([x, y], at) => (at ? paper.lineTo(x, y) : paper.moveTo(x, y)));
  paper.closePath();
  paper.lineJoin = "round";
  for (const [style, line] of [["#fff", 4], [colour, 2]]) {
    paper.strokeStyle = style;
    paper.lineWidth = line;
    paper.stroke();
  }
}

/** A chip with number, name and confidence; shorter where there is no room; the bare number in the corner at last. */
function label(paper, number, row, boxes, taken, room) {
  const sure = row.confidence === null ? "" : ` ${row.confidence.toFixed(2)}`;
  const own = boxes[number];
  const hollow = row.what !== "word" && !row.what.startsWith("line"); // of a thing the inside may be covered
  const others = boxes.filter((one, at) => one && at !== number);
  for (const [text, size] of [[`${number + 1} ${row.name}${sure}`, TEXT], [`${number + 1}`, TEXT], [`${number + 1}`, 10]]) {
    paper.font = `600 ${size}px ${FONT}`;
    const chip = { w: paper.measureText(text).width + 8, h: size + 5 };
    for (const [x, y] of places(own, chip, hollow)) {
      const here = { x, y, ...chip };
      const isInside = x >= 0 && y >= 0 && x + chip.w <= room.width && y + chip.h <= room.height;
      const isFree = !taken.some((one) => overlap(one, here)) && (hollow || !others.some((one) => overlap(one, here)));
      if (isInside && isFree) return write(paper, text, here, size, colourOf(number), taken);
    }
  }
  const chip = { x: Math.max(own.x, 0), y: Math.max(own.y - 15, 0), w: paper.measureText(`${number + 1}`).width + 8, h: 15 };
  if (!taken.some((one) => overlap(one, chip))) write(paper, `${number + 1}`, chip, 10, colourOf(number), taken);
}

function places({ x, y, w, h }, chip, hollow) {
  const [above, below, right] = [y - chip.h - GAP, y + h + GAP, x + w - chip.w];
  const inside = [[x + GAP, y + GAP], [right - GAP, y + GAP], [x + GAP, y + h - chip.h - GAP], [right - GAP, y + h - chip.h - GAP]];
  return [[x, above], [right, above], [x, below], [right, below], [x + w + GAP, y], [x - chip.w - GAP, y], ...(hollow ? inside : [])];
}

function write(paper, text, chip, size, colour, taken) {
  taken.push(chip);
  paper.fillStyle = "#fff";
  paper.beginPath();
  paper.roundRect(chip.x, chip.y, chip.w, chip.h, 3);
  paper.fill();
  paper.strokeStyle = colour;
  paper.lineWidth = 1;
  paper.stroke();
  paper.fillStyle = colour;
  paper.textBaseline = "middle";
  paper.fillText(text, chip.x + 4, chip.y + chip.h / 2 + 0.5);
}

function around(points) {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, w: Math.max(...xs) - x, h: Math.max(...ys) - y };
}

const overlap = (one, two) =>
  one.x < two.x + two.w && two.x < one.x + one.w && one.y < two.y + two.h && two.y < one.y + one.h;

/** What the drawing shows, for who can't see it. */
export function inWords(name, rows) {
  const placed = rows.map((row, at) => [row, at + 1]).filter(([row]) => row.points);
  const named = placed.slice(0, 12).map(([row, number]) => `${number} ${row.name}`);
  const more = placed.length > named.length ? `, and ${placed.length - named.length} more` : "";
  return placed.length ? `${name}, with outlines around: ${named.join(", ")}${more}.` : `${name}. Nothing is outlined.`;
}
