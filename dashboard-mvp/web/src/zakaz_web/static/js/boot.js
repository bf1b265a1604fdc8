// Runs before the first paint: with scripts on, charts stand where tables would.
document.documentElement.classList.add("js");
// A script that did not arrive leaves no empty charts: the tables stand there again.
addEventListener(
  "error",
  (event) => {
    if (event.target instanceof HTMLScriptElement) document.documentElement.classList.remove("js");
  },
  true,
);
