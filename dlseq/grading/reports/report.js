"use strict";
(() => {
const table = document.getElementById("students"), body = table.tBodies[0], rows = Array.from(body.rows);
const fold = text => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const names = new Map(rows.map(row => [row, fold(row.cells[0].textContent)]));
const order = new Intl.Collator("en", {numeric: true, sensitivity: "base"});
const value = (row, column) => column ? parseFloat(row.cells[column].textContent) : names.get(row);

function sort(column, down) {
  const sign = down ? -1 : 1;
  const keyed = rows.map(row => [value(row, column), row]);
  keyed.sort(([one], [other]) => {
    if (!column) return sign * order.compare(one, other);
    if (isNaN(one) || isNaN(other)) return isNaN(one) - isNaN(other);
    return sign * (one - other);
  });
  body.append(...keyed.map(([, row]) => row));
}

const heads = Array.from(table.tHead.rows[0].cells).slice(0, -1);
heads.forEach((head, column) => {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...head.childNodes);
  head.append(button);
  button.addEventListener("click", () => {
    const before = head.getAttribute("aria-sort");
    const down = before ? before === "ascending" : column > 0;
    heads.forEach(other => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    sort(column, down);
  });
});
heads[0].setAttribute("aria-sort", "ascending");

const filter = document.getElementById("filter"), found = document.getElementById("found");
filter.parentElement.hidden = false;
filter.addEventListener("input", () => {
  const wanted = fold(filter.value).split(/\s+/);
  let count = 0;
  for (const [row, name] of names) {
    row.hidden = !wanted.every(word => name.includes(word));
    count += !row.hidden;
  }
  found.textContent = filter.value ? `${count} of ${rows.length}` : "";
});

const title = document.title;
function name() {
  const shown = document.querySelector(".student:target h1");
  document.title = shown ? `${shown.textContent} · ${title}` : title;
}
window.addEventListener("hashchange", name);
name();
})();
