/* Cells of the worklist. */
(function () {
  const F = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});
  const h = (...parts) => window.React.createElement(...parts);
  const colour = (symbol) => "var(" + (window.beatlens.labels[symbol] || {colour: "--cQ"}).colour + ")";
  const count = (n) => n.toLocaleString("en");
  const pending = (width) => h("span", {className: "pending", style: {width}, title: "Being counted"});

  F.RecordName = (props) => h("span", {className: "record-name"}, h("b", {className: "cut", title: props.value}, props.value),
    props.data.rank === 0 ? h("span", {className: "tag xs start", title: "A real recording that comes with the program"}, "START HERE") : null,
    props.data.synthetic ? h("span", {className: "tag w xs", title: "Synthesised by this project: no patient's recording"}, "SYNTHETIC") : null,
    props.data.notes ? h("span", {className: "icon icon-warn record-notes", role: "img", title: props.data.notes, "aria-label": "Assumed or left out in reading: " + props.data.notes}) : null);

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
    return h("svg", {viewBox: `0 0 ${w} ${height}`, preserveAspectRatio: "none", className: "spark", role: "img", "aria-label": "First 3 seconds of lead 1"},
      h("path", {d: path, fill: "none", stroke: "var(--ink)", strokeWidth: 0.9, strokeLinejoin: "round", vectorEffect: "non-scaling-stroke"}));
  };

  const sum = (beats) => (beats || []).reduce((all, [, n]) => all + n, 0);
  function bar(beats, thin) {
    const all = sum(beats);
    const segments = (beats || []).map(([symbol, n]) => h("i", {key: symbol, style: {width: (n / all) * 100 + "%", background: colour(symbol), opacity: symbol === "N" ? 0.4 : 1}}));
    return h("span", {className: "class-bar" + (thin ? " thin" : "") + (beats ? "" : " pending")}, all ? segments : null);
  }

  /* In the column's head: which bar is whose. */
  F.ClassLegend = (props) => h("span", {className: "class-legend"}, h("span", {className: "cut"}, props.displayName),
    h("i", {className: "class-bar"}), "reference", h("i", {className: "class-bar thin"}), "model");

  /* Reference above, model output below; without a reference the model's alone, and its numbers say so. */
  F.ClassBar = function (props) {
    const row = props.data, [beats, said] = props.value, words = [];
    if (beats) words.push("Reference: " + beats.map(([symbol, n]) => symbol + " " + count(n)).join(", "));
    else words.push(row.annotated ? "Reference: being read" : "No reference: " + row.beat_source);
    words.push(said ? "Model output: " + said.map(([symbol, n]) => symbol + " " + count(n)).join(", ") : row.under_way || row.trouble || "Model output: being counted");
    const named = (beats || said || []).filter(([symbol]) => symbol !== "N").sort((a, b) => b[1] - a[1]).slice(0, 2);
    const chips = named.map(([symbol, n]) => h("span", {key: symbol, className: "row g4 class-count"}, h("span", {className: "chip sm" + (beats ? "" : " hollow"), style: beats ? {background: colour(symbol)} : {color: colour(symbol)}, title: symbol}, window.beatlens.letters(symbol)), h("span", {className: "m"}, count(n))));
    if (!said && row.under_way) return h("span", {className: "s m cut", title: words.join("\n"), role: "status"}, row.under_way);
    const bars = h("span", {className: "class-bars"}, beats || row.annotated ? bar(beats) : null, row.trouble ? null : bar(said, true));
    const none = !beats && !row.annotated && !named.length ? h("span", {className: "f s"}, said ? "no reference" : "") : null;
    return h("span", {className: "row g8", title: words.join("\n")}, bars, beats || !chips.length ? null : h("span", {className: "f s"}, "model"), h("span", {className: "class-counts"}, chips), none);
  };

  F.Disagree = function (props) {
    const [n, compared, trouble] = props.value, annotated = props.data.annotated;
    if (n === null) return trouble ? h("span", {className: "f", title: trouble}, "–") : pending(56);
    if (!compared) return h("span", {className: "f", title: annotated ? "No beat bears a label that the model has a class for" : "There is no reference to disagree with"}, "–");
    const part = (100 * n) / compared, share = n && part < 1 ? "<1%" : Math.round(part) + "%";
    return h("span", {title: `Of ${count(compared)} beats whose label is one of the model's classes`}, h("b", null, count(n)), h("span", {className: "f share"}, share));
  };

  F.Uncertain = function (props) {
    const [n, trouble] = props.value;
    if (n === null) return trouble ? h("span", {className: "f", title: trouble}, "–") : pending(28);
    return count(n);
  };

  const SEEN = {train: ["tag w", "seen in training"], validation: ["tag o", "model selection"], test: ["tag k", "not seen"], unknown: ["tag o", "not known"]};
  F.Seen = function (props) {
    if (!props.value) return props.data.trouble ? h("span", {className: "f", title: props.data.trouble}, "–") : pending(86);
    const [kind, words] = SEEN[props.value] || SEEN.unknown;
    return h("span", {className: kind}, props.value === "test" ? h("span", {className: "icon icon-shield", style: {width: 12, height: 12}}) : null, words);
  };

  F.Reviewed = function (props) {
    const [read, all, trouble] = props.value;
    if (all === null) return trouble ? h("span", {className: "f s"}, "–") : pending(110);
    if (!all) return h("span", {className: "s f"}, "nothing to read");
    const done = read >= all, words = done ? "done" : read ? count(read) + " of " + count(all) : "not started";
    return h("span", {className: "row g8", title: count(read) + " of " + count(all) + " beats to read bear a label"},
      h("span", {className: "bar progress"}, h("i", {style: {width: (100 * Math.min(1, read / all)).toFixed(1) + "%", background: "var(--ink)"}})), h("span", {className: "s " + (done ? "b" : "m")}, words));
  };
})();
