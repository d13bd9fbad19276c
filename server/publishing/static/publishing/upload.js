// Watches for the upload after the button was pressed, and shows the release when it is there.
"use strict";

const EVERY = 3_000; // milliseconds
const panel = document.querySelector("[data-watch]");
let isWatching = false;

async function look() {
  try {
    const answer = await fetch(panel.dataset.watch);
    const { url } = await answer.json();
    if (url) location.assign(url);
  } catch {
    // No connection at the moment: the next time counts.
  }
}

document.addEventListener("submit", (event) => {
  if (!panel || isWatching || !event.target.closest("main")) return;
  isWatching = true;
  panel.querySelector("[data-waiting]").hidden = false;
  setInterval(look, EVERY);
});
