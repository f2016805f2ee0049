// Passkeys: asks the browser to make one, or to have one sign; what it answers goes back in an ordinary form.
"use strict";

(() => {
  const form = document.querySelector("[data-passkey]");
  if (!form || !window.PublicKeyCredential) return;
  form.hidden = false;
  const said = form.querySelector("[data-said]");
  const tell = (sentences) => { said.textContent = sentences.join(" "); said.hidden = !sentences.length; };

  const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const toText = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const withBytes = (list) => (list || []).map((one) => ({ ...one, id: toBytes(one.id) }));

  const describe = (credential) => {
    const response = { clientDataJSON: toText(credential.response.clientDataJSON) };
    for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[part]) response[part] = toText(credential.response[part]);
    }
    return JSON.stringify({
      id: credential.id,
      rawId: toText(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment || undefined,
      clientExtensionResults: credential.getClientExtensionResults(),
      response,
    });
  };

  const make = async (options) => navigator.credentials.create({ publicKey: {
    ...options,
    challenge: toBytes(options.challenge),
    user: { ...options.user, id: toBytes(options.user.id) },
    excludeCredentials: withBytes(options.excludeCredentials),
  } });

  const sign = async (options) => navigator.credentials.get({ publicKey: {
    ...options,
    challenge: toBytes(options.challenge),
    allowCredentials: withBytes(options.allowCredentials),
  } });

  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return; // the answer is there: the form goes its ordinary way
    event.preventDefault();
    tell([]);
    let options;
    try {
      const answer = await fetch(form.dataset.begin, { method: "POST", body: new FormData(form) });
      const found = await answer.json();
      if (!answer.ok) return tell(found.errors);
      options = found.publicKey;
    } catch {
      return tell(["Le site ne répond pas. Vérifiez votre connexion, puis réessayez."]);
    }
    try {
      const credential = await (form.dataset.passkey === "make" ? make(options) : sign(options));
      form.elements.credential.value = describe(credential);
    } catch {
      return tell(["Aucune clé n’a répondu. Vous pouvez recommencer."]);
    }
    for (const field of form.querySelectorAll("input[type=password]")) field.disabled = true;
    form.requestSubmit();
  });
})();
