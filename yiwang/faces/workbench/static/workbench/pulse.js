// Counts of the tabs and what is new, every 25 seconds while somebody looks at the page. Only numbers change.

const EVERY = 25_000;

/** Gives what looks at once. */
export function watch(work, refresh) {
  const fresh = work.querySelector("[data-fresh]");
  const link = fresh.querySelector("a");

  link.addEventListener("click", async (event) => {
    event.preventDefault();
    fresh.hidden = true;
    await refresh();
  });

  async function look() {
    if (document.hidden) return;
    try {
      const since = encodeURIComponent(work.dataset.lookedAt);
      const answer = await fetch(`${work.dataset.pulse}&since=${since}`, { cache: "no-cache", headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) return;
      tell(await answer.json());
    } catch {
      // No network: the numbers stay as they were, the next look tries again.
    }
  }

  function tell(told) {
    for (const place of work.querySelectorAll("[data-count]")) {
      const count = told.counts[place.dataset.count];
      if (count === undefined || place.textContent === count) continue;
      place.textContent = count;
      place.removeAttribute("data-waiting");
    }
    fresh.hidden = !told.fresh;
    const text = told.fresh === 1 ? fresh.dataset.one : fresh.dataset.many.replace("NN", told.counts.fresh);
    const span = link.querySelector("span");
    if (told.fresh && span.textContent !== text) span.textContent = text;
  }

  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);
  look();
  return look;
}
