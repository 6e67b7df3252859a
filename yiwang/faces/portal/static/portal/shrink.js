// A photo made smaller before it is sent: what a phone takes has 5 to 12 MB, what a report needs has 300 KB.

import { read, write } from "./exif.js";

const LONGEST = 1600; // pixels
const SMALL = 500 * 1024; // bytes; what is no larger goes as it is
const QUALITY = 0.82;

/** The file itself, or a smaller JPEG of it that still knows where and when it was taken. */
export async function shrink(file) {
  if (file.size <= SMALL || !file.type.startsWith("image/") || file.type === "image/gif") return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const context = canvas.getContext("2d");
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", QUALITY); });
    if (!blob || blob.size >= file.size) return file;
    const data = write(await blob.arrayBuffer(), read(await file.arrayBuffer()));
    return new File([data], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
  } catch {
    return file; // what the browser cannot draw, the server looks at
  }
}
