// Small pictures as radio buttons: see Gallery in __init__.py.
function render({ model, el }) {
  el.dataset.lmSuppressShortcuts = "true"; // keys are for the control, not for the notebook around it
  const name = `cvh-gallery-${Math.random()}`; // each gallery is a group of its own
  const field = document.createElement("fieldset");
  field.className = "cvh-gallery";
  el.append(field);

  const tile = (item, index) => {
    const label = document.createElement("label");
    const radio = Object.assign(document.createElement("input"), { type: "radio", name, value: String(index) });
    radio.checked = index === model.get("selected");
    radio.addEventListener("change", () => {
      model.set("selected", index);
      model.save_changes();
    });
    const shown = item.src
      ? Object.assign(document.createElement("img"), { src: item.src, alt: "", draggable: false })
      : Object.assign(document.createElement("span"), { className: "cvh-blank", textContent: item.missing || "" });
    const title = Object.assign(document.createElement("span"), { className: "cvh-title", textContent: item.title });
    label.append(shown, radio, title);
    if (item.note) {
      label.append(Object.assign(document.createElement("small"), { textContent: item.note }));
    }
    return label;
  };
  const draw = () => {
    const legend = Object.assign(document.createElement("legend"), { textContent: model.get("description") });
    field.replaceChildren(legend, ...model.get("items").map(tile));
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
