// Keeps the wall current: asks every twenty seconds, changes in place what has changed, says when it was refreshed.
import { ready as chartReady } from "../ui/chart.js";
import { ready as mapReady } from "../ui/map.js";
import { morph } from "./morph.js";

const EVERY = 20000;
const live = document.querySelector("#live");
const fresh = document.querySelector("#fresh");
const chart = document.querySelector("#curve");
const mapElement = document.querySelector("#map");
let tag = "";
let drawn = "";
let lostSince = null;

const clockTime = (date) => date.toLocaleTimeString(document.documentElement.lang, { hour12: false });

function say(name, date) {
  const words = fresh.dataset[name].replace("{time}", clockTime(date));
  const holder = fresh.querySelector("[data-words]");
  if (holder.textContent !== words) holder.textContent = words;
  fresh.classList.toggle("wall-lost", name !== "fresh");
}

function template(html) {
  const holder = document.createElement("div");
  // Written by the server with everything escaped: the same text as the page itself.
  holder.append(document.createRange().createContextualFragment(html));
  return holder;
}

async function refresh() {
  try {
    const response = await fetch(live.dataset.address, {
      credentials: "same-origin", headers: { Accept: "application/json", ...(tag ? { "If-None-Match": tag } : {}) },
    });
    if (response.status === 401) {
      say("out", new Date());
      return;
    }
    if (response.status !== 304) {
      if (!response.ok) throw new Error(`${response.status}`);
      const said = await response.json();
      tag = response.headers.get("ETag") || "";
      morph(live, template(said.html));
      await showCurve(said);
    }
    lostSince = null;
    say("fresh", new Date());
    await cells();
  } catch (error) {
    lostSince ??= new Date();
    say("lost", lostSince);
    console.info("wall:", error);
  }
}

async function showCurve(said) {
  const text = JSON.stringify(said.chart);
  if (!chart || !said.curve || text === drawn) return;
  drawn = text;
  const it = await chartReady(chart);
  if (it) it.set(said.chart);
  document.querySelectorAll("#curve-rows tr").forEach((row, hour) => {
    row.cells[1].textContent = said.curve.now[hour] ?? "";
  });
}

// The map: cells from afar, the matters themselves near by; an area that is clicked becomes the subject of the page.
let cellTag = "";
let near = false;
const NEAR = 14.2;

async function cells() {
  const it = mapElement && mapElement.dataset.drawn === "yes" ? await mapReady(mapElement) : null;
  if (!it) return;
  if (near) {
    await points(it);
    return;
  }
  const response = await fetch(live.dataset.cells, {
    credentials: "same-origin", headers: cellTag ? { "If-None-Match": cellTag } : {},
  });
  if (response.status === 200) {
    cellTag = response.headers.get("ETag") || "";
    it.setCells(await response.json());
  }
}

async function points(it) {
  const box = it.map.getBounds();
  const sides = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map((side) => side.toFixed(5));
  const response = await fetch(`${live.dataset.points}&box=${sides.join(",")}`, { credentials: "same-origin" });
  if (response.ok) it.setPoints(await response.json());
}

const EMPTY = { type: "FeatureCollection", features: [] };

async function followMap() {
  if (!mapElement) return;
  const it = await mapReady(mapElement);
  if (!it) return;
  const looked = async () => {
    const now = it.map.getZoom() >= NEAR;
    if (now) await points(it);
    if (now === near) return;
    near = now;
    cellTag = "";
    if (near) it.setCells(EMPTY);
    else {
      it.setPoints(EMPTY);
      await cells();
    }
  };
  it.map.on("moveend", () => looked().catch((error) => console.info("wall map:", error)));
  mapElement.addEventListener("yw:area", (event) => {
    const here = live.dataset.area;
    const digits = here.length < 9 ? 9 : 12;
    const code = event.detail.code.slice(0, digits);
    if (code !== here && code.length === digits) window.location.assign(`${live.dataset.wall}?area=${code}`);
  });
}

function fullScreen() {
  const button = document.querySelector("#fullscreen");
  if (!button || !document.documentElement.requestFullscreen) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen().catch((error) => console.info("wall:", error));
  });
}

let timer = 0;

function run() {
  clearInterval(timer);
  if (document.hidden) return;
  timer = setInterval(refresh, EVERY);
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) refresh();
  run();
});
document.addEventListener("wall:refresh", refresh);
window.addEventListener("offline", () => { lostSince ??= new Date(); say("lost", lostSince); });
window.addEventListener("online", refresh);
say("fresh", new Date(fresh.dataset.at));
fullScreen();
followMap();
run();
