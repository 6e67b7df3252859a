// Draws each [data-yw-chart] from the options beside it; the chart library is fetched when the first comes into sight.
//
//   import { ready } from "./chart.js";
//   const it = await ready(element);   // null when it could not be drawn; the table stays
//   it.set(options); it.chart
const waiting = new WeakMap();
const SOURCE = new URL("../vendor/echarts/echarts.common.min.js", import.meta.url);
let library;

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

export function ready(element) {
  if (!waiting.has(element)) waiting.set(element, draw(element));
  return waiting.get(element);
}

function fetched() {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = SOURCE;
    script.onload = () => resolve(window.echarts);
    script.onerror = () => reject(new Error("the chart library could not be loaded"));
    document.head.append(script);
  });
  return library;
}

// Names of tokens become their colours, everywhere in the options.
function coloured(value) {
  if (typeof value === "string") return /^yw-[a-z-]+$/.test(value) ? token(value) : value;
  if (Array.isArray(value)) return value.map(coloured);
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, coloured(one)]));
  }
  return value;
}

// What all charts share. The tooltip is drawn, not markup: the policy for styles, and nothing typed becomes markup.
function whole(options) {
  const ink = { color: token("yw-ink"), fontFamily: getComputedStyle(document.body).fontFamily };
  const axis = {
    axisLine: { lineStyle: { color: token("yw-edge") } }, axisTick: { lineStyle: { color: token("yw-edge") } },
    axisLabel: { color: token("yw-quiet") }, splitLine: { lineStyle: { color: token("yw-line") } },
    nameTextStyle: { color: token("yw-quiet") },
  };
  const made = coloured(options);
  for (const name of ["xAxis", "yAxis"]) {
    if (made[name]) made[name] = [made[name]].flat().map((one) => ({ ...axis, ...one, axisLabel: { ...axis.axisLabel, ...one.axisLabel } }));
  }
  return {
    color: ["yw-running", "yw-done", "yw-soon", "yw-held", "yw-overdue"].map(token),
    textStyle: ink,
    animation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
    grid: { left: 8, right: 16, top: 32, bottom: 8, containLabel: true },
    ...made,
    ...(made.legend ? { legend: { top: 0, textStyle: { color: token("yw-ink") }, ...made.legend } } : {}),
    tooltip: {
      trigger: "axis", renderMode: "richText", confine: true, backgroundColor: token("yw-paper"),
      borderColor: token("yw-line"), textStyle: ink, ...made.tooltip,
    },
  };
}

async function draw(element) {
  let asked = JSON.parse(element.querySelector("script[type='application/json']").textContent);
  try {
    const echarts = await fetched();
    element.dataset.drawn = "yes";
    element.querySelector(".yw-chart-table").open = false;
    const chart = echarts.init(element.querySelector(".yw-chart-canvas"), null, { renderer: "canvas" });
    const show = (options) => {
      asked = options;
      chart.setOption(whole(options), { replaceMerge: ["series"] });
    };
    show(asked);
    new ResizeObserver(() => chart.resize()).observe(element);
    document.addEventListener("yw:theme", () => show(asked));
    const it = { chart, set: show };
    element.dispatchEvent(new CustomEvent("yw:ready", { detail: it }));
    return it;
  } catch (error) {
    element.dataset.drawn = "no";
    console.warn("chart:", error);
    return null;
  }
}

const seen = new IntersectionObserver((entries) => {
  for (const entry of entries.filter((one) => one.isIntersecting)) {
    seen.unobserve(entry.target);
    ready(entry.target);
  }
}, { rootMargin: "200px" });

document.querySelectorAll("[data-yw-chart]").forEach((element) => seen.observe(element));
