// What the charts look like: ECharts options made of the rows of a panel's table.

import { curveOption } from "./curve.js";
import { compact, money, words } from "./figures.js";
import { marketingOption } from "./marketing.js";
import { colour, headings, legend, tooltip, valueAxis, zoomBar } from "./parts.js";
import { sourceOption } from "./sources.js";

const still = matchMedia("(prefers-reduced-motion: reduce)");
const makers = {
  cities: cityOption,
  curve: curveOption,
  marketing_days: marketingOption,
  revenue: dayOption,
  utm_revenue: sourceOption,
};

/** What ECharts is to draw in a host. */
export function option(host) {
  const table = readTable(host);
  const made = makers[host.dataset.chart](host, table);
  const label = getComputedStyle(document.body);
  return {
    animation: !still.matches,
    animationDuration: 250,
    animationDurationUpdate: 250,
    textStyle: { fontFamily: label.fontFamily, fontSize: 12, color: colour("--muted") },
    aria: { enabled: true, label: { description: host.dataset.summary || summary(host.dataset.name, table) } },
    ...made,
  };
}

/** A sentence for readers who cannot see the chart; the table holds the rest. */
function summary(name, rows) {
  const known = rows.filter((row) => row.revenue !== null);
  const [low, high] = [Math.min, Math.max].map((pick) => {
    const value = pick(...known.map((row) => row.revenue));
    const row = known.find((one) => one.revenue === value);
    return row ? `${row.label}, ${row.shown.revenue}` : "";
  });
  const values = { name, high, low };
  return words.summary.replace(/\{(\w+)\}/g, (_, key) => values[key]);
}

/** Rows of the panel's table: the label of each, and its numbers by column. */
function readTable(host) {
  const rows = [...host.closest("[data-panel]").querySelectorAll("tbody tr")];
  return rows.map((row) => {
    const found = { label: row.cells[0].textContent, shown: {} };
    for (const cell of row.querySelectorAll("td[data-column]")) {
      const { column, value } = cell.dataset;
      found[column] = value === "" ? null : Number(value);
      found.shown[column] = cell.textContent;
    }
    return found;
  });
}

function dayOption(host, rows) {
  const [, revenue, previous, tickets, orders] = headings(host);
  const compared = rows.some((row) => row.previous_revenue !== null);
  const asLine = rows.length > 45;
  const accent = colour("--accent");
  const muted = colour("--muted");
  const current = asLine
    ? { type: "line", showSymbol: false, lineStyle: { width: 2.25 }, areaStyle: { opacity: 0.12 } }
    : { type: "bar", barMaxWidth: 26, itemStyle: { borderRadius: [3, 3, 0, 0] } };
  const values = rows.map((row) => row.revenue);
  const series = [{ ...current, name: revenue, color: accent, data: values, z: 3 }];
  // The step that still runs is drawn faintly: it is not a bad day yet.
  const open = host.dataset.open === "true" ? values.findLastIndex((value) => value !== null) : -1;
  if (open > 0 && asLine) {
    const tail = values.map((value, at) => (at === open || at === open - 1 ? value : null));
    values[open] = null;
    const dotted = { type: "line", showSymbol: false, silent: true, lineStyle: { width: 2, type: [2, 4] } };
    series.push({ ...dotted, color: accent, data: tail, z: 3 });
  } else if (open >= 0) {
    values[open] = { value: values[open], itemStyle: { opacity: 0.45 } };
  }
  if (compared) {
    const line = { type: "line", showSymbol: false, data: rows.map((row) => row.previous_revenue) };
    // A halo in the panel's own colour keeps the dashed line readable where it crosses bars.
    series.push({ ...line, color: colour("--surface"), z: 4, silent: true, lineStyle: { width: 4, opacity: 0.85 } });
    series.push({ ...line, name: previous, color: muted, z: 5, lineStyle: { width: 1.75, type: [5, 4] } });
  }
  const zoom = rows.length > 60;
  return {
    grid: { left: 4, right: 12, top: 34, bottom: zoom ? 50 : 4, containLabel: true },
    legend: legend(compared ? [revenue, previous] : [revenue]),
    xAxis: {
      type: "category",
      data: rows.map((row) => row.label),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: colour("--line") } },
      axisLabel: { color: muted, hideOverlap: true, margin: 10 },
    },
    yAxis: valueAxis(),
    dataZoom: zoom ? [zoomBar(accent, muted)] : [],
    tooltip: tooltip("axis", (index) => [
      rows[index].label,
      [
        [accent, revenue, rows[index].shown.revenue],
        ...(compared ? [[muted, previous, rows[index].shown.previous_revenue]] : []),
        ["", tickets, rows[index].shown.tickets],
        ["", orders, rows[index].shown.orders],
      ],
    ]),
    series,
  };
}

function cityOption(host, rows) {
  const [, revenue, tickets, orders, average] = headings(host);
  const accent = colour("--accent");
  const narrow = host.clientWidth < 420;
  const room = Math.min(host.clientHeight - 12, rows.length * 44); // few bars stay together
  return {
    grid: { left: 4, right: narrow ? 76 : 88, top: 6, height: room, containLabel: true },
    xAxis: { ...valueAxis(), show: false },
    yAxis: {
      type: "category",
      inverse: true,
      data: rows.map((row) => row.label),
      axisTick: { show: false },
      axisLine: { show: false },
      axisLabel: { color: colour("--text"), fontSize: 13, width: narrow ? 112 : 140, overflow: "truncate", interval: 0 },
    },
    tooltip: tooltip("axis", (index) => [
      rows[index].label,
      [
        [accent, revenue, rows[index].shown.revenue],
        ["", tickets, rows[index].shown.tickets],
        ["", orders, rows[index].shown.orders],
        ["", average, rows[index].shown.average_ticket],
      ],
    ]),
    series: [
      {
        type: "bar",
        name: revenue,
        color: accent,
        barMaxWidth: 16,
        itemStyle: { borderRadius: [0, 3, 3, 0] },
        data: rows.map((row) => row.revenue),
        label: {
          show: true,
          position: "right",
          color: colour("--text"),
          formatter: ({ value }) => money(value, host.dataset.unit, compact),
        },
      },
    ],
  };
}
