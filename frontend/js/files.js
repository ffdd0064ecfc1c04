// Sends the files of an answer, one after the other, as soon as they are chosen.
//
// <div data-files data-most="3" data-most-bytes="…" data-add="URL" data-text-…> in a [data-slot] holds the list [data-file-list], a row
// to copy in <template data-file-row>, the field for files, and [data-files-said] for what is read out.  A file is posted as "file";
// the server answers {"sequence", "saved": "10:32", "file": {id, name, size, url, remove}} once it is durable, or an error
// {"error": {"code", "message"}}.  The same file again is the same file.  Without a connection what was chosen stays here and is sent
// later: browsers let no page keep files for longer than it is open.

const RETRY_AFTER_MS = 5000;

export function startFiles(form, saving) {
  const places = [...form.querySelectorAll("[data-files]")].map((place) => new Files(place, form, saving));
  if (!places.length) return;
  const busy = () => places.some((each) => each.busy);
  // Going on waits for what is on its way, like answers; the file itself would be lost.
  form.addEventListener(
    "submit",
    (event) => {
      if (!busy()) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const button = event.submitter;
      places.find((each) => each.busy).hold();
      Promise.all(places.map((each) => each.idle())).then(() => form.requestSubmit(button));
    },
    { capture: true },
  );
  window.addEventListener("beforeunload", (event) => busy() && event.preventDefault());
}

class Files {
  constructor(place, form, saving) {
    this.place = place;
    this.form = form;
    this.saving = saving;
    this.slot = place.closest("[data-slot]");
    this.field = place.querySelector("input[type=file]");
    this.list = place.querySelector("[data-file-list]");
    this.said = place.querySelector("[data-files-said]");
    this.wrong = place.querySelector("[data-files-wrong]");
    this.waiting = [];
    this.whenIdle = [];
    this.running = false;
    place.querySelector("[data-no-script]").hidden = true;
    this.field.addEventListener("change", () => this.#chosen());
    this.list.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      event.preventDefault();
      if (button.dataset.remove) this.#remove(button);
      else this.#drop(button.closest("li"));
    });
    window.addEventListener("online", () => this.#run());
  }

  get busy() {
    return this.running || this.waiting.length > 0;
  }

  idle() {
    return this.busy ? new Promise((done) => this.whenIdle.push(done)) : Promise.resolve();
  }

  hold() {
    this.#say("hold");
  }

  #chosen() {
    this.wrong.textContent = "";
    for (const file of this.field.files) {
      if (file.size > Number(this.place.dataset.mostBytes)) this.#complain("too-large", file.name);
      else this.waiting.push({ file, row: this.#row(file) });
    }
    // What is listed is not sent once more with the page.
    this.field.value = "";
    this.#run();
  }

  #row(file) {
    const row = this.#newRow(file.name);
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.setAttribute("aria-label", file.name);
    row.querySelector(".file-name").replaceChildren(file.name, " ", bar);
    this.list.append(row);
    return row;
  }

