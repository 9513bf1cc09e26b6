// A chart of curves over one axis, with events as lines across it. It can be read with the keyboard, and says what it shows.
import { css, element, number, ticks } from "./format.js";

const height = () => innerWidth < 600 ? 190 : 220;
const dashes = [[], [9, 4], [2, 3]];
const all = new Set();

export const palette = index => css(`--curve-${index % 8}`);

// Ticks of a logarithmic axis: whole powers of ten, or some between them where there are few.
function logTicks(u, axis, min, max) {
  const ticks = [];
  const decades = Math.log10(max / min);
  const steps = decades > 4 ? [1] : decades > 1.5 ? [1, 3] : [1, 1.5, 2, 3, 5, 7];
  const stride = Math.max(1, Math.ceil(decades / 6));
  for (let power = Math.floor(Math.log10(min)); power <= Math.ceil(Math.log10(max)); power++) {
    if (steps.length === 1 && power % stride !== 0) continue;
    for (const step of steps) {
      const value = Number((step * 10 ** power).toPrecision(3));
      if (value >= min && value <= max) ticks.push(value);
    }
  }
  return ticks;
}

function wantsLog(curves) {
  let low = Infinity, high = -Infinity;
  for (const curve of curves) {
    for (const value of curve.y) {
      if (value === null) continue;
      if (value <= 0) return false;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return high / low > 6;
}

// Room for the longest label.
const width = (u, labels) => 16 + 7.2 * Math.max(3, ...(labels ?? []).map(label => label.length));

// What does not change, or hardly, lies in the middle.
function level(u, min, max) {
  if (min === null) return [0, 1];
  const least = Math.max(Math.abs(max) * 1e-4, max === 0 && min === 0 ? 1 : 0);
  const pad = max - min < least ? least : (max - min) * 0.06;
  return [min - pad, max + pad];
}

export class Chart {
  // unit: what the vertical axis shows; options: log, range, points, marks.
  constructor(parent, title, unit, options = {}) {
    this.options = options;
    this.unit = unit;
    this.figure = element("figure", undefined, parent, { tabIndex: 0 });
    this.figure.setAttribute("role", "group");
    this.caption = element("figcaption", title, this.figure);
    if (unit) element("small", unit, this.caption);
    this.box = element("div", undefined, this.figure, { className: "plot" });
    this.legend = element("p", undefined, this.figure, { className: "legend" });
    this.figure.addEventListener("keydown", event => this.key(event));
    this.figure.addEventListener("blur", () => this.plot?.setCursor({ left: -10, top: -10 }));
    new ResizeObserver(() => this.resize()).observe(this.box);
    all.add(this);
  }

  remove() {
    this.plot?.destroy();
    this.figure.remove();
    all.delete(this);
  }

  show(visible) { this.figure.hidden = !visible; }

  // curves: [{ label, x, y, colour, low, high, raw, dash, hidden }]; marks: { events, checkpoints }.
  draw(curves, axisLabel, marks = null, span = null) {
    this.marks = marks;
    this.span = span;
    this.axisLabel = axisLabel;
    curves = curves.filter(curve => curve.y.some(value => value !== null));
    this.show(curves.length > 0);
    if (curves.length === 0) return;
    const log = this.options.log && wantsLog(curves);
    const tables = [], series = [], bands = [];
    for (const curve of curves) {
      const columns = [curve.x];
      if (curve.low) {
        bands.push({ series: [series.length + 2, series.length + 1], fill: `${curve.fill}38` });
        columns.push(curve.low, curve.high);
        series.push({ hidden: true }, { hidden: true });
      }
      columns.push(curve.y);
      series.push(curve);
      tables.push(columns);
    }
    const data = uPlot.join(tables);
    const key = JSON.stringify([log, css("--ink"), axisLabel, series.map(one => [one.label, one.colour, one.width, one.hidden])]);
    this.curves = series;
    if (key !== this.drawn) this.create(key, log, series, bands, data);
    else this.plot.setData(data, !this.zoomed);
    if (this.zoomed && key === this.drawn) this.plot.redraw();
    this.drawn = key;
    this.tell(this.plot.cursor.idx);
    this.describe();
  }

  create(key, log, series, bands, data) {
    this.plot?.destroy();
    this.zoomed = false;
    const axis = {
      stroke: css("--faint"), font: `12px ${css("--font")}`, labelFont: `12px ${css("--font")}`,
      grid: { stroke: css("--line"), width: 1 }, ticks: { stroke: css("--line"), size: 4 },
    };
    const labels = { values: (u, splits) => ticks(splits) };
    const range = this.options.range;
    this.plot = new uPlot({
      width: Math.max(200, this.box.clientWidth), height: height(),
      legend: { show: false },
      padding: [14, 22, 0, 0],
      scales: {
        x: { time: false, range: (u, min, max) => this.within(min, max) },
        y: log ? { distr: 3, range: (u, min, max) => [min / 1.15, max * 1.15] } : { range: range ?? level },
      },
      axes: [
        { ...axis, ...labels, label: this.axisLabel, labelSize: 18, size: 30, space: 60 },
        { ...axis, ...labels, ...(log ? { splits: logTicks, filter: (u, splits) => splits } : {}), size: width, space: 32 },
      ],
      cursor: {
        points: { size: 7 }, drag: { x: true, y: false },
        ...(this.options.alone ? {} : { sync: { key: "steps" } }),
      },
      bands,
      hooks: {
        drawClear: [u => this.drawMarks(u)],
        setCursor: [u => this.tell(u.cursor.idx)],
        setSelect: [u => { this.zoomed = u.select.width > 0; }],
      },
      series: [{}, ...series.map(curve => ({
        label: curve.label ?? "", stroke: curve.hidden ? "transparent" : curve.colour,
        width: curve.hidden ? 0 : curve.width ?? 1.8, dash: dashes[curve.dash ?? 0], spanGaps: true,
        paths: this.options.points ? () => null : undefined,
        points: curve.hidden ? { show: false } : this.options.points
          ? { show: true, size: curve.size ?? 5, width: 1, stroke: curve.colour, fill: curve.hollow ? "transparent" : curve.colour }
          : { show: u => u.data[0].length < 3, size: 5 },
      }))],
    }, data, this.box);
    this.plot.over.addEventListener("dblclick", () => { this.zoomed = false; });
  }

  // All charts of a page show the same part of the axis, also those with less data.
  within(min, max) {
    const [from, to] = this.zoomed || !this.span ? [min, max] : this.span;
    return from === to ? [from - 1, to + 1] : [from, to];
  }

  // A line for each event, its number where there is room; checkpoints are ticks on the axis.
  drawMarks(u) {
    if (!this.marks) return;
    const { ctx, bbox } = u, ratio = devicePixelRatio;
    const place = step => {
      const x = step === null ? null : this.marks.axis(step);
      return x === null ? -1 : u.valToPos(x, "x", true);
    };
    const inside = x => x >= bbox.left && x <= bbox.left + bbox.width;
    ctx.save();
    ctx.strokeStyle = css("--faint");
    ctx.lineWidth = ratio;
    ctx.beginPath();
    for (const step of this.marks.checkpoints) {
      const x = place(step);
      if (!inside(x)) continue;
      ctx.moveTo(x, bbox.top + bbox.height);
      ctx.lineTo(x, bbox.top + bbox.height - 6 * ratio);
    }
    ctx.stroke();
    ctx.font = `${11 * ratio}px ${css("--font")}`;
    ctx.textAlign = "center";
    let free = -Infinity;
    for (const event of this.marks.events) {
      const x = place(event.step);
      if (!inside(x)) continue;
      ctx.strokeStyle = ctx.fillStyle = css(`--mark-${event.kind}`);
      ctx.lineWidth = (event.kind === "node" ? 1 : 1.6) * ratio;
      ctx.setLineDash((event.kind === "setting" ? [6, 4] : event.kind === "node" ? [2, 3] : []).map(length => length * ratio));
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      if (x - free < 16 * ratio) continue;
      ctx.fillText(event.number, Math.max(x, bbox.left + 6 * ratio), bbox.top - 3 * ratio);
      free = x;
    }
    ctx.restore();
  }

  // The legend has the values under the cursor, or the last ones, and events close to it.
  tell(index) {
    if (!this.plot || !this.curves) return;
    const data = this.plot.data;
    const shown = this.curves.map((curve, i) => ({ curve, values: data[i + 1] })).filter(one => !one.curve.hidden && one.curve.label);
    this.legend.replaceChildren();
    const isLast = index === null || index === undefined;
    const at = isLast ? "newest:" : `${this.axisLabel} ${number(data[0][index], this.axisLabel === "outer step" ? 9 : 4)}:`;
    element("span", at, this.legend, { className: "at" });
    for (const { curve, values } of shown.slice(0, 12)) {
      const item = element("span", undefined, this.legend, { className: "item" });
      const swatch = element("i", undefined, item);
      swatch.style.borderTopColor = curve.colour;
      swatch.style.borderTopStyle = ["solid", "dashed", "dotted"][curve.dash ?? 0];
      element("span", curve.label, item);
      element("b", number(isLast ? last(values) : near(values, index)), item);
    }
    if (shown.length > 12) element("span", `${shown.length - 12} more`, this.legend, { className: "item" });
    if (isLast || !this.marks) return;
    const left = this.plot.cursor.left;
    for (const event of this.marks.events) {
      const x = event.step === null ? null : this.marks.axis(event.step);
      if (x === null || Math.abs(this.plot.valToPos(x, "x") - left) > 6) continue;
      element("span", `${event.number}: ${event.text}`, this.legend, { className: "event" });
    }
  }

  describe() {
    const parts = this.curves.filter(curve => !curve.hidden && curve.label).slice(0, 8)
      .map(curve => `${curve.label} ${number(last(curve.y))}`);
    const text = `${this.caption.firstChild.textContent}, chart over ${this.axisLabel}; now: ${parts.join(", ")}. `
      + "Left and right arrow keys read values.";
    if (this.figure.getAttribute("aria-label") !== text) this.figure.setAttribute("aria-label", text);
  }

  key(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1, PageUp: -20, PageDown: 20, Home: -1e9, End: 1e9 }[event.key];
    if (!by || !this.plot) return;
    event.preventDefault();
    const xs = this.plot.data[0], now = this.plot.cursor.idx ?? xs.length - 1;
    const next = Math.min(xs.length - 1, Math.max(0, now + by * (event.shiftKey ? 10 : 1)));
    this.plot.setCursor({ left: this.plot.valToPos(xs[next], "x"), top: height() / 3 });
  }

  resize() {
    const width = Math.max(200, this.box.clientWidth);
    if (this.plot && !this.figure.hidden && width !== this.plot.width) this.plot.setSize({ width, height: height() });
  }
}

function last(values) {
  for (let i = values.length - 1; i >= 0; i--) if (values[i] !== null && values[i] !== undefined) return values[i];
  return null;
}

// Curves of several runs seldom have a point at one place.
function near(values, index) {
  for (let reach = 0; reach < 20; reach++) {
    for (const at of [index - reach, index + reach]) if (values[at] !== null && values[at] !== undefined) return values[at];
  }
  return null;
}
