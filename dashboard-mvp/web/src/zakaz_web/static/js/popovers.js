// Pop-overs are <details>: they open without scripts. Here they learn to close and to search.

/** Close every open pop-over but one. */
export function closeAll(except = null) {
  for (const open of document.querySelectorAll("details.pop[open]")) {
    if (open !== except) open.open = false;
  }
}

/** Listen once for the whole page; its contents may be replaced at will. */
export function watchPopovers() {
  document.addEventListener("click", (event) => {
    closeAll(event.target.closest("details.pop"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details.pop[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
  document.addEventListener("toggle", (event) => opened(event.target), true);
  document.addEventListener("input", (event) => {
    if (event.target.matches(".search input")) narrow(event.target);
  });
  document.addEventListener("keydown", (event) => {
    // Enter in the search box means "apply" only when it leaves one choice to make.
    if (event.key === "Enter" && event.target.matches(".search input")) pickOnly(event);
  });
}

function opened(details) {
  if (!details.matches?.("details.pop") || !details.open) return;
  const body = details.querySelector(".pop-body");
  body.classList.remove("pop-left");
  const room = document.documentElement.clientWidth;
  if (body.getBoundingClientRect().right > room - 8) body.classList.add("pop-left");
  if (matchMedia("(pointer: fine)").matches) details.querySelector(".pop-body input")?.focus();
}

function narrow(input) {
  const wanted = plain(input.value);
  const body = input.closest(".pop-body");
  let left = 0;
  for (const option of body.querySelectorAll(".options li")) {
    option.hidden = !plain(option.textContent).includes(wanted);
    if (!option.hidden) left += 1;
  }
  body.querySelector(".none").hidden = left > 0;
}

function pickOnly(event) {
  const shown = [...event.target.closest(".pop-body").querySelectorAll(".options li:not([hidden])")];
  if (event.target.value && shown.length === 1) {
    shown[0].querySelector("input").checked = true;
    return;
  }
  event.preventDefault();
}

function plain(text) {
  return text.trim().toLowerCase().replace(/ё/g, "е");
}