  #newRow(name) {
    const row = this.place.querySelector("[data-file-row]").content.firstElementChild.cloneNode(true);
    row.querySelector("button .visually-hidden").textContent = name;
    return row;
  }

  // Take back what waits; what is being sent at this moment can be removed when it is saved.
  #drop(row) {
    const at = this.waiting.findIndex((each) => each.row === row);
    if (at < 0 || (at === 0 && this.running)) return;
    this.waiting.splice(at, 1);
    row.remove();
    this.said.textContent = "";
    this.#settle();
    this.field.focus();
  }

  #settle() {
    this.#fits();
    if (!this.busy && ["sending", "hold"].includes(this.said.dataset.state)) this.said.textContent = "";
    if (!this.busy) this.whenIdle.splice(0).forEach((done) => done());
  }

  async #run() {
    if (this.running) return;
    clearTimeout(this.retry);
    this.running = true;
    while (this.waiting.length) {
      const next = this.waiting[0];
      // Only now it is known how many of those before it were taken.
      if (this.#isFull()) {
        next.row.remove();
        this.waiting.shift();
        this.#complain("full", next.file.name);
        continue;
      }
      this.#say("sending", next.file.name);
      const outcome = await this.#send(next);
      if (outcome === "unreachable") {
        this.#say("waiting", next.file.name);
        next.row.dataset.state = "waiting";
        this.retry = setTimeout(() => this.#run(), RETRY_AFTER_MS);
        break;
      }
      this.waiting.shift();
    }
    this.running = false;
    this.#settle();
  }

  #send({ file, row }) {
    const bar = row.querySelector("progress");
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) bar.value = event.loaded / event.total;
      });
      request.addEventListener("error", () => done("unreachable"));
      request.addEventListener("load", () => done(this.#answered(request, file, row)));
      this.#open(request, this.place.dataset.add);
      const content = new FormData();
      content.append("file", file, file.name);
      request.send(content);
    });
  }

  #open(request, address) {
    request.open("POST", address);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRF-Token", this.form.elements.csrf_token?.value ?? "");
  }

  #answered(request, file, row) {
    if (request.status >= 500 || request.status === 429 || request.status === 0) return "unreachable";
    const said = parsed(request.responseText);
    if (request.status === 200 && said?.file) {
      this.#saved(said, row);
      return "saved";
    }
    if (said?.error?.code === "too_many_at_once") return "unreachable";
    row.remove();
    if (request.status === 401) this.#complain("signed-out", file.name);
    else this.#complain("refused", file.name, said?.error?.message);
    return "refused";
  }

  #saved(said, row) {
    const { file } = said;
    const listed = this.list.querySelector(`[data-file="${file.id}"]`);
    const done = this.#newRow(file.name);
    done.dataset.file = file.id;
    const link = done.querySelector("a");
    link.textContent = file.name;
    link.href = file.url;
    done.querySelector(".meta").textContent = file.size;
    const button = done.querySelector("button");
    button.dataset.remove = file.remove;
    button.value = `${this.slot.dataset.prefix}${file.id}`;
    // The same file once more is the one that is there.
    if (listed) row.remove();
    else row.replaceWith(done);
    this.saving.acknowledged(this.slot, said);
    this.#say("saved", file.name, said.saved);
  }

  async #remove(button) {
    if (button.ariaBusy === "true") return;
    button.ariaBusy = "true";
    const row = button.closest("li");
    const name = row.querySelector("a").textContent;
    const request = new XMLHttpRequest();
    const status = await new Promise((done) => {
      request.addEventListener("error", () => done(0));
      request.addEventListener("load", () => done(request.status));
      this.#open(request, button.dataset.remove);
      request.send();
    });
    button.ariaBusy = "false";
    const said = parsed(request.responseText);
    if (status !== 200) {
      this.#complain("refused", name, said?.error?.message);
      return;
    }
    const near = (row.nextElementSibling ?? row.previousElementSibling)?.querySelector("button");
    row.remove();
    this.#fits();
    (near ?? this.field).focus();
    this.saving.acknowledged(this.slot, said);
    this.#say("removed", name);
  }

  #fits() {
    this.field.disabled = this.#isFull();
  }

  #isFull() {
    return this.list.querySelectorAll("[data-file]").length >= Number(this.place.dataset.most);
  }

  #say(what, name = "", time = "") {
    this.said.dataset.state = what;
    this.said.textContent = this.place.getAttribute(`data-text-${what}`).replace("{name}", name).replace("{time}", time);
  }

  // Complaints about several files stand together until the next ones are chosen.
  #complain(what, name, message) {
    const line = document.createElement("p");
    line.textContent = message ?? this.place.getAttribute(`data-text-${what}`).replace("{name}", name);
    this.wrong.append(line);
    if (!this.waiting.length) this.said.textContent = "";
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
