// The work list for people who stay at the keyboard: choose rows, work them in the panel, see what is new.
// Without this file the page is a list of links and forms that does the same.

import { Panel } from "./panel.js";
import { listen } from "./keys.js";
import { Rows } from "./rows.js";
import { watch } from "./pulse.js";

const work = document.querySelector("[data-work]");
const words = JSON.parse(document.getElementById("work-words").textContent);
const says = work.querySelector("[data-says]");

/** Tells screen readers; the same sentence twice is told twice. */
function say(text) {
  says.textContent = "";
  requestAnimationFrame(() => (says.textContent = text));
}

const rows = new Rows(work, words);
const panel = new Panel(work.querySelector("[data-panel]"), rows, words, say);
rows.onSelect = (row) => panel.show(row);

/** Loads the list anew in its place: what was chosen stays chosen, focus stays where it was. */
async function refresh() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return say(words.not_loaded);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-work]");
  if (!fresh) return location.reload();
  rows.replace(page.getElementById("queue"));
  work.dataset.lookedAt = fresh.dataset.lookedAt;
  work.dataset.pulse = fresh.dataset.pulse;
  say(words.loaded.replace("NN", rows.all.length));
  look();
}

panel.onEmpty = refresh;
panel.onDone = () => look();
const look = watch(work, refresh);
listen({ work, rows, panel, refresh, say, words });
