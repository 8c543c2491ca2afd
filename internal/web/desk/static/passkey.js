// Asks the browser for a passkey, to make one or to show one, and sends the answer as a form. Nothing is fetched.
(() => {
  "use strict";
  const form = document.querySelector("form[data-passkey]");
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const known = (list) => (list || []).map((c) => ({ ...c, id: bytes(c.id) }));

  // What the server sends and takes is JSON, with bytes as base64url (W3C Web Authentication, section 5.1).
  const options = () => {
    const o = JSON.parse(form.dataset.options);
    o.challenge = bytes(o.challenge);
    if (o.user) o.user.id = bytes(o.user.id);
    if (o.excludeCredentials) o.excludeCredentials = known(o.excludeCredentials);
    if (o.allowCredentials) o.allowCredentials = known(o.allowCredentials);
    return { publicKey: o };
  };
  const answer = (c) => {
    const response = { clientDataJSON: text(c.response.clientDataJSON) };
    for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (c.response[part]) response[part] = text(c.response[part]);
    }
    return JSON.stringify({ id: c.id, rawId: text(c.rawId), type: c.type, response, clientExtensionResults: {} });
  };

  const show = (what, on) => { document.querySelector(`[data-${what}]`).hidden = !on; };
  let asking = false;
  const ask = async () => {
    if (asking) return;
    asking = true;
    show("failed", false);
    try {
      const c = await navigator.credentials[form.dataset.passkey](options());
      form.elements.answer.value = answer(c);
      form.submit();
    } catch {
      show("failed", true);
    } finally {
      asking = false;
    }
  };
  if (!window.PublicKeyCredential) {
    show("unable", true);
    return;
  }
  form.querySelector("[data-ask]").addEventListener("click", ask);
  ask();
})();
