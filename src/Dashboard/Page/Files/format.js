// Numbers, times and elements. All that comes from a run is put into the page as text, never as HTML.
const grouped = new Intl.NumberFormat("en-US");

export function element(tag, text, parent, properties = {}) {
  const made = document.createElement(tag);
  if (text !== undefined && text !== null) made.textContent = text;
  Object.assign(made, properties);
  parent?.append(made);
  return made;
}

export function css(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }

export function whole(value) { return value === null || value === undefined ? "–" : grouped.format(value); }

// Four digits that matter, as a person writes them.
export function number(value, digits = 4) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e9) return scientific(value, digits - 1);
  if (size >= 10 ** (digits - 1)) return grouped.format(Math.round(value));
  return String(Number(value.toPrecision(digits)));
}

function scientific(value, digits) {
  const [mantissa, exponent] = value.toExponential(digits).split("e");
  return `${Number(mantissa)}e${Number(exponent)}`;
}

// Labels of an axis: as many digits as tell neighbours apart.
export function ticks(values) {
  const shown = values.filter(value => value !== null && value !== undefined);
  const most = Math.max(...shown.map(Math.abs), 0);
  const [unit, letter] = most >= 1e9 ? [1e9, "G"] : most >= 1e6 ? [1e6, "M"] : most >= 1e4 ? [1e3, "k"] : [1, ""];
  return values.map(value => {
    if (value === null || value === undefined) return "";
    if (value === 0) return "0";
    if (Math.abs(value) < 1e-4 || most < 1e-3) return scientific(value, 3);
    return `${Number((value / unit).toPrecision(12))}${letter}`;
  });
}

export function percent(share) {
  if (share === null || share === undefined) return "–";
  return `${share > 0 && share < 0.1 ? number(share * 100, 2) : Math.floor(share * 100)} %`;
}

export function duration(seconds) {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return "–";
  if (seconds < 1e-3) return `${Math.round(seconds * 1e6)} µs`;
  if (seconds < 1) return `${number(seconds * 1e3, 3)} ms`;
  if (seconds < 60) return `${number(seconds, seconds < 10 ? 2 : 3)} s`;
  const units = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];
  const first = units.findIndex(([, size]) => seconds >= size);
  const [name, size] = units[first];
  const [lesser, part] = units[first + 1];
  const rest = Math.floor((seconds % size) / part);
  return `${Math.floor(seconds / size)} ${name}${rest > 0 ? ` ${rest} ${lesser}` : ""}`;
}

// The reader's own clock; the day only where it is another one.
export function clock(iso) {
  if (!iso) return "";
  const time = new Date(iso);
  const two = value => String(value).padStart(2, "0");
  const hours = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return time.toDateString() === new Date().toDateString() ? hours : `${day} ${hours}`;
}
