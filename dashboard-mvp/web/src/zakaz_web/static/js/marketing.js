// Revenue as bars and spend as a line, each with its period before; spend that may change is dotted.

import { DASHES, colour, headings, legend, tooltip, valueAxis, zoomBar } from "./parts.js";

const HALO = 4; // pixels of the panel's own colour around a line where it crosses bars

/** What ECharts is to draw of a table of days. */
export function marketingOption(host, rows) {
  const [, revenue, spend, roas, revenueBefore, spendBefore] = headings(host);
  const [accent, cost, muted] = ["--accent", "--curve-1", "--muted"].map(colour);
  const comparedBy = (name) => rows.some((row) => row[name] !== null);
  const dense = rows.length > 45;
  const bars = dense
    ? { type: "line", showSymbol: false, lineStyle: { width: 2 }, areaStyle: { opacity: 0.12 } }
    : { type: "bar", barMaxWidth: 26, itemStyle: { borderRadius: [3, 3, 0, 0] } };
  const earned = column(rows, "revenue");
  const series = [{ ...bars, name: revenue, color: accent, data: earned, z: 3 }];
  // The day that still runs is drawn faintly: it is not a bad day yet.
  const running = host.dataset.running === "true" ? earned.length - 1 : -1;
  if (running > 0 && dense) {
    const last = earned.map((value, at) => (at >= running - 1 ? value : null));
    earned[running] = null;
    series.push({ ...line(last), color: accent, z: 3, silent: true, lineStyle: { width: 2, type: [2, 4] } });
  } else if (running >= 0) {
    earned[running] = { value: earned[running], itemStyle: { opacity: 0.45 } };
  }
  const lines = [
    [revenueBefore, "previous_revenue", muted, [5, 4]],
    [spendBefore, "previous_spend", cost, [2, 4]],
  ].filter(([, name]) => comparedBy(name));
  for (const [name, key, color, type] of lines) {
    const data = column(rows, key);
    series.push(halo(data), { ...line(data), name, color, z: 5, lineStyle: { width: 1.5, type } });
  }
  const spent = column(rows, "spend");
  const open = rows.findIndex((row) => row.label === host.dataset.open);
  const settled = open < 0 ? spent : spent.map((value, at) => (at <= open ? value : null));
  const tail = spent.map((value, at) => (open >= 0 && at >= open ? value : null));
  const single = spent.filter((value) => value !== null).length === 1;
  series.push(halo(spent));
  series.push({ ...line(settled), name: spend, color: cost, z: 6, showSymbol: single, lineStyle: { width: 2.5 } });
  series.push({ ...line(tail), color: cost, z: 6, silent: true, lineStyle: { width: 2, type: [2, 4] } });
  const zoom = rows.length > 60;
  const names = [revenue, spend, ...lines.map(([name]) => name)];
  return {
    grid: { left: 4, right: 12, top: host.clientWidth < 520 ? 56 : 34, bottom: zoom ? 50 : 4, containLabel: true },
    legend: { ...legend(names, (at) => (at < 2 ? "roundRect" : DASHES)), width: host.clientWidth - 8 },
    xAxis: {
      type: "category",
      data: rows.map((row) => row.label),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: colour("--line") } },
      axisLabel: { color: muted, hideOverlap: true, margin: 10 },
    },
    yAxis: valueAxis(),
    dataZoom: zoom ? [zoomBar(accent, muted)] : [],
    tooltip: tooltip("axis", (index) => {
      const { label, shown } = rows[index];
      const was = lines.map(([name, key, color]) => [color, name, shown[key]]);
      const state = shown.state ? [["", shown.state, ""]] : [];
      return [
        label,
        [[accent, revenue, shown.revenue], [cost, spend, shown.spend], ["", roas, shown.roas], ...was, ...state],
      ];
    }),
    series,
  };
}

function column(rows, name) {
  return rows.map((row) => row[name]);
}

function line(data) {
  return { type: "line", showSymbol: false, symbol: "circle", data };
}

function halo(data) {
  return { ...line(data), color: colour("--surface"), z: 4, silent: true, lineStyle: { width: HALO, opacity: 0.85 } };
}
