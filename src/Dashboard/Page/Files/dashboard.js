// The page: which runs are chosen, and what is shown of them.
import { clock, css, duration, element, number, percent, whole } from "./format.js";
import { Run, smoothed, trailsByPair } from "./curves.js";
import { Chart, palette } from "./charts.js";
import { Table } from "./tables.js";
import { Controls } from "./controls.js";
import { Stream, takeToken } from "./stream.js";

const get = id => document.getElementById(id);
const token = takeToken();
const known = new Map();
const colours = new Map();
const chosen = { main: null, others: [] };
const theta = new Map(), items = new Map();
let runs = null, axis = "step", lostAt = null, waiting = false;

const marksOf = {
  learner: "a learner began or ended", setting: "a setting was changed", node: "a node came or went", warning: "a warning",
};
const statusMarks = {
  running: "●", paused: "❚❚", finished: "✓", interrupted: "■", crashed: "✕", failed: "✕", diverged: "✕",
};
const units = [["seconds", 1, 300], ["minutes", 60, 3 * 3600], ["hours", 3600, 4 * 86400], ["days", 86400, Infinity]];

const charts = {
  loss: new Chart(get("charts"), "Mean meta-loss", "", { log: true }),
  gradient: new Chart(get("charts"), "Gradient norm", "meta-loss per theta", { log: true }),
  snr: new Chart(get("charts"), "Signal-to-noise ratio of the estimate", "over pairs; noise alone gives 1", { log: true }),
  rate: new Chart(get("charts"), "Rate", "outer steps per second", { range: (u, min, max) => [0, max > 0 ? max * 1.08 : 1] }),
  metaRate: new Chart(get("charts"), "Meta-learning-rate", "", { log: true }),
  shares: new Chart(get("charts"), "Share of each node", "% of the computation", { range: () => [0, 105] }),
  trails: new Chart(get("charts"), "Inner steps of the first pairs", "place of each in its trajectory", { alone: true }),
  places: new Chart(get("charts"), "Where all pairs stand now", "inner step",
    { alone: true, points: true, range: (u, min, max) => [0, max * 1.05 || 1] }),
};

const events = new Table(get("events"), "Events", [
  { name: "No.", value: row => row.number, text: row => String(row.number) },
  { name: "outer step", value: row => row.step, text: row => whole(row.step) },
  { name: "time", value: row => row.time, text: row => clock(row.time), left: true },
  { name: "kind", value: row => row.kind, text: row => row.kind, left: true },
  { name: "what happened", value: row => row.text, text: row => row.text, left: true },
], { page: 15, sort: { column: 0, down: true } });

const nodes = new Table(get("nodes"), "Nodes", [
  { name: "node", value: row => row.node, text: row => row.node, left: true },
  { name: "threads", value: row => row.threads, text: row => whole(row.threads) },
  { name: "windows/s", value: row => row.windows, text: row => number(row.windows, 3) },
  { name: "time per window", value: row => row.window, text: row => duration(row.window) },
  { name: "× mean time", value: row => row.slowness, text: row => number(row.slowness, 3) },
  { name: "busy", value: row => row.busy, text: row => percent(row.busy) },
]);

const column = (name, index, text = whole) => ({ name, value: row => row[index], text: row => text(row[index]) });
const pairs = new Table(get("pairs"), "Pairs", [
  column("pair", 0), column("trajectory", 1), column("inner step", 2), column("horizon", 3), column("mean loss", 4, number),
  column("diverged arms", 5), column("time per window", 6, duration),
  { name: "node", value: row => row[7], text: row => row[7] ?? "–", left: true }, column("restarts", 8),
]);

const controls = new Controls(token);
const stream = new Stream(token, {
  open: () => { waiting = true; },
  event: (name, data) => { if (name === "runs") list(data); else take(data); },
  told: heard,
  lost,
});

// ---- the connection

function heard() {
  if (waiting || lostAt) {
    waiting = false;
    lostAt = null;
    get("banner").hidden = true;
    connection("live", "live");
  }
}

function lost(problem) {
  lostAt ??= new Date();
  connection("lost", "not connected");
  const since = clock(lostAt.toISOString());
  get("banner").hidden = false;
  const text = problem?.status === 401
    ? "This page has no valid token: open the URL that the process printed when it started (involute dashboard prints it too)."
    : problem ? `The server refuses: ${problem.text}. Trying again.`
      : `No connection since ${since}: the process that serves this page does not answer. What is shown is from before; `
        + "the page goes on by itself when the process is back at this address. 'involute dashboard' serves it apart from the runs.";
  if (get("banner").textContent !== text) get("banner").textContent = text;
}

