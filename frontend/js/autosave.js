// Saves each answer of a quiz as it is given.
//
// <form data-autosave="URL" data-attempt="7"> holds the field csrf_token and <fieldset data-slot="3" data-prefix="q3-"
// data-sequence="2">; a hidden field q3-sequence follows it.  Each change posts {slot, sequence, key, response} as JSON; a checkbox with data-flag="3" posts
// {slot, key, flagged}.  sequence counts the answers of the slot that the server has acknowledged, this one included;
// key is new for each change and the same for each try to send it.  The server answers {"saved": "10:32", "sequence": 3},
// or an error {"error": {"code", "message"}}.  "stale_answer" has beside it the sequence and the key of the answer that is
// saved: if that was an earlier one of ours, ours is sent again with the newer number; if it came from another window, the
// learner is told and decides.  "attempt_closed", those of NOT_HERE and 422 say that the answer cannot be taken; after every other error it is kept and
// tried again.

import { markNumber } from "./numbers.js";
import { read, write } from "./responses.js";
import { Unsaved } from "./unsaved.js";

const TYPING_PAUSE_MS = 700;
const RETRY_AFTER_S = [2, 4, 8, 15, 30, 60];
const HICCUP_MS = 500; // A single try may fail for no reason that lasts: it is made again before anybody is told.
const GIVEN_UP_MS = 15000;
// The question is finished, not open yet, or on a page that was left: sending the answer again would not help.
const NOT_HERE = ["question_finished", "waits_for_previous", "not_on_this_page"];
const LARGEST_KEPT_ALIVE = 20000; // Browsers refuse more than 64 kB in a request that may outlive its page.

export class Autosave {
  constructor(form, sign) {
    this.form = form;
    this.sign = sign;
    this.unsaved = new Unsaved(form.dataset.attempt);
    this.slots = new Map([...form.querySelectorAll("[data-slot]")].map((slot) => [slot.dataset.slot, slot]));
    this.typing = new Map();
    this.failures = 0;
    this.blocked = false;
    this.sending = null;
    this.#restore();
    this.#listen();
    if (!this.unsaved.empty) this.flush();
  }

  // Send all there is; true when the server has everything.
  async flush() {
    this.#finishTyping();
    this.sending ??= this.#sendAll().finally(() => (this.sending = null));
    return this.sending;
  }

  // Files are sent beside the answers; each is acknowledged like one.
  acknowledged(slot, said) {
    this.#remember(slot.dataset.slot, Math.max(said.sequence, Number(slot.dataset.sequence ?? 0)));
    if (said.saved) this.sign.dataset.time = said.saved;
    if (this.unsaved.empty && !this.typing.size) this.#showSaved();
    this.#mark({ slot: slot.dataset.slot, response: read(slot) });
  }

