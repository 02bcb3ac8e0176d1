/* What the service is asked about covering a beat: the table of all spans, the exact ends of one, and where its waves are. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const KEPT = 24, AGAIN = 5000; // answers of each kind; ms until what failed is asked once more

  const answered = (answer) => answer.json().then((found) => { if (!answer.ok) throw new Error(found.detail); return found; });
  const post = (path, body, signal) =>
    B.api(path, {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(body), signal}).then(answered);

  /* What `question(…what)` answers: asked once, kept for what was asked last. Null until it is there; then `come(error)` is called. */
  function remembered(question) {
    const known = new Map(); // JSON of what was asked → {found, failed}
    const ask = function (come, ...what) {
      const key = JSON.stringify(what), before = known.get(key);
      if (before && (before.failed === null || Date.now() - before.failed < AGAIN)) return before.found;
      const entry = {found: null, failed: null};
      known.delete(key);
      known.set(key, entry);
      while (known.size > KEPT) known.delete(known.keys().next().value);
      question(...what).then((found) => { entry.found = found; come(null); }, (error) => { entry.failed = Date.now(); come(error); });
      return null;
    };
    ask.known = (...what) => (known.get(JSON.stringify(what)) || {}).found;
    return ask;
  }

  function waves({recording, at, ...query}) {
    return B.api(`/recordings/${encodeURIComponent(recording)}/windows/${at}/waves?${new URLSearchParams(query)}`).then(answered).then((found) => found.regions);
  }

  B.coverAsk = {
    table: remembered((ask, value) => post("/predictions/table", {...ask, value})),
    regions: remembered(waves), // between the boundaries of waves: [{key, name, start, end}] in samples
    exact: (ask, span, value, signal) => post("/predictions", {...ask, covers: [span], value}, signal),
  };
})();
