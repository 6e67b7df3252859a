// The place: the phone's position, the map, or a name that is looked up; and what is open near it.

const WAIT = 500; // ms without a keystroke before anything is asked

export function placeOf(form, changed) {
  const box = form.querySelector(".yw-position");
  const said = box.querySelector(".yw-position-said");
  const take = box.querySelector("[data-take]");
  const drop = box.querySelector("[data-drop]");
  const found = form.querySelector("#places");
  const place = form.querySelector("[data-place]");
  const near = form.querySelector("#near");
  const photoPlace = form.querySelector("[data-photo-place]");
  const { address, area, lat, lon } = form.elements;
  let asking = null;

  box.hidden = false;
  take.hidden = !navigator.geolocation;
  drop.hidden = !lat.value;
  photoPlace.hidden = !photoPlace.querySelector("input").checked;

  function set(north, east, words) {
    lat.value = north;
    lon.value = east;
    said.textContent = words;
    drop.hidden = !north;
    changed();
    around();
  }

  take.addEventListener("click", () => {
    said.textContent = box.dataset.wait;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => set(
        coords.latitude.toFixed(6),
        coords.longitude.toFixed(6),
        box.dataset.found.replace("{m}", Math.max(1, Math.round(coords.accuracy))),
      ),
      () => set("", "", box.dataset.failed),
      { enableHighAccuracy: true, timeout: 20000, maximumAge: 30000 },
    );
  });
  drop.addEventListener("click", () => { set("", "", ""); take.focus(); });
  form.addEventListener("yw:pick", ({ detail }) => set(detail.lat.toFixed(6), detail.lon.toFixed(6), box.dataset.picked));

  const map = form.querySelector("[data-pick-map]");
  map.hidden = false;
  map.addEventListener("toggle", async () => {
    if (!map.open) return;
    for (const href of map.dataset.styles.split(" ")) {
      if (document.querySelector(`link[href="${CSS.escape(href)}"]`)) continue;
      document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
    }
    const { ready } = await import(map.dataset.module);
    const it = await ready(map.querySelector("[data-yw-map]"));
    if (it && lat.value) it.setMark(Number(lat.value), Number(lon.value));
  });

  const lookUp = later(async () => {
    if (address.value.trim().length < 2) return found.replaceChildren();
    const html = await ask(form.dataset.places, ["address"]);
    if (html === null) return;
    // That nothing was found is said once the person has finished writing.
    const said = html.includes("<fieldset") || document.activeElement !== address;
    found.innerHTML = said ? html : ""; // made by our own server, escaped there
  });
  address.addEventListener("input", lookUp);
  address.addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); lookUp.now(); }
  });
  found.addEventListener("change", (event) => {
    const { area: code, label } = event.target.dataset;
    if (!code) return;
    if ([...area.options].some((one) => one.value === code)) area.value = code;
    address.value = label;
    changed();
    around();
  });
  area.addEventListener("change", () => {
    found.querySelectorAll("input:checked").forEach((one) => { one.checked = false; });
    around();
  });
  address.addEventListener("change", () => { lookUp(); around(); });
  photoPlace.addEventListener("change", () => around());

  const around = later(async () => {
    asking?.abort();
    asking = new AbortController();
    const names = ["text", "address", "area", "class", "lat", "lon", "photo_place", "id", "kept"];
    const told = await ask(form.dataset.around, names, asking.signal);
    if (told === null) return;
    place.textContent = told.said;
    place.classList.toggle("yw-place-wrong", told.wrong);
    if (told.by === "photo") photoPlace.hidden = false;
    const html = told.html.includes("yw-similar") ? told.html : "";
    if (near.innerHTML !== html) near.innerHTML = html;
  });

  async function ask(url, names, signal) {
    const whole = new FormData(form);
    const body = new FormData();
    ["csrfmiddlewaretoken", ...names].forEach((name) => whole.getAll(name).forEach((one) => body.append(name, one)));
    try {
      const response = await fetch(url, { method: "POST", body, credentials: "same-origin", signal });
      if (!response.ok) return null;
      const json = response.headers.get("Content-Type").includes("json");
      return json ? await response.json() : await response.text();
    } catch {
      return null; // no connection for a look: the report itself does not need it
    }
  }

  return { around, ask };
}

/** The function, called once nothing has asked for it for a moment; `.now()` calls it at once. */
export function later(work) {
  let timer = 0;
  const call = () => { clearTimeout(timer); timer = setTimeout(work, WAIT); };
  call.now = () => { clearTimeout(timer); return work(); };
  return call;
}
