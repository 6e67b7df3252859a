// What the whole app knows: who it is, whether there is a network, where the phone is, how far its clock is off.

import { keyFrom } from "./seal.js";
import * as store from "./store.js";
import { ask, whoami } from "./sync.js";
import { DAY } from "./words.js";

const SIGNED_OUT = "yiwang_signed_out";
const OWED = "yiwang-field-sign-out"; // signed out without a network: the server does not know yet

export const app = { who: null, online: navigator.onLine, ended: false, csrf: "", skew: 0, place: null };

// The time of the server, as far as the phone knows it.
export const now = () => Date.now() + app.skew;

// The workbench and the app set this cookie when somebody signs out; signing in takes it away.
const saidOut = () => document.cookie.split("; ").some((one) => one.startsWith(`${SIGNED_OUT}=`));

// Who used the app last, if that still counts without asking the server.
export async function remembered() {
  const who = await store.person();
  if (!who) return;
  if (saidOut() || Math.abs(Date.now() - who.seen) > DAY) await lock(who);
  else Object.assign(app, { who, skew: who.skew ?? 0 });
}

// Asks the server who is signed in. Another person than before: what the other one could read is forgotten.
export async function greet() {
  if (localStorage.getItem(OWED)) {
    if (saidOut()) await signOutThere();
    else localStorage.removeItem(OWED); // somebody has signed in since
  }
  const { status, body } = await whoami();
  app.online = status !== 0;
  if (status !== 200) return;
  app.csrf = body.csrf;
  app.skew = Date.parse(body.now) - Date.now();
  if (!body.user) { app.ended = Boolean(app.who); return; }
  app.ended = false;
  if (app.who && app.who.user !== body.user.id) await lock(app.who);
  app.who = {
    user: body.user.id, name: body.user.name, key: await keyFrom(body.seal), seen: Date.now(), skew: app.skew,
    me: { posts: body.posts, may: body.may, most: body.most },
  };
  await store.setPerson(app.who);
}

async function lock(who) {
  await store.forget(who.user);
  app.who = null;
}

// From now on nobody can read here what was read; what is not sent stays sealed.
export async function signOut() {
  const who = app.who;
  localStorage.setItem(OWED, "yes");
  document.cookie = `${SIGNED_OUT}=yes; path=/; max-age=2592000; samesite=lax`;
  if (who) await lock(who);
  await signOutThere();
}

async function signOutThere() {
  const me = await whoami();
  if (me.status !== 200) return;
  if (me.body.user) {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", me.body.csrf);
    const answer = await fetch("/sign-out", { method: "POST", body, credentials: "same-origin" }).catch(() => null);
    if (!answer?.ok) return;
  }
  localStorage.removeItem(OWED);
}

// Sends a form of the pages (language, text size) with a fresh token; gives whether it worked.
export async function post(url, fields) {
  const me = await whoami("?token");
  if (me.status !== 200) return false;
  const body = new FormData();
  body.set("csrfmiddlewaretoken", me.body.csrf);
  body.set("next", "/field");
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  const answer = await fetch(url, { method: "POST", body, credentials: "same-origin" }).catch(() => null);
  return Boolean(answer?.ok);
}

export { ask };
