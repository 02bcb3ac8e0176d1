/* Cells of the worklist. */
(function () {
  const F = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});
  const B = (window.beatlens = window.beatlens || {});
  const h = (...parts) => window.React.createElement(...parts);
  const KEY = {"/": "P"}; // class → its colour variable
  const colour = (symbol) => "var(--c" + (KEY[symbol] || symbol) + ")";

  F.RecordName = (props) => h("span", {className: "row g6"}, h("b", {className: "cut", title: props.value}, props.value),
    props.data.synthetic ? h("span", {className: "tag w xs", title: "Synthesised by this project: no patient's recording"}, "SYNTHETIC") : null);

  F.Spark = function (props) {
    const values = props.value;
    if (!values) return h("span", {className: "spark-line", title: "Being read"});
    if (values.length < 2) return h("span", {className: "f s"}, "no signal");
    const w = 130, height = 30, known = values.filter((v) => v !== null).sort((a, b) => a - b), middle = known[known.length >> 1] || 0;
    let path = "", up = true;
    values.forEach((v, i) => {
      if (v === null) { up = true; return; }
      path += (up ? "M" : "L") + ((i / (values.length - 1)) * w).toFixed(1) + " " + Math.max(0, Math.min(height, height / 2 - (v - middle) * 8)).toFixed(1);
      up = false;
    });
    return h("svg", {width: w, height, className: "spark", role: "img", "aria-label": "First 3 seconds of lead 1"},
      h("path", {d: path, fill: "none", stroke: "var(--ink)", strokeWidth: 0.9, strokeLinejoin: "round"}));
  };

  F.ClassBar = function (props) {
    const beats = props.value || [], sum = beats.reduce((all, [, n]) => all + n, 0);
    if (!sum) return props.data.annotated ? h("span", {className: "class-bar pending", title: "Being read"}) : h("span", {className: "f s"}, "not labelled");
    const segments = beats.map(([symbol, n]) => h("i", {key: symbol, style: {width: (n / sum) * 96 + "px", background: colour(symbol), opacity: symbol === "N" ? 0.4 : 1}}));
    const others = beats.filter(([symbol]) => symbol !== "N").sort((a, b) => b[1] - a[1]).slice(0, 2);
    const named = others.map(([symbol, n]) => h("span", {key: symbol, className: "row g4 class-count"}, h("span", {className: "chip sm", style: {background: colour(symbol)}}, symbol), h("span", {className: "m"}, n.toLocaleString("en"))));
    const words = beats.map(([symbol, n]) => symbol + " " + n).join(", ");
    return h("span", {className: "row g8", title: words}, h("span", {className: "class-bar"}, segments), named);
  };

  const SEEN = {train: ["tag w", "seen in training"], validation: ["tag o", "model selection"], test: ["tag k", "not seen"], unknown: ["tag o", "not known"]};
  const asked = new Map(); // record → promise of its split
  const ask = (id) => {
    if (!asked.has(id)) asked.set(id, B.api("/recordings/" + encodeURIComponent(id)).then((a) => (a.ok ? a.json() : {seen: {}})).then((r) => Object.values(r.seen || {})[0] || "unknown", () => "unknown"));
    return asked.get(id);
  };
  F.Seen = function (props) {
    const given = props.value && Object.values(props.value)[0];
    const [split, set] = window.React.useState(given || null);
    window.React.useEffect(() => {
      let here = true;
      if (!given) ask(props.data.id).then((found) => here && set(found));
      return () => { here = false; };
    }, [props.data.id]);
    if (!split) return null;
    const [kind, words] = SEEN[split] || SEEN.unknown;
    return h("span", {className: kind}, split === "test" ? h("span", {className: "icon icon-shield", style: {width: 12, height: 12}}) : null, words);
  };
})();
