// A slider moves, and the page says what it would do: the tables come as a piece of the page, charts and map are redrawn.
import { ready as chartReady } from "../ui/chart.js";
import { ready as mapReady } from "../ui/map.js";

const form = document.querySelector("[data-sliders]");
const parts = document.querySelectorAll("[data-effect-here]");
const WAIT = 180;
let waiting, running;

// What differs from today, as the address has it.
function asked() {
  const found = new URLSearchParams();
  for (const input of form.querySelectorAll("[data-base]")) {
    const { value, dataset: { base } } = input;
    const same = input.tagName === "SELECT" ? value === base : value === "" || Number(value) === Number(base);
    if (!same) found.set(input.name, value);
  }
  return found;
}

async function show() {
  running?.abort();
  running = new AbortController();
  const query = asked();
  form.dataset.asking = "yes";
  try {
    const answer = await fetch(`${form.dataset.effectUrl}?${query}`, { credentials: "same-origin", signal: running.signal });
    if (!answer.ok) return; // the button shows the page with the reason
    const found = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of parts) {
      part.replaceChildren(...found.querySelector(`[data-part=${part.dataset.effectHere}]`).childNodes);
    }
    history.replaceState(null, "", query.size ? `?${query}` : location.pathname);
    carry();
    await draw();
  } catch (error) {
    if (error.name !== "AbortError") throw error;
  } finally {
    delete form.dataset.asking;
  }
}

// The changes go with the Excel file and with what is kept.
function carry() {
  const pairs = data().pairs;
  for (const link of document.querySelectorAll("[data-with-changes]")) {
    link.search = new URLSearchParams(pairs.map((pair) => ["set", pair])).toString();
  }
  document.querySelector("[data-set]").replaceChildren(...pairs.map((value) => Object.assign(document.createElement("input"), { type: "hidden", name: "set", value })));
}

const data = () => JSON.parse(document.querySelector("[data-effect]").textContent);

async function draw() {
  const { charts, cells } = data();
  for (const [name, options] of Object.entries(charts)) {
    const drawn = document.querySelector(`#chart-${name}[data-drawn=yes]`) && await chartReady(document.querySelector(`#chart-${name}`));
    drawn?.set(options);
  }
  const map = document.querySelector("#preview-map");
  const it = map?.dataset.drawn === "yes" ? await mapReady(map) : null;
  if (it) colour(it, cells);
}

// Sub-districts that the outlines of the map have, with what the change does there.
function colour(it, cells) {
  const features = it.data.areas.features
    .filter((one) => one.properties.level === "subdistrict" && cells[one.properties.code])
    .map((one) => ({ type: "Feature", geometry: one.geometry, properties: cells[one.properties.code] }));
  it.setCells({ type: "FeatureCollection", features });
}

form.addEventListener("input", ({ target }) => {
  const row = target.closest(".yw-slider");
  const number = row.querySelector("[data-base]");
  const range = row.querySelector("[data-range]");
  if (target === range) number.value = range.value;
  else if (range) range.value = number.value;
  clearTimeout(waiting);
  waiting = setTimeout(show, WAIT);
});
document.querySelector("#preview-map")?.addEventListener("yw:ready", ({ detail }) => colour(detail, data().cells));
