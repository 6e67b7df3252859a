// My tasks: read once with a network, then without. The list, and the page of one task.

import { el, icon, button, link, picture, t } from "./dom.js";
import { behind } from "./queue.js";
import { app, ask, now } from "./state.js";
import * as store from "./store.js";
import { distance } from "./track.js";
import { due, metres, moment } from "./words.js";

// Fetches the list and the small pictures; gives whether there is a new list.
export async function refresh() {
  const who = app.who;
  if (!who) return false;
  const { status, body } = await ask("/field/api/tasks");
  if (status !== 200 || app.who !== who) return false;
  await store.keep(who, "tasks", { ...body, read_at: Date.now() });
  fetchThumbs(who, body.tasks);
  return true;
}

async function fetchThumbs(who, tasks) {
  const photos = tasks.flatMap((task) => task.photos);
  const there = await store.trimThumbs(who, new Set(photos.map((one) => one.id)));
  for (const one of photos) {
    if (there.has(one.id)) continue;
    const response = await fetch(one.thumb, { credentials: "same-origin" }).catch(() => null);
    if (!response) return;
    if (app.who?.user !== who.user) return;
    if (response.ok) await store.keepThumb(who, one.id, await response.blob());
  }
}

const away = (task) => (app.place && task.lat != null ? distance([0, app.place.lat, app.place.lon], [0, task.lat, task.lon]) : null);

function sorted(tasks, by) {
  const far = (task) => away(task) ?? Infinity;
  const late = (task) => (task.due_at ? Date.parse(task.due_at) : Infinity);
  return [...tasks].sort((a, b) => (by === "near" ? far(a) - far(b) || late(a) - late(b) : late(a) - late(b)));
}

export const NEXT = { by: "due" };

export async function list() {
  const kept = await store.kept(app.who, "tasks");
  if (!kept) return [el("p", { class: "f-empty" }, app.online ? t("tasks_reading") : t("tasks_never_read"))];
  const queue = await store.queue(app.who);
  const tasks = sorted(kept.tasks, NEXT.by);
  const order = (by, name, text) => button("f-tab", name, text, () => choose(by), { "aria-pressed": String(NEXT.by === by) });
  return [
    el("div", { class: "f-row" }, order("due", "clock", t("by_due")), order("near", "map-pin", t("by_distance")),
      link("f-tab", "map", t("map"), "#map")),
    el("p", { class: "f-quiet" }, t("tasks_as_of", { n: kept.tasks.length, when: moment(Date.parse(kept.now), now()) }),
      kept.more ? ` ${t("tasks_more")}` : ""),
    tasks.length ? el("ul", { class: "f-list" }, tasks.map((task) => el("li", {}, row(task, queue)))) : el("p", { class: "f-empty" }, t("tasks_none")),
  ];
}

async function choose(by) {
  NEXT.by = by;
  if (by === "near" && !app.place) {
    const { position } = await import("./camera.js");
    app.place = await position();
  }
  document.dispatchEvent(new CustomEvent("field:show", { detail: by === "near" && !app.place ? t("no_position") : "" }));
}

function row(task, queue) {
  const far = away(task);
  return el("a", { class: "f-card f-task", href: `#task/${task.id}` },
    el("strong", {}, task.title),
    dueOf(task),
    el("span", {}, [task.class, task.step].filter(Boolean).join(" · ")),
    task.who ? el("span", {}, icon("home"), ` ${task.who}`) : "",
    el("span", {}, icon("map-pin"), ` ${[task.area, task.address || task.home].filter(Boolean).join(" ") || t("place_unknown")}`,
      far == null ? "" : ` · ${metres(far)}`),
    own(task, queue));
}

export function dueOf(task) {
  const { state, text } = due(task, now());
  const shape = { held: "player-pause", overdue: "triangle-filled", soon: "square-rotated-filled", running: "circle-filled", none: "circle" };
  return el("span", { class: `f-due f-${state}` }, icon(shape[state]), el("span", {}, text));
}

