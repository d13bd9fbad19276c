// Keeps "3 people are sharing this now" true while a page stays open. Pages are whole without it.
"use strict";

const EVERY = 30_000; // milliseconds
const line = document.querySelector("[data-now]");

async function look() {
  if (document.hidden) return;
  try {
    const answer = await fetch(line.dataset.now, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const { is_there: isThere, sentence } = await answer.json();
    const words = line.querySelector("span:last-child");
    if (words.textContent !== sentence) words.textContent = sentence;
    line.querySelector(".dot").classList.toggle("lit", isThere);
  } catch {
    // No connection at the moment: the next time counts.
  }
}

if (line) {
  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);
}