  #mark(entry) {
    const files = this.slots.get(String(entry.slot))?.querySelectorAll("[data-file]").length ?? 0;
    markNumber(files && entry.response ? { ...entry, response: { ...entry.response, files: [files] } } : entry);
  }

  #listen() {
    this.form.addEventListener("change", (event) => this.#changed(event.target));
    this.form.addEventListener("input", (event) => this.#typed(event.target));
    this.form.addEventListener("submit", (event) => this.#submitted(event));
    window.addEventListener("online", () => (this.unsaved.empty ? this.#showSaved() : this.flush()));
    window.addEventListener("offline", () => this.#doubt());
    // Phones may never come back to a page that was hidden.
    const leaving = () => {
      this.#finishTyping();
      if (!this.unsaved.empty) this.flush();
    };
    window.addEventListener("pagehide", leaving);
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && leaving());
    window.addEventListener("beforeunload", (event) => {
      if (!this.unsaved.empty && this.failures > 0) event.preventDefault();
    });
  }

  #changed(field) {
    if (field.type === "file") return;
    if (field.dataset.flag) {
      this.unsaved.put(`flag ${field.dataset.flag}`, { slot: Number(field.dataset.flag), flagged: field.checked });
      this.flush();
      return;
    }
    const slot = field.closest("[data-slot]");
    if (slot) this.#keep(slot);
  }

  #typed(field) {
    const slot = field.closest("[data-slot]");
    if (!slot || field.type === "radio" || field.type === "checkbox" || field.type === "file" || field.tagName === "SELECT") return;
    clearTimeout(this.typing.get(slot));
    this.typing.set(slot, setTimeout(() => this.#keep(slot), TYPING_PAUSE_MS));
  }

  #finishTyping() {
    for (const slot of [...this.typing.keys()]) this.#note(slot);
  }

  #keep(slot) {
    this.#note(slot);
    this.flush();
  }

  #note(slot) {
    clearTimeout(this.typing.get(slot));
    this.typing.delete(slot);
    const base = Number(slot.dataset.sequence ?? 0);
    this.unsaved.put(`answer ${slot.dataset.slot}`, { slot: Number(slot.dataset.slot), response: read(slot), base });
  }

  // Answers that never reached the server come back into the page.
  #restore() {
    for (const entry of Object.values(this.unsaved.entries)) {
      const slot = this.slots.get(String(entry.slot));
      if (slot && entry.response) write(slot, entry.response);
    }
  }

  async #sendAll() {
    clearTimeout(this.retry);
    while (!this.unsaved.empty && !this.blocked) {
      const { name, entry } = this.unsaved.first();
      this.#show("saving");
      let outcome;
      try {
        outcome = await this.#send(entry);
      } catch {
        outcome = "unreachable";
      }
      if (outcome === "unreachable") {
        this.#failed();
        return false;
      }
      if (outcome === "kept") return false;
      this.failures = 0;
      if (outcome === "again") continue;
      this.unsaved.done(name, entry.key);
    }
    return this.unsaved.empty;
  }

  async #send(entry) {
    const { base, earlier, ...body } = entry;
    if (entry.response) body.sequence = base + 1;
    const content = JSON.stringify(body);
    const answer = await fetch(this.form.dataset.autosave, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Accept: "application/json",
        "X-CSRF-Token": this.form.elements.csrf_token?.value ?? "",
      },
      body: content,
      credentials: "same-origin",
      keepalive: content.length < LARGEST_KEPT_ALIVE,
      redirect: "manual",
      signal: AbortSignal.timeout?.(GIVEN_UP_MS),
    });
    if (answer.status >= 500 || answer.status === 429) return "unreachable";
    const said = await answer.json().catch(() => null);
    if (answer.ok && said) {
      this.#saved(entry, said);
      return "saved";
    }
    return this.#refused(entry, answer, said);
  }

  #saved(entry, said) {
    if (entry.response) this.#remember(entry.slot, said.sequence);
    if (said.saved) this.sign.dataset.time = said.saved;
    this.#showSaved();
    this.#mark(entry);
  }

  #refused(entry, answer, said) {
    const message = said?.error?.message;
    if (said?.error?.code === "stale_answer") {
      this.#remember(entry.slot, said.sequence);
      if (entry.earlier?.includes(said.key)) return "again";
      this.#show("refused", { message });
      return "dropped";
    }
    if (said?.error?.code === "attempt_closed") {
      this.blocked = true;
      this.unsaved.clear();
      this.#show("refused", { message });
      return "dropped";
    }
    if (answer.status === 422 || NOT_HERE.includes(said?.error?.code)) {
      this.#show("refused", { message });
      return "dropped";
    }
    if (answer.status === 409) return "unreachable";
    // Signed out, or the page is too old: the answer waits here for a page that may send it.
    this.failures = Math.max(this.failures, 1);
    const signedOut = answer.type === "opaqueredirect" || answer.status === 401;
    this.#show(signedOut ? "signed-out" : "refused", signedOut ? {} : { message });
    return "kept";
  }

  #failed() {
    const hiccup = this.failures === 0 && navigator.onLine;
    const seconds = RETRY_AFTER_S[Math.min(this.failures, RETRY_AFTER_S.length - 1)];
    this.failures += 1;
    if (!hiccup) this.#show("offline");
    this.retry = setTimeout(() => this.flush(), hiccup ? HICCUP_MS : seconds * 1000);
  }

  // A browser says "offline" whenever some network goes away, also when the server is still there, as in a school without
  // internet: only a request tells.  With something unsaved that is its own request.
  async #doubt() {
    if (!this.unsaved.empty) {
      this.flush();
      return;
    }
    try {
      await fetch(document.querySelector("link[rel=icon]").href, { method: "HEAD", cache: "no-store" });
    } catch {
      if (this.unsaved.empty) this.#show("offline");
    }
  }

  // An answer that waits on this device follows the last one that this device knows of, whatever another page has shown
  // since: so an old answer never takes the place of a newer one unseen.
  #remember(slot, sequence) {
    const element = this.slots.get(String(slot));
    if (element) element.dataset.sequence = sequence;
    const field = element && this.form.elements[`${element.dataset.prefix ?? ""}sequence`];
    if (field) field.value = sequence;
    this.unsaved.rebase(`answer ${slot}`, sequence);
  }

  // Going on waits for what is on its way, and stays when there is no connection: the next page could not come anyway.
  async #submitted(event) {
    this.#finishTyping();
    if (this.unsaved.empty || this.blocked) return;
    event.preventDefault();
    const button = event.submitter;
    if (await this.flush()) this.form.requestSubmit(button);
  }

  #showSaved() {
    const { time } = this.sign.dataset;
    if (time) this.#show("saved", { time });
    else this.#show("", {});
  }

  #show(state, values = {}) {
    const text = values.message ?? this.sign.getAttribute(`data-text-${state}`) ?? "";
    this.sign.dataset.state = state === "signed-out" ? "refused" : state;
    this.sign.querySelector("[data-saved-text]").textContent = text.replace("{time}", values.time ?? "");
  }
}
