// The one picture that all operations look at: a sample, a file, from the clipboard, the camera or an address.
import gallery from "./gallery.js";
import ownPicture from "./own_picture.js";
import { Refused, checked, send } from "./api.js";
import { openPicture } from "./fit.js";
import { key } from "./key.js";
import { Model } from "./model.js";
import { element } from "./shared.js";

const MOST_BYTES = 50 * 2 ** 20;
const THUMBNAIL = "/vision/v3.2/generateThumbnail", SIZE = "/vision/v3.2/analyze";
const MOST_SIDE = 1024; // pixels that generateThumbnail makes at most

export class PicturePanel {
  /** `changed()` is called with each new picture, `failed(error)` with each that can't be opened. */
  constructor(changed, failed) {
    this.current = null;
    this.changed = changed;
    this.failed = failed;
    this.turn = 0; // which of several that were chosen quickly is the last
    this.error = null;
    this.figure = document.getElementById("chosen");
  }

  /** Show the samples and open the first one. */
  async start() {
    const own = { description: "Or a picture of your own", most_bytes: MOST_BYTES, piece_bytes: MOST_BYTES };
    const taken = (content, buffers) => {
      if ("address" in content) this.open(() => this.atAddress(content.address), content.address);
      else this.openFile(new Blob(buffers, { type: content.type }), content.name);
    };
    ownPicture.render({ model: new Model(own, taken), el: document.getElementById("own") });
    document.addEventListener("paste", (event) => this.dropped(event, event.clipboardData, "pasted.png"));
    document.addEventListener("dragover", (event) => event.preventDefault());
    document.addEventListener("drop", (event) => this.dropped(event, event.dataTransfer, "dropped"));

    this.samples = await (await fetch("/studio/samples.json")).json();
    const items = this.samples.map((one) => ({ title: one.name.replaceAll("-", " "), src: `/studio/${one.small}` }));
    this.gallery = new Model({ description: "Samples", items, selected: 0, opens: false });
    gallery.render({ model: this.gallery, el: document.getElementById("samples") });
    this.gallery.on("change:selected", () => {
      const one = this.samples[this.gallery.get("selected")];
      if (one) this.openSample(one);
    });
    await this.openSample(this.samples[0]);
  }

  dropped(event, data, name) {
    const file = [...(data?.files ?? [])][0];
    if (!file) return; // text for a field
    event.preventDefault();
    this.openFile(file, file.name || name);
  }

  openSample(one) {
    return this.open(async () => {
      const blob = await fetched(`/studio/${one.src}`, one.file);
      return { ...(await openPicture(blob, one.file)), about: one.description, isSample: true };
    }, one.name);
  }

  openFile(blob, name) {
    return this.open(() => openPicture(blob, name), name);
  }

  /** Open a picture that a search has found; of one at another host what the service can fetch. */
  openFound(found) {
    const credit = [found.creator, found.creativeCommons].filter(Boolean).join(", ");
    return this.open(async () => {
      const isHere = new URL(found.contentUrl).origin === location.origin;
      const made = isHere
        ? await openPicture(await fetched(found.contentUrl, found.name), found.name)
        : await this.atAddress(found.contentUrl).catch(() => this.atAddress(found.thumbnailUrl));
      return { ...made, name: found.name, credit };
    }, found.name);
  }

  /** The picture at an address. The service fetches it; what this page shows is the small copy that the service makes. */
  async atAddress(text) {
    const url = text.trim();
    if (!/^https?:\/\/[^\s/]+\.?[^\s]*$/i.test(url)) {
      throw new Refused("This is not an address: an address begins with https://. To open a file of yours, choose it above.");
    }
    const ask = async (path, params) =>
      checked(await send({ method: "POST", path, params, headers: { "Content-Type": "application/json" }, json: { url } }, key()));
    const { metadata } = (await ask(SIZE, [["visualFeatures", "ImageType"]])).json;
    const scale = Math.min(1, MOST_SIDE / Math.max(metadata.width, metadata.height));
    const [width, height] = [metadata.width, metadata.height].map((side) => String(Math.max(1, Math.round(side * scale))));
    const small = await ask(THUMBNAIL, [["width", width], ["height", height]]);
    const shown = await openPicture(small.data, url.split("/").at(-1) || "picture");
    return { ...shown, width: metadata.width, height: metadata.height, kind: metadata.format.toUpperCase(), url };
  }

  /** Make what `work` opens the picture, unless another one was chosen meanwhile. True if it is. */
  async open(work, name) {
    const turn = ++this.turn;
    this.error = null;
    this.failed(null);
    this.figure.setAttribute("aria-busy", "true");
    this.figure.querySelector("figcaption").textContent = `Opening ${name} …`;
    try {
      const picture = await work();
      if (turn !== this.turn) return false;
      this.current = picture;
      this.show();
      this.changed();
      return true;
    } catch (error) {
      if (turn === this.turn) {
        this.failed((this.error = error));
        if (this.current) this.show();
      }
      return false;
    } finally {
      if (turn === this.turn) this.figure.removeAttribute("aria-busy");
    }
  }

  show() {
    const { name, kind, width, height, image, about, credit, moves, url, isSample } = this.current;
    if (!isSample) this.gallery?.set("selected", -1);
    const frame = this.figure.querySelector(".frame");
    if (image) {
      const canvas = element("canvas", { width: image.width, height: image.height });
      canvas.getContext("2d").drawImage(image, 0, 0);
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", about || name);
      frame.replaceChildren(canvas);
    } else {
      frame.replaceChildren(element("p", {}, `This browser can't show ${kind} pictures. Some operations take it all the same.`));
    }
    const size = image ? `, ${width} × ${height} pixels` : "";
    const parts = [element("strong", {}, name), `${size}, ${kind}`];
    if (credit) parts.push(element("span", {}, credit));
    if (moves) parts.push(element("span", {}, "It is animated. Only its first frame is used."));
    if (url) parts.push(element("span", {}, "The service fetches it from its address."));
    this.figure.querySelector("figcaption").replaceChildren(...parts);
  }
}

async function fetched(address, name) {
  let answer;
  try {
    answer = await fetch(address);
  } catch {
    throw new Refused(`${name} can't be fetched. Is the service still running?`);
  }
  if (!answer.ok) throw new Refused(`${name} is not there any more (${answer.status}). Choose another picture.`);
  return answer.blob();
}
