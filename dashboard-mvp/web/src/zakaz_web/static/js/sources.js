// Revenue by source: bars stacked per step, the main sources below, no tag on top.

import { DASHES, LEGEND_GAP, colour, headings, legend, legendHeight, tooltip, valueAxis, zoomBar } from "./parts.js";

const NAMED = ["--accent", "--curve-1", "--curve-2", "--curve-3", "--curve-4", "--curve-5"];

/** What ECharts is to draw of a table of steps: total, period before, one column per source. */
export function sourceOption(host, rows) {
  const [, total, previous, ...names] = headings(host);
  const columns = columnsOf(host).slice(3);
  const colours = columns.map((column, at) => (column === "unknown" ? colour("--seat-held") : colour(NAMED[at])));
  const muted = colour("--muted");
  const compared = rows.some((row) => row.previous_revenue !== null);
  const open = host.dataset.open === "true" ? rows.length - 1 : -1;
  const series = columns.map((column, at) => ({
    type: "bar",
    name: names[at],
    stack: "sources",
    color: colours[at],
    barMaxWidth: 26,
    // The step that still runs is drawn faintly: it is not a bad day yet.
    data: rows.map((row, step) => (step === open ? { value: row[column], itemStyle: { opacity: 0.45 } } : row[column])),
  }));
  if (compared) {
    const line = { type: "line", showSymbol: false, data: rows.map((row) => row.previous_revenue) };
    series.push({ ...line, color: colour("--surface"), z: 4, silent: true, lineStyle: { width: 4, opacity: 0.85 } });
    series.push({ ...line, name: previous, color: muted, z: 5, lineStyle: { width: 1.75, type: [5, 4] } });
  }
  const zoom = rows.length > 60;
  const shown = compared ? [...names, previous] : names;
  return {
    grid: { left: 4, right: 12, top: 12 + legendHeight(host, shown), bottom: zoom ? 50 : 4, containLabel: true },
    legend: {
      ...legend(shown, (index) => (index < names.length ? "roundRect" : DASHES)),
      width: host.clientWidth - 8,
      itemGap: LEGEND_GAP,
    },
    xAxis: {
      type: "category",
      data: rows.map((row) => row.label),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: colour("--line") } },
      axisLabel: { color: muted, hideOverlap: true, margin: 10 },
    },
    yAxis: valueAxis(),
    dataZoom: zoom ? [zoomBar(colours[0], muted)] : [],
    tooltip: tooltip("axis", (index) => {
      const row = rows[index];
      const parts = columns.map((column, at) => [colours[at], names[at], row.shown[column], row[column]]);
      return [
        row.label,
        [
          ...parts.filter((part) => part[3]).reverse(),
          ["", total, row.shown.revenue],
          ...(compared ? [[muted, previous, row.shown.previous_revenue]] : []),
        ],
      ];
    }),
    series,
  };
}

/** The names of the columns, as the table's cells carry them. */
function columnsOf(host) {
  const row = host.closest("[data-panel]").querySelector("tbody tr");
  return row ? ["step", ...[...row.querySelectorAll("td")].map((cell) => cell.dataset.column)] : [];
}
