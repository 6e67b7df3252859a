// What is kept on the phone (IndexedDB). Every row but the person's own says whose it is and is sealed.
//   person  one row: {id: "now", user, name, key, seen, me}; gone when nobody is signed in
//   queue   {n, id, user, group, state, tries, next_at, made_at, sealed: {kind, title, body, photos: [{id, stage}], problem,
//           answer, result, what, private}} (result and what: the form that it came from; private: of a visit at home,
//           of which nothing stays once it is sent)
//   photos  {id, user, sent, sealed (bytes), about (sealed: name, taken_at, lat, lon)}
//   kept    {id: "<user>:<name>", user, sealed}: tasks, drafts, the patrol that runs
//   thumbs  {id: "<user>:<photo>", user, sealed (bytes)}

import { openBytes, seal, sealBytes, unseal } from "./seal.js";

const NAME = "yiwang-field";
let opened;

function database() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      const db = asked.result;
      db.createObjectStore("person", { keyPath: "id" });
      db.createObjectStore("queue", { keyPath: "n", autoIncrement: true }).createIndex("id", "id", { unique: true });
      for (const name of ["photos", "kept", "thumbs"]) db.createObjectStore(name, { keyPath: "id" });
      for (const name of ["queue", "photos", "kept", "thumbs"]) {
        asked.transaction.objectStore(name).createIndex("user", "user");
      }
    };
    asked.onsuccess = () => {
      asked.result.onversionchange = () => { asked.result.close(); opened = undefined; };
      resolve(asked.result);
    };
    asked.onerror = () => { opened = undefined; reject(asked.error); };
  });
  return opened;
}

// `work` gets the stores and may return a request; the promise holds once everything is on the disk.
async function within(names, mode, work) {
  const db = await database();
  return new Promise((resolve, reject) => {
    const tx = db.transaction(names, mode, { durability: "strict" });
    const asked = work(...names.map((name) => tx.objectStore(name)));
    tx.oncomplete = () => resolve(asked?.result);
    tx.onerror = tx.onabort = () => reject(tx.error);
  });
}

// The person

export const person = () => within(["person"], "readonly", (rows) => rows.get("now"));
export const setPerson = (row) => within(["person"], "readwrite", (rows) => { rows.put({ id: "now", ...row }); });

// Nobody is signed in: the key goes, and with it what can be read again from the server. What is not sent yet stays,
// sealed, until the same person signs in again.
export async function forget(user) {
  await within(["person", "kept", "thumbs"], "readwrite", (people, kept, thumbs) => {
    people.delete("now");
    kept.delete(`${user}:tasks`);
    thumbs.index("user").openCursor(user).onsuccess = (event) => {
      const cursor = event.target.result;
      if (cursor) { cursor.delete(); cursor.continue(); }
    };
  });
}

// Kept values

export async function keep(who, name, value) {
  const sealed = await seal(who.key, value);
  await within(["kept"], "readwrite", (rows) => { rows.put({ id: `${who.user}:${name}`, user: who.user, sealed }); });
}

export async function kept(who, name) {
  const row = await within(["kept"], "readonly", (rows) => rows.get(`${who.user}:${name}`));
  return row ? unseal(who.key, row.sealed) : null;
}

export async function keptUnder(who, start) {
  const range = IDBKeyRange.bound(`${who.user}:${start}`, `${who.user}:${start}\uffff`);
  const rows = await within(["kept"], "readonly", (store) => store.getAll(range));
  return Promise.all(rows.map((row) => unseal(who.key, row.sealed)));
}

export async function drop(who, name) {
  await within(["kept"], "readwrite", (rows) => { rows.delete(`${who.user}:${name}`); });
}

// Small pictures of tasks

export async function keepThumb(who, photo, blob) {
  const sealed = await sealBytes(who.key, await blob.arrayBuffer());
  await within(["thumbs"], "readwrite", (rows) => { rows.put({ id: `${who.user}:${photo}`, user: who.user, sealed }); });
}

export async function thumb(who, photo) {
  const row = await within(["thumbs"], "readonly", (rows) => rows.get(`${who.user}:${photo}`));
  return row ? new Blob([await openBytes(who.key, row.sealed)], { type: "image/jpeg" }) : null;
}

