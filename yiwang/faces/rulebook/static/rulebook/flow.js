// Moves the cases of a played year through the drawn process: a bubble at each step, as large as what is open there.
// The table below says the mean and the most of each step.
(() => {
  "use strict";

  const EVERY = 90; // milliseconds for a day
  const LEAST = 34; // pixels of a bubble in which a number can be read
  const MOST = 100;

  function start(element) {
    if (element.dataset.dressed || !element.viewer) return;
    element.dataset.dressed = "yes";
    const data = JSON.parse(element.querySelector(".yw-flow-data").textContent);
    const registry = element.viewer.get("elementRegistry");
    const overlays = element.viewer.get("overlays");
    const most = Math.max(1, ...data.sides.flatMap((side) => Object.values(side.steps).map((counts) => Math.max(...counts))));
    const bubbles = [];
    data.sides.forEach((side, place) => {
      Object.entries(side.steps).forEach(([node, counts]) => {
        if (!registry.get(node)) return;
        const bubble = document.createElement("b");
        bubble.className = `yw-flow-bubble yw-flow-side-${place}`;
        const where = place ? { bottom: 26, right: 30 } : { bottom: 26, left: -26 };
        overlays.add(node, { position: where, html: bubble });
        bubbles.push([bubble, counts]);
      });
    });
    const controls = element.querySelector(".yw-flow-controls");
    const button = controls.querySelector("button");
    const slider = controls.querySelector("input");
    const day = controls.querySelector("output");
    const sum = element.querySelector(".yw-flow-sum");
    const words = sum.dataset.words;
    controls.hidden = sum.hidden = false;

    function show(at) {
      slider.value = at;
      day.textContent = data.days[at];
      slider.setAttribute("aria-valuetext", data.days[at]);
      bubbles.forEach(([bubble, counts]) => {
        const size = counts[at] ? LEAST + (MOST - LEAST) * Math.sqrt(counts[at] / most) : 0;
        bubble.style.width = bubble.style.height = bubble.style.lineHeight = `${size}px`;
        bubble.textContent = counts[at] || "";
        bubble.hidden = !counts[at];
      });
      sum.textContent = data.sides.map((side) => words.replace("{came}", side.came[at]).replace("{ended}", side.ended[at])).join(" → ");
    }

    let timer = 0;
    function stop() {
      window.clearInterval(timer);
      timer = 0;
      button.querySelector("span").textContent = element.dataset.play;
    }
    button.addEventListener("click", () => {
      if (timer) { stop(); return; }
      if (Number(slider.value) >= data.days.length - 1) show(0);
      button.querySelector("span").textContent = element.dataset.pause;
      timer = window.setInterval(() => {
        const next = Number(slider.value) + 1;
        if (next >= data.days.length) { stop(); return; }
        show(next);
      }, EVERY);
    });
    slider.addEventListener("input", () => { stop(); show(Number(slider.value)); });
    show(Math.min(data.days.length - 1, 60));
  }

  document.addEventListener("yw:drawn", (event) => {
    if (event.target.matches(".yw-flow")) start(event.target);
  });
  document.querySelectorAll(".yw-flow").forEach(start);
})();
