// Puts numbers, marks and links on a drawn process. Everything here stands in words on the page as well.
(() => {
  "use strict";

  const ids = (text) => (text || "").split(/\s+/).filter(Boolean);
  const text = (tag, words, name) => {
    const made = document.createElement(tag);
    made.className = name;
    made.textContent = words;
    return made;
  };

  function badges(element, viewer) {
    const registry = viewer.get("elementRegistry");
    const overlays = viewer.get("overlays");
    element.querySelectorAll("[data-node]").forEach((row) => {
      if (!registry.get(row.dataset.node)) return;
      const box = text("span", "", "yw-node-count");
      box.append(text("b", row.dataset.badge, row.dataset.badge === "0" ? "yw-node-none" : "yw-node-open"));
      if (row.dataset.late) box.append(text("b", `▲${row.dataset.late}`, "yw-node-late"));
      overlays.add(row.dataset.node, { position: { top: -16, left: 6 }, html: box });
    });
  }

  function links(element, viewer) {
    const to = new Map();
    element.querySelectorAll("[data-node] a").forEach((link) => to.set(link.closest("[data-node]").dataset.node, link.href));
    viewer.get("eventBus").on("element.click", ({ element: shape }) => {
      const address = to.get(shape.id);
      if (address) window.location.assign(address);
    });
    const canvas = viewer.get("canvas");
    to.forEach((_address, id) => { if (viewer.get("elementRegistry").get(id)) canvas.addMarker(id, "yw-node-link"); });
  }

  function marks(element, viewer) {
    const registry = viewer.get("elementRegistry");
    const canvas = viewer.get("canvas");
    for (const [what, sign] of [["added", "＋"], ["changed", "～"], ["removed", "－"]]) {
      for (const id of ids(element.dataset[what])) {
        const shape = registry.get(id);
        if (!shape) continue;
        canvas.addMarker(id, `yw-node-${what}`);
        if (!shape.width) continue; // a flow has its colour alone; its words stand in the list
        const word = element.dataset[`word${what[0].toUpperCase()}${what.slice(1)}`];
        viewer.get("overlays").add(id, { position: { top: -16, left: 4 }, html: text("span", `${sign} ${word}`, `yw-node-word yw-node-word-${what}`) });
      }
    }
  }

  function dress(element) {
    if (element.dataset.dressed || !element.viewer) return;
    element.dataset.dressed = "yes";
    badges(element, element.viewer);
    links(element, element.viewer);
    marks(element, element.viewer);
  }

  document.addEventListener("yw:drawn", (event) => {
    if (event.target.matches(".yw-rules-drawing")) dress(event.target);
  });
  document.querySelectorAll(".yw-rules-drawing").forEach(dress);
})();
