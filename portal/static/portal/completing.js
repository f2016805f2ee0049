// What is typed into a field is completed from the words of its page: two or three keys for what is printed anyway.
"use strict";

(() => {
  const desk = document.querySelector("[data-desk]");
  const work = desk?.querySelector("[data-work]");
  if (!work) return;
  const FEWEST = { letters: 2, figures: 3 }; // typed before anything is proposed
  const MOST_WORDS = 6;
  const NEXT_WORD = 1.2; // a gap of so many heights parts two things
  const FIGURES = /^[\d.,/:€%-]+$|^(?:1er|eur|euros|janv|fevr|mars|avr|mai|juin|juil|aout|sept|oct|nov|dec)/;
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/\s+/gu, " ").toLowerCase();

  // A word is its text and its corners, clockwise from the upper left one as it is read.
  const follows = ([, ...a], [, ...b]) => {
    const along = { x: a[2] - a[0], y: a[3] - a[1] };
    const length = Math.hypot(along.x, along.y) || 1;
    const height = Math.hypot(a[6] - a[0], a[7] - a[1]) || 1;
    const step = { x: b[0] - a[2], y: b[1] - a[3] };
    const gap = (step.x * along.x + step.y * along.y) / length;
    const drop = Math.abs(step.y * along.x - step.x * along.y) / length;
    return gap > -0.5 * height && gap < NEXT_WORD * height && drop < 0.5 * height;
  };
  const runFrom = (words, start) => {
    const numbers = [start];
    const figures = /^\d/.test(words[start][0]);
    while (numbers.length < MOST_WORDS) {
      const last = numbers.at(-1);
      const next = words[last + 1];
      if (!next || !follows(words[last], next) || (figures && !FIGURES.test(fold(next[0])))) break;
      numbers.push(last + 1);
    }
    return numbers;
  };
  const findRun = (words, typed) => {
    const wanted = fold(typed);
    for (let start = 0; start < words.length; start += 1) {
      if (fold(words[start][0])[0] !== wanted[0]) continue;
      const numbers = runFrom(words, start);
      const parts = numbers.map((number) => words[number][0]);
      // whoever has typed whole words may have typed all that is meant
      if (parts.some((_, last) => fold(parts.slice(0, last + 1).join(" ")) === wanted)) continue;
      const text = parts.join(" ");
      if (fold(text).startsWith(wanted) && fold(text).length === text.length && text.length > typed.length) return { text, numbers };
    }
    return null;
  };

  const fetchWords = (sheet) => new Promise((take) => {
    desk.dispatchEvent(new CustomEvent("desk:words", { detail: { sheet, take } }));
  });
  work.addEventListener("input", async (event) => {
    const field = event.target;
    if (!field.matches("input[data-value]") || event.inputType !== "insertText" || event.isComposing) return;
    const typed = field.value;
    if (typed.trim().length < (/^\d/.test(typed) ? FEWEST.figures : FEWEST.letters) || field.selectionEnd !== typed.length) return;
    const { page, words } = await fetchWords(field.closest("[data-sheet-of]")?.dataset.sheetOf ?? "");
    const found = field.value === typed && document.activeElement === field ? findRun(words, typed) : null;
    if (!found) return;
    field.value = typed + found.text.slice(typed.length);
    field.setSelectionRange(typed.length, field.value.length);
    const place = field.form.querySelector("[data-words]");
    if (place) place.value = JSON.stringify({ page, numbers: found.numbers });
    field.dispatchEvent(new CustomEvent("desk:completed", { bubbles: true }));
  });
})();
