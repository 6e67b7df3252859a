// Reports that a person saved in this browser: number and secret, on this phone only, until removed here.

const KEY = "yiwang-my-reports";
const MOST = 50;

function all() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY));
    return Array.isArray(found) ? found.filter((one) => one && one.number && one.secret) : [];
  } catch {
    return [];
  }
}

function keep(list) {
  try {
    localStorage.setItem(KEY, JSON.stringify(list.slice(0, MOST)));
    return true;
  } catch {
    return false;
  }
}

function receipt(box) {
  const said = document.querySelector("[data-save-said]");
  box.hidden = false;
  box.querySelector("[data-keep]").addEventListener("click", ({ currentTarget }) => {
    const { number, secret, title, at } = box.dataset;
    const rest = all().filter((one) => one.number !== number);
    if (!keep([{ number, secret, title, at }, ...rest])) return;
    said.textContent = said.dataset.kept;
    currentTarget.setAttribute("aria-pressed", "true");
  });
  box.querySelector("[data-copy]")?.addEventListener("click", async ({ currentTarget }) => {
    try {
      await navigator.clipboard.writeText(currentTarget.dataset.text);
      said.textContent = said.dataset.copied;
    } catch {
      said.textContent = said.dataset.notCopied;
    }
  });
}

function mine(section) {
  const list = section.querySelector(".yw-mine");
  const item = section.querySelector("[data-mine-item]");
  const shown = new Set([...list.querySelectorAll("[data-number]")].map((row) => row.dataset.number));
  for (const one of all()) {
    const row = item.content.firstElementChild.cloneNode(true);
    const form = row.querySelector("form");
    form.elements.number.value = one.number;
    form.elements.secret.value = one.secret;
    row.querySelector(".yw-own").textContent = one.number;
    row.querySelector("[data-title]").textContent = one.title || "";
    row.querySelector("[data-which]").textContent = ` ${one.number}`;
    row.querySelector("[data-forget]").addEventListener("click", () => {
      keep(all().filter((kept) => kept.number !== one.number));
      row.remove();
      section.hidden = !list.children.length;
    });
    if (shown.has(one.number)) list.querySelector(`[data-number="${CSS.escape(one.number)}"]`).replaceWith(row);
    else list.append(row);
  }
  section.hidden = !list.children.length;
}

document.querySelectorAll("[data-save]").forEach(receipt);
document.querySelectorAll("[data-mine]").forEach(mine);
