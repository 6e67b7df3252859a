// A map for a cheap phone without a network: outlines, roads, tasks, the track and the phone itself on a canvas.
// Outlines and roads come from /map/*.json, which the service worker keeps. Loaded only where a map is opened.

import { believed, stretches } from "./track.js";

const KIND = { overdue: "--yw-overdue", soon: "--yw-soon", running: "--yw-running", held: "--yw-held", none: "--yw-quiet" };
const read = {};

function ground(name) {
  read[name] ??= fetch(`/map/${name}.json`, { credentials: "same-origin" })
    .then((response) => (response.ok ? response.json() : { features: [] }))
    .then((json) => json.features.flatMap(({ geometry, properties }) => lines(geometry).map((line) => ({ line, properties }))))
    .catch(() => { delete read[name]; return []; });
  return read[name];
}

function lines(geometry) {
  const { type, coordinates } = geometry ?? {};
  if (type === "LineString") return [coordinates];
  if (type === "MultiLineString" || type === "Polygon") return coordinates;
  return type === "MultiPolygon" ? coordinates.flat() : [];
}

// `shown`: {tasks: [{id, title, lat, lon, state}], line: fixes, here: {lat, lon, accuracy}, pick(task)}
export async function sketch(canvas, shown) {
  const view = { lat: 41.8, lon: 123.47, scale: 8000 }; // pixels a degree of latitude
  const [areas, roads] = await Promise.all([ground("areas"), ground("roads")]);
  const pen = canvas.getContext("2d");
  let touched = false;

  const across = () => Math.cos((view.lat * Math.PI) / 180);
  const xy = (lon, lat) => [
    canvas.clientWidth / 2 + (lon - view.lon) * view.scale * across(),
    canvas.clientHeight / 2 - (lat - view.lat) * view.scale,
  ];

  function paint() {
    const ratio = devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    if (!width) return;
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    const style = getComputedStyle(canvas);
    const colour = (name) => style.getPropertyValue(name);
    pen.fillStyle = colour("--yw-ground");
    pen.fillRect(0, 0, width, height);
    pen.lineJoin = pen.lineCap = "round";
    draw(roads, colour("--yw-line"), Math.max(1, view.scale / 25000));
    draw(areas, colour("--yw-quiet"), 1);
    for (const one of stretches(believed(shown.line ?? []))) {
      draw([{ line: one.map(([, lat, lon]) => [lon, lat]) }], colour("--yw-brand"), 5);
    }
    for (const task of shown.tasks) mark(xy(task.lon, task.lat), colour(KIND[task.state]), task.state, colour("--yw-paper"));
    if (shown.here) {
      const [x, y] = xy(shown.here.lon, shown.here.lat);
      pen.beginPath();
      pen.arc(x, y, Math.max(8, ((shown.here.accuracy ?? 0) / 111_000) * view.scale), 0, 7);
      pen.globalAlpha = 0.25;
      pen.fillStyle = colour("--yw-focus");
      pen.fill();
      pen.globalAlpha = 1;
      mark([x, y], colour("--yw-focus"), "here", colour("--yw-paper"));
    }
  }

  function draw(ways, colour, width) {
    pen.beginPath();
    for (const { line } of ways) line.forEach(([lon, lat], n) => (n ? pen.lineTo(...xy(lon, lat)) : pen.moveTo(...xy(lon, lat))));
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.stroke();
  }

  // Not by colour alone: overdue is a triangle, soon a diamond, the others are round.
  function mark([x, y], colour, state, rim) {
    const size = state === "here" ? 6 : 11;
    pen.beginPath();
    if (state === "overdue") { pen.moveTo(x, y - size); pen.lineTo(x + size, y + size * 0.8); pen.lineTo(x - size, y + size * 0.8); pen.closePath(); }
    else if (state === "soon") { pen.moveTo(x, y - size); pen.lineTo(x + size, y); pen.lineTo(x, y + size); pen.lineTo(x - size, y); pen.closePath(); }
    else pen.arc(x, y, size * 0.85, 0, 7);
    pen.fillStyle = colour;
    pen.fill();
    pen.strokeStyle = rim;
    pen.lineWidth = 2;
    pen.stroke();
  }

  function fit() {
    const points = [
      ...shown.tasks.map((task) => [task.lon, task.lat]),
      ...(shown.line ?? []).map(([, lat, lon]) => [lon, lat]),
      ...(shown.here ? [[shown.here.lon, shown.here.lat]] : []),
    ];
    const all = points.length ? points : areas.flatMap(({ line }) => line);
    if (!all.length) return;
    let [west, south, east, north] = [180, 90, -180, -90];
    for (const [lon, lat] of all) {
      west = Math.min(west, lon); east = Math.max(east, lon); south = Math.min(south, lat); north = Math.max(north, lat);
    }
    view.lon = (west + east) / 2;
    view.lat = (south + north) / 2;
    const room = 0.8;
    const scale = Math.min(
      (canvas.clientWidth * room) / Math.max((east - west) * across(), 0.003),
      (canvas.clientHeight * room) / Math.max(north - south, 0.003),
    );
    view.scale = Math.min(scale, 120_000);
  }

  function zoom(by) {
    touched = true;
    view.scale = Math.min(400_000, Math.max(1500, view.scale * by));
    paint();
  }

  const fingers = new Map();
  let moved = 0;
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, [event.offsetX, event.offsetY]);
    moved = 0;
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    touched = true;
    const at = [event.offsetX, event.offsetY];
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) zoom(Math.hypot(at[0] - other[0], at[1] - other[1]) / Math.max(1, Math.hypot(before[0] - other[0], before[1] - other[1])));
    const share = other ? 0.5 : 1;
    view.lon -= ((at[0] - before[0]) * share) / (view.scale * across());
    view.lat += ((at[1] - before[1]) * share) / view.scale;
    moved += Math.hypot(at[0] - before[0], at[1] - before[1]);
    fingers.set(event.pointerId, at);
    paint();
  });
  for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, (event) => {
    fingers.delete(event.pointerId);
    if (name === "pointerup" && moved < 8) tap(event.offsetX, event.offsetY);
  });
  canvas.addEventListener("wheel", (event) => { event.preventDefault(); zoom(event.deltaY < 0 ? 1.25 : 0.8); }, { passive: false });

  function tap(x, y) {
    const near = shown.tasks
      .map((task) => ({ task, far: Math.hypot(...xy(task.lon, task.lat).map((value, n) => value - [x, y][n])) }))
      .sort((a, b) => a.far - b.far)[0];
    if (near && near.far < 36) shown.pick?.(near.task);
  }

  function update(changed = {}) {
    Object.assign(shown, changed);
    if (!touched) fit();
    paint();
  }

  new ResizeObserver(() => update()).observe(canvas);
  return { update, zoom, whole() { touched = false; update(); } };
}
