// Opening a picture, and making a copy of it that an operation takes.
import { Refused } from "./api.js";
import { element } from "./shared.js";

const MIB = 2 ** 20;

/** The kind of a file by its first bytes, as Pillow and the operations' limits name it; empty if it is none known. */
export function kindOf(bytes) {
  const text = String.fromCharCode(...bytes.slice(0, 32));
  if (text.startsWith("\xff\xd8\xff")) return "JPEG";
  if (text.startsWith("\x89PNG\r\n")) return "PNG";
  if (text.startsWith("GIF8")) return "GIF";
  if (text.startsWith("BM")) return "BMP";
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP") return "WEBP";
  if (text.startsWith("II*\0") || text.startsWith("MM\0*")) return "TIFF";
  if (text.startsWith("\0\0\x01\0")) return "ICO";
  if (text.startsWith("%PDF-")) return "PDF";
  if (text.slice(4, 8) === "ftyp") return /avi[fs]/.test(text.slice(8)) ? "AVIF" : "HEIC";
  return "";
}

/**
 * Open a file: `{name, blob, kind, image, width, height, moves}`. `image` is null where this browser can't show the
 * kind; `url` is set by whoever found the picture at an address.
 */
export async function openPicture(blob, name) {
  if (!blob.size) throw new Refused(`${name} is empty: it has no bytes at all.`);
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const kind = kindOf(bytes);
  if (!kind || kind === "PDF") {
    const isNamedOne = !kind && /^image\/(?!svg)/.test(blob.type);
    const why = isNamedOne ? "it has the name of one, and something else in it" : `its kind is ${kind || blob.type || "unknown"}`;
    throw new Refused(`${name} is not a picture: ${why}. Choose a JPEG, PNG, GIF, WebP, TIFF or HEIC file.`);
  }
  const image = await decoded(blob);
  if (!image && !["TIFF", "HEIC", "AVIF", "ICO"].includes(kind)) {
    throw new Refused(`${name} is damaged: it begins like a ${kind} file and can't be opened. Choose another copy of it.`);
  }
  return { name, blob, kind, image, width: image?.width ?? 0, height: image?.height ?? 0, moves: isMoving(bytes, kind) };
}

async function decoded(blob) {
  try {
    return await createImageBitmap(blob); // upright, whatever way the camera was held
  } catch {
    return null;
  }
}

function isMoving(bytes, kind) {
  if (kind === "GIF") return frames(bytes) > 1;
  return kind === "WEBP" && String.fromCharCode(...bytes.slice(0, 64)).includes("ANIM");
}

/** The frames of a GIF file: its blocks one after the other, each with parts that begin with their length. */
function frames(bytes) {
  const palette = (flags) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  let count = 0;
  let at = 13 + palette(bytes[10]);
  while (at < bytes.length) {
    if (bytes[at] === 0x2c) {
      count++;
      at += 11 + palette(bytes[at + 9]);
    } else if (bytes[at] === 0x21) at += 2;
    else break;
    while (bytes[at]) at += bytes[at] + 1;
    at++;
  }
  return count;
}

/**
 * What is sent of a picture to an operation with these limits: `{blob, width, height, kind, change}`. `change` says in
 * words what was done to it, empty if nothing. Throws `Refused` for what can't be made fit.
 */
export async function fit(picture, limits, operation) {
  const formats = limits.formats.includes("JPEG") ? [...limits.formats, "MPO"] : limits.formats;
  const takesKind = formats.includes(picture.kind);
  if (!picture.image) {
    if (takesKind && picture.blob.size < limits.bytesBelow) return { ...picture, change: "" };
    throw new Refused(
      takesKind
        ? `${picture.name} has ${(picture.blob.size / MIB).toFixed(1)} MB: ${operation} takes less than ${megabytes(limits)}.`
        : `${picture.name} is a ${picture.kind} picture. ${operation} does not take this kind, and this browser can't ` +
          "turn it into another one. Save it as JPEG first.",
    );
  }
  const scale = neededScale(picture, limits);
  const isFit = takesKind && scale === 1 && picture.blob.size < limits.bytesBelow;
  if (isFit) return { ...picture, change: "" };
  const made = await encodedBelow(picture, limits, scale, operation);
  return { ...made, change: inWords(picture, made, limits, scale, takesKind, operation) };
}

function neededScale({ width, height }, limits) {
  const [shortest, longest] = [Math.min(width, height), Math.max(width, height)];
  if (shortest < limits.minSide) return limits.minSide / shortest;
  return Math.min(1, limits.maxSide / longest, Math.sqrt(limits.maxPixels / (width * height)));
}

async function encodedBelow(picture, limits, scale, operation) {
  const lossless = !["JPEG", "HEIC", "AVIF"].includes(picture.kind) && limits.formats.includes("PNG");
  for (let smaller = scale; ; smaller *= 0.8) {
    const canvas = resized(picture, smaller, limits, operation);
    const { width, height } = canvas;
    const tries = lossless && 3 * width * height < 4 * limits.bytesBelow ? [["image/png"]] : [];
    tries.push(["image/jpeg", 0.92], ["image/jpeg", 0.85], ["image/jpeg", 0.75]);
    for (const [type, quality] of tries) {
      const blob = await new Promise((done) => canvas.toBlob(done, type, quality));
      if (blob && blob.size < limits.bytesBelow) return { blob, width, height, kind: type === "image/png" ? "PNG" : "JPEG" };
    }
  }
}

function resized(picture, scale, limits, operation) {
  const rounded = scale > 1 ? Math.ceil : Math.floor;
  const [width, height] = [picture.width, picture.height].map((side) =>
    scale === 1 ? side : Math.max(1, rounded(Number((side * scale).toFixed(6)))),
  );
  if (Math.min(width, height) < limits.minSide || Math.max(width, height) > limits.maxSide) {
    throw new Refused(
      `${picture.name} is ${picture.width} × ${picture.height} pixels: too long a strip for ${operation}, which takes ` +
        `${limits.minSide} to ${limits.maxSide} pixels a side. Cut a part out of it.`,
    );
  }
  const canvas = element("canvas", { width, height });
  const paper = canvas.getContext("2d");
  paper.imageSmoothingQuality = "high";
  paper.fillStyle = "#fff"; // what is transparent becomes white
  paper.fillRect(0, 0, width, height);
  paper.drawImage(picture.image, 0, 0, width, height);
  return canvas;
}

function inWords(picture, made, limits, scale, takesKind, operation) {
  const done = [];
  if (made.width !== picture.width || made.height !== picture.height) {
    const way = made.width < picture.width ? "smaller" : "larger";
    done.push(`made ${way} from ${picture.width} × ${picture.height} to ${made.width} × ${made.height} pixels`);
  }
  if (made.kind !== picture.kind || !done.length) {
    done.push(`saved as ${made.kind}${picture.moves ? ", its first frame only" : ""}`);
  }
  const why = [];
  if (!takesKind) why.push(`no ${picture.kind} files`);
  if (scale !== 1) why.push(`only ${limits.minSide} to ${limits.maxSide} pixels a side and ${limits.maxPixels / 1e6} million in all`);
  if (picture.blob.size >= limits.bytesBelow) why.push(`only files of less than ${megabytes(limits)}`);
  return `${done.join(" and ")}, because ${operation} takes ${why.join(", and ")}`;
}

function megabytes(limits) {
  return `${Math.round(limits.bytesBelow / MIB)} MB`;
}
