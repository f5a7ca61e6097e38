"use strict";
(function () {
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const kept = (what) => { try { return localStorage.getItem(what); } catch { return null; } };
  const keep = (what, state) => { try { localStorage.setItem(what, state); } catch { /* a private window keeps nothing */ } };
  if (kept("cdppe-theme")) root.dataset.theme = kept("cdppe-theme");
  const isDark = () => (root.dataset.theme || (dark.matches ? "sombre" : "clair")) === "sombre";

  document.addEventListener("DOMContentLoaded", () => {
    const theme = document.querySelector("button.theme");
    const show = () => theme.setAttribute("aria-pressed", String(isDark()));
    theme.hidden = false;
    show();
    dark.addEventListener("change", show);
    theme.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "clair" : "sombre";
      keep("cdppe-theme", root.dataset.theme);
      show();
    });

    const code = document.querySelector("button.tout-le-code");
    if (code) {
      const showCode = (open) => {
        document.querySelectorAll("div.code").forEach((shown) => shown.remove());
        if (open) document.querySelectorAll("template.code").forEach((waiting) => {
          const shown = document.createElement("div");
          shown.className = "code";
          shown.append(waiting.content.cloneNode(true));
          shown.querySelectorAll("pre").forEach((block) => { block.tabIndex = 0; });
          waiting.after(shown);
        });
        code.setAttribute("aria-pressed", String(open));
      };
      code.hidden = false;
      showCode(kept("cdppe-code") === "oui");
      code.addEventListener("click", () => {
        const open = code.getAttribute("aria-pressed") !== "true";
        keep("cdppe-code", open ? "oui" : "non");
        showCode(open);
      });
    }

    document.querySelectorAll(".defile").forEach((frame) => {
      const tell = () => {
        frame.toggleAttribute("data-avant", frame.scrollLeft > 1);
        frame.toggleAttribute("data-apres", frame.scrollLeft + frame.clientWidth < frame.scrollWidth - 1);
      };
      frame.addEventListener("scroll", tell, { passive: true });
      new ResizeObserver(tell).observe(frame);
    });

    const search = document.querySelector("form.recherche");
    if (search) {
      const plain = (text) => text.toLowerCase().replace(/œ/g, "oe").normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[^a-z0-9]+/g, " ").trim();
      const known = [...search.querySelectorAll("option")].map(({ value, dataset: { page } }) => (
        { title: value, page, whole: plain(value), name: plain(value.replace(/\s*\(.*/, "")), code: plain(page.replace(/^.*\/|\.html$/g, "")) }));
      const find = (text) => [
        (one) => [one.code, one.whole, one.name].includes(text),
        (one) => one.name.startsWith(text),
        (one) => ` ${one.name}`.includes(` ${text}`),
        (one) => one.name.includes(text),
      ].map((fits) => known.filter(fits)).find((found) => found.length) || [];
      const answer = document.getElementById("trouve");
      search.hidden = false;
      search.addEventListener("submit", (event) => {
        event.preventDefault();
        const typed = search.querySelector("input").value;
        const found = plain(typed) ? find(plain(typed)) : [];
        if (found.length === 1) { location.href = found[0].page; return; }
        answer.textContent = !plain(typed) ? "Écrivez le nom ou le code d’un département ou d’une région."
          : found.length ? `${found.length} territoires\u00a0: ` : `Aucun département ni aucune région ne répond à «\u202f${typed.trim()}\u202f».`;
        found.forEach(({ title, page }, place) => {
          const link = document.createElement("a");
          link.href = page;
          link.textContent = title;
          answer.append(place ? ", " : "", link);
        });
      });
    }

    const contents = document.querySelector(".sommaire details");
    if (contents && window.matchMedia("(max-width: 60rem)").matches) contents.open = false;

    const menu = document.querySelector(".rapports details");
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && menu?.open) { menu.open = false; menu.querySelector("summary").focus(); }
    });
    document.addEventListener("click", (event) => { if (menu && !menu.contains(event.target)) menu.open = false; });

    const lead = () => {
      const holder = location.hash && !document.getElementById(location.hash.slice(1))
        && [...document.querySelectorAll("[data-lignes]")].find((one) => location.hash.startsWith(`#${one.id}-`));
      if (holder) location.replace(holder.dataset.lignes + location.hash);
    };
    window.addEventListener("hashchange", lead);
    lead();

    const unfold = () => {
      const digests = document.querySelector("#empreintes ~ details");
      if (digests && location.hash === "#empreintes") digests.open = true;
    };
    window.addEventListener("hashchange", unfold);
    unfold();
  });
})();
