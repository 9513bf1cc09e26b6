// A table whose columns sort, a page at a time: a run may have thousands of pairs.
import { element } from "./format.js";

export class Table {
  // columns: [{ name, text: row => string, value: row => number | string, left }]; options: page, sort.
  constructor(parent, label, columns, options = {}) {
    Object.assign(this, { columns, label, page: options.page ?? 25, first: 0, rows: [], key: "" });
    this.sort = options.sort ?? { column: 0, down: false };
    this.scroll = element("div", undefined, parent, { className: "scroll", tabIndex: 0 });
    this.scroll.setAttribute("role", "region");
    this.scroll.setAttribute("aria-label", label);
    const table = element("table", undefined, this.scroll);
    const line = element("tr", undefined, element("thead", undefined, table));
    this.heads = columns.map((column, index) => {
      const head = element("th", undefined, line, { scope: "col", className: column.left ? "left" : "" });
      element("button", column.name, head).addEventListener("click", () => this.sortBy(index));
      return head;
    });
    this.body = element("tbody", undefined, table);
    this.pager = element("div", undefined, parent, { className: "pager" });
    this.back = element("button", "Previous", this.pager);
    this.where = element("span", "", this.pager);
    this.next = element("button", "Next", this.pager);
    this.back.addEventListener("click", () => this.turn(-1));
    this.next.addEventListener("click", () => this.turn(1));
  }

  show(rows) {
    this.rows = rows;
    this.draw();
  }

  sortBy(column) {
    this.sort = { column, down: this.sort.column === column ? !this.sort.down : false };
    this.first = 0;
    this.draw();
  }

  turn(pages) {
    this.first += pages * this.page;
    this.draw();
  }

  draw() {
    const { column, down } = this.sort;
    const value = this.columns[column].value;
    const sorted = [...this.rows].sort((a, b) => compare(value(a), value(b)) * (down ? -1 : 1));
    this.first = Math.max(0, Math.min(this.first, Math.floor((sorted.length - 1) / this.page) * this.page));
    const shown = sorted.slice(this.first, this.first + this.page);
    this.heads.forEach((head, index) => {
      head.setAttribute("aria-sort", index !== column ? "none" : down ? "descending" : "ascending");
    });
    const texts = shown.map(row => this.columns.map(one => one.text(row)));
    const key = JSON.stringify(texts);
    if (key !== this.key) {
      this.key = key;
      this.body.replaceChildren();
      for (const cells of texts) {
        const line = element("tr", undefined, this.body);
        cells.forEach((cell, index) => element("td", cell, line, { className: this.columns[index].left ? "left" : "" }));
      }
    }
    this.pager.hidden = sorted.length <= this.page;
    this.where.textContent = `${this.first + 1}–${Math.min(sorted.length, this.first + this.page)} of ${sorted.length}`;
    this.back.disabled = this.first === 0;
    this.next.disabled = this.first + this.page >= sorted.length;
  }
}

function compare(a, b) {
  if (a === b) return 0;
  if (a === null || a === undefined) return 1;
  if (b === null || b === undefined) return -1;
  return a < b ? -1 : 1;
}
