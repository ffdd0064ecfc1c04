// Reads what is chosen or typed in a slot, and puts it back.  A response maps each field name (without the slot's
// prefix) to the list of its values, as a form sends them; a field with nothing chosen has an empty list.

export function read(slot) {
  const response = {};
  for (const field of fields(slot)) {
    const values = (response[nameOf(field, slot)] ??= []);
    if (choosable(field)) {
      if (field.checked) values.push(field.value);
    } else if (field.value !== "") {
      values.push(field.value);
    }
  }
  return response;
}

export function write(slot, response) {
  // Marks in a picture have no field yet; whoever draws it makes them.
  slot.dispatchEvent(new CustomEvent("restored", { detail: response }));
  for (const field of fields(slot)) {
    const values = response[nameOf(field, slot)];
    if (!values) continue;
    if (choosable(field)) field.checked = values.includes(field.value);
    else field.value = values[0] ?? "";
  }
}

function fields(slot) {
  return [...slot.querySelectorAll("input[name], select[name], textarea[name]")].filter((field) => field.type !== "hidden" && field.type !== "file");
}

function nameOf(field, slot) {
  const prefix = slot.dataset.prefix ?? "";
  return field.name.startsWith(prefix) ? field.name.slice(prefix.length) : field.name;
}

function choosable(field) {
  return field.type === "radio" || field.type === "checkbox";
}
