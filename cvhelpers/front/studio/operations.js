// The operations: which versions have them, what can be chosen, and what their answers say as rows.
import { operationAt, versionsWith } from "./protocol.js";

const V4 = "/computervision/imageanalysis:analyze";

const vision = (name) => () =>
  versionsWith(name).map(({ version, retired }) => choice(version, `/vision/${version}/${name}`, retired));

const choice = (version, path, retired = false, params = []) => ({
  version,
  path,
  params,
  name: path.replace("read/analyze", "read").split(/[/:]/).at(-1),
  label: retired ? `${version} (retired at Azure)` : version,
});

/** `later`: the answer has to be waited for. `options` are names of parameters, as far as a version has them. */
export const OPERATIONS = [
  {
    id: "analyze",
    label: "Analyze",
    verb: "Analyze the picture",
    about: "Choose what you want to know: a sentence, words, things with their places, faces, colours.",
    choices: () => {
      const dated = operationAt(V4).parameters.find((one) => one.name === "api-version").schema.enum[0];
      const [living, ...retired] = vision("analyze")();
      return [living, choice("4.0", V4, false, [["api-version", dated]]), ...retired];
    },
    options: ["visualFeatures", "features", "language"],
    chosen: {
      visualFeatures: ["Description", "Objects", "Faces", "Tags", "Color"],
      features: ["caption", "tags", "objects", "people", "read"],
    },
    read: (json, sent) => (json.modelVersion && json.metadata && !json.requestId ? readV4(json) : readAnalysis(json, sent)),
  },
  {
    id: "describe",
    label: "Describe",
    verb: "Describe the picture",
    about: "A sentence that says what the picture shows, and how sure the machine is of it.",
    choices: vision("describe"),
    options: ["maxCandidates", "language"],
    read: readAnalysis,
  },
  {
    id: "tag",
    label: "Tags",
    verb: "Find tags",
    about: "Words for what is in the picture, the surest first.",
    choices: vision("tag"),
    options: ["language"],
    read: readAnalysis,
  },
  {
    id: "detect",
    label: "Objects",
    verb: "Find objects",
    about: "Things, and where they are.",
    choices: vision("detect"),
    options: [],
    read: readAnalysis,
  },
  {
    id: "ocr",
    label: "Printed text",
    verb: "Read the print",
    about: "The words in a picture, each with its box.",
    choices: vision("ocr"),
    options: ["language", "detectOrientation"],
    read: readPrinted,
  },
  {
    id: "read",
    label: "Handwriting",
    verb: "Read the handwriting",
    about: "Lines written by hand, or printed. The service takes its time: the page asks until the result is there.",
    choices: () => [...vision("read/analyze")(), ...vision("recognizeText")()],
    options: ["mode", "detectHandwriting", "readingOrder"],
    later: true,
    read: readWritten,
  },
  {
    id: "search",
    label: "Search",
    verb: "Search",
    about: "Find free pictures with words, and ask what the machine sees in one of them.",
    choices: () => [choice("v7", "/bing/v7.0/images/search")],
    method: "get",
    options: ["q", "imageType", "color", "aspect", "license"],
    chosen: { q: "puppies" },
  },
];

// --- answers as rows: `{what, name, confidence, points}`, points in pixels of the picture that was sent

const box = ({ x, y, w, h }) => [[x, y], [x + w, y], [x + w, y + h], [x, y + h]];
const row = (what, name, confidence = null, points = null) => ({ what, name, confidence, points });

function readAnalysis(json, sent) {
  const face = ({ left, top, width, height }) => box({ x: left, y: top, w: width, h: height });
  const captions = json.description?.captions ?? [];
  const color = json.color;
  const kind = json.imageType;
  const rows = [
    ...(json.objects ?? []).map((one) => row("object", one.object, one.confidence, box(one.rectangle))),
    ...(json.faces ?? []).map((one) => row("face", "face", null, face(one.faceRectangle))),
    ...captions.map((one) => row("caption", one.text, one.confidence)),
    ...(json.tags ?? []).map((one) => row("tag", one.name, one.confidence)),
    ...(json.categories ?? []).map((one) => row("category", one.name, one.score)),
    ...(json.adult ? [row("adult", String(json.adult.isAdultContent), json.adult.adultScore)] : []),
    ...(json.adult ? [row("racy", String(json.adult.isRacyContent), json.adult.racyScore)] : []),
    ...(color ? [row("color, foreground", color.dominantColorForeground)] : []),
    ...(color ? [row("color, background", color.dominantColorBackground)] : []),
    ...(color ? [row("color, accent", `#${color.accentColor}`)] : []),
    ...(kind ? [row("clip art, 0 to 3", String(kind.clipArtType)), row("line drawing", String(kind.lineDrawingType))] : []),
  ];
  return { headline: sentence(captions[0]), rows, text: captions[0]?.text ?? "", ...sizeOf(json.metadata, sent) };
}

