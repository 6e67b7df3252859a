// The two forms: a report, and the result of a task. What is typed and shot is kept at once, so that a phone that
// dies loses nothing; what was refused opens in the same form again.

import { expanded, fieldset, mark, missing, starting } from "./asked.js";
import { position, shrink } from "./camera.js";
import { button, el, icon, onward as goTo, picture, say, sure, t } from "./dom.js";
import { app } from "./state.js";
import * as store from "./store.js";
import { go, put } from "./outbox.js";
import { uuid7 } from "./uuid.js";

const EMPTY = { text: "", address: "", place: null, photos: [] };

// #report
export async function report() {
  if (!app.who.me.may.report) return [el("p", { class: "f-empty" }, t("may_not_report"))];
  const draft = (await store.kept(app.who, "draft:report")) ?? { ...EMPTY };
  if (!draft.place) locate(draft, "draft:report");
  return reportForm(draft, "draft:report", async () => {
    await put(reportItem(draft), { drops: ["draft:report"] });
  });
}

const reportItem = (draft) => {
  const id = uuid7();
  return {
    id, kind: "report", group: id, title: t("title_report", { what: draft.text.slice(0, 30) }), photos: draft.photos,
    body: { text: draft.text, address: draft.address, place: draft.place, photos: draft.photos.map((one) => one.id) },
  };
};

function reportForm(draft, name, send) {
  const place = el("p", { class: "f-quiet", id: "place" }, placeWords(draft.place));
  return [
    el("h1", {}, t("report")),
    photosField(draft, name, "report", t("photos_of_it")),
    textField(draft, name, "text", t("what_is_wrong"), { required: true, maxlength: app.who.me.most.text }),
    el("div", { class: "f-field" }, el("span", { class: "f-label" }, t("where")), place,
      button("f-big f-plain", "current-location", t("take_position"), () => locate(draft, name, true))),
    textField(draft, name, "address", t("address_words"), { maxlength: 256, rows: 2 }),
    button("f-big", "send", t("send"), async () => {
      if (draft.text.trim().length < 2) return wrong("text", t("say_what"));
      if (!draft.place && !draft.address.trim()) return wrong("address", t("say_where"));
      return send();
    }),
    discard(draft, name, "#tasks"),
  ];
}

async function locate(draft, name, asked = false) {
  if (asked) say(t("locating"));
  const found = await position();
  if (found) {
    draft.place = app.place = found;
    await store.keep(app.who, name, draft);
  }
  const shown = document.getElementById("place");
  if (shown) shown.textContent = found || draft.place ? placeWords(draft.place) : t("no_position");
  if (asked) say(found ? "" : t("no_position"));
}

const placeWords = (place) => (place ? t("position_known", { m: Math.max(1, Math.round(place.accuracy ?? 0)) }) : t("position_unknown"));

// #do/<task>/<result>
export async function complete(task, slug) {
  const kept = await store.kept(app.who, "tasks");
  const row = kept?.tasks.find((one) => one.id === task);
  const found = row?.results.find((one) => one.slug === slug);
  if (!found) return [el("p", { class: "f-empty" }, t("task_gone"))];
  const result = found.fields ? { ...found, fields: expanded(found.fields, kept.shared) } : found;
  const name = `draft:${task}:${slug}`;
  const fresh = { note: "", photos: [], data: starting(result.fields ?? []), task, slug, what: row.title, when: row.done_when, private: row.private };
  const draft = { ...((await store.kept(app.who, name)) ?? fresh), result };
  return completeForm(draft, name, async () => {
    await put({
      kind: "complete", group: row.matter, title: `${result.name}: ${row.title}`, photos: draft.photos,
      body: completeBody(draft), result, what: row.title, private: row.private,
    }, { drops: [name] });
  });
}

const completeBody = (draft) => ({
  task: draft.task, outcome: draft.slug, note: draft.note, photos: draft.photos.map(({ id, stage }) => ({ id, stage })),
  ...(draft.result.fields ? { data: draft.data } : {}),
});

function completeForm(draft, name, send, wrongThere = null) {
  const { result } = draft;
  const fields = result.fields ?? [];
  const must = result.note === "must";
  const keep = () => store.keep(app.who, name, { ...draft, name, at: Date.now() });
  const label = draft.private ? t("what_was_seen") : must ? t("why") : t("note");
  return [
    el("h1", {}, result.name),
    el("p", {}, draft.what),
    draft.private ? el("p", { class: "f-quiet" }, icon("lock"), ` ${t("private_form")}`) : "",
    draft.when && result.stages.includes("after") ? el("p", { class: "f-quiet" }, t("done_when_is", { what: draft.when })) : "",
    result.note === "none" ? "" : textField(draft, name, "note", label, { required: must, maxlength: app.who.me.most.note }),
    fieldset(fields, draft, keep, wrongThere),
    result.stages.map((stage) => photosField(draft, name, stage, t(`photos_${stage}`))),
    button("f-big", "send", t("send"), async () => {
      if (must && !draft.note.trim()) return wrong("note", draft.private ? t("say_seen") : t("say_why"));
      if (result.note === "photo" && !draft.note.trim() && !draft.photos.some((one) => one.stage === "after")) return wrong("note", t("say_done"));
      const empty = missing(fields, draft.data);
      if (empty) return mark(empty.name, t("fill_in"));
      return send();
    }),
    discard(draft, name, `#task/${draft.task}`),
  ];
}

