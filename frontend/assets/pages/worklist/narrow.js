/* On a tablet the columns that a reader misses least give way, so that the table needs no sideways scrolling. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const NARROW = 1000; // px of a window below which the table has no room for all columns
  B.fitWorklist = function () {
    let api = null;
    try { api = window.dash_ag_grid.getApi("worklist"); } catch (error) { /* no grid on this page */ }
    if (!api) return;
    const wide = api.getColumns().filter((column) => (column.getColDef().context || {}).wide);
    api.setColumnsVisible(wide, window.innerWidth >= NARROW);
  };
  window.addEventListener("resize", B.fitWorklist);
})();
