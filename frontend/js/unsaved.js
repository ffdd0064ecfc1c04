// What the server has not yet acknowledged, kept on this device so that a lost connection or a closed page loses nothing.
// Only the latest of each kind and slot is kept; it goes away as soon as the server has it.

const MOST_EARLIER = 50;

export class Unsaved {
  constructor(attempt) {
    this.place = `unsaved:${attempt}`;
    this.entries = {};
    try {
      this.entries = JSON.parse(localStorage.getItem(this.place)) ?? {};
    } catch {
      // Storage is switched off or broken: the queue then lives as long as the page.
    }
  }

  get empty() {
    return Object.keys(this.entries).length === 0;
  }

  // What it takes the place of may have reached the server without our knowing: its key goes along.
  put(name, entry) {
    const former = this.entries[name];
    const follows = former ? { base: former.base, earlier: [...(former.earlier ?? []), former.key].slice(-MOST_EARLIER) } : {};
    this.entries[name] = { ...entry, ...follows, key: newKey() };
    this.#keep();
  }

  rebase(name, base) {
    if (!this.entries[name]) return;
    this.entries[name].base = base;
    this.#keep();
  }

  // Take out what was saved, unless something newer took its place meanwhile.
  done(name, key) {
    if (this.entries[name]?.key !== key) return;
    delete this.entries[name];
    this.#keep();
  }

  clear() {
    this.entries = {};
    this.#keep();
  }

  first() {
    const [name, entry] = Object.entries(this.entries)[0] ?? [];
    return name && { name, entry };
  }

  #keep() {
    try {
      if (this.empty) localStorage.removeItem(this.place);
      else localStorage.setItem(this.place, JSON.stringify(this.entries));
    } catch {
      // As above.
    }
  }
}

// randomUUID is missing where a school serves pages without TLS.
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