function readV4(json) {
  const corners = (points) => points.map(({ x, y }) => [x, y]);
  const lines = (json.readResult?.blocks ?? []).flatMap((block) => block.lines);
  const all = (part) => json[part]?.values ?? [];
  const rows = [
    ...all("objectsResult").map((one) => row("object", one.tags[0].name, one.tags[0].confidence, box(one.boundingBox))),
    ...all("peopleResult").map((one) => row("person", "person", one.confidence, box(one.boundingBox))),
    ...lines.map((one) => row("line", one.text, null, corners(one.boundingPolygon))),
    ...all("smartCropsResult").map((one) => row("crop", `${one.aspectRatio} : 1`, null, box(one.boundingBox))),
    ...(json.captionResult ? [row("caption", json.captionResult.text, json.captionResult.confidence)] : []),
    ...all("denseCaptionsResult").map((one) => row("caption", one.text, one.confidence, box(one.boundingBox))),
    ...all("tagsResult").map((one) => row("tag", one.name, one.confidence)),
  ];
  const text = lines.length ? lines.map((one) => one.text).join("\n") : json.captionResult?.text ?? "";
  return { headline: sentence(json.captionResult), rows, text, ...sizeOf(json.metadata) };
}

function sentence(caption) {
  if (!caption) return "";
  const { text, confidence } = caption;
  const word = confidence >= 0.8 ? "high" : confidence >= 0.5 ? "medium" : "low";
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}. Confidence ${confidence.toFixed(2)} (${word})`;
}

const sizeOf = (size, sent) => ({ width: size?.width || sent?.width, height: size?.height || sent?.height });

/** Boxes of `ocr` stand on the page as it was turned upright: by the angle about the centre, then by quarters. */
function readPrinted(json, { width, height }) {
  const quarter = {
    Down: ([x, y]) => [width - x, height - y],
    Left: ([x, y]) => [y, height - x],
    Right: ([x, y]) => [width - y, x],
  }[json.orientation] ?? ((point) => point);
  const [cos, sin] = [Math.cos(json.textAngle), Math.sin(json.textAngle)];
  const back = (point) => {
    const [x, y] = [quarter(point)[0] - width / 2, quarter(point)[1] - height / 2];
    return [width / 2 + x * cos + y * sin, height / 2 - x * sin + y * cos];
  };
  const place = (four) => {
    const [x, y, w, h] = four.split(",").map(Number);
    return box({ x, y, w, h }).map(back);
  };
  const lines = json.regions.flatMap((region) => region.lines);
  const rows = lines.flatMap((line) => line.words.map((word) => row("word", word.text, null, place(word.boundingBox))));
  return { rows, text: lines.map((line) => line.words.map((word) => word.text).join(" ")).join("\n"), width, height };
}

function readWritten(json, sent) {
  const pages = json.analyzeResult?.readResults ?? json.recognitionResults ?? [json.recognitionResult];
  const corners = (eight) => [0, 2, 4, 6].map((at) => [eight[at], eight[at + 1]]);
  const surest = (line) => {
    const known = line.words.map((word) => word.confidence).filter((one) => typeof one === "number");
    return known.length ? known.reduce((sum, one) => sum + one) / known.length : null;
  };
  const rows = pages.flatMap((page, at) =>
    page.lines.map((line) => row(at ? `line, page ${at + 1}` : "line", line.text, surest(line), at ? null : corners(line.boundingBox))),
  );
  const text = pages.flatMap((page) => page.lines.map((line) => line.text)).join("\n");
  return { rows, text, ...sizeOf(pages[0], sent) };
}
