// The page's start: draw the charts, then follow links, pop-overs, colours and new loads.

import { drawAll, redrawAll, savePicture } from "./charts.js";
import { go, settle, watchNavigation } from "./navigation.js";
import { watchPopovers } from "./popovers.js";

const POLL_MILLISECONDS = 60_000;

watchPopovers();
watchNavigation();

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-png]");
  if (button) savePicture(button.dataset.png);
});

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redrawAll);

let width = innerWidth;
addEventListener("resize", () => {
  if (innerWidth === width) return;
  width = innerWidth;
  requestAnimationFrame(redrawAll);
});

// Paper is white: the styles know that by themselves, a chart has to be drawn for it.
const root = document.documentElement;
let screenTheme = root.dataset.theme;
addEventListener("beforeprint", () => {
  screenTheme = root.dataset.theme;
  root.dataset.theme = "light";
  redrawAll({ atOnce: true });
});
addEventListener("afterprint", () => {
  root.dataset.theme = screenTheme;
  redrawAll();
});

addEventListener("pageshow", (event) => {
  if (event.persisted) settle();
});

// A finished load publishes new figures; an open page shows them without being asked.
setInterval(async () => {
  if (document.hidden || document.querySelector("details.pop[open]")) return;
  try {
    const answer = await fetch("/status.json");
    const { stamp } = await answer.json();
    if (answer.ok && stamp && stamp !== document.body.dataset.stamp) {
      await go(location.href, { push: false, quiet: true });
    }
  } catch {
    // The server is away for a moment; the next turn asks again.
  }
}, POLL_MILLISECONDS);

await drawAll();
document.body.dataset.state = "ready";
