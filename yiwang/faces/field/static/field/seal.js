// What lies on the phone is sealed for one person: AES-GCM with a key that only this person's session gets.
// The key is kept so that it cannot be read out, and it is thrown away when the person signs out.

const TEXT = new TextEncoder();

export async function keyFrom(hex) {
  const bytes = Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
  return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}

export async function sealBytes(key, bytes) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, bytes) };
}

export function openBytes(key, sealed) {
  return crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.iv }, key, sealed.data);
}

export function seal(key, value) {
  return sealBytes(key, TEXT.encode(JSON.stringify(value)));
}

export async function unseal(key, sealed) {
  return JSON.parse(new TextDecoder().decode(await openBytes(key, sealed)));
}
