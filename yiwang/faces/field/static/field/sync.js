// Sends the queue: photos one by one, then the thing that names them. Runs in the page or in the service worker,
// never in both at once. Everything has its own id, so sending twice is doing once.

import { after, meaning, old, ready } from "./queue.js";
import * as store from "./store.js";

const LOCK = "yiwang-field-sync";
const NEWS = "yiwang-field";
const SHORT = 30_000;
const LONG = 150_000; // a photo over a bad network

export const news = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(NEWS);

export async function ask(url, options = {}, limit = SHORT) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), limit);
  try {
    const response = await fetch(url, {
      credentials: "same-origin", cache: "no-store", redirect: "error", signal: stop.signal, ...options,
      headers: { Accept: "application/json", ...options.headers },
    });
    const body = await response.json().catch(() => ({}));
    return { status: response.status, body, retryAfter: Number(response.headers.get("Retry-After")) || 0 };
  } catch {
    return { status: 0, body: {}, retryAfter: 0 };
  } finally {
    clearTimeout(timer);
  }
}

// A token comes with a session, or where a form asks for one (see me.py).
export const whoami = (token = "") => ask(`/field/api/me${token}`);

// Gives {state}: done, offline, signin, busy; {left}: how many things are not sent; {asked}: whether the server was asked.
export async function sync() {
  if (!globalThis.navigator?.locks) return run();
  return navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => (lock ? run() : { state: "busy", left: 0 }));
}

async function run() {
  const who = await store.person();
  if (!who) return { state: "signin", left: 0 };
  let items = await store.queue(who);
  for (const item of items.filter((one) => one.state === "sending")) { // the phone died while it was sent
    await store.change(who, item, ["sending"], { state: "waiting" });
  }
  for (const item of old(items, Date.now())) await store.dropItem(item);
  let me = null;
  let state = "done";
  for (;;) {
    items = await store.queue(who);
    const item = ready(items, Date.now());
    if (!item) break;
    me ??= await whoami();
    if (me.status !== 200) { state = "offline"; break; }
    if (me.body.user?.id !== who.user) { state = "signin"; break; }
    if (!(await store.change(who, item, ["waiting"], { state: "sending" }))) continue;
    news?.postMessage("queue");
    const result = await send(who, item, me.body.csrf);
    let means = meaning(result.status, codeOf(result.body));
    if (means === "photos" && !(await all(who, item.photos))) means = "refused"; // neither here nor there any more
    await settle(who, item, means, result);
    news?.postMessage("queue");
    if (means === "token") me = null;
    if (means === "offline" || means === "signin") { state = means; break; }
  }
  const left = items.filter((item) => item.state !== "sent").length;
  return { state, left, asked: me !== null };
}

async function all(who, photos) {
  return (await Promise.all(photos.map((one) => store.photo(who, one.id)))).every(Boolean);
}

async function settle(who, item, means, result) {
  const now = Date.now();
  if (means === "photos") for (const one of item.photos) await store.markPhoto(one.id, false);
  const bare = item.private ? { body: { task: item.body.task }, result: null, what: "" } : {}; // what was said at a home goes
  const secret = means === "sent" ? { answer: result.body, problem: null, photos: [], ...bare } : problemOf(means, result);
  const plain = after(item, means, now, result.retryAfter);
  if (means === "token") plain.next_at = 0;
  await store.change(who, item, ["sending"], plain, secret);
  if (means === "sent") await store.dropPhotos(item.photos.map((one) => one.id));
}

function problemOf(means, { status, body }) {
  if (means === "offline" || means === "token" || means === "signin") return null;
  return { problem: { status, code: codeOf(body), detail: body.detail ?? "", where: body.where ?? "" } };
}

const codeOf = (body) => String(body.type ?? "").replace("urn:yiwang:problem:", "");

async function send(who, item, csrf) {
  for (const one of item.photos) {
    const photo = await store.photo(who, one.id);
    if (!photo || photo.sent) continue; // the server says so if it does not have it
    const result = await upload(who, photo, csrf);
    if (result.status !== 200) return result;
    await store.markPhoto(one.id, true);
    news?.postMessage("queue");
  }
  return ask("/field/api/do", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
    body: JSON.stringify({
      id: item.id, kind: item.kind, user: who.user, body: item.body,
      done_at: new Date(item.made_at).toISOString(), sent_at: new Date().toISOString(),
    }),
  });
}

function upload(who, photo, csrf) {
  const form = new FormData();
  form.set("id", photo.id);
  form.set("user", String(who.user));
  for (const name of ["taken_at", "lat", "lon"]) if (photo.about[name] != null) form.set(name, photo.about[name]);
  form.set("file", photo.blob, photo.about.name);
  return ask("/field/api/uploads", { method: "POST", headers: { "X-CSRFToken": csrf }, body: form }, LONG);
}
