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

  const picture = (file) => {
    if (/^image\/(jpeg|png|webp)$/.test(file.type)) {
      const image = make("img", "");
      image.alt = "";
      image.src = URL.createObjectURL(file);
      image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
      const open = make("button", "file-picture");
      open.type = "button";
      open.setAttribute("aria-label", `Voir ${file.name} en grand`);
      open.append(image);
      open.addEventListener("click", () => enlarge(file));
      return open;
    }
    return make("span", "file-picture", (file.name.split(".").pop() || "?").toUpperCase().slice(0, 4));
  };

  // Each file is looked at while the form is filled in, one after the other. It only advises: whatever it says, the
  // file can be sent, and where it cannot be asked, nothing is held against the file.
  const look = async (entry) => {
    if (entry.fault || !chosen.includes(entry)) return;
    entry.state.textContent = `${size(entry.file.size)}, vérification…`;
    const data = new FormData();
    data.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    data.append("files", entry.file, entry.file.name);
    let answer = null;
    try {
      const response = await fetch(drop.dataset.look, { method: "POST", body: data, redirect: "error" });
      if (response.ok) answer = await response.json();
    } catch { /* no connection: the sending will tell */ }
    if (!chosen.includes(entry) || busy) return;
    entry.told = answer?.looked ? (answer.legible ? "lisible" : "") : "sera lu après l’envoi";
    entry.state.textContent = [size(entry.file.size), entry.told].filter(Boolean).join(", ");
    if (answer?.looked && !answer.legible) advise(entry, answer);
  };

  let looking = Promise.resolve();
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
      discard(entry);
      inputs[inputs.length - 1].click();
    });
    const keep = make("button", "button secondary small", "Elle est lisible, envoyer quand même");
    keep.type = "button";
    keep.addEventListener("click", () => {
      box.replaceChildren(make("p", "", "Ce document sera envoyé tel quel."));
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
  const enlarge = (file) => {
    const image = large.querySelector("[data-large-picture]");
    image.src = URL.createObjectURL(file);
    image.alt = file.name;
    large.addEventListener("close", () => { URL.revokeObjectURL(image.src); image.removeAttribute("src"); }, { once: true });
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
      entry.item.append(picture(file), make("span", "file-title", file.name), remove, entry.state);
      list.append(entry.item);
      chosen.push(entry);
      looking = looking.then(() => look(entry));
    }
    review();
  };

  const show = (entry, loaded) => {
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
    for (const { file, token } of chosen) {
      data.append("files", file, file.name);
      if (token) data.append("prevenu", token);
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
        show(entry, Math.max(0, Math.min(entry.file.size, sent)));
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
      add(input.files);
      input.value = "";
    });
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
    if (!chosen.length) {
      showFaults(["Ajoutez au moins un document."]);
      faults.scrollIntoView({ block: "center" });
      return;
    }
    if (!review()) return;
    busy = true;
    button.disabled = true;
    sending.textContent = "Envoi en cours…";
    for (const entry of chosen) show(entry, 0);
    send();
  });
  window.addEventListener("beforeunload", (event) => { if (busy && !sending.textContent.startsWith("Enreg")) event.preventDefault(); });
})();
