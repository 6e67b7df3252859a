// What is written but not sent yet, kept in this browser: words in localStorage, photos in IndexedDB.
// Name and phone are kept for this tab only: others may use the computer later.

const KEY = "yiwang-report";
const CONTACT = "yiwang-report-contact";
const DAYS = 3;
const WORDS = ["text", "address", "area", "lat", "lon", "photo_place"];
const REACH = ["contact_name", "contact_phone"];

function take(store, key) {
  try {
    return JSON.parse(store.getItem(key)) || null;
  } catch {
    return null;
  }
}

function put(store, key, value) {
  try {
    if (value) store.setItem(key, JSON.stringify(value));
    else store.removeItem(key);
  } catch {
    // A full or forbidden store: the form works all the same.
  }
}

function value(form, name) {
  const field = form.elements[name];
  if (!field) return "";
  return field.type === "checkbox" ? (field.checked ? field.value : "") : field.value || "";
}

let over = false; // sent or thrown away: an answer that comes late must not bring it back

export function save(form) {
  if (over) return;
  const words = Object.fromEntries(WORDS.map((name) => [name, value(form, name)]));
  put(localStorage, KEY, { id: form.elements.id.value, at: Date.now(), words, chosen: form.dataset.chosen || "" });
  put(sessionStorage, CONTACT, Object.fromEntries(REACH.map((name) => [name, value(form, name)])));
}

/** Puts a draft back into an empty form; true when there was one with words or photos. */
export async function restore(form) {
  const kept = take(localStorage, KEY);
  if (!kept || Date.now() - kept.at > DAYS * 86400e3) {
    if (kept) await forget();
    return { id: "", photos: [], words: false };
  }
  form.elements.id.value = kept.id;
  const all = { ...kept.words, ...take(sessionStorage, CONTACT) };
  for (const [name, text] of Object.entries(all)) {
    const field = form.elements[name];
    if (!field || !text) continue;
    if (field.type === "checkbox") field.checked = field.value === text;
    else field.value = text;
  }
  const photos = (await everyPhoto()).filter((one) => one.report === kept.id);
  return { chosen: kept.chosen, photos, words: WORDS.some((name) => kept.words[name]) };
}

/** The draft ends with this page: forgets it, and keeps nothing more of what is in the form. */
export async function finish() {
  over = true;
  await forget();
}

async function forget() {
  put(localStorage, KEY, null);
  put(sessionStorage, CONTACT, null);
  await photoStore("readwrite", (store) => store.clear()).catch(() => {});
}

// Photos: {key, report, name, blob, kept, keptAt}

export function keepPhoto(photo) {
  return photoStore("readwrite", (store) => store.put(photo)).catch(() => {});
}

export function dropPhoto(key) {
  return photoStore("readwrite", (store) => store.delete(key)).catch(() => {});
}

function everyPhoto() {
  return photoStore("readonly", (store) => store.getAll()).catch(() => []);
}

function photoStore(mode, work) {
  return new Promise((done, failed) => {
    const opening = indexedDB.open("yiwang-report", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("photos", { keyPath: "key" });
    opening.onerror = () => failed(opening.error);
    opening.onsuccess = () => {
      const db = opening.result;
      const transaction = db.transaction("photos", mode);
      const request = work(transaction.objectStore("photos"));
      transaction.oncomplete = () => { db.close(); done(request.result); };
      transaction.onerror = transaction.onabort = () => { db.close(); failed(transaction.error); };
    };
  });
}
