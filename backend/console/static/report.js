// The charts of a report: each element with `data-chart` holds what its chart shows, see
// backend/console/report.py. ECharts draws on canvases and shows tips as text of the canvas: its tips
// of HTML and its SVG need styles inside elements, which the pages' policy forbids.

/** @type {typeof import("echarts")} */
const echarts = /** @type {any} */ (window).echarts;
const dark = matchMedia("(prefers-color-scheme: dark)");
const still = matchMedia("(prefers-reduced-motion: reduce)");
const ROW = 28;
const LABEL = 132;
const BEST = 10;

/**
 * @typedef {{name: string, value: number, of?: number, percent?: number, answers?: number}} Row
 * @typedef {{kind: string, unit: string, rows: Row[]}} Bars
 * @typedef {{labels: string[], points: number[], joined: number[],
 *   marks: {at: number, titles: string[]}[]}} Time
 * @typedef {{labels: string[], rows: {name: string, team: string, ranks: (number | null)[]}[]}} Ranks
 */

/** The colours of the page, which change with the system's scheme. */
function palette() {
  const style = getComputedStyle(document.documentElement);
  /** @param {string} name */
  const of = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    text: of("text"),
    quiet: of("quiet"),
    line: of("line"),
    panel: of("panel"),
    wash: of("panel-2"),
    gold: of("gold-fill"),
    jade: of("jade"),
    coral: of("coral"),
    lines: ["gold-fill", "jade", "coral", "ice", "violet", "seal"].map(of),
  };
}

/** @param {string} text @param {number} most */
const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/**
 * The height of a rank in the chart: equal steps for the first ten, ever smaller ones below.
 * @param {number} rank
 */
const depth = (rank) => (rank <= BEST ? rank : BEST + 2 * Math.log2(rank / BEST));

/**
 * Bars that lie, one for each row, the first on top.
 * @param {Bars} data
 * @param {ReturnType<typeof palette>} colours
 * @param {(row: Row) => string} said what stands at the end of a bar
 */
function lying({ rows }, colours, said) {
  const label = Math.min(LABEL, 30 + 14 * Math.max(...rows.map((row) => row.name.length)));
  return {
    grid: { left: label + 8, right: 84, top: 4, bottom: 4 },
    xAxis: { type: "value", show: false, min: 0 },
    yAxis: {
      type: "category",
      inverse: true,
      data: rows.map((row) => row.name),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: colours.text, width: label, overflow: "truncate", interval: 0 },
    },
    series: [
      {
        type: "bar",
        barMaxWidth: 16,
        data: rows.map((row) => row.value),
        itemStyle: { color: colours.jade, borderRadius: 8 },
        label: {
          show: true,
          position: "right",
          color: colours.quiet,
          formatter: (/** @type {{dataIndex: number}} */ { dataIndex }) => said(rows[dataIndex]),
        },
      },
    ],
    tooltip: {
      trigger: "item",
      formatter: (/** @type {{dataIndex: number}} */ { dataIndex }) =>
        `${rows[dataIndex].name}\n${said(rows[dataIndex])}`,
    },
  };
}

