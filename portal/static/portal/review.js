// Page beside fields: a field lights its place on the page, a place leads to its field; zoom.
"use strict";

(() => {
  for (const section of document.querySelectorAll("[data-review]")) {
    const scroll = section.querySelector("[data-scroll]");
    if (!scroll) continue;
    const rows = [...section.querySelectorAll("[data-field]")];
    const boxes = [...section.querySelectorAll("[data-target]")];

    const light = (target, on) => {
      document.getElementById(target)?.classList.toggle("lit", on);
      for (const box of boxes) if (box.dataset.target === target) box.classList.toggle("box-lit", on);
    };

    const bring = (target) => {
      const box = boxes.find((one) => one.dataset.target === target);
      if (!box) return;
      const place = box.getBoundingClientRect();
      const frame = scroll.getBoundingClientRect();
      if (place.top < frame.top || place.bottom > frame.bottom || place.left < frame.left || place.right > frame.right) {
        scroll.scrollBy({
          top: place.top - frame.top - frame.height / 3,
          left: place.left - frame.left - frame.width / 3,
        });
      }
    };

    for (const row of rows) {
      row.addEventListener("pointerenter", () => light(row.id, true));
      row.addEventListener("pointerleave", () => { if (document.activeElement !== row) light(row.id, false); });
      row.addEventListener("focus", () => { light(row.id, true); bring(row.id); });
      row.addEventListener("blur", () => light(row.id, false));
      row.addEventListener("click", () => row.focus());
    }
    for (const box of boxes) {
      box.addEventListener("pointerenter", () => light(box.dataset.target, true));
      box.addEventListener("pointerleave", () => light(box.dataset.target, false));
      box.addEventListener("click", () => document.getElementById(box.dataset.target)?.focus());
    }

    const zoom = section.querySelector("[data-zoom]");
    let level = 0;
    const setZoom = (next) => {
      scroll.classList.remove(`zoom-${level}`);
      level = Math.max(0, Math.min(3, next));
      if (level) scroll.classList.add(`zoom-${level}`);
    };
    zoom.hidden = false;
    zoom.querySelector("[data-zoom-in]").addEventListener("click", () => setZoom(level + 1));
    zoom.querySelector("[data-zoom-out]").addEventListener("click", () => setZoom(level - 1));
    zoom.querySelector("[data-zoom-fit]").addEventListener("click", () => setZoom(0));
  }

  // A link to a field (evidence of a finding) also puts the focus there, so that its place lights up.
  const follow = () => document.getElementById(decodeURIComponent(location.hash.slice(1)))?.focus();
  window.addEventListener("hashchange", follow);
  if (location.hash) follow();
})();
