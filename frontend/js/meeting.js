// The screen of a meeting: the code that is valid now comes by itself.
//
// <div data-meeting-code="URL of what changes" data-every="15">.  When it cannot be fetched, the last one stays: codes are taken for some minutes.

const shown = document.querySelector("[data-meeting-code]");

async function renew() {
  try {
    const answer = await fetch(shown.dataset.meetingCode, { credentials: "same-origin", cache: "no-store" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    shown.replaceChildren(...page.body.childNodes);
  } catch {
    // No connection: try again at the next turn.
  }
}

if (shown) setInterval(renew, Number(shown.dataset.every) * 1000);
