// What the parts share: making elements, copying to the clipboard, saving a file.
export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** A button that says for a moment what it has done. */
export function tool(label, act) {
  const button = element("button", { type: "button", className: "cvh-tool", textContent: label });
  button.addEventListener("click", () => acknowledge(button, act));
  return button;
}

export async function acknowledge(button, act) {
  const label = button.dataset.label ?? (button.dataset.label = button.textContent);
  try {
    await act();
    button.textContent = label.startsWith("Save") ? "Saved" : "Copied";
  } catch {
    button.textContent = "The browser does not allow it";
  }
  setTimeout(() => (button.textContent = label), 2000);
}

export async function copyText(text) {
  if (navigator.clipboard) {
    try {
      return await navigator.clipboard.writeText(text);
    } catch {
      // not allowed here: the older way may be
    }
  }
  const area = element("textarea", { value: text });
  area.style.position = "fixed";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (!done) throw new Error("not copied");
}

export async function copyPicture(address) {
  const blob = await (await fetch(address)).blob();
  await navigator.clipboard.write([new ClipboardItem({ [blob.type]: blob })]);
}

export function save(name, content, type = "text/plain") {
  const isAddress = typeof content === "string" && content.startsWith("data:");
  const href = isAddress ? content : URL.createObjectURL(new Blob([content], { type: `${type};charset=utf-8` }));
  const link = element("a", { href, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  if (!isAddress) setTimeout(() => URL.revokeObjectURL(href), 10_000);
}

/** Rows as comma-separated values (RFC 4180). As in commands/tables.py, no text is one that a spreadsheet carries out. */
export function csv(rows) {
  const harmless = (value) => value.trim().replace(/\s+/g, " ").replace(/^(?=[=+@]|-(?![\d.]+$))/, "'");
  const cell = (value) => (/[",]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  return rows.map((row) => row.map(harmless).map(cell).join(",")).join("\r\n") + "\r\n";
}
