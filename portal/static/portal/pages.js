// The pages of a dossier: places light up with their fields, words can be pointed at, pages zoom and turn.
"use strict";

(() => {
  const desk = document.querySelector("[data-desk]");
  const viewer = desk?.querySelector("[data-viewer]");
  const scroll = viewer?.querySelector("[data-scroll]");
  if (!scroll) return;
  const SVG = "http://www.w3.org/2000/svg";
  const boxes = () => [...scroll.querySelectorAll("[data-target]")];
  const sheets = [...scroll.querySelectorAll("[data-sheet]")];
  const thumbs = [...viewer.querySelectorAll("[data-show]")];
  const tell = (name, detail) => desk.dispatchEvent(new CustomEvent(name, { detail }));

  const bringPlace = (node) => {
    const place = node.getBoundingClientRect();
    const frame = scroll.getBoundingClientRect();
    if (place.top < frame.top || place.bottom > frame.bottom || place.left < frame.left || place.right > frame.right) {
      scroll.scrollBy({ top: place.top - frame.top - frame.height / 3, left: place.left - frame.left - frame.width / 3 });
    }
  };

  const showSheet = (name) => {
    const sheet = sheets.find((one) => one.dataset.sheet === name);
    if (sheet) scroll.scrollTo({ top: scroll.scrollTop + sheet.getBoundingClientRect().top - scroll.getBoundingClientRect().top });
  };

  // What the work side lights: places by the anchors of their rows, or at least the right page.
  desk.addEventListener("desk:light", ({ detail }) => {
    let first = null;
    for (const box of boxes()) {
      const lit = detail.places.includes(box.dataset.target);
      box.classList.toggle("box-lit", lit);
      if (lit) first ??= box;
    }
    if (!detail.bring) return;
    if (first) bringPlace(first);
    else if (detail.sheet) showSheet(detail.sheet);
  });

  // Which page is in sight.
  const inSight = () => {
    const frame = scroll.getBoundingClientRect();
    const middle = frame.top + frame.height / 2;
    return sheets.find((sheet) => {
      const place = sheet.getBoundingClientRect();
      return place.top <= middle && place.bottom >= middle;
    }) ?? sheets[0];
  };
  const markThumb = () => {
    const name = inSight()?.dataset.sheet;
    for (const thumb of thumbs) {
      if (thumb.dataset.show === name) thumb.setAttribute("aria-current", "true");
      else thumb.removeAttribute("aria-current");
    }
  };
  scroll.addEventListener("scroll", markThumb, { passive: true });
  for (const thumb of thumbs) {
    thumb.addEventListener("click", (event) => { event.preventDefault(); showSheet(thumb.dataset.show); });
  }

  // Zoom and quarter turns.
  const tools = viewer.querySelector("[data-tools]");
  tools.hidden = false;
  let level = 0;
  const setZoom = (next) => {
    const share = (scroll.scrollTop + scroll.clientHeight / 2) / scroll.scrollHeight;
    scroll.classList.remove(`zoom-${level}`);
    level = Math.max(0, Math.min(3, next));
    if (level) scroll.classList.add(`zoom-${level}`);
    scroll.scrollTop = share * scroll.scrollHeight - scroll.clientHeight / 2;
  };
  const turn = (sheet) => {
    const page = sheet?.querySelector("svg.page");
    if (!page) return;
    const turned = (Number(page.dataset.turned) + 90) % 360;
    const [width, height] = [Number(page.dataset.width), Number(page.dataset.height)];
    page.dataset.turned = String(turned);
    const moves = { 0: "", 90: `translate(${height} 0) rotate(90)`, 180: `translate(${width} ${height}) rotate(180)`, 270: `translate(0 ${width}) rotate(270)` };
    page.querySelector("g").setAttribute("transform", moves[turned]);
    page.setAttribute("viewBox", turned % 180 ? `0 0 ${height} ${width}` : `0 0 ${width} ${height}`);
  };
  tools.querySelector("[data-zoom-in]").addEventListener("click", () => setZoom(level + 1));
  tools.querySelector("[data-zoom-out]").addEventListener("click", () => setZoom(level - 1));
  tools.querySelector("[data-zoom-fit]").addEventListener("click", () => setZoom(0));
  tools.querySelector("[data-rotate]").addEventListener("click", () => turn(inSight()));
  desk.addEventListener("desk:zoom", ({ detail }) => setZoom(level + detail.by));
  desk.addEventListener("desk:turn", () => turn(inSight()));
  desk.addEventListener("desk:scroll", ({ detail }) => scroll.scrollBy({ top: detail.by * scroll.clientHeight * 0.8 }));

  // Words: fetched when first pointed at, in the frame of the page as received, whatever its turns on screen.
  const fetched = new Map();
  const wordsOf = (sheet) => {
    const address = sheet.dataset.wordsOf;
    if (!fetched.has(address)) {
      fetched.set(address, fetch(address, { credentials: "same-origin" }).then((answer) => (answer.ok ? answer.json() : {}))
        .catch(() => { fetched.delete(address); return {}; }));
    }
    return fetched.get(address).then((pages) => pages[sheet.querySelector("svg.page").dataset.page] ?? []);
  };
  desk.addEventListener("desk:words", ({ detail }) => {
    const sheet = sheets.find((one) => one.dataset.sheet === detail.sheet) ?? inSight();
    wordsOf(sheet).then((words) => detail.take({ page: Number(sheet.querySelector("svg.page").dataset.page), words }));
  });
  const toPage = (sheet, x, y) => {
    const frame = sheet.querySelector("svg.page > g");
    return new DOMPoint(x, y).matrixTransform(frame.getScreenCTM().inverse());
  };
  const within = (point, corners) => {
    let inside = false;
    for (let i = 0, j = 3; i < 4; j = i++) {
      const [xi, yi, xj, yj] = [corners[2 * i], corners[2 * i + 1], corners[2 * j], corners[2 * j + 1]];
      if ((yi > point.y) !== (yj > point.y) && point.x < ((xj - xi) * (point.y - yi)) / (yj - yi) + xi) inside = !inside;
    }
    return inside;
  };
  const draw = (sheet, words) => {
    for (const old of scroll.querySelectorAll(".box-word")) old.remove();
    for (const [, ...corners] of words) {
      const frame = document.createElementNS(SVG, "polygon");
      frame.setAttribute("class", "box-word");
      frame.setAttribute("points", [0, 2, 4, 6].map((i) => `${corners[i]},${corners[i + 1]}`).join(" "));
      sheet.querySelector("svg.page > g").append(frame);
    }
  };

  let drag = null;
  const choose = async (sheet, from, to) => {
    const words = await wordsOf(sheet);
    const [a, b] = [toPage(sheet, from.x, from.y), toPage(sheet, to.x, to.y)];
    const far = Math.hypot(to.x - from.x, to.y - from.y) > 5;
    const numbers = words.flatMap(([, ...corners], number) => {
      const center = { x: (corners[0] + corners[4]) / 2, y: (corners[1] + corners[5]) / 2 };
      const hit = far
        ? center.x >= Math.min(a.x, b.x) && center.x <= Math.max(a.x, b.x) && center.y >= Math.min(a.y, b.y) && center.y <= Math.max(a.y, b.y)
        : within(b, corners);
      return hit ? [number] : [];
    });
    return { words: numbers.map((number) => words[number]), numbers: far ? numbers : numbers.slice(0, 1) };
  };
  for (const sheet of sheets) {
    const page = sheet.querySelector("svg.page");
    page.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      event.preventDefault(); // the field that is being filled keeps the focus
      drag = { sheet, x: event.clientX, y: event.clientY };
      wordsOf(sheet);
    });
    page.addEventListener("pointermove", async (event) => {
      if (drag?.sheet !== sheet) return;
      const from = drag;
      const found = await choose(sheet, from, { x: event.clientX, y: event.clientY });
      if (drag === from) draw(sheet, found.words);
    });
    page.addEventListener("pointerup", async (event) => {
      if (drag?.sheet !== sheet) return;
      const from = drag;
      drag = null;
      const found = await choose(sheet, from, { x: event.clientX, y: event.clientY });
      draw(sheet, found.words);
      const text = found.numbers.length ? found.words.slice(0, found.numbers.length).map(([word]) => word).join(" ") : "";
      const target = event.target.closest("[data-target]")?.dataset.target ?? "";
      tell("desk:pointed", { text, page: Number(page.dataset.page), numbers: found.numbers, sheet: sheet.dataset.sheet, target });
    });
  }
  window.addEventListener("pointerup", () => { drag = null; });
  for (const kind of ["pointerover", "pointerout"]) {
    scroll.addEventListener(kind, (event) => {
      const target = event.target.closest?.("[data-target]")?.dataset.target;
      if (target) document.getElementById(target)?.classList.toggle("lit", kind === "pointerover");
    });
  }
  markThumb();
})();
