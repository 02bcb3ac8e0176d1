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
    marks();
  }

  function marks() {
    document.querySelectorAll("[data-show]").forEach((button) => {
      const on = button.dataset.show === B.gridFilter.show;
      button.classList.toggle("on", on);
      button.setAttribute("aria-pressed", on);
    });
  }

  const LISTED = {
    name: "Record", patient: "Patient", leads: "Leads", length: "Length", reference: "Beats by reference class", said: "Beats by model class",
    compared: "Compared", disagreements: "Disagree", uncertain: "Uncertain", seen: "Model and patient", read: "Read", to_read: "To read",
  };
  const listed = (beats) => (beats ? beats.map(([symbol, n]) => symbol + " " + n).join(" ") : "");
  const quoted = (value) => { const text = value === null || value === undefined ? "" : String(value); return /[",\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text; };

  /* The rows in sight, in their order. */
  function csv() {
    const lines = [Object.values(LISTED).map(quoted).join(",")];
    grid().forEachNodeAfterFilterAndSort((node) => {
      const {classes: [reference, said], disagree: [disagreements, compared], unsure: [uncertain], progress: [read, to_read]} = node.data;
      const row = Object.assign({}, node.data, {reference: listed(reference), said: listed(said), disagreements, compared, uncertain, read, to_read});
      lines.push(Object.keys(LISTED).map((key) => quoted(row[key])).join(","));
    });
    return lines.join("\r\n") + "\r\n";
  }

  function save() {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([csv()], {type: "text/csv"}));
    link.download = "beatlens-recordings.csv";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  document.addEventListener("click", (event) => {
    const show = event.target.closest("[data-show]");
    if (show) filter({show: show.dataset.show});
    else if (event.target.closest("#worklist-export") && grid()) save();
  });

  function gallery() {
    const api = grid(), cell = api && api.getFocusedCell(), node = cell && api.getDisplayedRowAtIndex(cell.rowIndex);
    if (node) B.go({record: node.data.id, model: B.read().model}, {page: "gallery", push: true, fresh: true});
  }
  actions.push({id: "row-gallery", keys: ["g"], words: "gallery of the recording", pages: ["worklist"], run: gallery});

  C.worklist = Object.assign(C.worklist || {}, {
    go: (record) => B.go({record, model: B.read().model}, {page: "desk", push: true, fresh: true}),
    only: function (symbol) {
      const field = document.getElementById("worklist-class");
      if (field && !field.dataset.restored) {
        field.dataset.restored = "yes";
        if (!symbol && B.gridFilter.symbol) { B.set("worklist-class", {value: B.gridFilter.symbol}); return undefined; }
      }
      filter({symbol: symbol || null});
      return undefined;
    },
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
      document.querySelectorAll("[data-show]").forEach((button) => {
        button.querySelector(".n").textContent = rows.filter((row) => B.shows(row, button.dataset.show)).length;
      });
      marks();
      return undefined;
    },
  });
})();
