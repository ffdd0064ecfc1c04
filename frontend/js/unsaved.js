// What the server has not yet acknowledged, kept on this device so that a lost connection or a closed page loses nothing.
// Only the latest of each kind and slot is kept; it goes away as soon as the server has it.

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

  put(name, entry) {
    this.entries[name] = { ...entry, key: newKey() };
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
