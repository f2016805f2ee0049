// Turns the plain file inputs into one list with drag and drop, checks before sending, and progress for each file.
"use strict";

(() => {
  const form = document.querySelector("[data-deposit]");
  if (!form || !window.FormData || !window.DataTransfer) return;
  const drop = form.querySelector("[data-drop]");
  const list = drop.querySelector("[data-files]");
  const faults = drop.querySelector("[data-faults]");
  const faultList = drop.querySelector("[data-fault-list]");
  const button = form.querySelector("[data-send]");
  const sending = form.querySelector("[data-sending]");
  const inputs = [...drop.querySelectorAll("input[type=file]")];
  const limits = {
    files: Number(drop.dataset.maxFiles),
    fileBytes: Number(drop.dataset.maxFileBytes),
    totalBytes: Number(drop.dataset.maxTotalBytes),
    extensions: drop.dataset.extensions.split(","),
  };
  /** @type {{file: File, item: HTMLElement, state: HTMLElement, bar: HTMLProgressElement, fault: string}[]} */
  let chosen = [];
  let busy = false;

  const size = (bytes) => bytes < 1e6
    ? `${Math.max(1, Math.round(bytes / 1000))}\u00a0ko`
    : `${(Math.round(bytes / 1e5) / 10).toString().replace(".", ",")}\u00a0Mo`;

  const make = (tag, className, text = "") => {
    const node = document.createElement(tag);
    node.className = className;
    node.textContent = text;
    return node;
  };

  const showFaults = (sentences) => {
    faultList.replaceChildren(...sentences.map((sentence) => make("p", "", sentence)));
    faults.hidden = sentences.length === 0;
  };

  const judge = (file) => {
    if (file.size === 0) return "Ce fichier est vide.";
    if (file.size > limits.fileBytes) return `Trop lourd\u00a0: ${size(limits.fileBytes)} au plus.`;
    const extension = `.${file.name.split(".").pop().toLowerCase()}`;
    if (file.name.includes(".") && !limits.extensions.includes(extension)) return "Ce type de fichier n’est pas accepté.";
    return "";
  };

  const review = () => {
    const sentences = [];
    if (chosen.length > limits.files) sentences.push(drop.dataset.tooMany);
    if (chosen.reduce((sum, one) => sum + one.file.size, 0) > limits.totalBytes) sentences.push(drop.dataset.tooHeavy);
    if (chosen.some((one) => one.fault)) sentences.push("Retirez les fichiers signalés, puis envoyez les autres.");
    showFaults(sentences);
    return sentences.length === 0;
  };

  const drawn = (file) => /^image\/(jpeg|png|webp)$/.test(file.type);

  const show = (blob, alt) => {
    const image = make("img", "");
    image.alt = alt;
    image.src = URL.createObjectURL(blob);
    image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
    return image;
  };

  // The page, small; pressed, it opens large.
  const picture = (name, pages) => {
    const open = make("button", "file-picture");
    open.type = "button";
    open.setAttribute("aria-label", `Voir ${name} en grand`);
    open.append(show(pages[0], ""));
    open.addEventListener("click", () => enlarge(name, pages));
    return open;
  };

  const kind = (file) => make("span", "file-picture", (file.name.split(".").pop() || "?").toUpperCase().slice(0, 4));

  // Each file is looked at while the form is filled in, one after the other. It only advises: whatever it says, the
  // file can be sent, and where it cannot be asked, nothing is held against the file.
  const look = async (entry) => {
    if (entry.fault || !chosen.includes(entry)) return;
    entry.state.textContent = `${size(entry.file.size)}, vérification…`;
    const data = new FormData();
    data.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    data.append("files", entry.file, entry.file.name);
    if (!drawn(entry.file)) data.append("montrer", "1"); // what a browser cannot draw, the site draws
    let answer = null;
    try {
      const response = await fetch(drop.dataset.look, { method: "POST", body: data, redirect: "error" });
      if (response.ok) answer = await response.json();
    } catch { /* no connection: the sending will tell */ }
    if (!chosen.includes(entry) || busy) return;
    entry.told = answer?.looked ? (answer.legible ? "lisible" : "") : "sera lu après l’envoi";
    entry.state.textContent = [size(entry.file.size), entry.told].filter(Boolean).join(", ");
    if (answer?.pages?.length) {
      const pages = answer.pages.map((page) => new Blob(
        [Uint8Array.from(atob(page), (sign) => sign.charCodeAt(0))], { type: "image/jpeg" }));
      entry.item.querySelector(".file-picture").replaceWith(picture(entry.file.name, pages));
    }
    if (answer?.looked && !answer.legible) advise(entry, answer);
  };

  let looking = Promise.resolve();
  let replaced = null;
  const advise = (entry, answer) => {
    entry.token = answer.token;
    entry.item.classList.add("file-doubtful");
    const box = make("div", "file-advice");
    box.setAttribute("role", "status");
    for (const sentence of answer.sentences) box.append(make("p", "", sentence));
    const again = make("button", "button secondary small", "Reprendre la photo");
    again.type = "button";
    again.addEventListener("click", () => {
      if (busy) return;
      replaced = entry; // it stays in the list until there is another one in its place
      inputs[inputs.length - 1].click();
    });
    const keep = make("button", "button secondary small", "Elle est lisible, envoyer quand même");
    keep.type = "button";
    keep.addEventListener("click", () => {
      entry.confirmed = true;
      box.replaceChildren(make("p", "", "Ce document sera envoyé tel quel\u00a0; votre réponse sera jointe au dossier."));
      button.focus();
    });
    box.append(again, keep);
    entry.item.append(box);
  };

  const discard = (entry) => {
    chosen = chosen.filter((one) => one !== entry);
    entry.item.remove();
    review();
  };

  const large = drop.querySelector("[data-large]");
  large.querySelector("[data-large-close]").addEventListener("click", () => large.close());
  const enlarge = (name, pages) => {
    const called = (number) => pages.length > 1 ? `${name}, page ${number}` : name;
    const place = large.querySelector("[data-large-pages]");
    place.replaceChildren(...pages.map((page, index) => show(page, called(index + 1))));
    large.addEventListener("close", () => place.replaceChildren(), { once: true });
    large.showModal();
  };

  const add = (files) => {
    for (const file of files) {
      const twice = chosen.some((one) => one.file.name === file.name && one.file.size === file.size
        && one.file.lastModified === file.lastModified);
      if (twice) continue;
      const entry = { file, fault: judge(file), item: make("li", "file"), state: make("span", "file-state"), bar: null };
      const remove = make("button", "quiet", "Retirer");
      remove.type = "button";
      remove.setAttribute("aria-label", `Retirer ${file.name}`);
      remove.addEventListener("click", () => {
        if (busy) return;
        discard(entry);
        inputs[0].focus();
      });
      entry.state.textContent = entry.fault || size(file.size);
      entry.item.classList.toggle("file-wrong", Boolean(entry.fault));
      entry.item.append(drawn(file) ? picture(file.name, [file]) : kind(file), make("span", "file-title", file.name), remove, entry.state);
      list.append(entry.item);
      chosen.push(entry);
      looking = looking.then(() => look(entry));
    }
    review();
  };

  const advance = (entry, loaded) => {
    if (!entry.bar) {
      entry.bar = document.createElement("progress");
      entry.bar.max = 100;
      entry.bar.setAttribute("aria-label", `Envoi de ${entry.file.name}`);
      entry.state.replaceChildren(entry.bar, make("span", "", ""));
    }
    const percent = entry.file.size ? Math.floor(100 * Math.min(1, loaded / entry.file.size)) : 100;
    entry.bar.value = percent;
    entry.state.lastChild.textContent = percent >= 100 ? "envoyé" : `${percent}\u00a0%`;
  };

  const reset = (sentences) => {
    busy = false;
    button.disabled = false;
    sending.textContent = "";
    for (const entry of chosen) {
      entry.bar = null;
      entry.state.textContent = entry.fault || [size(entry.file.size), entry.told].filter(Boolean).join(", ");
    }
    showFaults(sentences);
    faults.scrollIntoView({ block: "center" });
  };

  const send = () => {
    const data = new FormData(form);
    data.delete("files");
    for (const { file, token, confirmed } of chosen) {
      data.append("files", file, file.name);
      if (token) data.append(confirmed ? "confirme" : "prevenu", token);
    }
    const total = chosen.reduce((sum, one) => sum + one.file.size, 0);
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      // The files travel one after the other, so what has left tells where each of them stands.
      let sent = event.total ? (event.loaded / event.total) * total : event.loaded;
      for (const entry of chosen) {
        advance(entry, Math.max(0, Math.min(entry.file.size, sent)));
        sent -= entry.file.size;
      }
      if (event.loaded >= event.total) sending.textContent = "Enregistrement…";
    });
    request.addEventListener("load", () => {
      const answer = request.response;
      if (request.status === 201 && answer?.location) {
        location.assign(answer.location);
      } else if (answer?.errors?.length) {
        reset(answer.errors);
      } else if (request.responseURL && new URL(request.responseURL).pathname !== new URL(form.action).pathname) {
        reset(["Votre session est terminée. Reconnectez-vous dans un autre onglet, puis envoyez de nouveau."]);
      } else {
        reset(["L’envoi n’a pas abouti. Vos fichiers sont toujours dans la liste\u00a0: réessayez."]);
      }
    });
    const lost = () => reset(["La connexion a été coupée. Vos fichiers sont toujours dans la liste\u00a0: réessayez, rien ne sera compté deux fois."]);
    request.addEventListener("error", lost);
    request.addEventListener("timeout", lost);
    request.send(data);
  };

  drop.classList.add("drop-ready");
  drop.classList.toggle("drop-touch", navigator.maxTouchPoints > 0);
  drop.querySelector("[data-drop-hint]").hidden = false;
  for (const input of inputs) {
    input.addEventListener("change", () => {
      if (replaced && input.files.length) discard(replaced);
      replaced = null;
      add(input.files);
      input.value = "";
    });
    input.addEventListener("cancel", () => { replaced = null; });
  }
  add(inputs.flatMap((input) => [...input.files]));
  for (const kind of ["dragenter", "dragover"]) {
    drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("drop-over"); });
  }
  for (const kind of ["dragleave", "drop"]) {
    drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.remove("drop-over"); });
  }
  drop.addEventListener("drop", (event) => { if (!busy) add(event.dataTransfer.files); });
  // A file dropped beside the frame must not replace the page.
  for (const kind of ["dragover", "drop"]) window.addEventListener(kind, (event) => event.preventDefault());

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (busy) return;
    if (!chosen.length && !("withoutFiles" in form.dataset)) {
      showFaults(["Ajoutez au moins un document."]);
      faults.scrollIntoView({ block: "center" });
      return;
    }
    if (!review()) return;
    busy = true;
    button.disabled = true;
    sending.textContent = "Envoi en cours…";
    for (const entry of chosen) advance(entry, 0);
    send();
  });
  window.addEventListener("beforeunload", (event) => { if (busy && !sending.textContent.startsWith("Enreg")) event.preventDefault(); });
})();
