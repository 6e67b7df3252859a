// The fields of a form that is filled in at a home. What a field asks comes with the task, so it is there without a
// network; what is typed is kept with each letter, sealed, in `draft.data`.

import { el, t } from "./dom.js";

// `facts` stands for many fields, which all tasks share: see steps/at_home.py.
export function expanded(fields, shared) {
  return fields.flatMap((one) => (one.kind !== "facts" ? [one]
    : (shared?.[one.of] ?? []).map((each) => ({ ...each, name: one.name + each.name, group: one.group, hint: one.known?.[each.name] ?? "" }))));
}

// What the form starts with: the values that the task brought.
export function starting(fields) {
  return Object.fromEntries(fields.filter((one) => one.value).map((one) => [one.name, one.value]));
}

// The first field that must be filled in and is not; null when there is none.
export function missing(fields, data) {
  return fields.find((one) => one.required && !String(data[one.name] ?? "").trim()) ?? null;
}

// The fields, those of a group folded under it. `keep` is called after each change.
export function fieldset(fields, draft, keep, wrong) {
  const parts = [];
  let group = null;
  for (const one of fields) {
    const shown = field(one, draft, keep);
    if (!one.group) { group = null; parts.push(shown); continue; }
    if (group?.dataset.title !== one.group) {
      group = el("details", { class: "f-fold", "data-title": one.group }, el("summary", {}, el("span", {}, one.group), el("span", { class: "f-count", "aria-hidden": "true" })));
      group.addEventListener("input", count);
      group.addEventListener("change", count);
      parts.push(group);
    }
    group.append(shown);
  }
  for (const part of parts) if (part.tagName === "DETAILS") count({ currentTarget: part });
  if (wrong?.where) { // refused before: the page is not shown yet, so the field is sought among the parts
    const id = `at-${wrong.where}`;
    const box = parts.map((part) => part.querySelector(`[id="${CSS.escape(id)}"]`)).find(Boolean);
    if (box) tell(box, parts.map((part) => part.querySelector(`[id="${CSS.escape(`${id}-wrong`)}"]`)).find(Boolean), wrong.detail);
  }
  return parts;

  // How many fields of a group are filled in: a fold must not hide that something is there.
  function count({ currentTarget }) {
    const names = fields.filter((one) => one.group === currentTarget.dataset.title).map((one) => one.name);
    const n = names.filter((name) => String(draft.data[name] ?? "") !== "").length;
    currentTarget.querySelector(".f-count").textContent = n ? t("filled_in", { n }) : "";
  }
}

function field(one, draft, keep) {
  if (one.kind === "line") return el("p", { class: "f-label" }, one.label);
  const id = `at-${one.name}`;
  const value = draft.data[one.name] ?? "";
  const set = (text) => {
    if (text === "") delete draft.data[one.name];
    else draft.data[one.name] = text;
    clear(one.name);
    return keep();
  };
  const described = `${id}-wrong`;
  const sentence = el("p", { class: "f-wrong", id: described });
  const hint = one.hint ? el("p", { class: "f-quiet" }, one.hint) : "";
  const label = [one.label, one.required ? el("span", { class: "f-quiet" }, ` ${t("needed")}`) : ""];
  if (one.kind === "tick") {
    return el("div", { class: "f-field" }, el("label", { class: "f-tick" },
      el("input", { type: "checkbox", id, checked: value !== "", "aria-describedby": described, onchange: ({ target }) => set(target.checked ? "1" : "") }),
      el("span", {}, one.label)), hint, sentence);
  }
  if (one.kind === "radio") {
    return el("fieldset", { class: "f-field f-radio", id, "aria-describedby": described }, el("legend", { class: "f-label" }, label),
      one.options.map(([key, text]) => el("label", { class: "f-tick" },
        el("input", { type: "radio", name: one.name, value: key, checked: key === value, onchange: ({ target }) => set(target.value) }), el("span", {}, text))),
      hint, sentence);
  }
  const more = { id, required: one.required, "aria-describedby": described };
  const take = (event) => {
    const typed = event.target.value;
    delete event.target.dataset.kept;
    set(typed).then(() => { if (event.target.value === typed) event.target.dataset.kept = ""; });
  };
  let box;
  if (one.kind === "choice") {
    box = el("select", { ...more, onchange: take }, one.options.map(([key, text]) => el("option", { value: key, selected: key === value }, text)));
  } else if (one.kind === "long") {
    box = el("textarea", { ...more, rows: 4, maxlength: one.most ?? 200, value, oninput: take });
  } else {
    const kind = { day: { type: "date" }, money: { type: "text", inputmode: "decimal", maxlength: 16 }, number: { type: "text", inputmode: "numeric", maxlength: 9 } };
    box = el("input", { ...more, autocomplete: "off", ...(kind[one.kind] ?? { type: "text", maxlength: one.most ?? 200 }), value, oninput: take });
  }
  return el("div", { class: "f-field" }, el("label", { class: "f-label", for: id }, label), box, hint, sentence);
}

function clear(name) {
  document.getElementById(`at-${name}`)?.removeAttribute("aria-invalid");
  const place = document.getElementById(`at-${name}-wrong`);
  if (place) place.textContent = "";
}

// Says at a field what is wrong with it, and opens the fold that it lies in; false where there is no such field.
export function mark(name, sentence) {
  const box = document.getElementById(`at-${name}`);
  if (!box) return false;
  tell(box, document.getElementById(`at-${name}-wrong`), sentence);
  (box.tagName === "FIELDSET" ? box.querySelector("input") : box).focus();
  return true;
}

function tell(box, place, sentence) {
  const fold = box.closest("details");
  if (fold) fold.open = true;
  box.setAttribute("aria-invalid", "true");
  if (place) place.textContent = sentence;
}