/** @type {Record<string, (data: any, colours: ReturnType<typeof palette>) => any>} */
const DRAWN = {
  shares(/** @type {Bars} */ data, colours) {
    const options = lying(data, colours, (row) => `${row.value} / ${row.of}（${row.percent}%）`);
    const [came] = options.series;
    const heads = {
      ...came,
      data: data.rows.map((row) => row.of ?? 0),
      itemStyle: { color: colours.wash, borderRadius: 8 },
      barGap: "-100%",
      silent: true,
    };
    const bar = { ...came, z: 3, label: { show: false }, itemStyle: { ...came.itemStyle } };
    return { ...options, grid: { ...options.grid, right: 112 }, series: [heads, bar] };
  },
  tally: (/** @type {Bars} */ data, colours) => {
    const options = lying(data, colours, (row) => `${row.value} ${data.unit}`);
    options.series[0].itemStyle.color = colours.gold;
    return options;
  },
  questions(/** @type {Bars} */ data, colours) {
    const options = lying(data, colours, (row) => `${row.value}%（${row.answers} 人）`);
    /** @param {number} percent */
    const colour = (percent) =>
      percent < 40 ? colours.coral : percent < 70 ? colours.gold : colours.jade;
    const bars = data.rows.map(({ value }) => ({ value, itemStyle: { color: colour(value) } }));
    const axis = { ...options.xAxis, max: 100 };
    const [series] = options.series;
    const label = Math.min(280, window.innerWidth / 3);
    return {
      ...options,
      grid: { ...options.grid, left: label + 8, right: 104 },
      xAxis: axis,
      yAxis: { ...options.yAxis, axisLabel: { ...options.yAxis.axisLabel, width: label } },
      series: [{ ...series, data: bars }],
    };
  },
  time(/** @type {Time} */ { labels, points, joined, marks }, colours) {
    const axis = { axisLine: { show: false }, axisLabel: { color: colours.quiet } };
    const titles = new Map(marks.map((mark) => [mark.at, mark.titles]));
    return {
      grid: { left: 52, right: 44, top: 40, bottom: 28 },
      legend: { top: 0, textStyle: { color: colours.text } },
      xAxis: {
        type: "category",
        data: labels,
        axisLine: { lineStyle: { color: colours.line } },
        axisLabel: { color: colours.quiet },
      },
      yAxis: [
        { type: "value", ...axis, splitLine: { lineStyle: { color: colours.line } } },
        { type: "value", ...axis, splitLine: { show: false }, minInterval: 1 },
      ],
      series: [
        {
          name: "发出的分",
          type: "bar",
          data: points,
          itemStyle: { color: colours.gold, borderRadius: [4, 4, 0, 0] },
          markLine: {
            symbol: "none",
            silent: true,
            lineStyle: { color: colours.line, type: "dashed", width: 1 },
            label: { show: false },
            data: marks.map((mark) => ({ xAxis: mark.at })),
          },
        },
        {
          name: "加入的人",
          type: "line",
          yAxisIndex: 1,
          symbol: "none",
          data: joined,
          lineStyle: { color: colours.jade, width: 3 },
          itemStyle: { color: colours.jade },
        },
      ],
      tooltip: {
        trigger: "axis",
        formatter: (/** @type {{dataIndex: number}[]} */ [{ dataIndex }]) =>
          [
            labels[dataIndex],
            `发出 ${points[dataIndex]} 分，加入 ${joined[dataIndex]} 人`,
            ...(titles.get(dataIndex) ?? []).map((title) => cut(title, 24)),
          ].join("\n"),
      },
    };
  },
  ranks(/** @type {Ranks} */ { labels, rows }, colours) {
    const worst = Math.max(BEST, ...rows.flatMap((row) => row.ranks.map((rank) => rank ?? 1)));
    return {
      grid: { left: 36, right: 104, top: 12, bottom: 28 },
      xAxis: {
        type: "category",
        boundaryGap: false,
        data: labels,
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: { color: colours.quiet, width: 96, overflow: "truncate" },
      },
      yAxis: {
        type: "value",
        inverse: true,
        min: 1,
        max: depth(worst),
        interval: 1,
        axisLabel: {
          color: colours.quiet,
          formatter: (/** @type {number} */ at) => (at > 0 && at <= BEST ? String(at) : ""),
        },
        splitLine: { show: false },
      },
      series: rows.map((row, at) => ({
        name: row.name,
        type: "line",
        smooth: 0.4,
        symbolSize: 8,
        data: row.ranks.map((rank) => rank && depth(rank)),
        lineStyle: { width: at < 3 ? 4 : 2 },
        itemStyle: { color: colours.lines[at % colours.lines.length] },
        endLabel: {
          show: true,
          color: colours.text,
          formatter: `${row.ranks.at(-1)} ${cut(row.name, 6)}`,
        },
        emphasis: { focus: "series" },
      })),
      tooltip: {
        trigger: "item",
        formatter: (/** @type {{seriesIndex: number, dataIndex: number}} */ one) => {
          const { name, team, ranks } = rows[one.seriesIndex];
          return `${name} ${team ?? ""}\n${labels[one.dataIndex]}结束时第 ${ranks[one.dataIndex]} 名`;
        },
      },
    };
  },
};

/** @param {{kind: string, rows?: unknown[]}} data */
function heightOf({ kind, rows = [] }) {
  if (kind === "time") return 280;
  return kind === "ranks" ? 360 : ROW * rows.length + 16;
}

/** @param {HTMLElement} node */
function draw(node) {
  const data = JSON.parse(node.dataset.chart ?? "");
  node.style.height = `${heightOf(data)}px`;
  node.style.minHeight = "0";
  const colours = palette();
  const made = DRAWN[data.kind](data, colours);
  echarts.getInstanceByDom(node)?.dispose();
  const chart = echarts.init(node, null, { renderer: "canvas" });
  chart.setOption({
    animation: !still.matches,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    ...made,
    tooltip: {
      renderMode: "richText",
      confine: true,
      backgroundColor: colours.panel,
      borderColor: colours.line,
      textStyle: { color: colours.text },
      ...made.tooltip,
    },
  });
  node.dataset.drawn = "yes";
}

const resized = new ResizeObserver((entries) => {
  for (const { target } of entries)
    echarts.getInstanceByDom(/** @type {HTMLElement} */ (target))?.resize();
});

/** Draw the charts that are on the page, those with this selector. @param {string} selector */
function drawAll(selector) {
  for (const node of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(selector))) {
    draw(node);
    resized.observe(node);
  }
}

drawAll("[data-chart]");
// The contents of a report come after its page.
document.body.addEventListener("htmx:after:swap", () => drawAll("[data-chart]:not([data-drawn])"));
dark.addEventListener("change", () => drawAll("[data-chart]"));

export {};
