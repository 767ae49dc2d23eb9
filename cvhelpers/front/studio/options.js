// The controls of an operation's parameters, as the service describes them.
import { operationAt, parameter } from "./protocol.js";
import { element } from "./shared.js";

const TITLES = {
  visualFeatures: "What to look for", features: "What to look for", language: "Language", maxCandidates: "Captions at most",
  detectOrientation: "Turn the picture upright", mode: "Kind of text", detectHandwriting: "Written by hand",
  readingOrder: "Reading order", q: "Search for", imageType: "Kind", color: "Colour", aspect: "Shape", license: "Licence",
};

const USUAL = { language: "as the service chooses", readingOrder: "as the service chooses" };

const kept = new Map(); // by the id of an operation what was chosen, for when a person comes back to it

/** Fill the form. Returns `value()`: the chosen choice (a version with its path) and its parameters as pairs. */
export function makeOptions(form, operation, changed) {
  const choices = operation.choices();
  const earlier = kept.get(operation.id) ?? { version: choices[0].version, values: { ...operation.chosen } };
  kept.set(operation.id, earlier);
  const version = select("version", choices.map((one) => [one.version, one.label]), earlier.version);
  const which = choices.length > 1 ? [labelled("Version", version)] : [];
  const rest = element("div", { className: "fields" });
  let controls = [];

  const chosen = () => choices.find((one) => one.version === version.value);
  const draw = () => {
    const described = operationAt(chosen().path, operation.method ?? "post");
    const known = operation.options.map((name) => parameter(described, name)).filter(Boolean);
    controls = known.map((one) => control(one, earlier.values[one.name]));
    rest.replaceChildren(...controls.map((one) => one.shown), ...which, ...reasons(known));
  };
  version.addEventListener("change", () => {
    earlier.version = version.value;
    draw();
    version.focus(); // it was taken out and put back
  });
  draw();
  form.replaceChildren(rest);
  form.onchange = () => {
    for (const one of controls) earlier.values[one.name] = one.now();
    changed();
  };
  return () => ({
    ...chosen(),
    limits: operationAt(chosen().path, operation.method ?? "post")["x-limits"],
    params: [...chosen().params, ...controls.flatMap((one) => one.value())],
  });
}

/**
 * A control `{name, shown, now(), value()}` for a parameter. `now()` is what is chosen, `given` what was chosen earlier;
 * `value()` gives no pair for what can be left out.
 */
function control({ name, schema, required, isList, words, unknown }, given) {
  const title = TITLES[name] ?? name;
  if (isList) {
    const boxes = words.map((word) => {
      const box = element("input", { type: "checkbox", value: word, checked: given?.includes(word), disabled: unknown.includes(word) });
      return element("label", { className: "check" }, box, word);
    });
    const shown = element("fieldset", {}, element("legend", {}, title), ...boxes);
    const checked = () => [...shown.querySelectorAll(":checked")].map((box) => box.value);
    return { name, shown, now: checked, value: () => (checked().length ? [[name, checked().join(",")]] : []) };
  }
  if (words) {
    const usual = required ? [] : [["", USUAL[name] ?? "any"]];
    const field = select(name, [...usual, ...words.map((word) => [word, word])], given ?? (required ? words[0] : ""));
    for (const option of field.options) option.disabled = unknown.includes(option.value);
    const now = () => field.value;
    return { name, shown: labelled(title, field), now, value: () => (now() ? [[name, now()]] : []) };
  }
  if (schema.type === "boolean") {
    const box = element("input", { type: "checkbox", checked: given ?? schema.default });
    const now = () => box.checked;
    const value = () => (now() === schema.default ? [] : [[name, String(now())]]);
    return { name, now, value, shown: element("label", { className: "check" }, box, title) };
  }
  if (schema.type === "integer") {
    const field = element("input", { type: "number", min: schema.minimum, max: schema.maximum, value: given ?? schema.default ?? "", name });
    const now = () => field.value;
    const value = () => (now() && now() !== String(schema.default) ? [[name, now()]] : []);
    return { name, shown: labelled(title, field), now, value };
  }
  const field = element("input", { type: "search", value: given ?? "", name, required: true, spellcheck: false });
  if (schema.maxLength) field.maxLength = schema.maxLength;
  return { name, shown: labelled(title, field), now: () => field.value, value: () => [[name, field.value.trim()]] };
}

function reasons(known) {
  const lists = known.filter((one) => one.isList && one.unknown.length).flatMap((one) => one.unknown);
  const text = `${lists.join(", ")}: the models on this computer don't know them.`;
  return lists.length ? [element("p", { className: "quiet" }, text)] : [];
}

function select(name, items, value) {
  const field = element("select", { name });
  field.append(...items.map(([id, label]) => element("option", { value: id, textContent: label })));
  field.value = value;
  if (field.selectedIndex < 0) field.selectedIndex = 0; // another version's value
  return field;
}

function labelled(title, field) {
  return element("label", { className: "field" }, element("span", {}, title), field);
}
