// A video that tells which parts of it were played.
//
// <div data-video="URL" data-ranges="0-12.5" data-at="12.5" data-seconds="60" data-need="90"> around a <video>.  Played parts are joined here
// and sent every quarter of a minute, at each pause and when the page is left; what could not be sent goes with the next report.

const EVERY = 15_000; // milliseconds between two reports while it plays
const STEP = 1.5; // seconds: between two signs of a player more than this was jumped over

const box = document.querySelector("[data-video]");
if (box) follow(box, box.querySelector("video"), box.querySelector("[role=status]"));

function follow(box, video, status) {
  let open = []; // parts not acknowledged yet
  let last = null; // the place at the former sign
  let sentAt = Date.now();

  const place = Number(box.dataset.at);
  video.addEventListener("loadedmetadata", () => {
    if (place > 1 && place < video.duration - 2) video.currentTime = place;
  });
  video.addEventListener("playing", () => (last = video.currentTime));
  video.addEventListener("seeking", () => (last = null));
  video.addEventListener("timeupdate", () => {
    const now = video.currentTime;
    if (last !== null && now > last && now - last <= STEP * Math.max(1, video.playbackRate)) add(last, now);
    last = video.seeking ? null : now;
    if (Date.now() - sentAt >= EVERY) send();
  });
  for (const sign of ["pause", "ended"]) video.addEventListener(sign, () => send());
  addEventListener("pagehide", () => send(true));
  addEventListener("online", () => send());

  function add(from, to) {
    const former = open.at(-1);
    if (former && Math.abs(former[1] - from) < 0.01) former[1] = to;
    else open.push([from, to]);
  }

  async function send(leaving = false) {
    if (!open.length) return;
    const sent = open;
    open = [];
    sentAt = Date.now();
    const body = new URLSearchParams({
      ranges: sent.map(([from, to]) => `${from.toFixed(3)}-${to.toFixed(3)}`).join(","),
      at: video.currentTime.toFixed(3),
      csrf_token: box.querySelector("[name=csrf_token]").value,
    });
    try {
      const answer = await fetch(box.dataset.video, { method: "POST", body, credentials: "same-origin", keepalive: leaving });
      if (!answer.ok) throw new Error(String(answer.status));
      tell(await answer.json());
    } catch {
      open = [...sent, ...open];
      status.textContent = box.dataset.textOffline;
    }
  }

  function tell({ share, done }) {
    const words = done ? box.dataset.textDone : box.dataset.textShare;
    status.textContent = words.replace("{share}", share).replace("{need}", box.dataset.need);
  }
}
