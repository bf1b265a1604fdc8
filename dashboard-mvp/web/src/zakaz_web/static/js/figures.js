// Numbers for chart axes and tooltips, written as the server writes them in tables.

const NARROW = "\u202f";
const MINUS = "\u2212";

const texts = JSON.parse(document.getElementById("page-texts").textContent);
const russian = document.documentElement.lang === "ru";
const whole = new Intl.NumberFormat(russian ? "ru-RU" : "en-US", { maximumFractionDigits: 0 });

/** The words that scripts need, in the page's language. */
export const words = texts;

/** 12 720 600 or 12,720,600. */
export function count(value) {
  return whole.format(value).replace(/\u00a0/g, NARROW).replace("-", MINUS);
}

/** 1,2 млн or 1.2M. */
export function compact(value) {
  const units = [[1e9, texts.milliard], [1e6, texts.million], [1e3, texts.thousand]];
  for (const [size, unit] of units) {
    if (Math.abs(value) >= size * 0.9995) {
      const places = Math.abs(value / size) >= 100 ? 0 : 1;
      const text = String(Number((value / size).toFixed(places))).replace("-", MINUS);
      return russian ? text.replace(".", ",") + NARROW + unit : text + unit;
    }
  }
  return count(value);
}

/** An amount with its currency sign, as the server puts it. */
export function money(value, unit, write = count) {
  const leads = !russian && ["$", "€", "£"].includes(unit);
  return leads ? unit + write(value) : write(value) + NARROW + unit;
}
