// Writing a question: rows come and go without leaving the place, and the preview follows what is typed.
// Everything is drawn by the server, as it is without this script.

import { drawAgain, drawSpots } from "./drawing.js";

const QUIET_MS = 900;

let timer;
let asked = 0;

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-editor] [data-in-place]");
  if (!button) return;
  event.preventDefault();
  send(button.form, button.value).then((page) => page && redraw(page, button.value)).catch(() => button.form.requestSubmit(asSubmitter(button)));
});

document.addEventListener("input", (event) => {
  const form = event.target.closest("[data-editor]");
  if (!form) return;
  leaving = true;
  clearTimeout(timer);
  timer = setTimeout(() => look(form), QUIET_MS);
});

// What is typed and not saved is not lost by a slip.
let leaving = false;
document.addEventListener("submit", () => (leaving = false));
window.addEventListener("beforeunload", (event) => leaving && event.preventDefault());

async function send(form, act) {
  const data = new FormData(form);
  data.set("act", act);
  const answer = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector("[data-editor]") && page;
}

function redraw(page, act) {
  for (const id of ["editor", "looked"]) document.getElementById(id).replaceWith(page.getElementById(id));
  // "add:rubric.0.levels" names the rows, "remove:rubric.0.levels.2" one of them.
  const [what, which = ""] = act.split(":");
  const place = what === "add" ? which : which.split(".").slice(0, -1).join(".");
  const rows = place ? document.querySelectorAll(`[name="${place}.count"]`)[0]?.parentElement.querySelectorAll(":scope > .part-row") : [];
  const wrong = document.querySelector("[data-editor] [aria-invalid]");
  const target = act.startsWith("add:") ? rows[rows.length - 1]?.querySelector("textarea, input:not([type=hidden]), select") : (wrong ?? document.getElementById(place || "stem.vi"));
  target?.focus();
  drawAgain();
}

async function look(form) {
  const mine = ++asked;
  try {
    const page = await send(form, "check");
    if (page && mine === asked) document.getElementById("looked").replaceWith(page.getElementById("looked"));
  } catch {
    // Without a network the preview stays as it is; saving says what happened.
  }
}

function asSubmitter(button) {
  button.removeAttribute("data-in-place");
  return button;
}

drawSpots();
