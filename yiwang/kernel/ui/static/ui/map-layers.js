// How outlines, roads, cells, lines and points look; colours are the tokens of the page.
const TONES = ["running", "soon", "overdue", "held", "done"];
// The same shapes as in the badges, so that nothing depends on seeing colour.
const SIGNS = { running: "●", soon: "◆", overdue: "▲", held: "‖", done: "✓" };

// One label an area, at its middle: an outline that crosses a tile would carry two.
export function names(areas) {
  return {
    type: "FeatureCollection",
    features: areas.features.filter((one) => one.properties.lat !== null).map(({ properties }) => ({
      type: "Feature", properties, geometry: { type: "Point", coordinates: [properties.lon, properties.lat] },
    })),
  };
}

export const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--yw-${name}`).trim();

const byTone = (make, other) => ["match", ["get", "tone"], ...TONES.flatMap((tone) => [tone, make(tone)]), other];

export function areaLayers(font) {
  const level = (name) => ["==", ["get", "level"], name];
  const line = (name, width, dash) => ({
    id: `areas-${name}`, type: "line", source: "areas", filter: level(name),
    layout: { "line-join": "round" },
    paint: {
      "line-color": token(name === "community" ? "edge-soft" : "edge-strong"),
      "line-width": width, ...(dash ? { "line-dasharray": dash } : {}),
    },
  });
  const label = (name, minzoom, maxzoom, size) => ({
    id: `areas-${name}-name`, type: "symbol", source: "names", filter: level(name), minzoom, maxzoom,
    layout: { "text-field": ["get", "name"], "text-font": font, "text-size": size, "text-max-width": 8 },
    paint: { "text-color": token("quiet"), "text-halo-color": token("paper"), "text-halo-width": 1.5 },
  });
  return [
    {
      id: "areas-ground", type: "fill", source: "areas", filter: level("community"),
      paint: { "fill-color": token("paper"), "fill-opacity": 0.55 },
    },
    line("community", 0.8, [2, 2]), line("subdistrict", 1.6), line("district", 2.6),
    label("subdistrict", 9, 13.4, 14), label("community", 13.4, 24, 12),
  ];
}

export function roadLayers(font) {
  return [
    {
      id: "roads", type: "line", source: "roads", layout: { "line-cap": "round" },
      paint: {
        "line-color": token("edge-soft"),
        "line-width": ["interpolate", ["linear"], ["zoom"], 10.5, ["match", ["get", "grade"], 1, 1, 0.5], 15, ["match", ["get", "grade"], 1, 5, 2, 3.5, 2]],
      },
    },
    {
      id: "roads-name", type: "symbol", source: "roads", minzoom: 13.5,
      layout: { "symbol-placement": "line", "text-field": ["get", "name"], "text-font": font, "text-size": 12 },
      paint: { "text-color": token("quiet"), "text-halo-color": token("paper"), "text-halo-width": 1.5 },
    },
  ];
}

// `share` (0 to 1) says how full a cell is: how much there is of what is counted, or how much of it is overdue.
export function cellLayers(font) {
  const tone = byTone((name) => token(name), token("running"));
  return [
    {
      id: "cells", type: "fill", source: "cells",
      paint: {
        "fill-color": tone, "fill-outline-color": token("paper"),
        "fill-opacity": ["interpolate", ["linear"], ["coalesce", ["get", "share"], 0.5], 0, 0.15, 1, 0.8],
      },
    },
    {
      id: "cells-count", type: "symbol", source: "cells", minzoom: 12.2,
      layout: { "text-field": ["to-string", ["get", "count"]], "text-font": font, "text-size": 12 },
      paint: { "text-color": token("ink"), "text-halo-color": token("paper"), "text-halo-width": 1.4 },
    },
  ];
}

export function lineLayers() {
  const tone = byTone((name) => token(name), token("brand"));
  return [{
    id: "lines", type: "line", source: "lines", layout: { "line-cap": "round", "line-join": "round" },
    paint: { "line-color": tone, "line-width": 4 },
  }];
}

export function pointLayers(font) {
  return [
    {
      id: "points", type: "circle", source: "points",
      paint: {
        "circle-color": byTone((name) => token(name), token("brand")),
        "circle-stroke-color": token("paper"), "circle-stroke-width": 1.5,
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 10, 3.5, 13, 6, 16, 10],
      },
    },
    {
      id: "points-sign", type: "symbol", source: "points", minzoom: 13,
      layout: {
        "text-field": byTone((name) => SIGNS[name], "●"), "text-font": font, "text-allow-overlap": true,
        "text-size": ["interpolate", ["linear"], ["zoom"], 13, 8, 16, 12],
      },
      paint: { "text-color": token("on") },
    },
  ];
}
