// Parts that all charts share: colours, axes, legend, tooltip.

import { compact } from "./figures.js";

/** The icon of a dashed line in a legend. */
export const DASHES = "path://M0,3h6v2h-6zM9,3h6v2h-6z";
/** Pixels between two names of a legend. */
export const LEGEND_GAP = 14;
const LEGEND_ROW = 22; // pixels
const palette = new Map(); // asking for a colour lays the page out: ask once

/** The column heads of the table that a chart is drawn from. */
export function headings(host) {
  const cells = [...host.closest("[data-panel]").querySelectorAll("thead th")];
  return cells.map((cell) => cell.textContent.trim());
}

/** A legend of names; the icon of each is a block or dashes. */
export function legend(names, icon = (index) => (index ? DASHES : "roundRect")) {
  return {
    data: names.map((name, index) => ({ name, icon: icon(index) })),
    selectedMode: false,
    top: 0,
    left: 0,
    itemWidth: 14,
    itemHeight: 8,
    itemGap: 18,
    textStyle: { color: colour("--muted"), fontSize: 12 },
    inactiveColor: colour("--line"),
  };
}

/** How much deeper a legend is whose names take several rows: the plot begins beneath them. */
export function legendHeight(host, names) {
  const brush = document.createElement("canvas").getContext("2d");
  brush.font = `12px ${getComputedStyle(document.body).fontFamily}`;
  const room = host.clientWidth - 8;
  let [rows, used] = [1, 0];
  for (const name of names) {
    const width = 19 + brush.measureText(name).width + LEGEND_GAP;
    if (used && used + width > room) [rows, used] = [rows + 1, 0];
    used += width;
  }
  return LEGEND_ROW * rows;
}

/** The axis of amounts. */
export function valueAxis() {
  return {
    type: "value",
    splitNumber: 4,
    axisLabel: { color: colour("--muted"), formatter: (value) => (value ? compact(value) : "0") },
    splitLine: { lineStyle: { color: colour("--line") } },
  };
}

/** The bar under a long axis. */
export function zoomBar(accent, muted) {
  return {
    type: "slider",
    height: 22,
    bottom: 4,
    borderColor: "transparent",
    backgroundColor: "transparent",
    fillerColor: colour("--accent-soft"),
    dataBackground: { lineStyle: { color: muted, opacity: 0.4 }, areaStyle: { color: muted, opacity: 0.12 } },
    selectedDataBackground: { lineStyle: { color: accent }, areaStyle: { color: accent, opacity: 0.15 } },
    handleStyle: { color: colour("--surface"), borderColor: accent },
    moveHandleSize: 0,
    textStyle: { color: muted, fontSize: 11 },
    brushSelect: false,
  };
}

/** A tooltip made of elements with classes: a string with style="" would break the page's CSP. */
export function tooltip(trigger, describe) {
  return {
    trigger,
    confine: true,
    padding: 0,
    borderWidth: 0,
    backgroundColor: "transparent",
    extraCssText: "box-shadow:none",
    axisPointer: { type: "shadow", shadowStyle: { color: colour("--hover"), opacity: 0.6 } },
    formatter: (points) => {
      const [title, lines] = describe((Array.isArray(points) ? points[0] : points).dataIndex);
      const box = document.createElement("div");
      box.className = "tip";
      box.append(element("strong", title));
      for (const [dot, name, value] of lines) {
        const line = element("div");
        const mark = element("i");
        if (dot) mark.style.backgroundColor = dot;
        line.append(mark, element("span", name), element("b", value));
        box.append(line);
      }
      return box;
    },
  };
}

function element(tag, text = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}

/** The value of a colour variable, resolved for the scheme in force. */
export function colour(name) {
  if (!palette.has(name)) {
    const probe = document.createElement("i");
    probe.style.color = `var(${name})`;
    document.body.append(probe);
    palette.set(name, getComputedStyle(probe).color);
    probe.remove();
  }
  return palette.get(name);
}

/** Forget the colours: the scheme has changed. */
export function forgetColours() {
  palette.clear();
}
