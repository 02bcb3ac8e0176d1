/* Keys and clicks that need no server. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const C = (window.dash_clientside = window.dash_clientside || {});
  const REPEAT = 110; // ms between steps while a key is held
  let lastStep = 0;

  const typing = (target) => target.closest("input, textarea, select, [contenteditable=true], [role=dialog], [role=listbox]");
  const desk = () => ["/review", "/compare"].includes(location.pathname);
  const grid = () => { try { return window.dash_ag_grid.getApi("worklist"); } catch (error) { return null; } };

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

  function openRow() {
    const api = grid(), cell = api && api.getFocusedCell(), node = cell && api.getDisplayedRowAtIndex(cell.rowIndex);
    if (node) C.worklist.go(node.data.id);
  }

  function search() {
    const field = document.getElementById("search");
    if (field) { field.focus(); field.select(); return; }
    B.go({}, {pathname: "/", push: true, fresh: true});
    setTimeout(() => { const found = document.getElementById("search"); if (found) found.focus(); }, 400);
  }

  function step(event, direction) {
    if (event.repeat && Date.now() - lastStep < REPEAT) return;
    lastStep = Date.now();
    if (desk()) B.step(direction, event.shiftKey);
    else moveRow(direction);
  }

  document.addEventListener("keydown", (event) => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    if (typing(event.target)) {
      if (event.key === "Escape" && event.target.id === "search") event.target.blur();
      if (event.key === "Enter" && event.target.id === "search") { event.target.blur(); moveRow(1); }
      return;
    }
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key === "j" || (key === "ArrowRight" && desk())) { event.preventDefault(); step(event, 1); }
    else if (key === "k" || (key === "ArrowLeft" && desk())) { event.preventDefault(); step(event, -1); }
    else if (key === "/") { event.preventDefault(); search(); }
    else if (key === "?") B.set("keys-dialog", {opened: true});
    else if (key === "Enter" && location.pathname === "/") openRow();
  });

  document.addEventListener("click", (event) => {
    const near = (selector) => event.target.closest(selector);
    if (near("#next-beat")) B.step(1, false);
    else if (near("#previous-beat")) B.step(-1, false);
    else if (near("[data-again]")) B.askAgain(near("[data-again]").dataset.again);
    else if (near("[data-method][data-slot]")) B.go({[near("[data-slot]").dataset.slot]: near("[data-method]").dataset.method});
    else if (near("#print")) window.print();
    else if (near("#share-copy")) copy(near("#share-copy"));
  });

  function copy(button) {
    const field = document.getElementById("share-url");
    const done = () => { button.lastChild.textContent = "Copied"; };
    field.select();
    if (navigator.clipboard) navigator.clipboard.writeText(field.value).then(done, () => document.execCommand("copy") && done());
    else if (document.execCommand("copy")) done();
  }

  C.keys = { list: (clicks) => (clicks ? true : C.no_update) };

  C.worklist = {
    go: (record) => B.go({record}, {pathname: "/review", push: true, fresh: true}),
    open: (cell) => { if (cell && cell.rowId) C.worklist.go(cell.rowId); return undefined; },
    search: function (value, rows) {
      const field = document.getElementById("search"), api = grid(), before = B.read().q;
      if (value === undefined && before && field && !field.dataset.restored) {
        field.dataset.restored = "yes";
        B.set("search", {value: before});
        return undefined;
      }
      if (api) api.setGridOption("quickFilterText", value || "");
      if (value !== undefined && location.pathname === "/") B.go({q: value || null});
      return undefined;
    },
  };

  C.theme = {
    toggle: (clicks, theme) => (clicks ? (theme === "dark" ? "light" : "dark") : C.no_update),
    apply: function (theme) {
      const name = theme === "dark" ? "dark" : "light";
      document.documentElement.dataset.theme = name;
      const mark = document.querySelector("#theme-toggle .icon");
      if (mark) mark.className = "icon icon-" + (name === "dark" ? "sun" : "moon");
      return name;
    },
  };
})();
