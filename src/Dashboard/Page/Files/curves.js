// What the page knows of a run: it begins empty and takes in what the stream says is new.
const empty = () => ({ x: [], y: {}, low: {}, high: {}, rowsEach: 1 });

export class Run {
  constructor(name) {
    this.name = name;
    this.forget();
  }

  forget() {
    this.facts = null;
    this.theta = [];
    this.metrics = empty();
    this.progress = empty();
    this.trails = [];
    this.nodes = [];
    this.events = [];
    this.checkpoints = [];
    this.pairs = [];
    this.gone = false;
  }

  take(news) {
    if (news.gone) { this.forget(); this.gone = true; return; }
    if (news.anew) this.forget();
    this.gone = false;
    if (news.theta) this.theta = news.theta;
    if (news.facts) {
      this.facts = news.facts;
    }
    if (news.metrics) append(this.metrics, news.metrics);
    if (news.progress) append(this.progress, news.progress);
    if (news.trails) {
      if (news.trails.anew) this.trails = [];
      this.trails.push(...news.trails.rows);
      const last = this.trails.at(-1)?.[0] ?? 0;
      const first = this.trails.findIndex(row => row[0] > last - news.trails.steps);
      if (first > 0) this.trails.splice(0, first);
    }
    for (const part of ["nodes", "events", "checkpoints", "pairs"]) if (news[part]) this[part] = news[part];
  }

  // From an outer step to the axis; steps between two rows lie on a straight line.
  axis(kind, unit = 1) {
    if (kind === "step") return step => step;
    const [table, column] = kind === "inner" ? [this.metrics, "total_inner_steps"] : [this.progress, "elapsed_seconds"];
    const xs = [...table.x], ys = [...table.y[column] ?? []];

    // The newest row of the table by the clock may be old.
    if (kind === "time" && this.facts?.elapsed > (ys.at(-1) ?? 0) && this.facts.step > (xs.at(-1) ?? 0)) {
      xs.push(this.facts.step);
      ys.push(this.facts.elapsed);
    }
    if (xs.length === 0 || ys.length === 0) return () => null;
    return step => {
      let low = 0, high = xs.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (xs[middle] < step) low = middle + 1; else high = middle;
      }
      if (low === xs.length) return ys[low - 1] / unit;
      const [x0, y0] = low === 0 ? [0, 0] : [xs[low - 1], ys[low - 1]];
      return (y0 + (step - x0) / (xs[low] - x0) * (ys[low] - y0)) / unit;
    };
  }
}

function append(table, news) {
  const cut = (into, from) => {
    for (const name of Object.keys(from)) {
      const column = into[name] ??= [];
      column.length = Math.min(column.length, news.from);
      for (const value of from[name]) column.push(value);
    }
  };
  if (news.from === 0) { table.y = {}; table.low = {}; table.high = {}; table.x = []; }
  table.rowsEach = news.rowsEach;
  table.x.length = Math.min(table.x.length, news.from);
  for (const value of news.x) table.x.push(value);
  cut(table.y, news.y);
  cut(table.low, news.low ?? {});
  cut(table.high, news.high ?? {});
}

// A mean around each point, over as many on both sides, so that it does not lag. At the ends, where there are fewer on one side, the
// straight line through them.
export function smoothed(values) {
  const half = Math.floor(values.length / 60);
  if (half < 1) return null;
  const sums = [[0, 0, 0, 0, 0]];
  values.forEach((value, i) => {
    const last = sums.at(-1);
    sums.push(value === null ? last : last.map((sum, k) => sum + [1, i, i * i, value, i * value][k]));
  });
  return values.map((_, i) => {
    const from = sums[Math.max(0, i - half)], to = sums[Math.min(values.length, i + half + 1)];
    const [count, x, xx, y, xy] = to.map((sum, k) => sum - from[k]);
    if (count === 0) return null;
    const spread = xx - x * x / count;
    return y / count + (spread > 0 ? (xy - x * y / count) / spread * (i - x / count) : 0);
  });
}

// The curves of one pair each, of rows [outer step, pair, inner step, …].
export function trailsByPair(rows) {
  const pairs = new Map();
  for (const [step, pair, inner] of rows) {
    if (!pairs.has(pair)) pairs.set(pair, { pair, x: [], y: [] });
    const trail = pairs.get(pair);
    trail.x.push(step);
    trail.y.push(inner);
  }
  return [...pairs.values()].sort((a, b) => a.pair - b.pair);
}