export async function trimThumbs(who, wanted) {
  const keys = await within(["thumbs"], "readonly", (rows) => rows.index("user").getAllKeys(who.user));
  const gone = keys.filter((key) => !wanted.has(key.split(":")[1]));
  await within(["thumbs"], "readwrite", (rows) => { for (const key of gone) rows.delete(key); });
  return new Set(keys.map((key) => key.split(":")[1]));
}

// Photos that were taken here

export async function addPhoto(who, id, blob, about) {
  const row = {
    id, user: who.user, sent: false,
    sealed: await sealBytes(who.key, await blob.arrayBuffer()),
    about: await seal(who.key, about),
  };
  await within(["photos"], "readwrite", (rows) => { rows.put(row); });
}

export async function photo(who, id) {
  const row = await within(["photos"], "readonly", (rows) => rows.get(id));
  if (!row || row.user !== who.user) return null;
  const blob = new Blob([await openBytes(who.key, row.sealed)], { type: "image/jpeg" });
  return { id, sent: row.sent, blob, about: await unseal(who.key, row.about) };
}

export async function markPhoto(id, sent) {
  await within(["photos"], "readwrite", (rows) => {
    rows.get(id).onsuccess = (event) => { if (event.target.result) rows.put({ ...event.target.result, sent }); };
  });
}

// Photos that neither the queue nor a draft names: the phone died between two steps.
export async function sweepPhotos(who, wanted) {
  const keys = await within(["photos"], "readonly", (rows) => rows.index("user").getAllKeys(who.user));
  await dropPhotos(keys.filter((key) => !wanted.has(key)));
}

export async function dropPhotos(ids) {
  await within(["photos"], "readwrite", (rows) => { for (const id of ids) rows.delete(id); });
}

// The queue

export async function queue(who) {
  const rows = await within(["queue"], "readonly", (store) => store.index("user").getAll(who.user));
  const items = await Promise.all(rows.map(async (row) => ({ ...row, ...(await unseal(who.key, row.sealed)) })));
  return items.sort((a, b) => a.n - b.n);
}

export const waitingOf = (user) => within(["queue"], "readonly", (rows) => rows.index("user").getAll(user))
  .then((rows) => rows.filter((row) => row.state !== "sent").length);

// Puts a thing at the end; with it the kept values `drops` go (a name that ends with * stands for all that begin so)
// and `keeps` ({name: value}) are kept: all of it, or nothing.
export async function enqueue(who, item, { drops = [], keeps = {} } = {}) {
  const row = {
    id: item.id, user: who.user, group: item.group, made_at: item.made_at, state: "waiting", tries: 0, next_at: 0,
    sealed: await seal(who.key, secretOf(item)),
  };
  const kept = await Promise.all(Object.entries(keeps).map(async ([name, value]) => (
    { id: `${who.user}:${name}`, user: who.user, sealed: await seal(who.key, value) })));
  await within(["queue", "kept"], "readwrite", (rows, values) => {
    rows.add(row);
    for (const one of kept) values.put(one);
    for (const name of drops) {
      const id = `${who.user}:${name}`;
      values.delete(id.endsWith("*") ? IDBKeyRange.bound(id.slice(0, -1), `${id.slice(0, -1)}\uffff`) : id);
    }
  });
}

// Changes a thing if it still is in one of `states`; gives whether it was. A thing that is being sent is left alone.
export async function change(who, item, states, plain, secret = null) {
  const sealed = secret ? await seal(who.key, secretOf({ ...item, ...secret })) : null;
  let done = false;
  await within(["queue"], "readwrite", (rows) => {
    rows.get(item.n).onsuccess = (event) => {
      const row = event.target.result;
      if (!row || !states.includes(row.state)) return;
      rows.put({ ...row, ...plain, ...(sealed ? { sealed } : {}) });
      done = true;
    };
  });
  return done;
}

export async function dropItem(item) {
  let done = false;
  await within(["queue", "photos"], "readwrite", (rows, photos) => {
    rows.get(item.n).onsuccess = (event) => {
      if (!event.target.result || event.target.result.state === "sending") return;
      rows.delete(item.n);
      for (const one of item.photos ?? []) photos.delete(one.id);
      done = true;
    };
  });
  return done;
}

function secretOf({ kind, title, body, photos, problem, answer, result, what, private: hidden }) {
  return { kind, title, body, photos, problem, answer, result, what, private: hidden };
}
