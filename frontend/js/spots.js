// Pointing at spots of a picture.  Each mark is a checkbox that is saved like any other answer; a touch on a mark takes it away.
// The list of places does the same without this script.

const NEAR_PX = 22; // A finger that comes this close means the mark that is there.
const STEP = 0.02; // of the picture, for one press of an arrow key
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const SVG = "http://www.w3.org/2000/svg";

export function pointAtSpots(root) {
  for (const room of root.querySelectorAll("[data-spots]")) new Picture(room);
}

class Picture {
  constructor(room) {
    this.room = room;
    this.pad = room.querySelector("[data-pad]");
    this.said = room.querySelector("[data-spot-said]");
    this.list = room.querySelector("[data-points]");
    this.width = Number(room.dataset.width);
    this.height = Number(room.dataset.height);
    const places = room.querySelector(".spot-list");
    if ("free" in room.dataset) {
      places.open = places.querySelector(":checked") !== null;
      this.#byPointer();
      this.#byKeyboard();
      room.closest("[data-slot]")?.addEventListener("restored", (event) => this.#restore(event.detail));
    } else {
      this.#byPlace();
    }
    room.addEventListener("change", () => this.#show());
    this.#show();
  }

  // --- anywhere in the picture

  #byPointer() {
    this.pad.classList.add("is-live");
    this.pad.addEventListener("click", (event) => {
      const box = this.pad.getBoundingClientRect();
      this.#toggle(event.clientX - box.left, event.clientY - box.top);
    });
  }

  #byKeyboard() {
    this.cross = { x: 0.5, y: 0.5 };
    this.pad.tabIndex = 0;
    this.pad.setAttribute("role", "application");
    this.pad.setAttribute("aria-label", this.pad.dataset.label);
    this.sight = this.#pin("spot-cross", "+");
    this.sight.classList.add("is-sight");
    this.pad.append(this.sight);
    this.pad.addEventListener("keydown", (event) => {
      const step = ARROWS[event.key];
      if (step) {
        const far = event.shiftKey ? 5 : 1;
        this.cross.x = Math.min(1, Math.max(0, this.cross.x + step[0] * STEP * far));
        this.cross.y = Math.min(1, Math.max(0, this.cross.y + step[1] * STEP * far));
        this.#move(this.sight, this.cross.x, this.cross.y);
        this.#say(this.pad.dataset.textAt, { x: Math.round(this.cross.x * 100), y: Math.round(this.cross.y * 100) });
      } else if (event.key === "Enter" || event.key === " ") {
        const box = this.pad.getBoundingClientRect();
        this.#toggle(this.cross.x * box.width, this.cross.y * box.height);
      } else {
        return;
      }
      event.preventDefault();
    });
  }

  #toggle(left, top) {
    const box = this.pad.getBoundingClientRect();
    const near = this.#points().find((field) => {
      const [x, y] = field.value.split(",").map(Number);
      return field.checked && Math.hypot((x / this.width) * box.width - left, (y / this.height) * box.height - top) <= NEAR_PX;
    });
    if (near) {
      near.checked = false;
      near.dispatchEvent(new Event("change", { bubbles: true }));
      return;
    }
    const most = Number(this.room.dataset.most);
    if (most && this.#marked() >= most) {
      this.#say(this.pad.dataset.textFull, {});
      return;
    }
    const x = Math.min(this.width, Math.max(0, Math.round((left / box.width) * this.width)));
    const y = Math.min(this.height, Math.max(0, Math.round((top / box.height) * this.height)));
    this.#add(`${x},${y}`)?.dispatchEvent(new Event("change", { bubbles: true }));
  }

  #add(value) {
    const there = this.#points().find((field) => field.value === value);
    if (there) {
      there.checked = true;
      return there;
    }
    const number = this.list.children.length + 1;
    const item = this.room.querySelector("[data-new-point]").content.cloneNode(true);
    const field = item.querySelector("input");
    field.value = value;
    const words = item.querySelector("span");
    words.textContent = words.textContent.replace("{number}", number);
    this.list.append(item);
    const pin = this.#pin("spot-mark", String(number));
    pin.dataset.mark = value;
    const [x, y] = value.split(",").map(Number);
    this.#move(pin, x / this.width, y / this.height);
    this.pad.append(pin);
    return field;
  }

  #restore(response) {
    for (const value of response.points ?? []) this.#add(value);
    this.#show();
  }

  // --- places that are drawn

  #byPlace() {
    for (const place of this.pad.querySelectorAll("[data-place]")) {
      place.classList.add("is-live");
      place.addEventListener("click", () => this.#field(place.dataset.place).click());
    }
  }

  #field(key) {
    return [...this.room.querySelectorAll(".spot-list input")].find((field) => field.value === key);
  }

  // --- showing

  #show() {
    for (const field of this.#points()) {
      const pin = [...this.pad.querySelectorAll("[data-mark]")].find((each) => each.dataset.mark === field.value);
      pin?.classList.toggle("is-gone", !field.checked);
    }
    for (const place of this.pad.querySelectorAll("[data-place]")) {
      place.classList.toggle("is-chosen", this.#field(place.dataset.place).checked);
    }
  }

  #points() {
    return [...(this.list?.querySelectorAll("input") ?? [])];
  }

  #marked() {
    return this.room.querySelectorAll("input:checked").length;
  }

  #say(text, values) {
    this.said.textContent = Object.entries(values).reduce((said, [name, value]) => said.replace(`{${name}}`, value), text);
  }

  #pin(kind, text) {
    const pin = document.createElementNS(SVG, "svg");
    pin.setAttribute("class", "spot-pin");
    pin.setAttribute("aria-hidden", "true");
    const place = pin.appendChild(document.createElementNS(SVG, "svg"));
    place.setAttribute("overflow", "visible");
    place.setAttribute("x", "50%");
    place.setAttribute("y", "50%");
    const group = place.appendChild(document.createElementNS(SVG, "g"));
    group.setAttribute("class", kind);
    group.appendChild(document.createElementNS(SVG, "circle")).setAttribute("r", "14");
    const words = group.appendChild(document.createElementNS(SVG, "text"));
    words.setAttribute("text-anchor", "middle");
    words.setAttribute("dy", "0.35em");
    words.textContent = text;
    return pin;
  }

  #move(pin, x, y) {
    pin.firstElementChild.setAttribute("x", `${x * 100}%`);
    pin.firstElementChild.setAttribute("y", `${y * 100}%`);
  }
}
