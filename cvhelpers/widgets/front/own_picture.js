// A picture of one's own: see OwnPicture in __init__.py.
function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function render({ model, el }) {
  el.dataset.lmSuppressShortcuts = "true"; // keys are for the control, not for the notebook around it
  const said = element("p", { className: "cvh-said" });
  said.setAttribute("role", "status");
  const say = (text) => (said.textContent = text);

  const send = async (blob, name) => {
    const most = model.get("most_bytes");
    if (blob.size > most) {
      say(`${name} has ${(blob.size / 2 ** 20).toFixed(1)} MB; up to ${most / 2 ** 20} MB fit through here.`);
      return;
    }
    say("");
    model.send({ name }, undefined, [await blob.arrayBuffer()]);
  };

  // a path or an address
  const address = element("input", { type: "text", placeholder: "photo.jpg or https://…", spellcheck: false });
  const form = element(
    "form",
    { className: "cvh-row" },
    element("label", {}, "A path or address", address),
    element("button", { type: "submit", textContent: "Open" }),
  );
  address.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return; // JupyterLab keeps a form from sending itself
    event.preventDefault();
    event.stopPropagation();
    form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    say("");
    if (address.value.trim()) model.send({ address: address.value.trim() });
    else say("Type a path or an address first.");
  });

  // a file
  const file = element("input", { type: "file", accept: "image/*" });
  file.addEventListener("change", () => {
    if (file.files.length) send(file.files[0], file.files[0].name);
    file.value = ""; // so that the same file can be chosen again
  });
  const drop = element("label", { className: "cvh-drop" }, "Drop a picture, or choose a file", file);
  const over = (event) => {
    event.preventDefault();
    drop.classList.toggle("cvh-over", event.type === "dragover");
  };
  drop.addEventListener("dragover", over);
  drop.addEventListener("dragleave", over);
  drop.addEventListener("drop", (event) => {
    over(event);
    event.stopPropagation(); // the notebook would open the file itself
    const [dropped] = event.dataTransfer.files;
    if (dropped) send(dropped, dropped.name);
    else say("That was no file. Save the picture to your disk first, or copy its address.");
  });

  const group = element("div", { className: "cvh-own" }, form, drop, camera(send, say), said);
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", model.get("description"));
  el.append(group);
  return () => stop(group.querySelector("video"));
}

function stop(video) {
  video?.srcObject?.getTracks().forEach((track) => track.stop());
}

function camera(send, say) {
  const box = element("div", { className: "cvh-row" });
  const none = () => box.replaceChildren(element("span", { textContent: "This browser offers no camera here." }));
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
      box.replaceChildren(video, shoot, end);
      await video.play();
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

  none();
  navigator.mediaDevices
    ?.enumerateDevices()
    .then((devices) => devices.some((device) => device.kind === "videoinput") && box.replaceChildren(start));
  return box;
}

export default { render };
