
"use strict";
// The page reads in full without this script; what needs it is hidden until it runs.
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

function offerCopies() {
  for (const command of all(".command")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.setAttribute("aria-label", "Copy the command: " + command.textContent);
    button.addEventListener("click", async () => {
      getSelection().selectAllChildren(command);
      try {
        await navigator.clipboard.writeText(command.textContent);
        button.textContent = "Copied";
      } catch {
        button.textContent = "Selected";
      }
      setTimeout(() => { button.textContent = "Copy"; }, 2000);
    });
    command.after(button);
  }
}

function offerExpanding() {
  for (const button of all("[data-expand]")) {
    const parts = all("details", document.querySelector(button.dataset.expand));
    let open = true;
    button.addEventListener("click", () => {
      for (const part of parts) part.open = open;
      open = !open;
      button.textContent = open ? "Open all evidence" : "Close all evidence";
    });
    button.parentElement.hidden = false;
  }
}

function offerFilter(panel, table) {
  const rows = [...table.tBodies].map((body) => ({
    body,
    text: body.textContent.toLowerCase(),
    kind: [body.dataset.kind],
    provider: body.dataset.provider.split("\n").filter(Boolean),
    status: [body.dataset.status],
  }));
  const fields = all("[data-filter]", panel);
  for (const select of fields.filter((field) => field.tagName === "SELECT")) {
    const values = new Set(rows.flatMap((row) => row[select.dataset.filter]));
    for (const value of [...values].sort((one, other) => one.localeCompare(other))) select.add(new Option(value));
    select.parentElement.hidden = values.size < 2;
  }
  const apply = () => {
    let shown = 0;
    for (const row of rows) {
      const fits = fields.every(({ value, dataset: { filter } }) => {
        if (!value) return true;
        if (filter !== "text") return row[filter].includes(value);
        return value.toLowerCase().split(/\s+/).every((word) => row.text.includes(word));
      });
      row.body.hidden = !fits;
      shown += fits;
    }
    panel.querySelector("output").textContent = `${shown.toLocaleString("en")} of ${rows.length.toLocaleString("en")} shown`;
  };
  panel.addEventListener("input", apply);
  panel.querySelector("[data-reset]").addEventListener("click", () => {
    for (const field of fields) field.value = "";
    apply();
    fields[0].focus();
  });
  panel.hidden = false;
  apply();
}

function offerSorting(table) {
  const heads = all("thead th", table);
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const key = new Map([...table.tBodies].map((body) => [body, body.rows[0].cells[column].textContent.trim().toLowerCase()]));
      const order = [...table.tBodies].sort((one, other) => key.get(one).localeCompare(key.get(other)));
      table.append(...(down ? order.reverse() : order));
    });
  });
}

function printInFull() {
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = all("details:not([open])");
    for (const part of closed) part.open = true;
  });
  addEventListener("afterprint", () => {
    for (const part of closed) part.open = false;
  });
}

offerCopies();
offerExpanding();
const systems = document.getElementById("systems-table");
if (systems) {
  offerFilter(document.querySelector(".filter"), systems);
  offerSorting(systems);
}
printInFull();