function connection(state, text) {
  const box = get("connection");
  box.dataset.state = state;
  if (box.lastChild.textContent !== text) box.lastChild.textContent = text;
}

// ---- the list of runs

function list(news) {
  runs = news;
  if (!chosen.main && runs.length > 0) choose((runs.find(run => run.status === "running") ?? runs[0]).name, chosen.others);
  drawList();
  if (runs.length === 0) drawMain();
}

function choose(main, others) {
  chosen.main = main;
  chosen.others = others.filter(name => name !== main).slice(0, 7);
  const names = [main, ...chosen.others].filter(Boolean);
  for (const name of [...colours.keys()]) if (!names.includes(name)) colours.delete(name);
  for (const name of names) {
    if (colours.has(name)) continue;
    const used = [...colours.values()];
    colours.set(name, [...Array(8).keys()].find(index => !used.includes(index)) ?? 0);
  }
  for (const name of [...known.keys()]) if (!names.includes(name)) known.delete(name);
  for (const name of names) if (!known.has(name)) known.set(name, new Run(name));
  const place = new URLSearchParams();
  if (main) place.set("run", main);
  for (const name of chosen.others) place.append("with", name);
  history.replaceState(null, "", `#${place}`);
  stream.listen(names);
  drawList();
  draw();
}

function drawList() {
  const box = get("runs"), search = get("filter").querySelector("input").value.trim().toLowerCase();
  get("runs-count").textContent = runs ? `(${runs.length})` : "";
  get("filter").hidden = !runs || runs.length <= 8;
  const shown = (runs ?? []).filter(run => run.name === chosen.main || run.name.toLowerCase().includes(search));
  const wanted = new Set(shown.map(run => run.name));
  for (const [name, one] of items) if (!wanted.has(name)) { one.item.remove(); items.delete(name); }

  // What is there stays what it is: a finger may be on it.
  shown.forEach((run, index) => {
    if (!items.has(run.name)) items.set(run.name, listItem(run.name));
    const { item, tick, button, name, small } = items.get(run.name);
    const isMain = run.name === chosen.main;
    item.className = isMain ? "chosen" : "";
    tick.checked = isMain || chosen.others.includes(run.name);
    tick.disabled = isMain;
    if (isMain) button.setAttribute("aria-current", "true"); else button.removeAttribute("aria-current");
    name.style.borderLeftColor = colours.has(run.name) ? palette(colours.get(run.name)) : "transparent";
    const text = `${statusMarks[run.status] ?? "?"} ${run.status}, ${whole(run.step)}${run.steps ? ` of ${whole(run.steps)}` : ""}`;
    if (small.textContent !== text) small.textContent = text;
    if (box.children[index] !== item) box.insertBefore(item, box.children[index] ?? null);
  });
}

function listItem(run) {
  const item = element("li");
  const tick = element("input", undefined, item, { type: "checkbox" });
  tick.dataset.run = run;
  tick.setAttribute("aria-label", `compare ${run}`);
  tick.addEventListener("change", () => choose(chosen.main,
    tick.checked ? [...chosen.others, run] : chosen.others.filter(name => name !== run)));
  const button = element("button", undefined, item, { title: run });
  button.dataset.run = run;
  button.addEventListener("click", () => choose(run, chosen.others));
  return { item, tick, button, name: element("span", run, button, { className: "name" }), small: element("small", undefined, button) };
}

// ---- one run

function take(news) {
  const run = known.get(news.name);
  if (!run) return;
  run.take(news);
  schedule();
}

let scheduled = false;
function schedule() {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => { scheduled = false; draw(); });
}

function draw() {
  drawMain();
  drawCurves();
  drawTables();
}

