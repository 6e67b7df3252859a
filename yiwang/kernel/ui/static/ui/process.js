// Draws each .yw-process from its BPMN file and marks where the matter is.
// The list in the same element says the same in words; it stays when drawing fails.
(() => {
  "use strict";

  const family = getComputedStyle(document.body).fontFamily;
  const LETTERS = {
    defaultStyle: { fontFamily: family, fontSize: 16, lineHeight: 1.25 },
    externalStyle: { fontFamily: family, fontSize: 15, lineHeight: 1.2 },
  };
  // The page's own colours by name, so that the drawing follows the theme, and paper.
  const COLOURS = {
    defaultFillColor: "var(--yw-paper)", defaultStrokeColor: "var(--yw-ink)", defaultLabelColor: "var(--yw-ink)",
  };
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

  const MARGIN = 24;
  const READABLE = 0.6; // with the letters of 16 px below

  // The whole drawing when its words stay readable, else the live step at a readable size.
  function show(viewer, element, wish) {
    const canvas = viewer.get("canvas");
    canvas.resized();
    const { inner, outer } = canvas.viewbox();
    const scale = Math.min(1, outer.width / (inner.width + 2 * MARGIN), outer.height / (inner.height + 2 * MARGIN));
    const registry = viewer.get("elementRegistry");
    const here = ids(element.dataset.current).map((id) => registry.get(id)).find((node) => node && node.width);
    if (wish === "fit" || (wish === "" && (scale >= READABLE || !here))) {
      centre(canvas, outer, scale, inner.x + inner.width / 2, inner.y + inner.height / 2);
    } else if (here) {
      centre(canvas, outer, 0.85, here.x + here.width / 2, here.y + here.height / 2);
    }
  }

  function centre(canvas, outer, scale, x, y) {
    const width = outer.width / scale;
    const height = outer.height / scale;
    canvas.viewbox({ x: x - width / 2, y: y - height / 2, width, height });
  }

  // A finger moves the drawing sideways; up and down stays with the page (touch-action in process.css).
  function fingers(viewer, drawing) {
    let from = null;
    drawing.addEventListener("pointerdown", (event) => {
      if (event.pointerType === "touch") from = event.clientX;
    });
    drawing.addEventListener("pointermove", (event) => {
      if (from === null || event.pointerType !== "touch") return;
      viewer.get("canvas").scroll({ dx: event.clientX - from, dy: 0 });
      from = event.clientX;
    });
    ["pointerup", "pointercancel"].forEach((name) => drawing.addEventListener(name, () => { from = null; }));
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
      const viewer = new window.BpmnJS({ container: drawing, textRenderer: LETTERS, bpmnRenderer: COLOURS });
      await viewer.importXML(await response.text());
      // Plain scrolling stays with the page; the drawing is moved by dragging and by its buttons.
      viewer.get("zoomScroll").toggle(false);
      mark(viewer, element);
      show(viewer, element, "");
      tools(viewer, element);
      fingers(viewer, drawing);
      element.dataset.drawn = "yes";
      element.viewer = viewer; // for pages that put more on the drawing
      element.dispatchEvent(new CustomEvent("yw:drawn", { bubbles: true }));
    } catch (error) {
      drawing.hidden = true;
      element.dataset.drawn = "no";
      element.querySelector(".yw-process-failed").textContent = element.dataset.failed;
      console.warn("process drawing:", error);
    }
  }

  document.querySelectorAll(".yw-process").forEach(draw);
})();
