// The numbers of the questions, and the counts under them, follow what was saved.

export function markNumber(entry) {
  const link = document.querySelector(`[data-slot-link="${entry.slot}"]`);
  if (!link) return;
  if (entry.flagged !== undefined) link.classList.toggle("is-flag", entry.flagged);
  if (entry.response) {
    // How sure somebody is, is no answer.
    const answered = Object.entries(entry.response).some(([name, values]) => name !== "certainty" && values.length);
    link.classList.toggle("is-done", answered);
    link.setAttribute("aria-label", answered ? link.dataset.answeredLabel : link.dataset.openLabel);
  }
  count();
}

function count() {
  const links = [...document.querySelectorAll("[data-slot-link]")];
  const answered = links.filter((link) => link.classList.contains("is-done")).length;
  say("answered", answered);
  say("open", links.length - answered);
}

function say(name, number) {
  const place = document.querySelector(`[data-count="${name}"]`);
  if (place) place.textContent = place.dataset.text.replace("{number}", number);
}
