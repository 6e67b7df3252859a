// Keys. Single letters can be switched off; they never act while somebody writes.

const KEPT = "yiwang-letters";

function writes(target) {
  return target.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
}

export function listen({ work, rows, panel, refresh, say, words }) {
  const help = work.querySelector("[data-keys]");
  const button = work.querySelector("[data-keys-help]");
  const box = help.querySelector("[data-keys-on]");
  box.checked = localStorage.getItem(KEPT) !== "off";
  box.addEventListener("change", () => localStorage.setItem(KEPT, box.checked ? "on" : "off"));
  button.hidden = false;
  button.addEventListener("click", () => help.showModal());

  const letters = {
    j: () => rows.move(1),
    k: () => rows.move(-1),
    c: () => panel.reach("claim", true),
    d: () => panel.reach("complete"),
    b: () => panel.reach("send_back"),
    x: () => say(rows.tick(rows.chosen) ? words.ticked : words.not_ticked),
    r: () => refresh(),
    "/": () => work.querySelector("#q").focus(),
    "?": () => help.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.metaKey || help.open) return;
    const target = event.target;
    if (event.key === "Enter" && event.ctrlKey) {
      const form = panel.place.contains(target) && target.closest("form");
      if (form) {
        event.preventDefault();
        form.requestSubmit();
      }
      return;
    }
    if (event.ctrlKey) return;
    if (event.key === "Escape") {
      if (panel.place.contains(target) || target.id === "q") rows.focus(rows.chosen ?? rows.all[0]);
      return;
    }
    if (writes(target)) return;
    const arrow = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (arrow && target.closest?.("[data-row]")) {
      event.preventDefault();
      rows.move(arrow);
      return;
    }
    const act = letters[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (act && box.checked) {
      event.preventDefault();
      act();
    }
  });
}
