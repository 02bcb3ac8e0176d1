/* Orders of the worklist's columns. */
(function () {
  const F = (window.dashAgGridFunctions = window.dashAgGridFunctions || {});
  const total = (beats) => (beats || []).reduce((sum, [symbol, n]) => sum + (symbol === "N" ? 0 : n), 0);
  F.words = (params) => params.data.words;
  F.noWords = () => "";
  F.byName = (a, b) => String(a).localeCompare(String(b), "en", {numeric: true});
  F.byLength = (a, b, x, y) => x.data.seconds - y.data.seconds;
  F.byBeats = (a, b) => total(a) - total(b);
})();
