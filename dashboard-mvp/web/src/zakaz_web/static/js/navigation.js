// The address is the state: every filter is a link or a plain form, fetched and swapped in place.

import { carryOver, drawAll } from "./charts.js";
import { datesAreFit } from "./dates.js";
import { closeAll } from "./popovers.js";

const SWAPPED = ["topbar", "content"];
let running = null;

/** Follow links and forms marked data-nav without loading the whole page again. */
export function watchNavigation() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-nav]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    go(link.href);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-nav]")) return;
    event.preventDefault();
    const form = event.target;
    if (!datesAreFit(form)) return;
    go(`${form.action}?${new URLSearchParams(new FormData(form))}`);
  });
  addEventListener("popstate", () => go(location.href, { push: false }));
}

/** Show the state of an address; a newer wish overtakes one that is still on its way. */
export async function go(url, { push = true, quiet = false } = {}) {
  running?.abort();
  const mine = new AbortController();
  running = mine;
  if (!quiet) document.body.dataset.state = "loading";
  try {
    const answer = await fetch(url, { signal: mine.signal, headers: { Accept: "text/html" } });
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine.signal.aborted) return;
    // Another kind of page has other scripts and styles: it is loaded whole.
    const isSame = next.body.dataset.page === document.body.dataset.page;
    if (!answer.ok || !isSame || !next.querySelector("[data-url]")) return location.assign(url);
    await swap(next, push);
  } catch (error) {
    if (error.name !== "AbortError") location.assign(url);
  }
}

async function swap(next, push) {
  const focused = document.activeElement?.id || document.activeElement?.dataset?.testid;
  const scrolled = new Map();
  for (const box of document.querySelectorAll(".table-scroll")) {
    scrolled.set(box.dataset.testid, box.scrollLeft);
  }
  carryOver(next);
  const address = next.getElementById("content").dataset.url;
  for (const id of SWAPPED) {
    document.getElementById(id).replaceWith(document.adoptNode(next.getElementById(id)));
  }
  document.title = next.title;
  document.body.dataset.stamp = next.body.dataset.stamp;
  if (push && address !== location.pathname + location.search) history.pushState(null, "", address);
  for (const [name, left] of scrolled) {
    const box = document.querySelector(`[data-testid="${name}"]`);
    if (box) box.scrollLeft = left;
  }
  if (focused) {
    const again =
      document.getElementById(focused) ?? document.querySelector(`[data-testid="${focused}"]`);
    again?.focus({ preventScroll: true });
  }
  await drawAll();
  document.body.dataset.state = "ready";
}

/** Leave no pop-over open when the page is shown again from the browser's memory. */
export function settle() {
  closeAll();
}
