// Makes the form of a report handier: photos sent while one writes, the place found, a draft kept, no second tap.
// Without this file the form does all the same, with a button for each.

import { finish, restore, save } from "./draft.js";
import { photosOf } from "./photos.js";
import { later, placeOf } from "./place.js";

function begin() {
  const form = document.getElementById("report");
  if (!form) return;
  form.classList.add("yw-scripted");
  form.querySelectorAll(".yw-without-script").forEach((piece) => piece.remove());

  let place = null;
  const changed = () => { save(form); place?.around(); };
  const photos = photosOf(form, changed);
  place = placeOf(form, () => save(form));
  guessKinds(form, place, () => changed());
  form.addEventListener("input", later(() => save(form)));
  form.addEventListener("keydown", (event) => {
    // The Enter key would press the first button of the form, whatever that is.
    if (event.key === "Enter" && event.target.matches("input:not([type=file], [type=checkbox])")) event.preventDefault();
  });
  sending(form, photos);
  if (form.dataset.typed === undefined) {
    // What was written or chosen on a slow line before this file was here.
    const { text, photos: chosen } = form.elements;
    if (text.value.trim()) text.dispatchEvent(new Event("input"));
    if (chosen?.files?.length) chosen.dispatchEvent(new Event("change"));
    bringBack(form, photos, place);
  }
}

function guessKinds(form, place, changed) {
  const kinds = form.querySelector("#kinds");
  const guess = async () => {
    // Only what the person has tapped is kept; a guess makes way for a better one.
    const html = await place.ask(form.dataset.kinds, form.dataset.chosen ? ["text", "class"] : ["text"]);
    if (html !== null) kinds.innerHTML = html; // made by our own server, escaped there
    const before = [...kinds.querySelectorAll("[name=class]")].find((one) => one.value === form.dataset.chosen);
    if (before) before.checked = true;
    changed();
  };
  const soon = later(guess);
  form.elements.text.addEventListener("input", soon);
  form.elements.text.addEventListener("change", soon.now);
  kinds.addEventListener("change", ({ target }) => {
    form.dataset.chosen = target.value;
    changed();
  });
}

async function bringBack(form, photos, place) {
  const note = document.querySelector("[data-draft]");
  const draft = await restore(form);
  note.querySelector("[data-anew]").addEventListener("click", async () => {
    await finish();
    location.reload();
  });
  if (!draft.words && !draft.photos.length) return;
  note.hidden = false;
  for (const { blob, ...known } of draft.photos) {
    await photos.add(new File([blob], known.name, { type: blob.type }), known);
  }
  if (draft.chosen) form.dataset.chosen = draft.chosen;
  if (form.elements.text.value) form.elements.text.dispatchEvent(new Event("input"));
  place.around();
}

function sending(form, photos) {
  const said = form.querySelector("[data-send-said]");
  const button = form.querySelector("[data-send]");
  const word = button.querySelector("span");
  const rest = word.textContent;
  let busy = false;
  let waiting = null; // the join of a report that waits for a connection

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const join = event.submitter?.name === "join" ? event.submitter.value : "";
    if (!busy) send(join);
  });
  window.addEventListener("online", () => {
    if (waiting !== null && !busy) send(waiting);
  });

  async function send(join) {
    busy = true;
    waiting = null;
    said.textContent = "";
    button.setAttribute("aria-disabled", "true");
    save(form);
    if (photos.going()) {
      word.textContent = form.dataset.sendingPhotos;
      await photos.settled();
    }
    word.textContent = form.dataset.sending;
    const body = new FormData(form);
    body.delete("photos");
    photos.unsent().forEach((file) => body.append("photos", file, file.name));
    if (join) body.set("join", join);
    try {
      const response = await fetch(form.action, {
        method: "POST", body, credentials: "same-origin", headers: { "X-Requested-With": "fetch" },
      });
      if (response.ok && response.headers.get("Content-Type").includes("json")) {
        const { next } = await response.json();
        await finish();
        location.assign(next);
        return;
      }
      refused(await response.text());
    } catch {
      // The same id makes it the same report, even if the first try did arrive.
      said.textContent = form.dataset.offline;
      waiting = join;
    }
    busy = false;
    button.removeAttribute("aria-disabled");
    word.textContent = rest;
  }

  /** The form as the server gives it back: what is wrong beside its field, everything else as it was. */
  function refused(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const fresh = page.getElementById("report") && page.getElementById("content");
    if (!fresh) {
      said.textContent = page.querySelector(".yw-error-detail")?.textContent || form.dataset.expired;
      return;
    }
    document.getElementById("content").replaceWith(document.adoptNode(fresh));
    begin();
    const wrong = document.querySelector(".yw-form-errors");
    wrong?.scrollIntoView();
    wrong?.focus();
  }
}

begin();
// Back from the receipt: a fresh form, not the one that was sent.
window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
