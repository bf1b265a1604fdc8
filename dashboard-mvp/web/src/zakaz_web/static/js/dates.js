// Typed dates are looked at before they are sent, so that a slip is told where it was made.
// The server judges them again; this only spares the reader a page.

const ISO = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const DOTTED = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/;

/** Say whether the form's dates can be sent; shows what is wrong with them if not. */
export function datesAreFit(form) {
  const box = form.querySelector(".dates");
  if (!box) return true;
  const [first, last] = ["from", "to"].map((name) => day(form.elements[name].value));
  let wrong = "";
  if (!first || !last) wrong = box.dataset.bad;
  else if (first > box.dataset.today) wrong = box.dataset.future;
  else if (first > last) wrong = box.dataset.reversed;
  const place = box.parentElement.querySelector(".fault");
  place.textContent = wrong;
  place.hidden = !wrong;
  if (wrong) box.closest("details").open = true;
  return !wrong;
}

/** The typed day as YYYY-MM-DD, or "" where it is none. */
function day(text) {
  const typed = text.trim();
  const parts = ISO.exec(typed)?.slice(1) ?? DOTTED.exec(typed)?.slice(1).reverse();
  if (!parts) return "";
  const [year, month, date] = parts.map(Number);
  const made = new Date(Date.UTC(year, month - 1, date));
  const isReal = made.getUTCMonth() === month - 1 && made.getUTCDate() === date;
  return isReal && year >= 2000 && year <= 2099 ? made.toISOString().slice(0, 10) : "";
}
