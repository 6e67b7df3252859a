// A photo from the phone: made small enough for a bad network, its time and place kept.

const LONGEST_SIDE = 1600;
const QUALITY = 0.8;
const SMALL_ENOUGH = 400_000; // bytes

// {blob, about: {name, taken_at, lat, lon}}; throws when it is no picture that the phone can read.
// `place`: where the phone is, for photos that do not say it themselves.
export async function shrink(file, place = null, now = Date.now()) {
  const original = new Uint8Array(await file.arrayBuffer());
  const jpeg = original[0] === 0xff && original[1] === 0xd8;
  const about = {
    name: file.name || "photo.jpg",
    taken_at: new Date(Math.min(file.lastModified || now, now)).toISOString(),
    ...(place ? { lat: place.lat, lon: place.lon } : {}),
  };
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  if (jpeg && original.length <= SMALL_ENOUGH) return { blob: file.slice(0, file.size, "image/jpeg"), about };
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "white";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const small = await new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", QUALITY); });
  if (!small) throw new Error("the picture could not be written");
  const marks = jpeg ? exif(original) : null;
  if (!marks) return { blob: small, about };
  return { blob: new Blob([small.slice(0, 2), marks, small.slice(2)], { type: "image/jpeg" }), about };
}

// The EXIF segment of a JPEG with the picture said to be upright (the canvas has turned it); null without one.
export function exif(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 2; at + 10 < bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0xda;) {
    const size = view.getUint16(at + 2);
    if (bytes[at + 1] === 0xe1 && view.getUint32(at + 4) === 0x45786966) {
      const segment = bytes.slice(at, at + 2 + size);
      return segment.length === 2 + size ? upright(segment) : null;
    }
    at += 2 + size;
  }
  return null;
}

function upright(segment) {
  const view = new DataView(segment.buffer);
  const little = view.getUint16(10) === 0x4949;
  try {
    const directory = 10 + view.getUint32(14, little);
    for (let n = 0, count = view.getUint16(directory, little); n < count; n += 1) {
      const entry = directory + 2 + 12 * n;
      if (view.getUint16(entry, little) === 0x0112) view.setUint16(entry + 8, 1, little);
    }
  } catch {
    return null; // a broken block is worth nothing
  }
  return segment;
}

// Where the phone is now: {lat, lon, accuracy}; null when it does not know within the time.
export function position(limit = 15_000) {
  return new Promise((resolve) => {
    if (!navigator.geolocation) { resolve(null); return; }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ lat: coords.latitude, lon: coords.longitude, accuracy: coords.accuracy }),
      () => resolve(null),
      { enableHighAccuracy: true, timeout: limit, maximumAge: 30_000 },
    );
  });
}
