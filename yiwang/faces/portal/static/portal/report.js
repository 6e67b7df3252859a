// Makes the form of a report handier: the phone's position, a guess of the kind, no second tap.
// Without this file the form does all the same; only the position button needs it.
(() => {
  "use strict";

  const form = document.getElementById("report");
  if (!form) return;

  const place = form.querySelector(".yw-position");
  const said = place.querySelector(".yw-position-said");
  const take = place.querySelector("[data-take]");
  const drop = place.querySelector("[data-drop]");

  function set(lat, lon, words) {
    form.elements.lat.value = lat;
    form.elements.lon.value = lon;
    said.textContent = words;
    drop.hidden = !lat;
  }

  if (navigator.geolocation) {
    place.hidden = false;
    drop.hidden = !form.elements.lat.value;
    take.addEventListener("click", () => {
      said.textContent = place.dataset.wait;
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => set(
          coords.latitude.toFixed(6),
          coords.longitude.toFixed(6),
          place.dataset.found.replace("{m}", Math.max(1, Math.round(coords.accuracy))),
        ),
        () => set("", "", place.dataset.failed),
        { enableHighAccuracy: true, timeout: 20000, maximumAge: 30000 },
      );
    });
    drop.addEventListener("click", () => set("", "", ""));
  }

  const kinds = document.getElementById("kinds");
  form.querySelectorAll(".yw-without-script").forEach((piece) => piece.remove());
  form.elements.text.addEventListener("change", async () => {
    const body = new FormData();
    body.set("text", form.elements.text.value);
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    try {
      const response = await fetch(form.dataset.kinds, { method: "POST", body, credentials: "same-origin" });
      if (response.ok) kinds.innerHTML = await response.text();
    } catch {
      // No connection for a guess: the report itself does not need it.
    }
  });

  form.addEventListener("submit", (event) => {
    const button = form.querySelector("[data-send]");
    if (button.getAttribute("aria-disabled") === "true") {
      event.preventDefault();
      return;
    }
    button.setAttribute("aria-disabled", "true");
    button.querySelector("span").textContent = form.dataset.sending;
    // Where the network fails the form must be usable again; the same id makes it the same report.
    setTimeout(() => button.removeAttribute("aria-disabled"), 15000);
  });
})();
