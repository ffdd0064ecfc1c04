// Drawing the places of a picture: pointing writes into the field for the numbers what an author can also type.

const SVG = "http://www.w3.org/2000/svg";
const WHOLE = { circle: 3, rectangle: 4 }; // how many numbers a place has; one with corners never has enough

let current = 0;

const pad = () => document.querySelector("[data-draw-spots]");
const rows = () => [...document.querySelectorAll('[name^="spots."][name$=".numbers"]')];
const formOf = (field) => document.querySelector(`[name="${field.name.replace("numbers", "outline")}"]`).value;
const numbersIn = (field) => (field.value.match(/\d+(\.\d+)?/g) ?? []).map(Number);

export function drawSpots() {
  current = Math.max(0, rows().findIndex((field) => !field.value));
  if (pad()) show();
  document.addEventListener("focusin", (event) => {
    const at = event.target.name?.match(/^spots\.(\d+)\./);
    if (!at || !pad()) return;
    current = Number(at[1]);
    show();
  });
  document.addEventListener("input", (event) => pad() && event.target.closest("[data-editor]") && show());
  document.addEventListener("click", (event) => {
    const picture = event.target.closest("[data-draw-on]");
    if (picture) point(picture, event);
  });
}

// Rows come and go with the form; what was drawn is drawn again.
export function drawAgain() {
  if (!pad()) return;
  current = Math.min(current, Math.max(0, rows().length - 1));
  show();
}

function point(picture, event) {
  const field = rows()[current];
  if (!field) return;
  const box = picture.getBoundingClientRect();
  const inside = (share, most) => Math.round(Math.min(1, Math.max(0, share)) * most);
  const x = inside((event.clientX - box.left) / box.width, Number(pad().dataset.width));
  const y = inside((event.clientY - box.top) / box.height, Number(pad().dataset.height));
  const form = formOf(field);
  // A place that is whole begins anew.
  const had = numbersIn(field).length >= (WHOLE[form] ?? Infinity) ? [] : numbersIn(field);
  const more = form === "circle" && had.length === 2 ? [Math.max(1, Math.round(Math.hypot(x - had[0], y - had[1])))] : [x, y];
  field.value = [...had, ...more].join(", ");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function show() {
  const room = pad();
  room.hidden = false;
  room.querySelector("[data-draw-said]").textContent = room.dataset.textRow.replace("{number}", current + 1);
  room.querySelector("[data-draw-on]").classList.add("is-live");
  room.querySelector("svg").replaceChildren(...rows().map((field, at) => shape(formOf(field), numbersIn(field), at === current)).filter(Boolean));
}

function shape(form, numbers, isCurrent) {
  if (numbers.length < 2) return null;
  const [x, y, third, fourth] = numbers;
  // What is not whole yet is a point.
  if (numbers.length < 3 || (form === "rectangle" && numbers.length < 4)) return made("circle", { cx: x, cy: y, r: 4 }, isCurrent);
  if (form === "circle") return made("circle", { cx: x, cy: y, r: third }, isCurrent);
  if (form === "rectangle") return made("rect", { x: Math.min(x, third), y: Math.min(y, fourth), width: Math.abs(third - x), height: Math.abs(fourth - y) }, isCurrent);
  return made("polygon", { points: numbers.join(" ") }, isCurrent);
}

function made(tag, values, isCurrent) {
  const drawn = document.createElementNS(SVG, tag);
  drawn.setAttribute("class", isCurrent ? "spot-place is-chosen" : "spot-place");
  drawn.setAttribute("vector-effect", "non-scaling-stroke");
  for (const [name, value] of Object.entries(values)) drawn.setAttribute(name, value);
  return drawn;
}
