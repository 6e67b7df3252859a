// A form of core/forms in the browser: shows what is asked, computes, and checks before it is sent.
// Everything also works without this script, by sending the form.
import { check, empty } from "./form-check.js";

const place = document.querySelector("form[data-schema]");
const form = JSON.parse(document.getElementById(place.dataset.schema).textContent);
const touched = new Set();
place.noValidate = true; // the sentences are ours, also for those who use a screen reader

function gather(fields, before) {
  const found = {};
  for (const field of fields) {
    const path = before + field.name;
    if (field.value) continue;
    if (field.kind === "group") found[field.name] = gather(field.fields, `${path}.`);
    else if (field.kind === "rows") found[field.name] = rows(field, path);
    else found[field.name] = answer(field, path);
  }
  return found;
}

function rows(field, path) {
  const count = place.querySelectorAll(`[data-rows="${path}"] > [data-row]`).length;
  return Array.from({ length: count }, (_one, n) => gather(field.fields, `${path}.${n}.`));
}

function answer(field, path) {
  const inputs = [...place.elements].filter((one) => one.name === path);
  const picked = inputs.filter((one) => !["radio", "checkbox"].includes(one.type) || one.checked);
  if (field.kind === "choices") return picked.map((one) => one.value);
  if (field.consent) return picked.length ? "yes" : "";
  return picked.length ? picked[0].value : "";
}

const plain = (path) => path.split(".").filter((part) => !/^[0-9]+$/u.test(part)).join(".");

export function yuan(fen) {
  const whole = Math.floor(Math.abs(fen) / 100).toString().replace(/\B(?=(?:\d{3})+$)/gu, ",");
  return `${fen < 0 ? "-" : ""}¥${whole}.${String(Math.abs(fen) % 100).padStart(2, "0")}`;
}

function said(value, kind) {
  if (value === undefined || value === null) return "—";
  if (typeof value === "boolean") return value ? form.words.yes : form.words.no;
  return kind === "money" ? yuan(value) : String(value);
}

function sentence({ path, code, params }) {
  const kind = form.kinds[plain(path)];
  return form.sentences[code].replace(/%\((\w+)\)s/gu, (_all, name) =>
    kind === "money" ? yuan(params[name]) : String(params[name]),
  );
}

function valueAt(values, path) {
  return path.split(".").reduce((inside, part) => inside?.[part], values);
}

// Rows in which nothing is answered have no values: the places of the others move up.
function placed(values, path, answers) {
  const parts = path.split(".");
  const found = [];
  parts.forEach((part, at) => {
    if (!/^[0-9]+$/u.test(part)) return found.push(part);
    const all = valueAt(answers, parts.slice(0, at).join("."));
    const before = all.slice(0, Number(part)).filter((row) => !empty(row, form.blanks));
    return found.push(String(before.length));
  });
  return valueAt(values, found.join("."));
}

function update() {
  const answers = gather(form.fields, "");
  const result = check(form, answers);
  const hidden = new Set(result.hidden);
  for (const block of place.querySelectorAll("[data-path]")) block.hidden = hidden.has(block.dataset.path);
  for (const output of place.querySelectorAll("[data-computed]")) {
    const path = output.dataset.computed;
    const text = said(placed(result.values, path, answers), form.kinds[plain(path)]);
    if (output.textContent !== text) output.textContent = text;
  }
  const wrong = new Map(result.wrong.map((one) => [one.path, one]));
  for (const path of touched) show(path, wrong.get(path));
  return result;
}

function block(path) {
  return [...place.querySelectorAll("[data-path]")].find((one) => one.dataset.path === path);
}

function show(path, wrong) {
  const around = block(path);
  if (!around) return;
  const inner = around.querySelector(":scope > .yw-field") ?? around;
  const inputs = [...place.elements].filter((one) => one.name === path);
  const id = `field-${path}-error`;
  let line = around.querySelector(`[data-error="${path}"]`) ?? document.getElementById(id);
  inner.classList.toggle("yw-field-wrong", Boolean(wrong));
  for (const input of inputs) {
    if (wrong) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }
  if (!wrong) {
    line?.remove();
    for (const input of inputs) if (input.getAttribute("aria-describedby") === id) input.removeAttribute("aria-describedby");
    return;
  }
  if (!line) {
    line = document.createElement("p");
    line.className = "yw-field-error";
    line.id = id;
    inner.append(line);
    for (const input of inputs) if (!input.hasAttribute("aria-describedby")) input.setAttribute("aria-describedby", id);
  }
  line.textContent = sentence(wrong);
}

function summary(wrong) {
  place.querySelector("[data-summary]")?.remove();
  const box = document.createElement("div");
  box.className = "alert alert-danger yw-form-errors";
  box.setAttribute("role", "alert");
  box.tabIndex = -1;
  box.dataset.summary = "";
  const title = document.createElement("h2");
  title.className = "yw-form-errors-title";
  title.textContent = form.words.check;
  const list = document.createElement("ul");
  for (const one of wrong) {
    const link = document.createElement("a");
    link.href = `#field-${one.path}`;
    link.textContent = form.labels[plain(one.path)] + form.words.between + sentence(one);
    const item = document.createElement("li");
    item.append(link);
    list.append(item);
  }
  const body = document.createElement("div");
  body.append(title, list);
  box.append(body);
  place.prepend(box);
  box.focus();
}

place.addEventListener("input", update);
place.addEventListener("change", (event) => {
  if (event.target.name) touched.add(event.target.name);
  update();
});
place.addEventListener("submit", (event) => {
  if (event.submitter?.hasAttribute("formnovalidate")) return;
  const { wrong } = update();
  if (!wrong.length) return;
  event.preventDefault();
  for (const one of wrong) {
    touched.add(one.path);
    show(one.path, one);
  }
  summary(wrong);
});
update();
place.dataset.ready = "";
