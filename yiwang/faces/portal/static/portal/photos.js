// Photos of the report: shown at once, made smaller, sent one after the other while the rest is written.

import { dropPhoto, keepPhoto } from "./draft.js";
import { shrink } from "./shrink.js";

const KEPT_MS = 50 * 60e3; // the server keeps a photo for an hour

export function photosOf(form, changed) {
  const input = form.querySelector("#field-photos");
  const list = form.querySelector("[data-kept]");
  const item = form.querySelector("[data-photo-item]");
  const status = form.querySelector("[data-photo-status]");
  const words = form.querySelector("[data-words]").dataset;
  const photos = []; // {key, file, row, state: waiting | going | ready | failed, kept, keptAt}
  let working = null;

  input.classList.add("yw-sr");
  input.addEventListener("change", async () => {
    const files = [...input.files];
    input.value = ""; // they are sent from the list, not with the form
    for (const file of files) {
      if (count() >= Number(form.dataset.most)) {
        status.textContent = words.many;
        break;
      }
      await add(file);
    }
  });
  window.addEventListener("online", () => photos.filter((one) => one.state === "failed").forEach(again));
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[name=drop]");
    if (!button) return; // a photo that the server has shown: left out of the form, that is all
    event.preventDefault();
    button.closest("li").remove();
    removed();
  });

  const count = () => list.querySelectorAll("li").length;

  async function add(given, known = {}) {
    const photo = { key: known.key || crypto.randomUUID(), state: "waiting", kept: "", ...known };
    photos.push(photo);
    show(photo, given);
    photo.file = known.key ? given : await shrink(given);
    if (!photos.includes(photo)) return; // removed meanwhile
    store(photo);
    changed();
    if (photo.kept && Date.now() - photo.keptAt < KEPT_MS) ready(photo);
    else work();
  }

  function store(photo) {
    const { key, file, kept, keptAt } = photo;
    keepPhoto({ key, report: form.elements.id.value, name: file.name, blob: file, kept, keptAt });
  }

  function show(photo, file) {
    const row = (photo.row = item.content.firstElementChild.cloneNode(true));
    const name = words.one.replace("{n}", count() + 1);
    const picture = row.querySelector("img");
    picture.src = URL.createObjectURL(file);
    picture.alt = name;
    row.querySelector("[data-which]").textContent = ` ${name}`;
    row.querySelector("[data-remove]").addEventListener("click", () => remove(photo));
    row.querySelector("[data-again]").addEventListener("click", () => again(photo));
    list.append(row);
    say(photo);
  }

  function say(photo) {
    photo.row.dataset.state = photo.state;
    photo.row.querySelector("[data-said]").textContent =
      photo.why || { waiting: words.waiting, going: words.going, ready: words.ready, failed: words.failed }[photo.state];
    photo.row.querySelector("[data-again]").hidden = photo.state !== "failed";
  }

  function remove(photo) {
    photos.splice(photos.indexOf(photo), 1);
    URL.revokeObjectURL(photo.row.querySelector("img").src);
    photo.row.remove();
    dropPhoto(photo.key);
    if (photo.kept) post({ drop: "1", kept: photo.kept }).catch(() => {});
    removed();
  }

  function removed() {
    status.textContent = words.removed;
    input.focus();
    changed();
  }

  function again(photo) {
    photo.state = "waiting";
    photo.why = "";
    say(photo);
    work();
  }

  /** Sends what waits, one after the other; resolves when nothing waits any more. */
  function work() {
    working ??= (async () => {
      for (let next = waiting(); next; next = waiting()) await send(next);
      working = null;
    })();
    return working;
  }

  const waiting = () => photos.find((one) => one.state === "waiting" && one.file);

  async function send(photo) {
    photo.state = "going";
    say(photo);
    try {
      const response = await post({ photos: photo.file });
      const told = await response.json();
      if (response.ok) {
        Object.assign(photo, { kept: told.id, keptAt: Date.now() });
        store(photo);
        ready(photo);
        return;
      }
      photo.why = told.detail;
    } catch {
      photo.why = ""; // no connection: it goes with the report, or when there is one
    }
    photo.state = "failed";
    say(photo);
  }

  function ready(photo) {
    photo.state = "ready";
    say(photo);
    let field = photo.row.querySelector("[name=kept]");
    if (!field) {
      field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: "kept" });
      photo.row.append(field);
    }
    field.value = photo.kept;
    changed();
  }

  function post(fields) {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.set("id", form.elements.id.value);
    Object.entries(fields).forEach(([name, value]) => body.set(name, value, ...(value.name ? [value.name] : [])));
    return fetch(form.dataset.photos, { method: "POST", body, credentials: "same-origin" });
  }

  return {
    add,
    /** Waits until every photo was sent or could not be. */
    settled: () => working || Promise.resolve(),
    going: () => photos.some((one) => one.state === "waiting" || one.state === "going"),
    /** Those that are not on the server, to go with the report itself. */
    unsent: () => photos.filter((one) => one.state !== "ready" && one.file).map((one) => one.file),
  };
}
