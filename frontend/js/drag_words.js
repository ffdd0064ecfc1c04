// Turns the lists of a text with gaps into places that words are dragged to.
//
// [data-drag-words] holds the text, in which each .gap[data-group] has a <select>, and below it the hidden [data-words] with
// a button for each word: data-word, data-group, data-times (how often it can be placed, 0: as often as one likes).  The
// select stays what holds the answer and what keyboards and screen readers use; pointers never reach it.  A word is
// dragged with the mouse, or after a moment's rest with a finger; or it is pressed, and then a gap; or the other way round.
// Each change of an answer is a "change" of the select, so that it is saved like any other.

const FAR_ENOUGH_PX = 6;
const REST_MS = 250;
const EDGE_PX = 60;
const STEP_PX = 14;

export function startDragWords(within) {
  for (const root of within.querySelectorAll("[data-drag-words]")) new DragWords(root);
}

class DragWords {
  constructor(root) {
    this.root = root;
    this.bank = root.querySelector("[data-words]");
    this.said = root.querySelector("[data-words-said]");
    this.words = new Map([...this.bank.querySelectorAll("[data-word]")].map((word) => [word.dataset.word, word]));
    this.gaps = [...root.querySelectorAll(".gap[data-group]")];
    this.held = null; // a word that waits for a gap
    this.target = null; // a gap that waits for a word
    this.#dress();
    this.#listen();
    this.#refresh();
  }

