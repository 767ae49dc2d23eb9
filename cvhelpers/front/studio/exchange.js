// A request and its answer, shown: as a tree of JSON, and line by line.
import { KEY_HEADER, addressOf } from "./api.js";
import { element, save, tool, copyText } from "./shared.js";

const SHOWN = 4; // of a longer series the first and the last two

/** JSON as a tree of HTML's own details, which fold with a click or the Enter key. */
export function tree(data, name, depth = 0) {
  const label = name === undefined ? "" : `${JSON.stringify(name)}: `;
  if (data === null || typeof data !== "object" || !Object.keys(data).length) {
    return element("div", {}, label + JSON.stringify(data));
  }
  const isList = Array.isArray(data);
  const inside = isList ? data.map((value) => [undefined, value]) : Object.entries(data);
  const count = inside.length === 1 ? "1 entry" : `${inside.length} entries`;
  const node = element("details", { open: depth < 2 || (depth < 4 && inside.length <= 6) });
  node.append(element("summary", {}, `${label}${isList ? "[…]" : "{…}"} ${count}`));
  node.append(...inside.map(([key, value]) => tree(value, key, depth + 1)));
  return depth ? node : element("div", { className: "cvh-tree" }, node);
}

/** The body of the last answer. */
export function jsonView(exchanges) {
  const last = exchanges.at(-1);
  if (last.json === undefined) return element("p", {}, "The answer has no JSON.");
  const text = JSON.stringify(last.json, null, 2);
  const tools = element(
    "div", { className: "cvh-tools" },
    tool("Copy JSON", () => copyText(text)), tool("Save JSON", () => save("answer.json", text, "application/json")),
  );
  return element("div", {}, tools, tree(last.json));
}

/** Every request of an operation, with what came back. */
export function requestView(exchanges, sent) {
  const made = element("div", { className: "cvh-exchange" });
  exchanges.forEach((one, at) => {
    const isLeftOut = exchanges.length > SHOWN && at > 0 && at < exchanges.length - 2;
    const title = exchanges.length > 1 ? `Request ${at + 1} of ${exchanges.length}` : "The request";
    if (!isLeftOut) made.append(element("h3", {}, title), ...parts(one, sent));
    else if (at === 1) {
      made.append(element("p", {}, `… and ${exchanges.length - 3} more, to which the service answered: not yet …`));
    }
  });
  return made;
}

function parts(one, sent) {
  const { call } = one;
  const line = element("p", {}, element("strong", {}, call.method), " ", element("code", {}, addressOf(call)));
  const copy = tool("Copy address", () => copyText(addressOf(call)));
  const answer = element("p", {}, element("strong", {}, `${one.status} ${one.reason}`));
  return [
    element("div", { className: "cvh-tools" }, copy), line,
    ...pairs("Parameters", call.params),
    ...pairs("Headers", [...Object.entries(call.headers), [KEY_HEADER, "(your key)"]]),
    ...body(call, sent),
    element("h4", {}, "What came back"), answer,
    ...pairs("Headers", one.headers),
    element("p", {}, `Body: ${one.data.size.toLocaleString("en")} bytes${one.json === undefined ? "." : ", under JSON."}`),
  ];
}

function pairs(title, rows) {
  if (!rows.length) return [];
  const cells = rows.map(([name, value]) =>
    element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, element("code", {}, value))),
  );
  return [element("table", {}, element("caption", {}, title), element("tbody", {}, ...cells))];
}

function body(call, sent) {
  if (call.json !== undefined) return [element("p", {}, "Body: "), element("pre", {}, JSON.stringify(call.json))];
  if (!call.blob) return [element("p", {}, "No body")];
  const change = sent?.change ? ` It was ${sent.change}.` : "";
  const bytes = call.blob.size.toLocaleString("en");
  const keep = tool("Save the picture as it was sent", () => save(call.fileName, call.blob, call.blob.type));
  return [element("p", {}, `Body: the picture itself, ${bytes} bytes.${change}`), element("div", { className: "cvh-tools" }, keep)];
}
