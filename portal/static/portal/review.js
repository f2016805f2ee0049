// The work side of the review screen: everything by keyboard, each correction written at once, a sign of life.
"use strict";

(() => {
  const desk = document.querySelector("[data-desk]");
  const work = desk?.querySelector("[data-work]");
  if (!work) return;
  const say = work.querySelector("[data-say]");
  const help = document.querySelector("[data-help]");
  const stale = work.querySelector("[data-stale]");
  const tell = (name, detail = {}) => desk.dispatchEvent(new CustomEvent(name, { detail }));
  const announce = (text) => { say.textContent = ""; setTimeout(() => { say.textContent = text; }, 30); };
  const points = () => [...work.querySelectorAll("[data-part=points] [data-value]")];
  const remembered = (name, otherwise) => { try { return localStorage.getItem(name) ?? otherwise; } catch { return otherwise; } };
  const remember = (name, value) => { try { localStorage.setItem(name, value); } catch { /* private window */ } };
  let busy = false;
  let touched = Date.now();

  // Tab goes from one doubtful value to the next; what is sure is reached by the box in the help, or by pointing.
  const everything = help.querySelector("[data-all-fields]");
  const setStops = () => {
    for (const one of work.querySelectorAll("[data-skip]")) one.tabIndex = everything.checked ? 0 : -1;
  };
  everything.checked = remembered("liasse-all-fields", "") === "1";
  everything.addEventListener("change", () => { remember("liasse-all-fields", everything.checked ? "1" : ""); setStops(); });
  const question = help.querySelector("[data-question-mark]");
  question.checked = remembered("liasse-question-mark", "1") === "1";
  question.addEventListener("change", () => remember("liasse-question-mark", question.checked ? "1" : ""));

  // A field lights its places on the page.
  const light = (node, bring) => {
    const row = node?.closest("[data-row], .point");
    const form = node?.closest("[data-place]");
    const places = (form?.dataset.place ?? row?.dataset.row ?? "").split(" ").filter(Boolean);
    tell("desk:light", { places, bring, sheet: row?.dataset.sheetOf ?? "" });
  };
  work.addEventListener("focusin", (event) => {
    light(event.target, true);
    if (event.target.matches("input[data-value]")) event.target.select();
  });
  work.addEventListener("focusout", () => tell("desk:light", { places: [], bring: false }));
  work.addEventListener("pointerover", (event) => {
    const row = event.target.closest?.("[data-row]");
    if (row && !row.contains(document.activeElement)) light(row, false);
  });
  work.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-goto], .findings a[href^='#']");
    if (!link) return;
    event.preventDefault();
    goTo(link.hash.slice(1));
  });
  const goTo = (anchor) => {
    const row = document.getElementById(anchor);
    if (!row) return;
    const input = row.querySelector("[data-value]");
    const edit = row.querySelector("details.edit");
    if (edit) edit.open = true;
    (input ?? row).focus();
  };

  // Words pointed at on the page fill the field that is being worked on; a place leads to its field.
  let current = null;
  work.addEventListener("focusin", (event) => { if (event.target.matches("input[data-value]")) current = event.target; });
  desk.addEventListener("desk:pointed", ({ detail }) => {
    const typing = document.activeElement?.matches("input[data-value]") ? document.activeElement : null;
    const field = typing ?? (detail.target || !current?.isConnected ? null : current);
    if (!field || !detail.text) {
      if (detail.target) goTo(detail.target);
      return;
    }
    field.value = detail.text;
    const words = field.form.querySelector("[data-words]");
    if (words) words.value = JSON.stringify({ page: detail.page, numbers: detail.numbers });
    field.focus();
    announce(`Repris de la page : ${detail.text}. Entrée pour enregistrer.`);
  });
  work.addEventListener("input", (event) => {
    const words = event.target.matches("input[data-value]") && event.target.form.querySelector("[data-words]");
    if (words) words.value = "";
  });

  work.addEventListener("desk:completed", (event) => {
    announce(`Lu sur la page : ${event.target.value}. Entrée pour enregistrer.`);
  });

  // Sending a correction; the parts of the page that it changes come back.
  const take = (html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    for (const part of fresh.querySelectorAll("[data-part]")) {
      work.querySelector(`[data-part="${part.dataset.part}"]`)?.replaceChildren(...part.childNodes);
    }
    for (const group of fresh.querySelectorAll("svg[hidden] [data-boxes]")) {
      desk.querySelector(`[data-viewer] [data-boxes="${group.dataset.boxes}"]`)?.replaceChildren(...group.childNodes);
    }
    return fresh.querySelector("[data-said]")?.textContent ?? "";
  };
  const send = async (form, submitter) => {
    if (busy) return;
    busy = true;
    form.setAttribute("aria-busy", "true");
    const before = points().map((one) => one.id || one.closest(".point")?.id);
    const index = Math.max(0, points().findIndex((one) => form.contains(one)));
    const fault = form.querySelector("[data-fault]");
    try {
      const answer = await fetch(form.action, {
        method: "POST", body: new URLSearchParams(new FormData(form, submitter ?? undefined)), credentials: "same-origin", headers: { "X-Parts": "1" },
      });
      const text = await answer.text();
      if (answer.redirected || answer.status === 403 || answer.status === 404) { location.reload(); return; }
      if (answer.status === 409) {
        stale.innerHTML = text; // made by our own server
        stale.querySelector("a")?.focus();
        alive = false;
      } else if (answer.status === 422 && fault) {
        fault.textContent = text;
        fault.hidden = false;
        form.querySelector("[data-value]")?.focus();
      } else if (!answer.ok) {
        throw new Error(String(answer.status));
      } else {
        const said = take(text);
        settle();
        const left = points();
        // On to the next point: what stood behind the one that was settled, else the first, else what is proposed.
        const behind = before.slice(index + 1).map((id) => left.find((one) => (one.id || one.closest(".point")?.id) === id)).find(Boolean);
        const inPoints = form.closest("[data-part=points]") || !before.length;
        const next = (inPoints ? behind : null) ?? left[0] ?? work.querySelector("[data-primary]");
        if (next) next.focus();
        else work.querySelector("[data-part=actions] summary")?.focus();
        announce(`${said} ${left.length ? `Reste ${left.length} à vérifier.` : "Plus rien à vérifier."}`);
      }
    } catch {
      if (fault) { fault.textContent = "Rien n’a été enregistré : le site ne répond pas. Réessayez."; fault.hidden = false; }
      announce("Rien n’a été enregistré : le site ne répond pas. Réessayez.");
    } finally {
      busy = false;
      form.removeAttribute("aria-busy");
    }
  };
  work.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-correct]")) {
      event.preventDefault();
      send(form, event.submitter);
    } else if (form.dataset.sent) {
      event.preventDefault(); // a double click decides once
    } else {
      form.dataset.sent = "1";
    }
  });
  window.addEventListener("pageshow", () => { for (const form of work.querySelectorAll("form")) delete form.dataset.sent; });

  // Other readings of a value, one key away.
  const cycle = (input, step) => {
    const others = [...input.form.querySelectorAll("[data-alternative]")].map((one) => one.value);
    const all = [...new Set([input.dataset.initial, ...others])];
    if (all.length < 2) return;
    const place = all.indexOf(input.value);
    input.value = all[(Math.max(0, place) + step + all.length) % all.length];
    input.select();
    announce(input.value || "rien");
  };
  const open = (name) => {
    const panel = work.querySelector(`[data-panel="${name}"]`);
    if (!panel) return;
    panel.open = true;
    panel.querySelector("textarea, select, input:not([type=hidden])")?.focus();
    panel.scrollIntoView({ block: "nearest" });
  };
  // The papers of a dossier in turn: the panel of the next one opens, the one that was open closes.
  const openNext = (name, none) => {
    const panels = [...work.querySelectorAll(`[data-panel="${name}"]`)];
    if (!panels.length) { announce(none); return; }
    const place = panels.findIndex((one) => one.open && one.contains(document.activeElement));
    const panel = panels[(place + 1) % panels.length];
    for (const one of panels) one.open = one === panel;
    panel.querySelector("input:not([type=hidden]), select")?.focus();
    panel.scrollIntoView({ block: "nearest" });
  };
  const showHelp = () => { if (help.open) help.close(); else help.showModal(); };

  const keys = {
    "?": () => (question.checked && !document.activeElement?.matches("textarea, input[name=pourquoi]") ? showHelp() : false),
    F2: (input) => (input ? (input.value = "", input.form.requestSubmit()) : false),
    F4: () => open("demander"),
    F6: () => open("refuser"),
    F7: () => openNext("decouper", "Rien à découper\u00a0: aucun document n’a deux pages."),
    "Shift+F7": () => openNext("reunir", "Rien à réunir\u00a0: le dossier n’a qu’un document."),
    F8: () => tell("desk:zoom", { by: 1 }),
    "Shift+F8": () => tell("desk:zoom", { by: -1 }),
    F9: () => tell("desk:turn"),
    PageDown: () => tell("desk:scroll", { by: 1 }),
    PageUp: () => tell("desk:scroll", { by: -1 }),
    "Alt+PageDown": () => work.querySelector("[data-next]")?.requestSubmit(),
    "Ctrl+Enter": () => work.querySelector("[data-primary]")?.click(),
    "Ctrl+z": (input) => (!input && document.activeElement?.matches("input, textarea")) || (input && input.value !== input.dataset.initial) ? false : work.querySelector("[data-undo]")?.requestSubmit(),
    ArrowDown: (input) => (input ? cycle(input, 1) : false),
    ArrowUp: (input) => (input ? cycle(input, -1) : false),
    Escape: (input) => {
      if (!input || input.value === input.dataset.initial) return false;
      input.value = input.dataset.initial;
      input.select();
      return true;
    },
  };
  document.addEventListener("keydown", (event) => {
    touched = Date.now();
    if (help.open && event.key !== "?") return;
    const active = document.activeElement;
    const input = active?.matches("input[data-value]") ? active : null;
    if (event.key === "Enter" && !event.ctrlKey && active?.matches("select[data-value]")) {
      event.preventDefault();
      active.form.requestSubmit();
      return;
    }
    const name = `${event.ctrlKey || event.metaKey ? "Ctrl+" : ""}${event.altKey ? "Alt+" : ""}${event.shiftKey && event.key !== "?" ? "Shift+" : ""}${event.key}`;
    if ((name === "PageDown" || name === "PageUp") && active?.matches("textarea, [data-scroll], select")) return;
    const done = Object.hasOwn(keys, name) ? keys[name](input) : false;
    if (done !== false) event.preventDefault();
  });
  document.addEventListener("pointerdown", () => { touched = Date.now(); });
  for (const button of document.querySelectorAll("[data-open-help]")) button.addEventListener("click", showHelp);

  // The message to the member: pieces add their sentences, and it is shown as it will be read.
  const settle = () => {
    setStops();
    for (const form of work.querySelectorAll(".act-form")) {
      const text = form.querySelector("[data-text]");
      const preview = form.querySelector("[data-preview]");
      if (!text) continue;
      if (preview) form.querySelector("[data-preview-frame]").hidden = false;
      const show = () => { if (preview) preview.textContent = text.value; };
      // A text of the insurer to begin with; what was typed already is never thrown away unasked.
      const template = form.querySelector("[data-template]");
      let begun = text.value;
      const begin = (words) => {
        if (!words || (text.value !== begun && !confirm("Remplacer le texte déjà écrit\u00a0?"))) return;
        begun = text.value = words;
        show();
      };
      if (template) {
        template.closest("[data-templates]").hidden = false;
        template.addEventListener("change", () => begin(template.value));
      }
      text.addEventListener("input", show);
      for (const box of form.querySelectorAll("[data-sentence]")) {
        box.addEventListener("change", () => {
          const line = `– ${box.dataset.sentence}`;
          const lines = text.value.split("\n").filter((one) => one !== line);
          if (box.checked) {
            const last = lines.findLastIndex((one) => one.startsWith("– "));
            const gap = lines.indexOf("", 2);
            lines.splice(last >= 0 ? last + 1 : gap > 0 ? gap + 1 : lines.length, 0, line);
          }
          text.value = lines.join("\n");
          show();
        });
      }
      form.querySelector("[data-reason]")?.addEventListener("change", (event) => {
        const fitting = [...(template?.options ?? [])].find((one) => one.dataset.for === event.target.value);
        if (fitting && text.value === begun) {
          template.value = fitting.value;
          begin(fitting.value);
          return;
        }
        const label = event.target.selectedOptions[0].textContent;
        text.value = text.value.replace(/\[motif\]/, label.charAt(0).toLowerCase() + label.slice(1));
        show();
      });
      show();
    }
  };

  // A sign of life every 30 seconds, as long as somebody works here; after 15 idle minutes the dossier goes back.
  let alive = Boolean(desk.dataset.keepAlive);
  const lose = (text) => {
    alive = false;
    stale.replaceChildren();
    const notice = document.createElement("p");
    notice.className = "fault";
    notice.setAttribute("role", "alert");
    notice.textContent = text;
    stale.append(notice);
  };
  const beat = async () => {
    if (!alive) return;
    if (Date.now() - touched > 15 * 60 * 1000) {
      lose("Ce dossier est rendu à l’équipe après 15 minutes sans activité. Vos corrections sont gardées ; rechargez la page pour le reprendre.");
      work.querySelector("[data-next]")?.closest(".act-small")?.querySelector("form[action$=reposer]")?.requestSubmit();
      return;
    }
    const form = work.querySelector("form [name=bail]")?.form;
    if (!form) return;
    try {
      const data = new URLSearchParams({ bail: form.elements.bail.value, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
      const answer = await fetch(desk.dataset.keepAlive, { method: "POST", body: data, credentials: "same-origin" });
      if (answer.ok && !(await answer.json()).held) {
        lose("Ce dossier n’est plus entre vos mains : un document est arrivé, ou une autre personne l’a repris. Rechargez la page.");
      }
    } catch { /* no network: the next beat, or the server at the next correction, will tell */ }
  };
  setInterval(beat, 30_000);

  // While somebody looks, the pictures of what comes next are fetched: the browser keeps them, and asks again whether
  // it may show them when they are shown.
  const lookAhead = async () => {
    if (!desk.dataset.ahead) return;
    try {
      const answer = await fetch(desk.dataset.ahead, { credentials: "same-origin" });
      if (!answer.ok) return;
      for (const page of (await answer.json()).pages) {
        await fetch(page, { credentials: "same-origin", headers: { "X-Liasse-Ahead": "1" } });
      }
      desk.dataset.aheadDone = "1";
    } catch { /* no network: the next dossier loads when it is opened */ }
  };
  setTimeout(lookAhead, 1500);

  settle();
  const wanted = location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  if (wanted) goTo(wanted.id);
  else (points()[0] ?? work.querySelector("[data-primary]"))?.focus({ preventScroll: true });
})();