function drawMain() {
  const run = known.get(chosen.main), facts = run?.facts;
  document.body.dataset.empty = runs && runs.length === 0 ? "yes" : run?.gone ? "gone" : facts ? "" : "wait";
  const title = run ? run.name : runs ? "No runs yet" : "";
  if (get("title").textContent !== title) get("title").textContent = title;
  const state = !run ? (runs ? "There is no run in this folder. './involute train' begins one, and it will appear here." : "")
    : run.gone ? "The folder of this run is not there any more."
      : !facts ? "reading" : facts.status === "running" ? (facts.isHeld ? "paused" : "running") : facts.status;
  if (get("state").textContent !== state) get("state").textContent = state;
  get("state").dataset.mark = statusMarks[state] ?? "";
  get("state").dataset.state = state;
  document.title = facts ? `${state} ${whole(facts.step)}: ${run.name}` : "Involute";
  controls.show(facts ? run : null);
  const box = get("facts");
  box.replaceChildren();
  get("progress").hidden = !facts?.steps;
  get("kind").textContent = facts?.task ? `${facts.task}, ${facts.optimizer}, ${facts.estimator}` : "";
  const warning = facts?.problem ?? facts?.message;
  get("warning").hidden = !warning;
  get("warning").textContent = warning ?? "";
  if (!facts) return;
  const done = facts.steps ? Math.min(1, facts.step / facts.steps) : 0;
  get("progress").firstElementChild.style.width = `${done * 100}%`;
  const left = facts.rate > 0 && !facts.isHeld ? (facts.steps - facts.step) / facts.rate : null;
  const loss = run.metrics.y.mean_meta_loss ?? [];
  const smooth = smoothed(loss) ?? loss;
  const all = [
    ["outer step", facts.steps ? `${whole(facts.step)} of ${whole(facts.steps)} (${percent(done)})` : whole(facts.step)],
    ["meta-loss", number(smooth.at(-1))],
    ["outer steps/s", number(facts.rate, 3)],
    ["inner steps/s", number(facts.innerRate, 3)],
    ["newest step", facts.sinceStep === null ? "–" : facts.sinceStep < 2 ? "now" : `${duration(facts.sinceStep)} ago`],
    ["time at work", duration(facts.elapsed)],
    ["time left", duration(left)],
    ["checkpoint", whole(Math.max(facts.checkpoint ?? 0, run.checkpoints.at(-1) ?? 0))],
    ["restarts of pairs", whole(facts.restarts)],
  ];
  for (const [name, value] of all.filter(one => one[1] !== "–")) {
    const pair = element("div", undefined, box);
    element("dt", name, pair);
    element("dd", value, pair);
  }
}

function drawCurves() {
  const shown = [chosen.main, ...chosen.others].map(name => known.get(name)).filter(run => run?.facts);
  const first = known.get(chosen.main)?.facts ? known.get(chosen.main) : null;
  const many = shown.length > 1;
  const longest = Math.max(...shown.map(run => run.progress.y.elapsed_seconds?.at(-1) ?? 0), 0);
  const [unit, size] = units.find(one => longest < one[2]);
  const label = { step: "outer step", inner: "inner steps", time: `${unit} at work` }[axis];
  const places = new Map(shown.map(run => [run, run.axis(axis, axis === "time" ? size : 1)]));
  const on = (run, table) => table.x.map(places.get(run));
  const span = spanOf(shown, places);
  const marks = first ? { axis: places.get(first), ...numbered(first) } : null;
  const compared = (chart, table, name, text) => {
    const curves = [];
    for (const run of shown) {
      const y = run[table].y[name];
      if (!y) continue;
      const colour = palette(colours.get(run.name)), x = on(run, run[table]), smooth = smoothed(y);
      if (!many && smooth) {
        const spread = run[table].low[name] ? { low: run[table].low[name], high: run[table].high[name] } : null;
        curves.push({ label: null, x, y: spread ? smooth : y, colour: `${colour}70`, fill: colour, width: 1, ...spread });
      }
      curves.push({
        label: many ? run.name : smooth ? `${text}, smoothed` : text, x, y: smooth ?? y, colour, width: 2,
        dash: colours.get(run.name) > 3 ? 1 : 0,
      });
    }
    charts[chart].draw(curves.filter(curve => curve.x.some(x => x !== null)), label, marks, span);
  };
  compared("loss", "metrics", "mean_meta_loss", "mean meta-loss");
  compared("gradient", "metrics", "gradient_norm", "gradient norm");
  compared("snr", "progress", "signal_to_noise", "signal-to-noise");
  compared("rate", "progress", "outer_steps_per_second", "outer steps/s");
  const rates = first?.progress.y.meta_learning_rate ?? [];
  charts.metaRate.draw(new Set(rates).size <= 1 ? [] : [{
    label: "meta-learning-rate", x: on(first, first.progress), y: rates, colour: palette(colours.get(first.name)), width: 2,
  }], label, marks, span);
  charts.shares.draw((first?.nodes ?? []).map((node, index) => ({
    label: node.node, x: node.x.map(places.get(first)), y: node.y.map(share => share === null ? null : share * 100),
    colour: palette(index), dash: index >> 3,
  })), label, marks, span);
  charts.trails.draw(trailsByPair(first?.trails ?? []).map(trail => ({
    label: `pair ${trail.pair}`, x: trail.x, y: trail.y, colour: palette(trail.pair), dash: trail.pair > 3 ? 1 : 0, width: 1.6,
  })), "outer step");
  const all = (first?.pairs ?? []).filter(row => row[2] !== null);
  const x = all.map(row => row[0]), dot = all.length > 200 ? 3 : 6;
  charts.places.draw(all.length === 0 ? [] : [
    { label: "horizon", x, y: all.map(row => row[3]), colour: css("--faint"), hollow: true, size: dot },
    { label: "inner step", x, y: all.map(row => row[2]), colour: palette(0), size: dot },
  ], "pair");
  drawTheta(first, first ? on(first, first.metrics) : [], label, marks, first ? spanOf([first], places) : null);
  const kinds = marks ? [...new Set(marks.events.map(event => event.kind))] : [];
  get("marks").textContent = kinds.length === 0 ? ""
    : `Lines across the charts${many ? ` (of ${first.name})` : ""}: ${kinds.map(kind => marksOf[kind]).join(", ")}; `
      + "their numbers stand in the table of events. Ticks on the axis: checkpoints. Drag across a chart to see a part, double-click to see all.";
}

