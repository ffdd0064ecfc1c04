// A form is sent once: a second click while the first is on its way does nothing.

const AGAIN_AFTER_MS = 8000; // A download leaves the page as it is, and may be asked for again.

export function guardForms(root) {
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.hasAttribute("data-sent")) {
      event.preventDefault();
      return;
    }
    mark(form);
    setTimeout(() => release(form), AGAIN_AFTER_MS);
  });
  // Coming back by the back button shows the page as it was left.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) root.querySelectorAll("form[data-sent]").forEach(release);
  });
}

function mark(form) {
  form.setAttribute("data-sent", "");
  // Disabled buttons would not be sent along, so they are only said to be.
  buttons(form).forEach((button) => button.setAttribute("aria-disabled", "true"));
}

export function release(form) {
  form.removeAttribute("data-sent");
  buttons(form).forEach((button) => button.removeAttribute("aria-disabled"));
}

function buttons(form) {
  return [...form.elements].filter((element) => element.type === "submit");
}
