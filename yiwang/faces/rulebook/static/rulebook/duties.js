// Colours the communities by the unit that answers, with the unit's number on each; the table says the same.
import { ready } from "../ui/map.js";

const UNITS = 12;
const value = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// Nobody answers: stripes, so that the gap is seen without colour.
function stripes() {
  const size = 16;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const pen = canvas.getContext("2d");
  pen.fillStyle = value("--yw-overdue-tint");
  pen.fillRect(0, 0, size, size);
  pen.strokeStyle = value("--yw-overdue");
  pen.lineWidth = 4;
  for (const shift of [-size, 0, size]) {
    pen.beginPath();
    pen.moveTo(shift, size);
    pen.lineTo(shift + size, 0);
    pen.stroke();
  }
  return pen.getImageData(0, 0, size, size);
}

function paint(map) {
  const colours = Array.from({ length: UNITS }, (_unused, n) => [String(n + 1), value(`--yw-duty-${n + 1}`)]).flat();
  const gap = ["==", ["get", "number"], 0];
  const under = map.getLayer("areas-community") ? "areas-community" : undefined;
  if (map.hasImage("duty-gap")) map.removeImage("duty-gap");
  map.addImage("duty-gap", stripes());
  map.addLayer({
    id: "duties", type: "fill", source: "duties", filter: ["!", gap],
    paint: { "fill-color": ["match", ["to-string", ["get", "colour"]], ...colours, value("--yw-quiet")] },
  }, under);
  map.addLayer({ id: "duties-gap", type: "fill", source: "duties", filter: gap, paint: { "fill-pattern": "duty-gap" } }, under);
  const font = [getComputedStyle(document.body).fontFamily.split(",")[0].replaceAll('"', "").trim(), "sans-serif"];
  map.addLayer({
    id: "duties-number", type: "symbol", source: "duties", maxzoom: 13.4,
    layout: { "text-field": ["case", gap, "!", ["to-string", ["get", "number"]]], "text-font": font, "text-size": 13 },
    paint: { "text-color": value("--yw-ink"), "text-halo-color": value("--yw-paper"), "text-halo-width": 1.6 },
  });
}

async function colour(holder) {
  const it = await ready(holder.querySelector("[data-yw-map]"));
  if (!it) return;
  const response = await fetch(holder.dataset.duties, { credentials: "same-origin" });
  if (!response.ok) return;
  it.map.addSource("duties", { type: "geojson", data: await response.json() });
  paint(it.map);
  document.addEventListener("yw:theme", () => paint(it.map));
  it.map.on("click", (event) => {
    const [found] = it.map.queryRenderedFeatures(event.point, { layers: ["duties", "duties-gap"] });
    if (found) it.say({ properties: { title: found.properties.name, sub: found.properties.unit } }, event.lngLat);
  });
  holder.dataset.coloured = "yes";
}

document.querySelectorAll("[data-duties]").forEach(colour);
