// The public map shows each report, or how many are open in each cell; the second is fetched when it is asked for.

import { ready } from "../ui/map.js";

const NONE = { type: "FeatureCollection", features: [] };
const box = document.querySelector("[data-layers]");
const element = document.getElementById("public");

async function layer(name) {
  const it = await ready(element);
  if (!it) return;
  const response = await fetch(box.dataset[name], { credentials: "same-origin" });
  if (!response.ok) return;
  const found = await response.json();
  it.setPoints(name === "points" ? found : NONE);
  it.setCells(name === "cells" ? found : NONE);
  for (const button of box.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.dataset.layer === name));
  }
}

box.hidden = false;
box.addEventListener("click", ({ target }) => {
  const name = target.closest("button")?.dataset.layer;
  if (name) layer(name);
});