  #dress() {
    for (const gap of this.gaps) {
      const shown = document.createElement("span");
      shown.className = "gap-word";
      shown.setAttribute("aria-hidden", "true");
      gap.append(shown);
    }
    this.root.classList.add("is-live");
    this.bank.hidden = false;
  }

  #listen() {
    this.root.addEventListener("click", (event) => this.#pressed(event));
    this.root.addEventListener("change", () => this.#refresh());
    this.root.addEventListener("pointerdown", (event) => this.#down(event));
    this.root.addEventListener("contextmenu", (event) => this.drag && event.preventDefault());
    this.root.addEventListener("keydown", (event) => this.#key(event));
  }

  // --- what is where

  #select(gap) {
    return gap.querySelector("select");
  }

  #number(gap) {
    return this.gaps.indexOf(gap) + 1;
  }

  #left(word) {
    const times = Number(word.dataset.times);
    const used = this.gaps.filter((gap) => this.#select(gap).value === word.dataset.word).length;
    return times ? times - used : Infinity;
  }

  #refresh() {
    for (const gap of this.gaps) {
      const word = this.words.get(this.#select(gap).value);
      const shown = gap.querySelector(".gap-word");
      shown.replaceChildren(...(word ? [...word.cloneNode(true).childNodes] : []));
      gap.classList.toggle("is-filled", Boolean(word));
      gap.classList.toggle("is-target", gap === this.target);
      gap.classList.toggle("is-ready", Boolean(this.held) && gap.dataset.group === this.held.dataset.group);
      // Going through a list by keyboard must not take a word out of another gap.
      for (const option of this.#select(gap).options) {
        const other = this.words.get(option.value);
        option.disabled = Boolean(other) && other !== word && this.#left(other) <= 0;
      }
    }
    for (const word of this.words.values()) {
      const gone = this.#left(word) <= 0;
      word.classList.toggle("is-used", gone);
      word.setAttribute("aria-disabled", String(gone));
      word.setAttribute("aria-pressed", String(word === this.held));
    }
  }

  // --- pressing

  #pressed(event) {
    if (this.dropped) {
      this.dropped = false;
      return;
    }
    const word = event.target.closest("[data-word]");
    const gap = event.target.closest(".gap[data-group]");
    if (word) this.#pressWord(word);
    else if (gap) this.#pressGap(gap);
  }

  #pressWord(word) {
    if (this.#left(word) <= 0) {
      const gap = this.gaps.find((each) => this.#select(each).value === word.dataset.word);
      this.#say("used", { word, gap });
      return;
    }
    if (this.target && this.target.dataset.group === word.dataset.group) {
      this.#place(word, this.target);
      return;
    }
    this.held = word === this.held ? null : word;
    this.target = null;
    this.#refresh();
    if (this.held) this.#say("held", { word });
  }

  #pressGap(gap) {
    if (this.held) {
      if (this.held.dataset.group === gap.dataset.group) this.#place(this.held, gap);
      else this.#say("other", { word: this.held });
      return;
    }
    if (gap === this.target && this.#select(gap).value) {
      this.#empty(gap);
      return;
    }
    this.target = gap === this.target ? null : gap;
    this.#refresh();
    if (this.target) this.#say(this.#select(gap).value ? "full" : "target", { gap });
  }

  #key(event) {
    if (event.key === "Escape" && (this.held || this.target)) {
      this.held = this.target = null;
      this.#refresh();
      return;
    }
    const gap = event.target.closest(".gap[data-group]");
    if (gap && this.held && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      this.#pressGap(gap);
    }
  }

  #place(word, gap, from = null) {
    if (from) this.#select(from).value = "";
    this.#select(gap).value = word.dataset.word;
    this.held = this.target = null;
    this.#changed(gap);
    this.#say("placed", { word, gap });
  }

  #empty(gap) {
    this.#select(gap).value = "";
    this.target = null;
    this.#changed(gap);
    this.#say("empty", { gap });
  }

  #changed(gap) {
    this.#select(gap).dispatchEvent(new Event("change", { bubbles: true }));
  }

  #say(what, { word, gap }) {
    const text = this.said.getAttribute(`data-text-${what}`) ?? "";
    this.said.textContent = text.replace("{word}", word?.textContent.trim() ?? "").replace("{gap}", gap ? this.#number(gap) : "");
  }

  // --- dragging

  #down(event) {
    this.dropped = false;
    const from = event.target.closest(".gap[data-group].is-filled");
    const word = event.target.closest("[data-word]") ?? (from && this.words.get(this.#select(from).value));
    if (!word || event.button !== 0 || (!from && this.#left(word) <= 0)) return;
    const start = { word, from, id: event.pointerId, x: event.clientX, y: event.clientY };
    const source = from ?? word;
    const stop = new AbortController();
    const { signal } = stop;
    const moved = (each) => Math.hypot(each.clientX - start.x, each.clientY - start.y) > FAR_ENOUGH_PX;
    const resting = event.pointerType === "mouse" ? null : setTimeout(() => this.#lift(start, source), REST_MS);
    const end = () => {
      clearTimeout(resting);
      stop.abort();
      this.#letGo();
    };
    document.addEventListener(
      "pointermove",
      (each) => {
        if (each.pointerId !== start.id) return;
        if (!this.drag && moved(each)) {
          // A finger that moves at once scrolls the page.
          if (event.pointerType === "mouse") this.#lift(start, source);
          else end();
        }
        if (this.drag) this.#move(each);
      },
      { signal },
    );
    document.addEventListener("pointerup", (each) => each.pointerId === start.id && (this.#drop(each), end()), { signal });
    document.addEventListener("pointercancel", (each) => each.pointerId === start.id && end(), { signal });
    document.addEventListener("touchmove", (each) => this.drag && each.preventDefault(), { signal, passive: false });
  }

  #lift(start, source) {
    const ghost = start.word.cloneNode(true);
    ghost.className = "word is-flying";
    ghost.style.inlineSize = `${Math.min(source.offsetWidth, 320)}px`;
    ghost.setAttribute("aria-hidden", "true");
    document.body.append(ghost);
    this.drag = { ...start, ghost };
    this.held = start.word;
    this.target = null;
    this.#refresh();
    this.#move({ clientX: start.x, clientY: start.y });
  }

  #move({ clientX, clientY }) {
    this.drag.ghost.style.translate = `${clientX}px ${clientY}px`;
    if (clientY < EDGE_PX) window.scrollBy(0, -STEP_PX);
    else if (clientY > window.innerHeight - EDGE_PX) window.scrollBy(0, STEP_PX);
    const over = this.#gapAt(clientX, clientY);
    for (const gap of this.gaps) gap.classList.toggle("is-over", gap === over);
  }

  #gapAt(x, y) {
    const gap = document.elementFromPoint(x, y)?.closest(".gap[data-group]");
    return gap && this.gaps.includes(gap) && gap.dataset.group === this.drag.word.dataset.group ? gap : null;
  }

  #drop({ clientX, clientY }) {
    if (!this.drag) return;
    const { word, from } = this.drag;
    const gap = this.#gapAt(clientX, clientY);
    this.dropped = true;
    if (gap && gap !== from) this.#place(word, gap, from);
    else if (from && !gap) this.#empty(from);
  }

  #letGo() {
    if (!this.drag) return;
    this.drag.ghost.remove();
    this.drag = null;
    this.held = null;
    for (const gap of this.gaps) gap.classList.remove("is-over");
    this.#refresh();
    // The click that follows a drop comes at once, or not at all.
    setTimeout(() => (this.dropped = false), 50);
  }
}
