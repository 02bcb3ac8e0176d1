/* Orders and filters of the worklist's grid. */
(function () {
  const F = (window.dashAgGridFunctions = window.dashAgGridFunctions || {});
  const B = (window.beatlens = window.beatlens || {});
  F.words = (params) => params.data.words;
  F.noWords = () => "";
  /* The order of a column: by what its rows name to sort it by; what is not known comes lowest. */
  const texts = new Intl.Collator("en", {numeric: true});
  F.by = (field) => (a, b, one, other) => {
    const [left, right] = [one, other].map((node) => node.data.sort[field]);
    if (left === null || right === null) return (left !== null) - (right !== null);
    return typeof left === "string" ? texts.compare(left, right) : left - right;
  };

  /* In every order: where a newcomer starts comes first, what no patient made last. */
  F.inRank = ({nodes}) => {
    const ranked = nodes.slice().sort((one, other) => one.data.rank - other.data.rank); // keeps the order within a rank
    nodes.splice(0, nodes.length, ...ranked);
  };

  /* What the reader wants to see: kept while the tab is open. */
  const STORE = "beatlens-worklist";
  const filter = (B.gridFilter = Object.assign({show: "all", symbol: null}, JSON.parse(sessionStorage.getItem(STORE) || "{}")));
  B.setGridFilter = function (changes) {
    Object.assign(filter, changes);
    sessionStorage.setItem(STORE, JSON.stringify(filter));
  };
  const has = (beats, symbol) => (beats || []).some(([found]) => found === symbol);
  const SHOWS = {
    all: () => true,
    disagreements: ({disagree: [n]}) => n > 0,
    unseen: (row) => row.seen === "test",
    unread: ({progress: [read, all]}) => all > read,
  };
  const classed = (data) => !filter.symbol || has(data.classes[0] || data.classes[1], filter.symbol);
  const found = (data, text) => String(text || "").toLowerCase().split(/\s+/).every((word) => data.words.toLowerCase().includes(word));
  B.shows = (row, show, text) => SHOWS[show](row) && classed(row) && found(row, text);
  F.filtered = () => filter.show !== "all" || !!filter.symbol;
  F.passes = ({data}) => SHOWS[filter.show](data) && classed(data);
})();
