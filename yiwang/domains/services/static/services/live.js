// Keeps a part of a page current: asks its address every few seconds and puts in what the server drew.
for (const part of document.querySelectorAll("[data-live]")) {
  const lost = document.querySelector("[data-lost]");
  let last = "";

  const refresh = async () => {
    try {
      const response = await fetch(part.dataset.live, { credentials: "same-origin", cache: "no-store" });
      if (!response.ok) throw new Error(`${response.status}`);
      const html = await response.text();
      if (html !== last) {
        last = html;
        // Written by the server with everything escaped: the same text as the page itself.
        part.replaceChildren(document.createRange().createContextualFragment(html));
      }
      if (lost) lost.hidden = true;
    } catch (error) {
      if (lost) lost.hidden = false;
      console.info("live:", error);
    }
  };
  setInterval(refresh, 1000 * Number(part.dataset.every || 5));
}
