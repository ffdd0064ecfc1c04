// Shows the time left by the clock of the server, says it at 5 minutes and at 1, and hands in when it is over.

const SPOKEN_MINUTES = [5, 1];

export function startCountdown(element, whenOver) {
  const ends = Date.parse(element.dataset.ends);
  // The clock of a lab PC may be hours off; only how long it has run since the page came is trusted.
  const ahead = Date.now() - Date.parse(element.dataset.now);
  const value = element.querySelector("[data-countdown-value]");
  const status = element.querySelector("[role=status]");
  const toSay = SPOKEN_MINUTES.filter((minutes) => left() > minutes * 60);
  const ticking = setInterval(show, 500);
  show();

  function left() {
    return Math.max(0, Math.ceil((ends - (Date.now() - ahead)) / 1000));
  }

  function show() {
    const seconds = left();
    value.textContent = written(seconds);
    element.classList.toggle("is-short", seconds <= 60);
    if (toSay.length && seconds <= toSay[0] * 60) {
      status.textContent = element.dataset.textMinutes.replace("{minutes}", toSay.shift());
    }
    if (seconds > 0) return;
    clearInterval(ticking);
    status.textContent = element.dataset.textOver;
    whenOver(document.getElementById(element.dataset.whenOver ?? ""));
  }
}

function written(seconds) {
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  return (hours ? `${hours}:` : "") + `${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
}
