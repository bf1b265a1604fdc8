// The sales curve by days to show: one line per event, the event itself in front.

import { compact, count, money } from "./figures.js";
import { LEGEND_GAP, colour, headings, legend, legendHeight, tooltip, valueAxis } from "./parts.js";

const LONGEST_NAME = 44; // letters in the legend; tooltip and table have the whole
const DASHED = [[], [6, 4], [2, 3], [10, 4], [6, 3, 2, 3], [1, 4]];

/** What ECharts is to draw of a table of steps. */
export function curveOption(host, rows) {
  const names = headings(host).slice(2);
  const gainName = headings(host)[1];
  const colours = names.map((_, at) => colour(at ? `--curve-${at}` : "--accent"));
  const muted = colour("--muted");
  const labels = rows.map((row) => row.label);
  const { unit, open, mark } = host.dataset;
  const write = (value) => (unit ? money(value, unit, compact) : count(value));
  const series = names.map((name, at) => ({
    type: "line",
    name,
    color: colours[at],
    showSymbol: rows.length === 1,
    symbol: "circle",
    z: at ? 3 : 5,
    lineStyle: { width: at ? 1.75 : 2.75, type: at ? DASHED[at] : "solid" },
    data: rows.map((row) => row[`e${at}`]),
  }));
  const [own] = series;
  const from = labels.indexOf(open);
  if (from >= 0) {
    // Beyond the day that all shows have come to the curve may still grow: it is dotted there.
    const tail = own.data.map((value, at) => (at >= from ? value : null));
    own.data = own.data.map((value, at) => (at <= from ? value : null));
    series.push({
      type: "line", color: colours[0], data: tail, showSymbol: false, silent: true, z: 5,
      lineStyle: { width: 2.25, type: [2, 4] },
    });
  }
  if (mark) {
    own.markLine = {
      silent: true,
      symbol: "none",
      lineStyle: { color: muted, type: "solid", width: 1, opacity: 0.6 },
      label: { formatter: host.dataset.markName, color: muted, position: "end" },
      data: [{ xAxis: labels.indexOf(mark) }],
    };
  }
  return {
    grid: { left: 4, right: 16, top: 34 + legendHeight(host, names.map(shortened)), bottom: 4, containLabel: true },
    legend: {
      ...legend(names, () => "roundRect"),
      width: host.clientWidth - 8,
      itemGap: LEGEND_GAP,
      formatter: shortened,
    },
    xAxis: {
      type: "category",
      data: labels,
      boundaryGap: false,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: colour("--line") } },
      axisLabel: { color: muted, hideOverlap: true, margin: 10 },
    },
    yAxis: { ...valueAxis(), axisLabel: { color: muted, formatter: (value) => write(value) } },
    tooltip: {
      ...tooltip("axis", (index) => [
        rows[index].label,
        [
          ...names.map((name, at) => [colours[at], name, rows[index].shown[`e${at}`]]),
          ["", gainName, rows[index].shown.gain],
        ],
      ]),
      axisPointer: { type: "line", lineStyle: { color: colour("--line-strong") } },
    },
    series,
  };
}

function shortened(name) {
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name;
}
