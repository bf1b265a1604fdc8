// Charts are drawn from the tables beside them, so both always say the same.

import { option } from "./options.js";
import { colour, forgetColours } from "./parts.js";

/* global echarts */

const LATEST_FRAME = 1500; // milliseconds
const drawn = new Map(); // chart name -> { chart, host }

/** Draw every chart of the page; resolves when all are on the screen. */
export async function drawAll() {
  const hosts = [...document.querySelectorAll("[data-chart]")].filter((host) => host.offsetParent);
  await Promise.all(hosts.map(draw));
}

/** Keep the living chart of a page that is about to be replaced by its next state. */
export function carryOver(next) {
  for (const [name, { chart, host }] of drawn) {
    const place = next.querySelector(`[data-chart="${name}"]`);
    const shown = place?.closest("[data-view]").dataset.view === "chart";
    if (shown) {
      for (const key of Object.keys(place.dataset)) host.dataset[key] = place.dataset[key];
      place.replaceWith(host);
    } else {
      chart.dispose();
      drawn.delete(name);
    }
  }
}

/** Offer the chart as a PNG file. */
export function savePicture(name) {
  const entry = drawn.get(name);
  if (!entry) return;
  const link = document.createElement("a");
  link.href = entry.chart.getDataURL({ pixelRatio: 2, backgroundColor: colour("--surface") });
  link.download = `${name}.png`;
  link.click();
}

/** Redraw in new colours or a new size; at once where no frame follows, as before printing. */
export function redrawAll({ atOnce = false } = {}) {
  forgetColours();
  for (const { chart, host } of drawn.values()) {
    chart.resize();
    const made = atOnce ? { ...option(host), animation: false } : option(host);
    chart.setOption(made, { notMerge: true, lazyUpdate: false });
    if (atOnce) chart.getZr().flush();
  }
}

function draw(host) {
  const name = host.dataset.chart;
  let entry = drawn.get(name);
  if (!entry || entry.host !== host) {
    entry?.chart.dispose();
    host.removeAttribute("_echarts_instance_");
    const locale = document.documentElement.lang === "ru" ? "RU" : "EN";
    entry = { host, chart: echarts.init(host, null, { locale, renderer: "canvas" }) };
    drawn.set(name, entry);
  }
  return new Promise((resolve) => {
    // "rendered" comes after the first frame; "finished" would wait for the animation.
    const done = () => {
      clearTimeout(late);
      entry.chart.off("rendered", done);
      resolve();
    };
    const late = setTimeout(done, LATEST_FRAME); // a page in the background draws no frames
    entry.chart.on("rendered", done);
    entry.chart.resize();
    entry.chart.setOption(option(host), { notMerge: true });
  });
}
