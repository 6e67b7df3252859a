// Where and when a photo was taken: read from the original, and written into the smaller copy, so that the server
// reads it there as from any photo (and then removes it). A canvas alone would lose both.

const TYPES = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8 };
const [EXIF_IFD, GPS_IFD, TAKEN] = [0x8769, 0x8825, 0x9003];
const KEPT_GPS = [1, 2, 3, 4];

/** {taken, gps} of a JPEG as raw bytes by tag, or null when it tells neither. */
export function read(buffer) {
  try {
    const tiff = findTiff(new DataView(buffer));
    if (!tiff) return null;
    const top = entries(tiff, tiff.u32(4));
    const below = (tag) => (top.has(tag) ? entries(tiff, tiff.u32(top.get(tag).at)) : new Map());
    const taken = below(EXIF_IFD).get(TAKEN);
    const gps = below(GPS_IFD);
    const place = KEPT_GPS.every((tag) => gps.has(tag)) ? KEPT_GPS.map((tag) => raw(tiff, gps.get(tag))) : null;
    if (!place && !taken) return null;
    return { little: tiff.little, taken: taken ? raw(tiff, taken) : null, gps: place };
  } catch {
    return null; // a damaged header: the photo itself may still be good
  }
}

/** The JPEG with `found` (of read) in a new header of its own. */
export function write(jpeg, found) {
  const bytes = new Uint8Array(jpeg);
  if (!found || bytes[0] !== 0xff || bytes[1] !== 0xd8) return jpeg;
  const body = header(found);
  const length = body.length + 8;
  const start = [0xff, 0xd8, 0xff, 0xe1, length >> 8, length & 0xff, 0x45, 0x78, 0x69, 0x66, 0, 0];
  const whole = new Uint8Array(start.length + body.length + bytes.length - 2);
  whole.set(start);
  whole.set(body, start.length);
  whole.set(bytes.subarray(2), start.length + body.length);
  return whole.buffer;
}

function findTiff(view) {
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return null;
  let at = 2;
  while (at + 10 < view.byteLength) {
    const marker = view.getUint16(at);
    if ((marker & 0xff00) !== 0xff00 || marker === 0xffda) return null;
    const length = view.getUint16(at + 2);
    if (marker === 0xffe1 && view.getUint32(at + 4) === 0x45786966) {
      const start = at + 10;
      const little = view.getUint16(start) === 0x4949;
      return {
        little,
        end: Math.min(at + 2 + length, view.byteLength) - start,
        u16: (n) => view.getUint16(start + n, little),
        u32: (n) => view.getUint32(start + n, little),
        bytes: (n, count) => new Uint8Array(view.buffer, view.byteOffset + start + n, count),
      };
    }
    at += 2 + length;
  }
  return null;
}

function entries(tiff, at) {
  const found = new Map();
  const count = Math.min(tiff.u16(at), 200);
  for (let n = 0; n < count; n += 1) {
    const place = at + 2 + 12 * n;
    const size = (TYPES[tiff.u16(place + 2)] || 0) * tiff.u32(place + 4);
    found.set(tiff.u16(place), {
      type: tiff.u16(place + 2),
      count: tiff.u32(place + 4),
      size,
      at: size > 4 ? tiff.u32(place + 8) : place + 8,
    });
  }
  return found;
}

function raw(tiff, entry) {
  if (!entry.size || entry.size > 64 || entry.at + entry.size > tiff.end) throw new RangeError("EXIF");
  return { type: entry.type, count: entry.count, bytes: tiff.bytes(entry.at, entry.size).slice() };
}

// IFD0 names an Exif directory (when it was taken) and a GPS directory (where); values behind each directory.
function header({ little, taken, gps }) {
  const out = new DataView(new ArrayBuffer(512));
  const u16 = (at, value) => out.setUint16(at, value, little);
  const u32 = (at, value) => out.setUint32(at, value, little);
  const directory = (at, rows) => {
    let free = at + 2 + 12 * rows.length + 4;
    u16(at, rows.length);
    rows.forEach(([tag, value], n) => {
      const place = at + 2 + 12 * n;
      u16(place, tag);
      u16(place + 2, value.type);
      u32(place + 4, value.count);
      const target = value.bytes.length > 4 ? free : place + 8;
      if (value.bytes.length > 4) {
        u32(place + 8, free);
        free += value.bytes.length + (value.bytes.length % 2);
      }
      value.bytes.forEach((byte, k) => out.setUint8(target + k, byte));
    });
    return free;
  };
  const pointer = (value) => {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, value, little);
    return { type: 4, count: 1, bytes };
  };
  out.setUint16(0, little ? 0x4949 : 0x4d4d);
  u16(2, 42);
  u32(4, 8);
  const parts = [];
  if (taken) parts.push([EXIF_IFD, [[TAKEN, taken]]]);
  if (gps) parts.push([GPS_IFD, gps.map((value, n) => [KEPT_GPS[n], value])]);
  let free = 8 + 2 + 12 * parts.length + 4;
  const top = parts.map(([tag, rows]) => {
    const at = free;
    free = directory(at, rows);
    return [tag, pointer(at)];
  });
  directory(8, top);
  return new Uint8Array(out.buffer, 0, free);
}
