/* The worklist in the browser: filters, the table as CSV, and what follows the chosen row. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const C = (window.dash_clientside = window.dash_clientside || {});
  const actions = (window.beatlensActions = window.beatlensActions || []);
  const grid = () => { try { return window.dash_ag_grid.getApi("worklist"); } catch (error) { return null; } };

  function filter(changes) {
    B.setGridFilter(changes);
    const api = grid();
    if (api) api.onFilterChanged();
    const {show, symbol} = B.gridFilter;
    if (B.page() === "worklist") B.go({show: show === "all" ? null : show, class: symbol});
    marks();
    count();
  }

  /* How many rows each choice would list, by the class and the search in force; and how many are listed. */
  let all = [];
  function count(text) {
    const words = text === undefined ? (document.getElementById("search") || {}).value : text, listed = document.getElementById("worklist-listed");
    document.querySelectorAll("[data-show]").forEach((button) => {
      button.querySelector(".n").textContent = all.filter((row) => B.shows(row, button.dataset.show, words)).length;
    });
    const n = all.filter((row) => B.shows(row, B.gridFilter.show, words)).length;
    if (listed) listed.textContent = all.length && n < all.length ? n + " of " + all.length + " listed" : "";
  }

  /* What the address says of the choice goes before what this tab remembers. */
  function restore() {
    const {show, class: symbol} = B.read();
    if (B.page() === "worklist" && (show || symbol)) B.setGridFilter({show: show || "all", symbol: symbol || null});
  }
  restore();
  document.addEventListener("beatlens:page", restore);

  function marks() {
    document.querySelectorAll("[data-show]").forEach((button) => {
      const on = button.dataset.show === B.gridFilter.show;
      button.classList.toggle("on", on);
      button.setAttribute("aria-pressed", on);
    });
  }

  const quoted = (value) => { const text = String(value ?? ""); return /[",\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text; };

  /* The rows in sight, in their order, with the columns that are meant for the file. */
  function save() {
    const columnKeys = grid().getColumns().filter((column) => (column.getColDef().context || {}).csv);
    grid().exportDataAsCsv({fileName: "beatlens-recordings.csv", columnKeys, suppressQuotes: true, processCellCallback: ({value}) => quoted(value)});
  }

  document.addEventListener("click", (event) => {
    const show = event.target.closest("[data-show]");
    if (show) filter({show: show.dataset.show});
    else if (event.target.closest("#worklist-export") && grid()) save();
  });

  function moveRow(direction) {
    const api = grid();
    if (!api) return;
    const cell = api.getFocusedCell(), count = api.getDisplayedRowCount();
    if (!count) return;
    const next = cell ? Math.max(0, Math.min(count - 1, cell.rowIndex + direction)) : 0;
    api.ensureIndexVisible(next);
    api.setFocusedCell(next, "name");
    const node = api.getDisplayedRowAtIndex(next);
    if (node) node.setSelected(true, true);
  }

  /* The second click of a double click on a row meets the page that the first has opened: it chooses no word there. */
  const DOUBLE = 600; // ms
  let opened = -DOUBLE;
  document.addEventListener("mousedown", (event) => { if (event.detail > 1 && performance.now() - opened < DOUBLE) event.preventDefault(); });

  function openRow() {
    const api = grid(), cell = api && api.getFocusedCell(), node = cell && api.getDisplayedRowAtIndex(cell.rowIndex);
    if (node) C.worklist.go(node.data.id);
  }

  /* The model in the address, unless it reads another kind of recording. */
  const modelFor = (node) => (node && node.data.readable === false ? null : B.read().model);

  function search() {
    const field = document.getElementById("search");
    if (field) { field.focus(); field.select(); return; }
    B.go({}, {page: "worklist", push: true, fresh: true});
    setTimeout(() => { const found = document.getElementById("search"); if (found) found.focus(); }, 400);
  }

  document.addEventListener("keydown", (event) => {
    if (event.target.id !== "search") return;
    const api = grid();
    if (event.key === "Escape") { if (event.target.value) B.set("search", {value: ""}); else event.target.blur(); }
    if (event.key === "Enter" && api && api.getDisplayedRowCount() === 1) C.worklist.go(api.getDisplayedRowAtIndex(0).data.id);
    else if (["Enter", "ArrowDown"].includes(event.key)) { event.preventDefault(); event.target.blur(); moveRow(1); }
  });

  function gallery() {
    const api = grid(), cell = api && api.getFocusedCell(), node = cell && api.getDisplayedRowAtIndex(cell.rowIndex);
    if (node) B.go({record: node.data.id, model: modelFor(node)}, {page: "gallery", push: true, fresh: true});
  }
  actions.push(
    {id: "row-down", keys: ["j"], words: "next recording", pages: ["worklist"], run: () => moveRow(1)},
    {id: "row-up", keys: ["k"], words: "previous recording", pages: ["worklist"], run: () => moveRow(-1)},
    {id: "open", keys: ["enter"], words: "open the recording", pages: ["worklist"], run: openRow},
    {id: "search", keys: ["/"], words: "search the recordings", run: search},
  );
  actions.push({id: "row-gallery", keys: ["g"], words: "gallery of the recording", pages: ["worklist"], run: gallery});

  /* What was uploaded just now is brought into sight, and named. */
  let coming = [];
  B.arrived = (ids) => { coming = ids; };
  function arrived() {
    const api = grid();
    if (!api || !coming.length || !all.some((row) => row.id === coming[0])) return;
    const [first] = coming;
    coming = [];
    if (B.gridFilter.show !== "all" || B.gridFilter.symbol) { filter({show: "all", symbol: null}); B.set("worklist-class", {value: null}); }
    if ((document.getElementById("search") || {}).value) B.set("search", {value: ""});
    setTimeout(() => {
      const node = api.getRowNode(first);
      if (!node || node.rowIndex === null) return;
      api.ensureIndexVisible(node.rowIndex, "middle");
      api.setFocusedCell(node.rowIndex, "name");
      node.setSelected(true, true);
    }, 100);
  }

  C.worklist = {
    open: (cell) => { if (cell && cell.rowId) { opened = performance.now(); C.worklist.go(cell.rowId); } return undefined; },
    search: function (value, rows) {
      const field = document.getElementById("search"), api = grid(), before = B.read().q;
      if (value === undefined && before && field && !field.dataset.restored) {
        field.dataset.restored = "yes";
        B.set("search", {value: before});
        return undefined;
      }
      if (api) api.setGridOption("quickFilterText", value || "");
      if (value !== undefined && B.page() === "worklist") B.go({q: value || null});
      setTimeout(() => count(value), 0);
      return undefined;
    },
    /* What a model reads decides which page a recording opens with (frontend/pages/worklist/rows.py). */
    go: function (record) {
      const node = grid() && grid().getRowNode(record), opens = (node && node.data.opens) || {page: "desk", model: null};
      B.go({record, model: opens.model || modelFor(node)}, {page: opens.page, push: true, fresh: true});
    },
    /* The class of the address, or the one that this tab remembers, stands in the menu. */
    chosen: function () { restore(); return B.gridFilter.symbol; },
    only: function (symbol) { if (symbol !== undefined) filter({symbol: symbol || null}); return undefined; },
    /* The first model is the default: only another one stands in the address. */
    model: function (value) {
      const first = document.getElementById("worklist-model");
      if (!value || !first) return undefined;
      if (first.dataset.first === undefined) first.dataset.first = B.read().model ? "" : value;
      B.go({model: value === first.dataset.first ? null : value});
      return undefined;
    },
    counts: function (rows) {
      if (!rows) return undefined;
      all = rows;
      B.fitWorklist();
      count();
      marks();
      arrived();
      return undefined;
    },
  };
})();
