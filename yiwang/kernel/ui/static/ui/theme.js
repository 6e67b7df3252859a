// Follows the machine's light or dark while the person has chosen neither.
(() => {
  "use strict";
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const show = () => {
    document.documentElement.dataset.bsTheme = dark.matches ? "dark" : "light";
    document.dispatchEvent(new CustomEvent("yw:theme"));
  };
  show();
  dark.addEventListener("change", show);
})();
