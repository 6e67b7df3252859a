// A patrol: the phone's positions make a line, kept here one by one and sent in pieces, each once.

import { button, el, say, t } from "./dom.js";
import { put } from "./outbox.js";
import { app, ask } from "./state.js";
import * as store from "./store.js";
import { believed, length, takes } from "./track.js";
import { uuid7 } from "./uuid.js";
import { metres, moment, span } from "./words.js";

const PIECE = 60; // positions
let running = null; // {id, post, began_at, first}: `first` positions are in the queue already
let line = [];
let watch = null;
let wake = null;

// Goes on with the patrol that ran when the app was closed.
export async function resume() {
  if (!app.who || watch != null) return;
  running = await store.kept(app.who, "patrol");
  if (!running) return;
  line = believed(await store.keptUnder(app.who, `fix:${running.id}:`));
  listen();
}

export const current = () => (running ? { ...running, line } : null);

async function start(post) {
  running = { id: uuid7(), post, began_at: Date.now(), first: 0 };
  line = [];
  await store.keep(app.who, "patrol", running);
  listen();
  show();
}

function listen() {
  watch = navigator.geolocation?.watchPosition(heard, () => { running && say(t("no_position")); }, { enableHighAccuracy: true, maximumAge: 5_000, timeout: 60_000 }) ?? -1;
  awake();
}

// The browser stops telling where it is when the screen goes dark.
async function awake() {
  try {
    wake = await navigator.wakeLock?.request("screen");
  } catch { /* the battery is low, or the page is hidden */ }
}
document.addEventListener("visibilitychange", () => { if (running && document.visibilityState === "visible") awake(); });

async function heard({ coords, timestamp }) {
  if (!running || !app.who) return;
  app.place = { lat: coords.latitude, lon: coords.longitude, accuracy: coords.accuracy };
  const fix = [Math.round(timestamp) / 1000, Number(coords.latitude.toFixed(6)), Number(coords.longitude.toFixed(6)), Math.round(coords.accuracy)];
  if (!takes(line.at(-1), fix)) return;
  line.push(fix);
  const name = `fix:${running.id}:${String(line.length).padStart(6, "0")}`;
  await store.keep(app.who, name, fix);
  if (running && line.length - running.first >= PIECE) await cut();
  document.dispatchEvent(new CustomEvent("field:track"));
}

// The positions since the last piece become a thing of the queue, in one step with the mark of how far it went.
async function cut(ended = null) {
  const { id, post, began_at: began, first } = running;
  const body = { patrol: id, post, began_at: new Date(began).toISOString(), first, fixes: line.slice(first) };
  if (ended) body.ended_at = new Date(ended).toISOString();
  const next = { ...running, first: line.length };
  const also = ended ? { drops: ["patrol", `fix:${id}:*`] } : { keeps: { patrol: next } };
  running = ended ? null : next;
  await put({ kind: "track", group: id, title: t("title_track", { when: moment(began, Date.now()) }), body }, also);
}

async function stop() {
  navigator.geolocation?.clearWatch(watch);
  watch = null;
  await wake?.release().catch(() => {});
  const way = length(line);
  await cut(Date.now());
  line = [];
  show(t("patrol_ended", { way: metres(way) }));
}

const show = (said = "") => document.dispatchEvent(new CustomEvent("field:show", { detail: said }));

export async function view() {
  if (!app.who.me.posts.length) return [el("p", { class: "f-empty" }, t("no_post"))];
  return running ? runningView() : startView();
}

async function runningView() {
  const { sketch } = await import("./map.js");
  const numbers = el("p", { class: "f-number", "aria-live": "off" });
  const map = el("canvas", { class: "f-map", role: "img", "aria-label": t("map_of_track") });
  const chart = await sketch(map, { tasks: [], line });
  const paint = () => {
    if (!map.isConnected && numbers.textContent) { document.removeEventListener("field:track", paint); clearInterval(clock); return; }
    numbers.textContent = `${metres(length(line))} · ${span(Date.now() - running?.began_at || 0)}`;
    chart.update({ line, here: app.place });
  };
  const clock = setInterval(paint, 20_000);
  document.addEventListener("field:track", paint);
  setTimeout(paint);
  return [
    el("h1", {}, t("patrol")),
    el("p", {}, t("patrol_since", { when: moment(running.began_at, Date.now()) })),
    numbers, map,
    el("p", { class: "f-quiet" }, t("patrol_screen")),
    button("f-big f-danger", "player-stop", t("patrol_stop"), stop),
  ];
}

async function startView() {
  const posts = app.who.me.posts;
  const choice = el("select", { id: "post" }, posts.map((post) => el("option", { value: post.code }, post.name)));
  const own = el("ul", { class: "f-list" });
  ask("/field/api/patrols").then(({ status, body }) => {
    if (status === 200) own.replaceChildren(...body.patrols.map((row) => el("li", { class: "f-card" },
      el("strong", {}, metres(row.length_m)), el("span", {}, row.post),
      el("span", { class: "f-quiet" }, moment(Date.parse(row.began_at), 0), " – ", row.ended_at ? moment(Date.parse(row.ended_at), Date.parse(row.began_at)) : t("patrol_open")))));
  });
  return [
    el("h1", {}, t("patrol")),
    el("p", {}, t("patrol_what")),
    el("div", { class: "f-field" }, el("label", { class: "f-label", for: "post" }, t("patrol_as")), choice),
    button("f-big", "player-play", t("patrol_start"), () => start(choice.value)),
    el("h2", {}, t("patrols_before")), own,
  ];
}