// #change/<thing of the queue>: the same form; the same id, since nothing was taken under it.
export async function changeItem(id) {
  const item = (await store.queue(app.who)).find((one) => one.id === id);
  if (!item || !["waiting", "refused"].includes(item.state)) return [el("p", { class: "f-empty" }, t("being_sent"))];
  const name = `draft:change:${id}`;
  const { body } = item;
  const kept = await store.kept(app.who, name);
  if (item.kind === "report") {
    const draft = kept ?? { text: body.text, address: body.address, place: body.place, photos: item.photos };
    return reportForm(draft, name, () => changed(item, name, { ...reportItem(draft) }));
  }
  const slug = body.outcome;
  const result = item.result ?? { slug, name: item.title.split(":")[0], note: "may", stages: ["after"] };
  const draft = kept ?? { task: body.task, slug, result, what: item.what ?? "", note: body.note, photos: item.photos, data: { ...body.data }, private: item.private };
  return completeForm(draft, name, () => changed(item, name, { body: completeBody(draft), photos: draft.photos, title: item.title }), item.problem);
}

async function changed(item, name, { body, photos, title }) {
  const done = await store.change(app.who, item, ["waiting", "refused"], { state: "waiting", next_at: 0 }, { body, photos, title, problem: null });
  await store.drop(app.who, name);
  goTo("#queue", done ? t("queued") : t("being_sent"));
  go();
}

// Pieces

function textField(draft, name, field, label, more = {}) {
  const box = el("textarea", {
    id: field, rows: more.rows ?? 4, value: draft[field] ?? "", maxlength: more.maxlength, required: more.required,
    "aria-describedby": `${field}-wrong`,
    oninput: async () => {
      const typed = draft[field] = box.value;
      box.removeAttribute("aria-invalid");
      delete box.dataset.kept;
      await store.keep(app.who, name, { ...draft, name, at: Date.now() });
      if (draft[field] === typed) box.dataset.kept = "";
    },
  });
  return el("div", { class: "f-field" },
    el("label", { class: "f-label", for: field }, label, more.required ? el("span", { class: "f-quiet" }, ` ${t("needed")}`) : ""),
    box, el("p", { class: "f-wrong", id: `${field}-wrong` }));
}

function wrong(field, sentence) {
  const box = document.getElementById(field);
  box.setAttribute("aria-invalid", "true");
  document.getElementById(`${field}-wrong`).textContent = sentence;
  box.focus();
}

function photosField(draft, name, stage, label) {
  const shots = el("div", { class: "f-photos" });
  const most = app.who.me.most.photos;
  const input = el("input", {
    type: "file", accept: "image/*", capture: "environment", multiple: true, class: "f-sr", id: `photos-${stage}`, tabindex: "0",
    onchange: async () => {
      const files = [...input.files];
      input.value = "";
      for (const file of files) {
        if (draft.photos.length >= most) { say(t("photos_most", { n: most })); break; }
        say(t("photo_being_kept"));
        const shot = await shoot(file);
        if (!shot) { say(t("photo_unreadable"), "f-bad"); return; }
        draft.photos.push({ id: shot, stage });
        await store.keep(app.who, name, { ...draft, name, at: Date.now() });
        say("");
      }
      paint();
    },
  });
  const paint = async () => shots.replaceChildren(...await Promise.all(draft.photos.filter((one) => one.stage === stage).map(async (one, n) => {
    const photo = await store.photo(app.who, one.id);
    return el("figure", {}, photo ? picture(photo.blob, `${label} ${n + 1}`) : "",
      button("f-small f-danger", "trash", t("remove"), async () => {
        draft.photos = draft.photos.filter((other) => other !== one);
        await store.keep(app.who, name, draft);
        await paint();
      }, { "aria-label": t("remove_photo", { n: n + 1 }) }));
  })));
  paint();
  return el("div", { class: "f-field" }, el("span", { class: "f-label" }, label), shots, input,
    el("label", { class: "f-big f-plain", for: `photos-${stage}` }, icon("camera"), el("span", {}, t("take_photo")), el("span", { class: "f-sr" }, label)));
}

async function shoot(file) {
  try {
    const { blob, about } = await shrink(file, app.place);
    const id = uuid7();
    await store.addPhoto(app.who, id, blob, about);
    return id;
  } catch {
    return null;
  }
}

function discard(draft, name, onward) {
  return button("f-big f-plain", "trash", t("discard"), async () => {
    const brought = starting(draft.result?.fields ?? []); // what the task brought itself is nothing that was written
    const filled = Object.entries(draft.data ?? {}).some(([name, text]) => brought[name] !== text);
    const empty = !draft.photos.length && !(draft.text || draft.note || filled);
    if (!empty && !name.startsWith("draft:change:") && !(await sure(t("discard_sure"), t("discard"), t("keep_it")))) return;
    await store.drop(app.who, name);
    if (!name.startsWith("draft:change:")) await store.dropPhotos(draft.photos.map((one) => one.id));
    goTo(name.startsWith("draft:change:") ? "#queue" : onward);
  });
}

// What was begun at a home and not sent does not lie here for ever: see docs/field.md.
export const PRIVATE_KEPT = 72 * 3_600_000;

export async function sweepPrivate(who) {
  const tasks = await store.kept(who, "tasks");
  const mine = new Set((tasks?.tasks ?? []).map((task) => task.id));
  for (const draft of await store.keptUnder(who, "draft:")) {
    if (!draft.private || !draft.name) continue;
    const change = draft.name.startsWith("draft:change:"); // of a thing in the queue, which stays
    const gone = tasks && !tasks.more && !change && !mine.has(draft.task);
    if (gone || Date.now() - draft.at > PRIVATE_KEPT) await store.drop(who, draft.name);
  }
}

// The photos that some draft still needs.
export async function drafted(who) {
  return (await store.keptUnder(who, "draft:")).flatMap((draft) => draft.photos.map((one) => one.id));
}
