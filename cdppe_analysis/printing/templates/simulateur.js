"use strict";
/* What ipywidgets leaves unsaid: a slider has the name of its label, what changes is announced, and a button counts no files. */
(function () {
  /* A file too large for a scenario is refused by its size: of it no more is sent, or the server would hang up. */
  const LARGEST = 65536;
  const read = FileReader.prototype.readAsArrayBuffer;
  FileReader.prototype.readAsArrayBuffer = function (file) { read.call(this, file.slice(0, LARGEST + 1)); };

  const complete = () => {
    document.querySelectorAll(".widget-slider").forEach((slider) => {
      const label = slider.querySelector(".widget-label");
      slider.querySelectorAll("[role=slider]").forEach((handle) => {
        if (label && handle.getAttribute("aria-label") !== label.textContent) handle.setAttribute("aria-label", label.textContent);
      });
    });
    document.querySelectorAll(".widget-upload").forEach((button) => {
      const last = button.lastChild;
      if (last?.nodeType === Node.TEXT_NODE && / \(\d+\)$/.test(last.data)) last.data = last.data.replace(/ \(\d+\)$/, "");
    });
    document.querySelectorAll(".alerte .widget-html-content:not([role])").forEach((box) => box.setAttribute("role", "alert"));
    document.querySelectorAll(".resume .widget-html-content:not([role])").forEach((box) => box.setAttribute("role", "status"));
  };
  document.addEventListener("DOMContentLoaded", () => {
    complete();
    new MutationObserver(complete).observe(document.body, { childList: true, subtree: true });
  });
})();