// What was done with it here, in plain words.
function own(task, queue) {
  const mine = queue.filter((item) => item.body?.task === task.id && item.state !== "sent");
  if (mine.length) return el("span", { class: "f-own" }, icon("upload"), ` ${mine.map((item) => item.title).join(" · ")} – ${t("not_sent_yet")}`);
  return task.mine ? el("span", { class: "f-own" }, icon("hand-stop"), ` ${t("taken_by_you")}`) : el("span", { class: "f-quiet" }, t("not_taken"));
}

export async function one(id) {
  const kept = await store.kept(app.who, "tasks");
  const task = kept?.tasks.find((row) => row.id === id);
  const queue = await store.queue(app.who);
  const items = queue.filter((item) => item.body?.task === id);
  if (!task) return [back(), el("p", { class: "f-empty" }, t(items.some((item) => item.state === "sent") ? "task_done" : "task_gone"))];
  const open = items.filter((item) => item.state !== "sent");
  const finishing = open.some((item) => item.kind === "complete");
  const taken = task.mine || open.some((item) => item.kind === "claim") || items.some((item) => item.kind === "claim");
  return [
    back(),
    el("h1", {}, task.title),
    dueOf(task),
    task.came_back ? el("p", { class: "f-note" }, icon("arrow-back-up"), ` ${t("came_back", { why: task.came_back })}`) : "",
    el("dl", { class: "f-facts" }, facts(task)),
    task.private ? household(task) : "",
    el("div", { class: "f-photos" }, await thumbs(task)),
    task.lat == null ? "" : link("f-big f-plain", "map", t("show_on_map"), `#map/${task.id}`),
    open.map((item) => link("f-big f-plain", "upload", `${item.title} – ${t(behind(queue, item) ? "state_behind" : `state_${item.state}`)}`, "#queue")),
    taken || finishing ? "" : button("f-big", "hand-stop", t("take_it"), () => take(task)),
    finishing ? "" : task.results.map((result, n) => link(n || !taken ? "f-big f-plain" : "f-big", n ? "arrow-back-up" : "check", result.name, `#do/${task.id}/${result.slug}`)),
  ];
}

const back = () => link("f-back", "arrow-left", t("tasks"), "#tasks");

function facts(task) {
  const rows = [
    [t("number"), task.number], [t("step"), task.step], [t("class"), task.class],
    [t("place"), [task.area, task.address].filter(Boolean).join(" ")],
    [t("limit"), task.limit], [t("due"), task.due_at ? moment(Date.parse(task.due_at), now()) : ""],
    [t("done_when"), task.done_when], [t("reported"), task.text === task.title ? "" : task.text],
  ];
  return rows.filter(([, value]) => value).map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value)));
}

// Whose home it is, masked; who needs more opens the household on its page, where the purpose is put on record.
function household(task) {
  return el("section", { class: "f-home" },
    task.why.length ? el("ul", {}, task.why.map((line) => el("li", {}, line))) : "",
    el("p", {}, icon("home"), ` ${[task.who, task.home].filter(Boolean).join(" · ")}`),
    task.page ? el("a", { class: "f-big f-plain", href: task.page }, icon("eye"), el("span", {}, t("open_household"))) : "",
    el("p", { class: "f-quiet" }, t("open_household_why")));
}

function thumbs(task) {
  return Promise.all(task.photos.map(async (photo) => {
    const blob = await store.thumb(app.who, photo.id);
    const name = t(`stage_${photo.stage}`);
    return blob ? el("figure", {}, picture(blob, name), el("figcaption", {}, name)) : "";
  }));
}

async function take(task) {
  const { put } = await import("./outbox.js");
  await put({ kind: "claim", group: task.matter, title: t("title_claim", { what: task.title }), body: { task: task.id } });
}
