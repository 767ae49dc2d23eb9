// Small pictures to choose from or to open: see Gallery in widgets/front.py.
import { element } from "./shared.js";

function render({ model, el }) {
  const name = `cvh-gallery-${Math.random()}`; // each gallery is a group of its own
  const field = element("fieldset", { className: "cvh-gallery" });
  el.append(field);

  const parts = (item) => [
    item.src
      ? element("img", { src: item.src, alt: "", draggable: false })
      : element("span", { className: "cvh-blank", textContent: item.missing || "" }),
    element("span", { className: "cvh-title", textContent: item.title }),
    ...(item.note ? [element("small", { textContent: item.note })] : []),
  ];
  const radioTile = (item, index) => {
    const radio = element("input", { type: "radio", name, value: String(index) });
    radio.checked = index === model.get("selected");
    radio.addEventListener("change", () => {
      model.set("selected", index);
      model.save_changes();
    });
    const [shown, ...words] = parts(item);
    return element("label", { className: "cvh-tile" }, shown, radio, ...words);
  };
  const buttonTile = (item, index) => {
    const button = element("button", { type: "button", className: "cvh-tile" }, ...parts(item));
    button.addEventListener("click", () => model.send({ open: index }));
    return button;
  };
  const draw = () => {
    const legend = element("legend", { textContent: model.get("description") });
    field.replaceChildren(legend, ...model.get("items").map(model.get("opens") ? buttonTile : radioTile));
    field.hidden = model.get("items").length === 0;
  };
  const mark = () => {
    for (const radio of field.querySelectorAll("input")) {
      radio.checked = Number(radio.value) === model.get("selected");
    }
  };
  model.on("change:items change:description", draw);
  model.on("change:selected", mark);
  draw();
  return () => {
    model.off("change:items change:description", draw);
    model.off("change:selected", mark);
  };
}

export default { render };
