// Pages out of small pieces. What people wrote only ever becomes text.

export const TEXTS = JSON.parse(document.getElementById("texts").textContent);
const SPRITE = document.documentElement.dataset.sprite;
const SVG = "http://www.w3.org/2000/svg";

export function t(key, values = {}) {
  let text = TEXTS[key] ?? key;
  for (const [name, value] of Object.entries(values)) text = text.replaceAll(`{${name}}`, value);
  return text;
}

// el("button", {class: "f-big", onclick: go, disabled: true}, icon("check"), "Send")
export function el(tag, given = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value == null || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "value") made.value = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child != null && child !== false && child !== ""));
  return made;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${SPRITE}#${name}`);
  svg.append(use);
  return svg;
}

export function button(look, name, text, onclick, more = {}) {
  return el("button", { type: "button", class: look, onclick, ...more }, icon(name), el("span", {}, text));
}

export const link = (look, name, text, href, more = {}) => el("a", { class: look, href, ...more }, icon(name), el("span", {}, text));

// A sentence that is read aloud at once.
export function say(text, look = "") {
  const place = document.getElementById("said");
  place.className = `f-said ${look}`;
  place.replaceChildren(text ? el("p", {}, text) : "");
}

// Opens a page of the app and says something there.
let waiting = "";
export function onward(hash, said = "") {
  if (location.hash === hash) { document.dispatchEvent(new CustomEvent("field:show", { detail: said })); return; }
  waiting = said;
  location.hash = hash;
}
export function takeSaid() {
  const said = waiting;
  waiting = "";
  return said;
}

// Yes or no, in a dialog that keeps the focus.
export function sure(question, yes, no) {
  return new Promise((resolve) => {
    const box = el("dialog", { class: "f-dialog", "aria-label": question },
      el("p", {}, question),
      el("div", { class: "f-row" },
        el("button", { type: "button", class: "f-big f-danger", onclick: () => box.close("yes") }, yes),
        el("button", { type: "button", class: "f-big f-plain", onclick: () => box.close("") }, no)));
    box.addEventListener("close", () => { box.remove(); resolve(box.returnValue === "yes"); });
    document.body.append(box);
    box.showModal();
  });
}

// The picture of a blob; its address is given back when the picture is gone from the page.
export function picture(blob, alt) {
  const url = URL.createObjectURL(blob);
  const shown = el("img", { src: url, alt });
  shown.addEventListener("load", () => URL.revokeObjectURL(url), { once: true });
  return shown;
}
