// Runs before the first paint: with scripts on, charts stand where tables would.
document.documentElement.classList.add("js");
