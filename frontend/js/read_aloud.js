// Lessons that can be listened to: the device itself speaks, whole or part by part.
//
// Only voices that live on the device are used. Others send the text to somebody's server, and what a child reads is nobody's business.

const VOICES_WITHIN = 3000; // milliseconds; browsers tell their voices some time after the page is there
const LONGEST = 220; // characters at once; some browsers fall silent in longer ones
const PARTS = ".case, .check, .today, .decision, .aid, .law, .note:not(.why), .picture, .table-room, blockquote, p, ul, ol, h2, h3, h4";
const SILENT = ".verdict, .why, .visually-hidden, .listen-part, .no-print, .law-src, svg, input, button";
const PACE = 0.9; // those who learn to read follow with a finger

export function offerListening(panel, speech = window.speechSynthesis) {
  if (!panel) return;
  panel.hidden = false;
  if (!speech) {
    sayThatNobodyReads(panel);
    return;
  }
  findVoice(speech, panel.dataset.lang).then((voice) => {
    if (voice) new Listening(panel, speech, voice).start();
    else sayThatNobodyReads(panel);
  });
}

function sayThatNobodyReads(panel) {
  panel.querySelector("[role=status]").textContent = panel.dataset.textNoVoice;
}

function findVoice(speech, language) {
  const own = () => {
    const voices = speech.getVoices().filter((voice) => voice.localService);
    const exact = voices.find((voice) => voice.lang.replace("_", "-").toLowerCase() === language.toLowerCase());
    return exact ?? voices.find((voice) => voice.lang.slice(0, 2).toLowerCase() === language.slice(0, 2));
  };
  const there = own();
  if (there) return Promise.resolve(there);
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(own()), VOICES_WITHIN);
    speech.addEventListener?.("voiceschanged", () => {
      const found = own();
      if (!found) return;
      clearTimeout(timer);
      resolve(found);
    });
  });
}

class Listening {
  constructor(panel, speech, voice) {
    this.panel = panel;
    this.speech = speech;
    this.voice = voice;
    this.status = panel.querySelector("[role=status]");
    this.lesson = document.getElementById(panel.dataset.listen);
    this.turn = 0; // what was asked for last; anything older is silent
    this.pressed = null;
  }

  start() {
    const whole = this.panel.querySelector("button");
    whole.hidden = false;
    whole.addEventListener("click", () => this.toggle(whole, this.parts()));
    for (const part of this.parts()) {
      if (part.tagName === "H2") this.offer(part, () => this.chapter(part), "after");
      else if (!/^H\d$/.test(part.tagName)) this.offer(part, () => [part], "before");
    }
    for (const why of this.lesson.querySelectorAll(".why")) this.offer(why, () => [why], "inside");
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.stop());
    window.addEventListener("pagehide", () => this.stop());
  }

  // What is read, from the top to the bottom; a part inside another is read with it.
  parts() {
    const all = [...this.lesson.querySelectorAll(PARTS)].filter((part) => !part.matches(SILENT) && !part.closest(".sources, .why, .help-panel"));
    return all.filter((part) => !all.some((other) => other !== part && other.contains(part)) && wordsOf(part));
  }

  chapter(heading) {
    const parts = this.parts();
    const first = parts.indexOf(heading);
    const next = parts.findIndex((part, place) => place > first && part.tagName === "H2");
    return parts.slice(first, next < 0 ? undefined : next);
  }

  offer(part, parts, where) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "listen-part";
    button.append(this.panel.querySelector("template").content.cloneNode(true));
    const isHeading = where === "after";
    const words = wordsOf(part).replace(/\n/g, " ");
    button.dataset.about = (isHeading ? this.panel.dataset.textSection : this.panel.dataset.textPart).replace("{words}", words.slice(0, 60));
    button.setAttribute("aria-label", button.dataset.about);
    button.addEventListener("click", () => this.toggle(button, parts()));
    if (where === "after") part.after(button);
    else if (where === "inside" || /^(SECTION|ASIDE|DIV|FIGURE)$/.test(part.tagName)) part.prepend(button);
    else part.before(button);
  }

  toggle(button, parts) {
    const isMine = this.pressed === button;
    this.stop();
    if (!isMine) this.read(button, parts);
  }

  read(button, parts) {
    const turn = ++this.turn;
    this.pressed = button;
    this.name(button, true);
    this.status.textContent = this.panel.dataset.textReading;
    const pieces = parts.flatMap((part) => sentencesOf(wordsOf(part)).map((words) => ({ part, words })));
    const next = () => {
      if (turn !== this.turn) return;
      this.lesson.querySelector(".is-read-aloud")?.classList.remove("is-read-aloud");
      const piece = pieces.shift();
      if (!piece) {
        this.stop(this.panel.dataset.textOver);
        return;
      }
      piece.part.classList.add("is-read-aloud");
      const said = new SpeechSynthesisUtterance(piece.words);
      said.voice = this.voice;
      said.lang = this.voice.lang;
      said.rate = PACE;
      said.onend = next;
      said.onerror = () => turn === this.turn && this.stop(this.panel.dataset.textTrouble);
      this.speech.speak(said);
    };
    next();
  }

  stop(words) {
    if (!this.pressed) return;
    this.turn += 1;
    this.speech.cancel();
    this.name(this.pressed, false);
    this.pressed = null;
    this.lesson.querySelector(".is-read-aloud")?.classList.remove("is-read-aloud");
    this.status.textContent = words ?? this.panel.dataset.textStopped;
  }

  name(button, isReading) {
    button.classList.toggle("is-reading", isReading);
    const word = button.querySelector("[data-word]");
    if (word) word.textContent = isReading ? this.panel.dataset.textStop : this.panel.dataset.textListen;
    if (button.dataset.about) button.setAttribute("aria-label", isReading ? this.panel.dataset.textStop : button.dataset.about);
  }
}

function wordsOf(part) {
  const copy = part.cloneNode(true);
  for (const picture of copy.querySelectorAll("img")) picture.replaceWith(document.createTextNode(`${picture.alt}. `));
  for (const silent of copy.querySelectorAll(SILENT)) if (!part.matches(".why") || !silent.matches(".why")) silent.remove();
  // Where a line ends the voice rests, as a reader does.
  for (const line of copy.querySelectorAll("p, li, legend, label, td, th, h2, h3, h4, figcaption, br, strong")) line.append(" \n");
  return copy.textContent.replace(/[ \t\u00a0]+/g, " ").replace(/\s*\n\s*/g, "\n").trim();
}

function sentencesOf(words) {
  return words
    .split(/\n|(?<=[.!?:;…])\s+/)
    .flatMap((sentence) => cut(sentence.trim()))
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
}

function cut(sentence) {
  if (sentence.length <= LONGEST) return [sentence];
  const place = sentence.lastIndexOf(" ", LONGEST);
  const end = place > 0 ? place : LONGEST;
  return [sentence.slice(0, end), ...cut(sentence.slice(end).trim())];
}

offerListening(document.querySelector("[data-listen]"));
