// Draws each [data-yw-map]. The map library is fetched when the first map comes into sight.
//
//   import { ready } from "./map.js";
//   const it = await ready(element);   // null when this machine cannot draw maps
//   it.map; it.setPoints(geojson); it.setCells(geojson); it.setLines(geojson); it.setMark(lat, lon); it.fit(bounds)
//
// Points: {title, sub, url, tone}; cells: {count, share, title, url}; lines: {title, tone}. Tones: see TONES.
// The element says yw:pick {lat, lon, area, area_name}, yw:area {code, name}, yw:point {…properties}.
import { areaLayers, cellLayers, lineLayers, names, pointLayers, roadLayers } from "./map-layers.js";

const waiting = new WeakMap();
const EMPTY = { type: "FeatureCollection", features: [] };
const LIBRARY = new URL("../vendor/maplibre/maplibre-gl.mjs", import.meta.url);
const still = window.matchMedia("(prefers-reduced-motion: reduce)");

export function ready(element) {
  if (!waiting.has(element)) waiting.set(element, draw(element));
  return waiting.get(element);
}

async function draw(element) {
  const asked = JSON.parse(element.querySelector("script[type='application/json']").textContent);
  try {
    const library = await import(LIBRARY);
    const map = await opened(library, element, asked);
    const it = new Drawn(library, element, asked, map);
    await it.fill();
    document.addEventListener("yw:theme", () => it.repaint());
    element.dataset.drawn = "yes";
    element.dispatchEvent(new CustomEvent("yw:ready", { detail: it }));
    return it;
  } catch (error) {
    element.dataset.drawn = "no";
    element.querySelector(".yw-map-note").textContent = asked.words.failed;
    console.warn("map:", error);
    return null;
  }
}

function opened(library, element, asked) {
  const words = asked.words;
  const options = {
    container: element.querySelector(".yw-map-canvas"),
    style: { version: 8, sources: {}, layers: [] },
    bounds: asked.fit || undefined,
    fitBoundsOptions: { padding: 16 },
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    cooperativeGestures: false,
    fadeDuration: still.matches ? 0 : 150,
    localIdeographFontFamily: getComputedStyle(document.body).fontFamily,
    locale: {
      "NavigationControl.ZoomIn": words.zoom_in,
      "NavigationControl.ZoomOut": words.zoom_out,
      "GeolocateControl.FindMyLocation": words.here,
      "FullscreenControl.Enter": words.full,
      "FullscreenControl.Exit": words.unfull,
      "Popup.Close": words.close,
      "Map.Title": element.getAttribute("aria-label"),
      "Marker.Title": words.chosen,
    },
  };
  return new Promise((resolve, reject) => {
    const map = new library.Map(options);
    map.touchZoomRotate.disableRotation();
    map.addControl(new library.NavigationControl({ showCompass: false }), "top-right");
    const by = [asked.areas ? words.synthetic : "", asked.tiles_by].filter(Boolean);
    map.addControl(new library.AttributionControl({ compact: false, customAttribution: by }));
    map.scrollZoom.setWheelZoomRate(1 / 300);
    map.once("load", () => resolve(map));
    map.once("error", (event) => reject(event.error || event));
  });
}

class Drawn {
  constructor(library, element, asked, map) {
    Object.assign(this, { library, element, asked, map, marks: [], own: null, data: {} });
  }

  async fill() {
    const { map, asked } = this;
    if (asked.tiles) {
      map.addSource("tiles", { type: "raster", tiles: [asked.tiles], tileSize: 256 });
      map.addLayer({ id: "tiles", type: "raster", source: "tiles" });
    }
    for (const name of ["areas", "names", "roads", "cells", "lines", "points"]) {
      map.addSource(name, { type: "geojson", data: EMPTY });
    }
    this.addLayers();
    const loads = ["areas", "roads", "cells", "lines", "points"].filter((name) => asked[name]);
    await Promise.all(loads.map((name) => this.load(name, asked[name])));
    for (const mark of asked.marks) this.addMark(mark.lat, mark.lon, mark.label, mark.tone || "here");
    this.listen();
    if (asked.pick) this.picking();
  }

  addLayers() {
    const font = [getComputedStyle(document.body).fontFamily.split(",")[0].replaceAll('"', "").trim(), "sans-serif"];
    const layers = [...areaLayers(font), ...roadLayers(font), ...cellLayers(font), ...lineLayers(), ...pointLayers(font)];
    for (const layer of layers) this.map.addLayer(layer);
  }

  repaint() {
    const names = this.map.getStyle().layers.map((layer) => layer.id).filter((id) => id !== "tiles");
    names.forEach((id) => this.map.removeLayer(id));
    this.addLayers();
  }

  async load(name, address) {
    const response = await fetch(address, { credentials: "same-origin" });
    if (!response.ok) throw new Error(`${response.status} for ${address}`);
    this.set(name, await response.json());
  }

