/* Orders and filters of the worklist. */
(function () {
  const F = (window.dashAgGridFunctions = window.dashAgGridFunctions || {});
  const B = (window.beatlens = window.beatlens || {});
  const total = (beats) => (beats || []).reduce((sum, [symbol, n]) => sum + (symbol === "N" ? 0 : n), 0);
  const part = ([read, all]) => (all ? read / all : -1);

  F.words = (params) => params.data.words;
  F.noWords = () => "";
  F.byName = (a, b) => String(a).localeCompare(String(b), "en", {numeric: true});
  F.byAge = (a, b, x, y) => (x.data.age ?? -1) - (y.data.age ?? -1);
  F.byLength = (a, b, x, y) => x.data.seconds - y.data.seconds;
  F.byBeats = ([a, x], [b, y]) => total(a || x) - total(b || y);
  F.byFirst = ([a], [b]) => (a ?? -1) - (b ?? -1);
  F.byProgress = (a, b) => part(a) - part(b);

  /* What the reader wants to see: kept while the tab is open. */
  const STORE = "beatlens-worklist";
  const wish = (B.gridFilter = Object.assign({show: "all", symbol: null}, JSON.parse(sessionStorage.getItem(STORE) || "{}")));
  B.setGridFilter = function (changes) {
    Object.assign(wish, changes);
    sessionStorage.setItem(STORE, JSON.stringify(wish));
  };
  const has = (beats, symbol) => (beats || []).some(([found]) => found === symbol);
  const SHOWS = {
    all: () => true,
    disagreements: ({disagree: [n]}) => n > 0,
    unseen: (row) => row.seen === "test",
    unread: ({progress: [read, all]}) => all > read,
  };
  B.shows = (row, show) => SHOWS[show](row);
  F.filtered = () => wish.show !== "all" || !!wish.symbol;
  F.passes = ({data}) => SHOWS[wish.show](data) && (!wish.symbol || has(data.classes[0] || data.classes[1], wish.symbol));
})();
