// On the pages of a quiz.

import { Autosave } from "./autosave.js";
import { startCountdown } from "./countdown.js";
import { startDragWords } from "./drag_words.js";
import { startFiles } from "./files.js";
import { countMarks } from "./marks.js";
import { pointAtSpots } from "./spots.js";
import { countWords } from "./words.js";

// Before answers come back that never reached the server: marks in a picture are made then.
pointAtSpots(document);

const form = document.querySelector("form[data-autosave]");
const sign = document.querySelector("[data-saved]");
const saving = form && sign ? new Autosave(form, sign) : null;

if (saving) startFiles(form, saving);

const clock = document.querySelector("[data-countdown]");
if (clock) {
  startCountdown(clock, async (finish) => {
    await saving?.flush();
    if (!finish) return;
    // Says that nobody pressed the button: more time may have been given since this page came.
    finish.append(Object.assign(document.createElement("input"), { type: "hidden", name: "timeup", value: "1" }));
    finish.requestSubmit();
  });
}

countMarks(document);
startDragWords(document);
countWords(document);
