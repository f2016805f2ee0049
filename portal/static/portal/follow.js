// Keeps a region up to date without reloading the page: often while the machine is at work, rarely afterwards.
"use strict";

(() => {
  const region = document.querySelector("[data-follow]");
  if (!region) return;
  const announce = document.getElementById("annonce");
  const whole = region.id === "suivi-liste"; // a list answers with its whole page, of which we take the region
  let version = region.dataset.version || "";
  let moving = "moving" in region.dataset;
  let quiet = 0;
  let failures = 0;

  const wait = () => {
    if (failures) return Math.min(30000, 2000 * 2 ** failures);
    if (moving) return 1200;
    return quiet < 5 ? 5000 : 20000;
  };

  const keepFocus = (change) => {
    const id = region.contains(document.activeElement) ? document.activeElement.id : "";
    change();
    if (id) document.getElementById(id)?.focus({ preventScroll: true });
  };

  const show = (html) => {
    const before = region.querySelector("[data-announce]")?.textContent;
    if (whole) {
      const fresh = new DOMParser().parseFromString(html, "text/html").getElementById(region.id);
      if (!fresh || fresh.innerHTML === region.innerHTML) return false;
      moving = "moving" in fresh.dataset;
      keepFocus(() => region.replaceChildren(...fresh.childNodes));
    } else {
      const fresh = new DOMParser().parseFromString(html, "text/html");
      keepFocus(() => {
        for (const part of fresh.querySelectorAll("[data-part]")) {
          region.querySelector(`[data-part="${part.dataset.part}"]`)?.replaceChildren(...part.childNodes);
        }
      });
    }
    const after = region.querySelector("[data-announce]")?.textContent;
    if (announce && after && after !== before) announce.textContent = after;
    return true;
  };

  const ask = async () => {
    if (document.hidden) return;
    try {
      const headers = version && !whole ? { "If-None-Match": version } : {};
      const answer = await fetch(region.dataset.follow, { headers, cache: "no-store", credentials: "same-origin" });
      if (answer.redirected || answer.status === 403 || answer.status === 404) {
        location.reload(); // signed out meanwhile: the server leads to the right page
        return;
      }
      failures = 0;
      if (answer.status === 304) { quiet += 1; return; }
      if (!answer.ok) { failures += 1; return; }
      if (!whole) {
        version = answer.headers.get("ETag") || "";
        moving = answer.headers.get("X-Moving") === "1";
      }
      quiet = show(await answer.text()) ? 0 : quiet + 1;
    } catch {
      failures += 1; // no network: try again later, more and more rarely
    }
  };

  const loop = async () => {
    await ask();
    setTimeout(loop, wait());
  };
  setTimeout(loop, wait());
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
})();
