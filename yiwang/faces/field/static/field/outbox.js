// The queue as people see it, and putting things into it.

import { button, el, icon, link, onward, say, sure, t } from "./dom.js";
import { behind, wake } from "./queue.js";
import { app } from "./state.js";
import * as store from "./store.js";
import { sync } from "./sync.js";
import { moment } from "./words.js";
import { uuid7 } from "./uuid.js";

const SHAPE = { waiting: "clock", sending: "upload", sent: "check", refused: "alert-triangle" };
let timer;

// Puts a thing into the queue and tries to send it at once. `made_at` is when it was done, by the phone's clock.
export async function put(thing, also = {}) {
  await store.enqueue(app.who, { id: uuid7(), made_at: Date.now(), photos: [], ...thing }, also);
  await later();
  if (thing.kind !== "track") onward("#queue", t("queued")); // a track goes by itself, whatever page is open
  go();
}

// Where the browser can, it sends even when the app is closed.
async function later() {
  try {
    const worker = await navigator.serviceWorker?.getRegistration("/field");
    await worker?.sync?.register("queue");
  } catch { /* not allowed here: on start, on-line and by timer it goes as well */ }
}

// Sends what is to be sent, and comes back when something is due again.
export async function go() {
  clearTimeout(timer);
  const { state, asked } = await sync();
  if (state === "offline") app.online = false;
  if (state === "done" && asked) app.online = true; // nothing to send says nothing about the network
  if (state === "signin" && app.who) app.ended = true;
  document.dispatchEvent(new CustomEvent("field:queue", { detail: state }));
  if (!app.who || state === "signin") return;
  const wait = wake(await store.queue(app.who), Date.now());
  if (wait != null) timer = setTimeout(go, Math.min(Math.max(wait, state === "offline" ? 10_000 : 500), 60_000));
}

export async function view() {
  const items = await store.queue(app.who);
  const open = items.filter((item) => item.state !== "sent");
  const sent = items.filter((item) => item.state === "sent").reverse();
  return [
    el("h1", {}, t("queue")),
    el("p", { class: "f-quiet" }, open.length ? t("queue_open", { n: open.length }) : t("queue_empty")),
    open.length ? button("f-big f-plain", "refresh", t("send_now"), sendNow) : "",
    el("ul", { class: "f-list" }, await Promise.all(together(open).map(async (item) => el("li", {}, await card(item, items))))),
    sent.length ? el("h2", {}, t("sent_before")) : "",
    el("ul", { class: "f-list" }, await Promise.all(together(sent).slice(0, 50).map(async (item) => el("li", {}, await card(item, items))))),
  ];
}

// The pieces of one patrol's track in one state are one line.
function together(items) {
  const seen = new Map();
  for (const item of items) {
    const key = item.kind === "track" ? `${item.group} ${item.state}` : item.id;
    if (seen.has(key)) seen.get(key).more += 1;
    else seen.set(key, { ...item, more: 0 });
  }
  return [...seen.values()];
}

async function card(item, items) {
  const state = behind(items, item) ? "behind" : item.state;
  const photos = await Promise.all(item.photos.map((one) => store.photo(app.who, one.id)));
  const gone = photos.filter((one) => one?.sent).length;
  return el("article", { class: `f-card f-item f-item-${state}` },
    el("strong", {}, item.title, item.more ? ` ×${item.more + 1}` : ""),
    el("span", { class: "f-state" }, icon(SHAPE[item.state]), el("span", {}, t(`state_${state}`))),
    el("span", { class: "f-quiet" }, t("done_at", { when: moment(item.made_at, Date.now()) }),
      item.state === "sent" && item.sent_at ? ` · ${t("arrived_at", { when: moment(item.sent_at, Date.now()) })}` : ""),
    photos.length ? el("span", { class: "f-quiet" }, t("photos_sent", { n: gone, all: photos.length })) : "",
    item.answer?.number ? el("a", { href: `/matters/${item.answer.number}` }, item.answer.number) : "",
    item.answer?.applied?.length ? applied(item) : "",
    item.state === "waiting" && item.problem ? el("p", { class: "f-note" }, t("tried", { n: item.tries, why: item.problem.detail || t("server_failed") })) : "",
    item.state === "refused" ? refused(item) : "",
    state === "behind" ? el("p", { class: "f-note" }, t("behind_why")) : "",
    ["waiting", "refused"].includes(item.state) ? el("div", { class: "f-row" },
      item.kind === "report" || item.kind === "complete" ? link("f-small", "pencil", t("change_it"), `#change/${item.id}`) : "",
      item.state === "refused" ? button("f-small", "refresh", t("try_again"), () => again(item)) : "",
      button("f-small f-danger", "trash", t("drop_it"), () => dropIt(item))) : "");
}

// What was applied for on behalf of a household: number and secret, until the household has them.
function applied(item) {
  const told = async () => {
    await store.change(app.who, item, ["sent"], {}, { answer: { ...item.answer, applied: [] } });
    document.dispatchEvent(new CustomEvent("field:show"));
  };
  return el("div", { class: "f-note", role: "note" }, el("p", {}, el("strong", {}, t("applied_for"))),
    el("ul", {}, item.answer.applied.map((one) => el("li", {}, t("applied_row", one)))),
    button("f-small", "check", t("applied_told"), told));
}

// What the server said, and what the person can do about it.
function refused({ problem }) {
  const known = ["task_done", "claimed", "not_open", "not_the_post", "denied", "too_large", "unsupported", "other_content"];
  return el("div", { class: "f-note", role: "note" },
    el("p", {}, el("strong", {}, t("refused_because")), ` ${problem?.detail || t("server_failed")}`),
    el("p", {}, t(known.includes(problem?.code) ? `do_${problem.code}` : problem?.status === 422 ? "do_correct" : "do_other")));
}

async function again(item) {
  await store.change(app.who, item, ["refused"], { state: "waiting", next_at: 0 }, { problem: null });
  go();
}

async function dropIt(item) {
  if (!(await sure(t("drop_sure", { what: item.title }), t("drop_it"), t("keep_it")))) return;
  if (!(await store.dropItem(item))) say(t("being_sent"));
  document.dispatchEvent(new CustomEvent("field:show"));
  go();
}

async function sendNow() {
  for (const item of await store.queue(app.who)) await store.change(app.who, item, ["waiting"], { next_at: 0 });
  say(t("sending"));
  await go();
}