// From the first to the last row of all that is shown.
function spanOf(shown, places) {
  const ends = shown.filter(run => run.metrics.x.length > 0)
    .map(run => [run.metrics.x[0], run.metrics.x.at(-1)].map(places.get(run))).filter(([from, to]) => from !== null && to !== null);
  return ends.length === 0 ? null : [Math.min(...ends.map(end => end[0])), Math.max(...ends.map(end => end[1]))];
}

// Of very many events, what the ledger has comes first.
function numbered(run) {
  const events = run.events.map((event, index) => ({ ...event, number: index + 1 }));
  const shown = events.filter(event => event.step !== null);
  const own = shown.filter(event => event.kind === "learner" || event.kind === "setting");
  return { events: shown.length > 80 ? own.slice(-80) : shown, checkpoints: run.checkpoints };
}

function drawTheta(run, x, label, marks, span) {
  const groups = new Map();
  for (const one of run?.theta ?? []) {
    const title = one.tensor ?? "Mean absolute values";
    if (!groups.has(title)) groups.set(title, []);
    groups.get(title).push(one);
  }
  get("theta-section").hidden = groups.size === 0;
  for (const [title, chart] of theta) if (!groups.has(title)) { chart.remove(); theta.delete(title); }
  for (const [title, columns] of groups) {
    if (!theta.has(title)) {
      const natural = columns[0].tensor !== undefined;
      theta.set(title, new Chart(
        get("theta"), title, natural ? "" : "of the arrays of theta", { log: !natural || /rate|decay|eps/.test(title) }));
    }
    const few = columns.length <= 8;
    theta.get(title).draw(columns.map((one, index) => ({
      label: few || index % Math.ceil((columns.length - 1) / 4) === 0 || index === columns.length - 1 ? nameOf(one, title) : null,
      x, y: run.metrics.y[one.column] ?? [], width: few ? 1.8 : 1.2,
      colour: few ? palette(index) : ramp(index / (columns.length - 1)), dash: few && index > 3 ? 1 : 0,
    })), label, marks, span);
  }
}

function nameOf(one, title) {
  return one.mean ?? (one.element === null || one.element === undefined ? title : `[${one.element}]`);
}

function ramp(at) {
  const [from, to] = ["--ramp-from", "--ramp-to"].map(name => [1, 3, 5].map(i => parseInt(css(name).slice(i, i + 2), 16)));
  return `#${from.map((value, i) => Math.round(value + (to[i] - value) * at).toString(16).padStart(2, "0")).join("")}`;
}

function drawTables() {
  const run = known.get(chosen.main), facts = run?.facts;
  get("events-section").hidden = !run || run.events.length === 0;
  if (run) events.show(run.events.map((event, index) => ({ ...event, number: index + 1 })));
  get("nodes-section").hidden = !facts || facts.liveNodes.length === 0;
  if (facts) nodes.show(facts.liveNodes);
  const rows = run && run.pairs.length > 0 ? run.pairs : ofTrails(run?.trails ?? []);
  get("pairs-section").hidden = rows.length === 0;
  get("pairs-hint").textContent = run && run.pairs.length > 0 ? ""
    : "The first pairs, as they were written last; a run that goes on and has a console (--dashboard, --console) shows all.";
  pairs.show(rows);
}

function ofTrails(trails) {
  const last = new Map();
  for (const [, pair, inner, loss] of trails) last.set(pair, [pair, null, inner, null, loss, null, null, null, null]);
  return [...last.values()];
}

// ---- the beginning

for (const input of get("axis").querySelectorAll("input")) {
  input.addEventListener("change", () => { axis = input.value; draw(); });
}
get("filter").querySelector("input").addEventListener("input", drawList);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { drawList(); draw(); });
if (innerWidth < 768) get("runs-box").open = false;

const place = new URLSearchParams(location.hash.slice(1));
if (token === "") lost({ status: 401 });
else if (place.has("run")) choose(place.get("run"), place.getAll("with"));
else stream.listen([]);
