// Keys of the pair page and two small comforts. Every page works without this file.
//
//   s, d, u   same, different, unsure: goes to the reason when it is still empty, and decides otherwise
//   j, k      next pair, previous pair
(() => {
  "use strict";
  document.documentElement.classList.add("scripted");

  // One-letter keys can be switched off (WCAG 2.1.4); the browser remembers it.
  const keys = document.querySelector("[data-keys]");
  const remember = "homeward-keys-off";
  if (keys) {
    keys.checked = localStorage.getItem(remember) === null;
    keys.addEventListener("change", () => keys.checked ? localStorage.removeItem(remember) : localStorage.setItem(remember, "1"));
  }
  const keysOff = () => localStorage.getItem(remember) !== null;

  const typing = (el) => el.matches("input, textarea, select, [contenteditable]");
  const form = document.querySelector("form[data-decide]");

  const judge = (button) => {
    const reason = form.elements.reason;
    form.querySelectorAll("[name=judgement]").forEach((b) => {
      b.classList.toggle("chosen", b === button);
      b.setAttribute("aria-pressed", String(b === button));
    });
    if (reason.value.trim() === "") {
      reason.focus();
      return;
    }
    form.requestSubmit(button);
  };

  document.addEventListener("keydown", (e) => {
    if (e.altKey || e.metaKey || e.repeat) return;
    if (form && e.ctrlKey && e.key === "Enter") {
      const chosen = form.querySelector("[name=judgement].chosen");
      if (chosen) form.requestSubmit(chosen);
      return;
    }
    if (e.ctrlKey || keysOff() || typing(e.target)) return;
    const target = document.querySelector(`[data-key~="${CSS.escape(e.code)}"]`);
    if (!target) return;
    e.preventDefault();
    if (form && target.name === "judgement") judge(target);
    else if (typing(target)) target.focus();
    else target.click();
  });

  // A form is sent once, however often it is clicked; it may be sent again when the reader comes back to it.
  const sent = new Set();
  document.addEventListener("submit", (e) => sent.has(e.target) ? e.preventDefault() : sent.add(e.target));
  addEventListener("pageshow", () => sent.clear());

  // While an edition is being read, look again every two seconds.
  if (document.querySelector("[data-look-again]")) setTimeout(() => location.reload(), 2000);
})();
