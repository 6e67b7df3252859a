// One matter beside the list: its forms are sent from here, then the next row is chosen.

const WIDE = window.matchMedia("(min-width: 75rem)");
const WAIT = 120; // ms: who runs through the list loads nothing on the way

export class Panel {
  constructor(place, rows, words, say) {
    Object.assign(this, { place, rows, words, say, onEmpty: () => {}, onDone: () => {} });
    this.loading = Promise.resolve();
    place.addEventListener("submit", (event) => this.sent(event));
    place.addEventListener("click", (event) => this.clicked(event));
    const fit = () => {
      place.hidden = !WIDE.matches;
      if (WIDE.matches && rows.chosen) this.show(rows.chosen);
    };
    WIDE.addEventListener("change", fit);
    fit();
  }

  get open() {
    return !this.place.hidden;
  }

  /** Shows the matter of this row; gives when it is there. */
  show(row) {
    if (!this.open) return Promise.resolve(false);
    const number = row.dataset.number;
    if (this.wanted === number) return this.loading;
    this.wanted = number;
    clearTimeout(this.timer);
    this.loading = new Promise((done) => {
      this.timer = setTimeout(async () => done(await this.load(this.address(number))), WAIT);
    });
    return this.loading;
  }

  address(number, action = "") {
    return `/matters/${encodeURIComponent(number)}/panel${action}`;
  }

  async load(address, options = {}) {
    this.place.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { ...options, headers: { Accept: "text/html" } });
      if (answer.redirected) return location.reload(); // signed out meanwhile
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.querySelector("[data-shown]");
      if (!found) {
        this.say(this.words.not_loaded);
        return false;
      }
      if (!options.method && this.wanted !== found.dataset.shown) return false; // somebody is faster than the network
      this.place.replaceChildren(found);
      this.place.scrollTop = 0;
      return found;
    } catch {
      this.say(this.words.no_network);
      return false;
    } finally {
      this.place.removeAttribute("aria-busy");
    }
  }

  clicked(event) {
    const link = event.target.closest("a[href^='?']"); // the choice of a class: the same panel with that class
    if (!link) return;
    event.preventDefault();
    this.again(link.getAttribute("href"));
  }

  async again(query) {
    const found = await this.load(this.address(this.wanted) + query.replace(/#.*/, ""));
    if (found) (found.querySelector(".yw-picker a[aria-current], .yw-action-lead [required]") ?? this.place).focus();
  }

  async sent(event) {
    const form = event.target;
    event.preventDefault();
    if (form.method === "get") return this.again(`?${new URLSearchParams(new FormData(form))}`);
    if (form.dataset.busy) return;
    form.dataset.busy = "1";
    const body = new FormData(form, event.submitter);
    const row = this.rows.chosen;
    const found = await this.load(form.getAttribute("action").replace("/do/", "/panel/"), { method: "POST", body });
    delete form.dataset.busy;
    if (found) this.after(found, row);
  }

  /** What was refused is shown where it was typed; what was done leaves the list, and the next one is chosen. */
  after(found, row) {
    const { said, refused, mine, who } = found.dataset;
    if (refused) {
      this.say(refused);
      (found.querySelector(".yw-form-errors") ?? this.place).focus();
      return;
    }
    if (!row) return this.say(said);
    if (mine.split(" ").includes(row.dataset.task)) {
      for (const cell of who ? row.querySelectorAll("[data-who]") : []) {
        cell.textContent = cell.closest(".yw-row-more") ? ` · ${who}` : who;
      }
      this.say(said);
      this.rows.focus(row);
      return;
    }
    const next = this.rows.remove(row);
    this.onDone();
    if (!next) {
      this.say(said);
      this.onEmpty();
      return;
    }
    this.rows.focus(next);
    const title = next.querySelector(".yw-queue-title").textContent;
    this.say(`${said} ${this.words.next.replace("NN", title)}`);
  }

  // What keys ask for

  form(action) {
    return this.place.querySelector(`form[action$="/do/${action}"]`);
  }

  /** Sends the form of this action, or opens it and puts the focus where something must be said. */
  async reach(action, send = false) {
    const row = this.rows.chosen;
    if (!row) return;
    if (!this.open) return location.assign(row.querySelector(".yw-queue-title").href);
    await this.show(row);
    const form = this.form(action) ?? (action === "complete" && this.place.querySelector(".yw-picker"));
    if (!form) return this.say(this.words.not_here);
    if (send) return form.requestSubmit();
    const folded = form.closest("details");
    if (folded) folded.open = true;
    const empty = [...form.querySelectorAll("[required]")].find((one) => !one.value || (one.type === "radio" && !form.elements[one.name].value));
    const button = form.querySelector("button:not([name])");
    const target = empty ?? button ?? form.querySelector("a, input, select");
    target?.focus();
    target?.scrollIntoView({ block: "nearest" });
    const unit = form.elements?.unit;
    if (!empty && unit?.selectedOptions?.[0]?.value) this.say(`${button.textContent.trim()}: ${unit.selectedOptions[0].textContent}`);
  }
}