  set(name, geojson) {
    this.data[name] = geojson;
    this.map.getSource(name).setData(geojson || EMPTY);
    if (name === "areas") this.map.getSource("names").setData(names(geojson));
  }

  setPoints(geojson) { this.set("points", geojson); }

  setCells(geojson) { this.set("cells", geojson); }

  setLines(geojson) { this.set("lines", geojson); }

  fit(bounds) { this.map.fitBounds(bounds, { padding: 16, animate: !still.matches }); }

  setMark(lat, lon) {
    if (this.own) this.own.remove();
    this.own = this.addMark(lat, lon, this.asked.words.chosen, "here");
    if (!this.map.getBounds().contains([lon, lat])) this.map.jumpTo({ center: [lon, lat] });
  }

  addMark(lat, lon, label, tone) {
    const holder = document.createElement("div");
    const shape = document.createElement("div");
    shape.className = `yw-map-mark yw-tone-${tone}`;
    holder.append(shape);
    holder.setAttribute("role", "img");
    holder.setAttribute("aria-label", label || "");
    return new this.library.Marker({ element: holder, anchor: "bottom" }).setLngLat([lon, lat]).addTo(this.map);
  }

  areaAt(point) {
    const found = this.map.queryRenderedFeatures(point, { layers: ["areas-ground"] });
    const deepest = found.sort((a, b) => b.properties.code.length - a.properties.code.length)[0];
    return deepest ? deepest.properties : null;
  }

  listen() {
    const { map } = this;
    for (const layer of ["points", "points-sign", "cells"]) {
      map.on("mouseenter", layer, () => { map.getCanvas().style.cursor = "pointer"; });
      map.on("mouseleave", layer, () => { map.getCanvas().style.cursor = ""; });
    }
    map.on("click", (event) => {
      const near = 6;
      const box = [[event.point.x - near, event.point.y - near], [event.point.x + near, event.point.y + near]];
      const [point] = map.queryRenderedFeatures(box, { layers: ["points"] });
      const [cell] = point ? [] : map.queryRenderedFeatures(event.point, { layers: ["cells"] });
      if (point || cell) {
        this.say(point || cell, event.lngLat);
        if (point) this.tell("point", point.properties);
      } else if (!this.asked.pick) {
        const area = this.areaAt(event.point);
        if (area) this.tell("area", { code: area.code, name: area.name });
      }
    });
  }

  // What a point or a cell is: only text, never markup that somebody typed.
  say(feature, at) {
    const { title, sub, url } = feature.properties;
    if (!title) return;
    const box = document.createElement("div");
    const said = document.createElement("p");
    said.className = "yw-map-said";
    said.append(Object.assign(document.createElement("strong"), { textContent: title }));
    if (sub) said.append(Object.assign(document.createElement("small"), { textContent: sub }));
    box.append(said);
    if (url && url.startsWith("/")) {
      box.append(Object.assign(document.createElement("a"), { href: url, textContent: this.asked.words.open }));
    }
    new this.library.Popup({ maxWidth: "18rem" }).setLngLat(at).setDOMContent(box).addTo(this.map);
  }

  // A tap chooses; on the keyboard Enter chooses the middle of the map.
  picking() {
    const { map, asked } = this;
    const inputs = ["lat", "lon"].map((name) => document.querySelector(asked.pick[name]));
    const choose = async (point, place) => {
      if (!map.areTilesLoaded()) await map.once("idle"); // what is not painted yet cannot be found
      const area = this.areaAt(point);
      if (asked.areas && !area) {
        this.element.querySelector(".yw-map-note").textContent = asked.words.outside;
        return;
      }
      this.element.querySelector(".yw-map-note").textContent = "";
      [inputs[0].value, inputs[1].value] = [place.lat.toFixed(6), place.lng.toFixed(6)];
      inputs.forEach((input) => input.dispatchEvent(new Event("change", { bubbles: true })));
      this.setMark(place.lat, place.lng);
      this.tell("pick", { lat: place.lat, lon: place.lng, area: area?.code, area_name: area?.name });
    };
    map.getCanvas().style.cursor = "crosshair";
    map.on("click", (event) => choose(event.point, event.lngLat));
    map.getCanvas().addEventListener("keydown", (event) => {
      if (event.key === "Enter") choose(map.project(map.getCenter()), map.getCenter());
    });
    if (inputs[0].value && inputs[1].value) this.setMark(Number(inputs[0].value), Number(inputs[1].value));
  }

  tell(name, detail) {
    this.element.dispatchEvent(new CustomEvent(`yw:${name}`, { detail, bubbles: true }));
  }
}

const seen = new IntersectionObserver((entries) => {
  for (const entry of entries.filter((one) => one.isIntersecting)) {
    seen.unobserve(entry.target);
    ready(entry.target);
  }
}, { rootMargin: "200px" });

// What comes later, a panel swapped into the page say, is drawn by ready(element).
document.querySelectorAll("[data-yw-map]").forEach((element) => seen.observe(element));
