// The rows: one is chosen at a time, and that is where the focus is: on the link of its title.

const KEPT = "yiwang-row";

export class Rows {
  constructor(work, words) {
    this.work = work;
    this.words = words;
    this.list = work.querySelector("#queue");
    this.onSelect = () => {};
    this.list.addEventListener("click", (event) => this.clicked(event));
    this.list.addEventListener("focusin", (event) => {
      const row = event.target.closest("[data-row]");
      if (row && row !== this.chosen) this.choose(row);
    });
    this.list.addEventListener("change", () => this.count());
    this.ready();
    const before = this.find(sessionStorage.getItem(KEPT));
    if (before) this.choose(before);
    else if (window.matchMedia("(min-width: 75rem)").matches && this.all.length) this.choose(this.all[0]);
  }

  get all() {
    return [...this.list.querySelectorAll("[data-row]")];
  }

  get chosen() {
    return this.list.querySelector("[data-row][aria-current]");
  }

  get ticked() {
    return [...this.list.querySelectorAll("[name=task]:checked")];
  }

  find(number) {
    return number ? this.all.find((row) => row.dataset.number === number) : undefined;
  }

  clicked(event) {
    const row = event.target.closest("[data-row]");
    if (row && !event.target.closest("a, input, label, button")) this.focus(row);
  }

  /** Marks the row and says so; the focus is not moved. */
  choose(row) {
    this.chosen?.removeAttribute("aria-current");
    row.setAttribute("aria-current", "true");
    sessionStorage.setItem(KEPT, row.dataset.number);
    this.onSelect(row);
  }

  focus(row) {
    if (!row) return;
    if (row !== this.chosen) this.choose(row);
    row.querySelector(".yw-queue-title").focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }

  move(step) {
    const all = this.all;
    const here = all.indexOf(this.chosen);
    // The first key goes to the row that is marked, if the focus is elsewhere.
    const inside = this.chosen?.contains(document.activeElement);
    this.focus(all[inside ? Math.min(Math.max(here + step, 0), all.length - 1) : Math.max(here, 0)]);
  }

  /** Takes a finished row away; gives the one that comes next, if there is any. */
  remove(row) {
    const all = this.all;
    const place = all.indexOf(row);
    const next = all[place + 1] ?? all[place - 1];
    row.remove();
    this.count();
    return next;
  }

  tick(row) {
    const box = row?.querySelector("[name=task]");
    if (!box) return false;
    box.checked = !box.checked;
    this.count();
    return box.checked;
  }

  count() {
    const said = this.list.querySelector("[data-bulk-count]");
    if (!said) return;
    const count = this.ticked.length;
    const { none, one, many } = said.dataset;
    said.textContent = count === 0 ? none : count === 1 ? one : many.replace("NN", count);
    this.list.querySelector("[data-bulk-bar]").toggleAttribute("data-some", count > 0);
    const all = this.list.querySelector("[data-bulk-all] input");
    all.checked = count > 0 && count === this.all.length;
    all.indeterminate = count > 0 && count < this.all.length;
  }

  ready() {
    const all = this.list.querySelector("[data-bulk-all]");
    if (all) {
      all.hidden = false;
      all.querySelector("input").addEventListener("change", (event) => {
        for (const box of this.list.querySelectorAll("[name=task]")) box.checked = event.target.checked;
      });
    }
    this.count();
  }

  replace(fresh) {
    const ticked = new Set(this.ticked.map((box) => box.value));
    const number = this.chosen?.dataset.number;
    const inside = this.list.contains(document.activeElement) || document.activeElement === document.body;
    this.list.replaceChildren(...fresh.childNodes);
    for (const box of this.list.querySelectorAll("[name=task]")) box.checked = ticked.has(box.value);
    this.ready();
    const row = this.find(number) ?? this.all[0];
    if (!row) return;
    if (inside) this.focus(row);
    else this.choose(row);
  }
}
