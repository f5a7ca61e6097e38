"use strict";
(function () {
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const kept = () => { try { return localStorage.getItem("cdppe-theme"); } catch { return null; } };
  const keep = (theme) => { try { localStorage.setItem("cdppe-theme", theme); } catch { /* a private window keeps nothing */ } };
  if (kept()) root.dataset.theme = kept();
  const isDark = () => (root.dataset.theme || (dark.matches ? "sombre" : "clair")) === "sombre";

  document.addEventListener("DOMContentLoaded", () => {
    const theme = document.querySelector("button.theme");
    const show = () => theme.setAttribute("aria-pressed", String(isDark()));
    theme.hidden = false;
    show();
    dark.addEventListener("change", show);
    theme.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "clair" : "sombre";
      keep(root.dataset.theme);
      show();
    });

    const code = document.querySelector("button.tout-le-code");
    if (code) {
      code.hidden = false;
      code.addEventListener("click", () => {
        const open = code.getAttribute("aria-pressed") !== "true";
        document.querySelectorAll("details.code").forEach((fold) => { fold.open = open; });
        code.setAttribute("aria-pressed", String(open));
        code.textContent = open ? "Replier tout le code" : "Afficher tout le code";
      });
    }

    const contents = document.querySelector(".sommaire details");
    if (contents && window.matchMedia("(max-width: 60rem)").matches) contents.open = false;

    const menu = document.querySelector(".rapports details");
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && menu?.open) { menu.open = false; menu.querySelector("summary").focus(); }
    });
    document.addEventListener("click", (event) => { if (menu && !menu.contains(event.target)) menu.open = false; });

    const unfold = () => {
      const digests = document.querySelector("#empreintes ~ details");
      if (digests && location.hash === "#empreintes") digests.open = true;
    };
    window.addEventListener("hashchange", unfold);
    unfold();
  });
})();
