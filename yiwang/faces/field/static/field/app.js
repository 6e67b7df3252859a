// The field app: which page is shown, who uses it, and when something is sent or read again.

import { button, el, icon, link, onward, say, sure, t, takeSaid } from "./dom.js";
import * as forms from "./forms.js";
import * as outbox from "./outbox.js";
import * as patrol from "./patrol.js";
import { app, greet, now, post, remembered, signOut } from "./state.js";
import * as store from "./store.js";
import { news } from "./sync.js";
import * as tasks from "./tasks.js";
import { due } from "./words.js";

const FORMS = ["report", "do", "change"]; // pages on which somebody types: never painted anew by themselves
const PAGES = {
  tasks: () => tasks.list(),
  task: (id) => tasks.one(id),
  do: (task, slug) => forms.complete(task, slug),
  report: () => forms.report(),
  change: (id) => forms.changeItem(id),
  patrol: () => patrol.view(),
  queue: () => outbox.view(),
  map: (task) => mapPage(task),
  me: () => mePage(),
};
const main = document.getElementById("content");
const nameOf = (one) => one.id || one.getAttribute("href") || one.textContent; // to find it in a page painted anew
const lookOf = (place) => place.innerHTML.replace(/blob:[^"]+| data-kept=""| (width|height)="\d+"/g, "");
let painting = 0;
let painted = null;

const where = () => location.hash.slice(1).split("/").map(decodeURIComponent);

async function show(said = "") {
  const [name, ...rest] = where();
  const turn = ++painting;
  frame();
  let parts;
  try {
    parts = app.who ? await (PAGES[name] ?? PAGES.tasks)(...rest) : await welcome();
  } catch (error) {
    console.warn(error);
    parts = [el("p", { class: "f-empty" }, t("page_failed"))];
  }
  if (turn !== painting) return;
  const focused = main.contains(document.activeElement) && document.activeElement !== main ? nameOf(document.activeElement) : "";
  const fresh = el("div", {}, parts.flat());
  // What is on the screen already stays: a tap or the focus must not be lost to a page painted anew.
  const same = painted === location.hash && lookOf(main) === lookOf(fresh);
  painted = location.hash;
  if (!same) main.replaceChildren(...fresh.childNodes);
  if (focused && !same) [...main.querySelectorAll("a, button, select")].find((one) => nameOf(one) === focused)?.focus({ preventScroll: true });
  main.dataset.page = app.who ? (name || "tasks") : "welcome";
  if (said) say(said);
  count();
}

// The lines above and below the page.
function frame() {
  const [name] = where();
  const part = { task: "tasks", do: "tasks", map: "tasks", change: "queue", "": "tasks" }[name] ?? name;
  for (const tab of document.querySelectorAll("#tabs a")) {
    if (tab.hash === `#${part}`) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
  document.getElementById("tabs").hidden = !app.who;
  const net = document.getElementById("net");
  net.replaceChildren(icon(app.online ? "circle-check" : "wifi-off"), el("span", {}, t(app.online ? "online" : "offline")));
  net.className = app.online ? "f-net" : "f-net f-net-off";
  const ended = document.getElementById("ended");
  ended.hidden = !app.ended;
  if (app.ended) ended.replaceChildren(el("p", {}, t("session_ended")), link("f-big", "login", t("sign_in"), "/sign-in?next=/field"));
  else ended.replaceChildren();
}

async function count() {
  const left = app.who ? await store.waitingOf(app.who.user) : 0;
  const badge = document.getElementById("badge");
  badge.hidden = !left;
  badge.replaceChildren(String(left), el("span", { class: "f-sr" }, t("not_sent_yet")));
}

async function welcome() {
  const waits = await sealedCount();
  return [
    el("h1", {}, t("welcome")),
    el("p", {}, t(app.online ? "welcome_why" : "welcome_offline")),
    waits ? el("p", { class: "f-note" }, t("sealed_wait", { n: waits })) : "",
    link("f-big", "login", t("sign_in"), "/sign-in?next=/field"),
    el("p", { class: "f-quiet" }, t("install_how")),
  ];
}

// Things of people who are not signed in: how many is all that anybody can tell.
const sealedCount = async () => Number(localStorage.getItem("yiwang-field-sealed")) || 0;

async function mapPage(wanted) {
  const { sketch } = await import("./map.js");
  const kept = await store.kept(app.who, "tasks");
  const placed = (kept?.tasks ?? []).filter((task) => task.lat != null && (!wanted || task.id === wanted));
  const marks = placed.map((task) => ({ id: task.id, title: task.title, lat: task.lat, lon: task.lon, state: due(task, now()).state }));
  const canvas = el("canvas", { class: "f-map f-map-tall", role: "img", "aria-label": t("map_of_tasks", { n: marks.length }) });
  const picked = el("div", { "aria-live": "polite" });
  const pick = ({ id, title }) => picked.replaceChildren(link("f-big", "clipboard-list", title, `#task/${id}`));
  const chart = await sketch(canvas, { tasks: marks, line: patrol.current()?.line, here: app.place, pick });
  const control = (name, text, go) => button("f-small", name, text, go);
  return [
    link("f-back", "arrow-left", t("tasks"), wanted ? `#task/${wanted}` : "#tasks"),
    canvas,
    el("div", { class: "f-row" }, control("zoom-in", t("nearer"), () => chart.zoom(1.5)), control("zoom-out", t("further"), () => chart.zoom(1 / 1.5)),
      control("maximize", t("whole"), () => chart.whole())),
    picked,
    el("p", { class: "f-quiet" }, t("map_hint")),
  ];
}

async function mePage() {
  const { name, me } = app.who;
  return [
    el("h1", {}, name),
    el("ul", {}, me.posts.map((post) => el("li", {}, post.name))),
    el("a", { class: "f-big f-plain", href: "/work" }, icon("inbox"), el("span", {}, t("workbench"))),
    button("f-big f-plain", "text-size", t("large_text"), () => setting("/text-size", { size: document.documentElement.classList.contains("yw-large-root") ? "normal" : "large" })),
    button("f-big f-plain", "moon", t("dark_light"), () => setting("/theme", { theme: document.documentElement.dataset.bsTheme === "dark" ? "light" : "dark" })),
    button("f-big f-plain", "language", t("other_language"), () => setting("/language", { language: document.documentElement.lang.startsWith("zh") ? "en" : "zh-hans" })),
    el("h2", {}, t("on_this_phone")),
    el("p", {}, t("on_this_phone_what")),
    button("f-big f-danger", "logout", t("sign_out"), leave),
  ];
}

async function setting(url, fields) {
  if (!(await post(url, fields))) { say(t("needs_network")); return; }
  const worker = await navigator.serviceWorker?.getRegistration("/field");
  if (!worker) { location.reload(); return; }
  await worker.update().catch(() => {}); // another shell in the other language; `controllerchange` loads it
}

async function leave() {
  const waits = await store.waitingOf(app.who.user);
  if (!(await sure(waits ? t("sign_out_waits", { n: waits }) : t("sign_out_sure"), t("sign_out"), t("stay")))) return;
  localStorage.setItem("yiwang-field-sealed", String(waits));
  await signOut();
  onward("#tasks", t("signed_out"));
}

// When things happen

async function meet() {
  await greet();
  if (app.who) {
    localStorage.removeItem("yiwang-field-sealed");
    await patrol.resume();
    if (!typing()) await forms.sweepPrivate(app.who);
    await store.sweepPhotos(app.who, new Set([...(await store.queue(app.who)).flatMap((item) => item.photos.map((one) => one.id)), ...(await forms.drafted(app.who))]));
  }
  repaint();
  if (!app.who || app.ended) return;
  await outbox.go(); // and then, by field:queue, the tasks are read
}

const typing = () => FORMS.includes(where()[0]);
const repaint = (said = "") => (typing() ? (frame(), count()) : show(said));

addEventListener("hashchange", () => {
  say("");
  scrollTo(0, 0);
  show(takeSaid()).then(() => main.focus({ preventScroll: true }));
});
addEventListener("online", () => { app.online = true; wakeAll().then(meet); });
addEventListener("offline", () => { app.online = false; repaint(); });
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") meet(); });
document.addEventListener("field:show", (event) => show(event.detail ?? ""));
document.addEventListener("field:queue", async ({ detail }) => {
  repaintQueue();
  if (["done", "busy"].includes(detail) && app.who && await tasks.refresh()) repaint();
});
news?.addEventListener("message", () => repaintQueue());
setInterval(() => { if (document.visibilityState === "visible") meet(); }, 120_000);

function repaintQueue() {
  frame();
  count();
  if (["queue", "tasks", "task", ""].includes(where()[0])) show();
}

// The network is back: what waits after a failure need not wait longer.
async function wakeAll() {
  if (!app.who) return;
  for (const item of await store.queue(app.who)) if (item.next_at) await store.change(app.who, item, ["waiting"], { next_at: 0 });
}

async function install() {
  if (!navigator.serviceWorker) return;
  const first = !navigator.serviceWorker.controller;
  let reloaded = false;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (first || reloaded) return;
    reloaded = true;
    if (typing() || patrol.current()) say(t("new_version"));
    else location.reload();
  });
  try {
    await navigator.serviceWorker.register("/field/sw.js", { scope: "/field", type: "module", updateViaCache: "none" });
  } catch { // no modules in workers: off-line start all the same, without sending in the background
    await navigator.serviceWorker.register("/field/sw.js?plain", { scope: "/field", updateViaCache: "none" }).catch(() => {});
  }
}

// A page of the app can be named before the #, where an address with one is not taken.
const asked = new URLSearchParams(location.search).get("open");
if (asked && !location.hash) history.replaceState(null, "", `/field#${asked}`);
install();
navigator.storage?.persist?.(); // so that the phone does not throw the queue away when its memory is full
await remembered();
if (app.who) await patrol.resume();
await show();
meet();
