// A picture of one's own: see OwnPicture in widgets/front.py.
import { element } from "./shared.js";

const MIB = 2 ** 20;

function render({ model, el }) {
  const status = element("p", { className: "cvh-said" });
  status.setAttribute("role", "status");
  const say = (text) => (status.textContent = text);

  const send = async (blob, name) => {
    const [most, piece, total] = [model.get("most_bytes"), model.get("piece_bytes"), blob.size];
    if (total > most) {
      say(`${name} has ${(total / MIB).toFixed(1)} MB; up to ${most / MIB} MB can be taken. Save a smaller copy.`);
      return;
    }
    if (!total) {
      say(`${name} is empty: it has no bytes at all.`);
      return;
    }
    say("");
    const upload = `${Date.now()} ${Math.random()}`;
    for (let at = 0; at < total; at += piece) {
      const part = await blob.slice(at, at + piece).arrayBuffer();
      model.send({ name, upload, total, type: blob.type }, undefined, [part]);
    }
  };

  const group = element(
    "div", { className: "cvh-own" }, file(send, say), pasting(send, say), camera(send, say), address(model, say), status,
  );
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", model.get("description"));
  const paste = (event) => {
    const found = [...event.clipboardData.files].find((one) => one.type.startsWith("image/"));
    if (!found) return; // text for the field
    event.preventDefault();
    event.stopPropagation();
    send(found, found.name || "pasted.png");
  };
  group.addEventListener("paste", paste);
  el.append(group);
  return () => stop(group.querySelector("video"));
}

function file(send, say) {
  const input = element("input", { type: "file", accept: "image/*,.heic,.heif,.avif,.tif,.tiff" });
  input.addEventListener("change", () => {
    if (input.files.length) send(input.files[0], input.files[0].name);
    input.value = ""; // so that the same file can be chosen again
  });
  const zone = element("label", { className: "cvh-drop" }, "Drop a picture, or choose a file", input);
  const over = (event) => {
    event.preventDefault();
    zone.classList.toggle("cvh-over", event.type === "dragover");
  };
  zone.addEventListener("dragover", over);
  zone.addEventListener("dragleave", over);
  zone.addEventListener("drop", (event) => {
    over(event);
    event.stopPropagation(); // the notebook would open the file itself
    const [dropped] = event.dataTransfer.files;
    if (dropped) send(dropped, dropped.name);
    else say("That was not a file. Save the picture to your disk first, or copy its address.");
  });
  return zone;
}

function pasting(send, say) {
  const button = element("button", { type: "button", textContent: "Paste" });
  button.title = "A picture from the clipboard; the keys for pasting work as well";
  button.addEventListener("click", async () => {
    try {
      for (const item of await navigator.clipboard.read()) {
        const type = item.types.find((one) => one.startsWith("image/"));
        if (type) return send(await item.getType(type), `pasted.${type.split("/")[1]}`);
      }
      say("There is no picture in the clipboard. Copy one first.");
    } catch {
      say("The browser does not allow this button. Press Ctrl+V (on a Mac ⌘V) while it has the focus.");
    }
  });
  return button;
}

function address(model, say) {
  const input = element("input", { type: "text", placeholder: "https://…", spellcheck: false });
  const form = element(
    "form", { className: "cvh-row" },
    element("label", {}, "An address", input),
    element("button", { type: "submit", textContent: "Open" }),
  );
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return; // JupyterLab keeps a form from sending itself
    event.preventDefault();
    event.stopPropagation();
    form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    say("");
    if (input.value.trim()) model.send({ address: input.value.trim() });
    else say("Type an address first.");
  });
  return form;
}

function stop(video) {
  video?.srcObject?.getTracks().forEach((track) => track.stop());
}

/** Where the browser keeps the camera from the page, a telephone's own camera program takes the picture. */
function telephone(send) {
  const input = element("input", { type: "file", accept: "image/*" });
  input.setAttribute("capture", "environment");
  input.addEventListener("change", () => {
    if (input.files.length) send(input.files[0], input.files[0].name);
    input.value = "";
  });
  const note = "On a telephone this opens its camera. The page itself may use a camera only at an https:// address, or on the computer that serves it.";
  return element("div", {}, element("label", {}, "Take a picture", input), element("small", { className: "cvh-note" }, note));
}

function camera(send, say) {
  if (!navigator.mediaDevices) return telephone(send);
  const box = element("div", { className: "cvh-row" });
  const start = element("button", { type: "button", textContent: "Use the camera" });
  const video = element("video", { muted: true, playsInline: true });
  const shoot = element("button", { type: "button", textContent: "Take the picture" });
  const end = element("button", { type: "button", textContent: "Camera off" });
  const off = () => {
    stop(video);
    box.replaceChildren(start);
    start.focus();
  };
  video.setAttribute("aria-label", "What the camera sees");

  start.addEventListener("click", async () => {
    try {
      video.srcObject = await navigator.mediaDevices.getUserMedia({ video: true });
      shoot.disabled = true; // until there is something to see
      box.replaceChildren(video, shoot, end);
      await video.play();
      shoot.disabled = false;
      shoot.focus();
    } catch (error) {
      say(`The camera can't be used (${error.name}). Choose a file instead.`);
    }
  });
  shoot.addEventListener("click", () => {
    const canvas = element("canvas", { width: video.videoWidth, height: video.videoHeight });
    canvas.getContext("2d").drawImage(video, 0, 0);
    canvas.toBlob((blob) => send(blob, "camera.jpg"), "image/jpeg", 0.92);
    off();
  });
  end.addEventListener("click", off);

  navigator.mediaDevices
    ?.enumerateDevices()
    .then((devices) => devices.some((device) => device.kind === "videoinput") && box.replaceChildren(start));
  return box;
}

export default { render };
