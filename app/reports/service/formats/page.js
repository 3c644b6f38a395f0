// A report's page: tables put in order by a column, contents folded on a telephone.
(() => {
  "use strict";

  const number = (text) => {
    const [above, below = "1"] = text.split("/");
    return Number(above) / Number(below);
  };

  /** What a cell is put in order by; what has no value comes last, whichever way. */
  function key(row, column, numeric) {
    const {value} = row.cells[column].dataset;
    if (value === "") return null;
    return numeric ? number(value) : value ?? row.cells[column].textContent;
  }

  function order(table, head) {
    const column = head.cellIndex;
    const up = head.getAttribute("aria-sort") !== "ascending";
    const numeric = head.classList.contains("number");
    const rows = [...table.tBodies[0].rows].map((row) => [key(row, column, numeric), row]);
    const compare = numeric ? (a, b) => a - b : (a, b) => a.localeCompare(b, document.documentElement.lang);
    rows.sort(([a], [b]) => (a === null || b === null ? (a === null) - (b === null) : (up ? 1 : -1) * compare(a, b)));
    table.tBodies[0].append(...rows.map(([, row]) => row));
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
  }

  for (const table of document.querySelectorAll("table[data-table],table[data-map]")) {
    if (table.tBodies[0].rows.length < 3) continue;
    for (const head of table.tHead.rows[0].cells) {
      // No <button>: on paper it would be missing from the head on every sheet but the first.
      const button = document.createElement("span");
      Object.assign(button, {role: "button", tabIndex: 0});
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => order(table, head));
      button.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        order(table, head);
      });
    }
  }

  const contents = document.querySelector("nav details");
  const narrow = matchMedia("(max-width: 899px)");
  const fold = () => contents?.toggleAttribute("open", !narrow.matches);
  narrow.addEventListener("change", fold);
  fold();
})();
