// Draws each .yw-process from its BPMN file and marks where the matter is.
// The list in the same element says the same in words; it stays when drawing fails.
(() => {
  "use strict";

  const ids = (text) => (text || "").split(/\s+/).filter(Boolean);

  function mark(viewer, element) {
    const canvas = viewer.get("canvas");
    const overlays = viewer.get("overlays");
    const registry = viewer.get("elementRegistry");
    ids(element.dataset.done).filter((id) => registry.get(id)).forEach((id) => canvas.addMarker(id, "yw-node-done"));
    ids(element.dataset.current).filter((id) => registry.get(id)).forEach((id) => {
      canvas.removeMarker(id, "yw-node-done");
      canvas.addMarker(id, "yw-node-here");
      const flag = document.createElement("span");
      flag.className = "yw-node-flag";
      flag.textContent = element.dataset.here;
      overlays.add(id, { position: { top: -14, left: 4 }, html: flag });
    });
  }

  // The whole drawing when its words stay readable, else the live step at a readable size.
  function show(viewer, element, wish) {
    const canvas = viewer.get("canvas");
    canvas.resized();
    if (wish !== "here") {
      const scale = canvas.zoom("fit-viewport", "auto");
      if (wish === "fit" || scale >= 0.55) {
        if (scale > 1) canvas.zoom(1, "auto");
        return;
      }
    }
    const here = ids(element.dataset.current).map((id) => viewer.get("elementRegistry").get(id)).find(Boolean);
    canvas.zoom(0.8);
    if (here) {
      canvas.scrollToElement(here, { top: 60, left: 60, right: 60, bottom: 60 });
    } else {
      const box = canvas.viewbox();
      canvas.viewbox({ x: box.inner.x - 20, y: box.inner.y - 20, width: box.width, height: box.height });
    }
  }

  function tools(viewer, element) {
    const canvas = viewer.get("canvas");
    const bar = element.querySelector(".yw-process-tools");
    bar.hidden = false;
    bar.addEventListener("click", (event) => {
      const button = event.target.closest("[data-zoom]");
      if (!button) return;
      const step = button.dataset.zoom;
      if (step === "in" || step === "out") {
        canvas.zoom(Math.min(3, Math.max(0.2, canvas.zoom() * (step === "in" ? 1.25 : 0.8))), "auto");
      } else {
        show(viewer, element, step);
      }
    });
  }

  async function draw(element) {
    const drawing = element.querySelector(".yw-process-drawing");
    try {
      const response = await fetch(element.dataset.xml, { credentials: "same-origin" });
      if (!response.ok) throw new Error(`${response.status} for ${element.dataset.xml}`);
      drawing.hidden = false;
      const viewer = new window.BpmnJS({ container: drawing });
      await viewer.importXML(await response.text());
      // Plain scrolling stays with the page; the drawing is moved by dragging and by its buttons.
      viewer.get("zoomScroll").toggle(false);
      mark(viewer, element);
      show(viewer, element, "");
      tools(viewer, element);
      element.dataset.drawn = "yes";
    } catch (error) {
      drawing.hidden = true;
      element.dataset.drawn = "no";
      element.querySelector(".yw-process-failed").textContent = element.dataset.failed;
      console.warn("process drawing:", error);
    }
  }

  document.querySelectorAll(".yw-process").forEach(draw);
})();
