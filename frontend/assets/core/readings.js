/* Readings: what the person at the desk calls a window. What holds is the server's word, and over it what it has not heard yet (core/readings-outbox.js).

   B.readings.label(samples, label)   one act on one or many windows of the record in view; undone as one. null withdraws.
   B.readings.of(sample)              {label, comment}, or null for a window without a label
   B.readings.state(sample)           {label, comment}, also where there is none
   document "beatlens:readings"       what holds has changed */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const BEATS = "mitbih"; // the vocabulary of beats, and of readings that name none

  let record = null; // whose readings are held
  let held = new Map(); // window → {label, comment, vocabulary}: windows of two models may begin at one sample

  /* The columns of the windows in view; a page without the strip brings its own, {page, record, sample, start, end, vocabulary}. */
  const columns = () => (B.readings.places && B.readings.places.page === B.page() ? B.readings.places : B.nav);
  /* The vocabulary in which the windows in view are read. */
  const vocabulary = () => (columns() && columns().vocabulary) || BEATS;
  const offered = () => B.vocabularies[vocabulary()] || [];

  /* Windows that are longer than a beat's mark are read as what they are: from the columns of the record in view. */
  function located(sample) {
    const known = columns(), nav = known && known.record === record ? known : null, i = nav && nav.end ? rows(nav).get(sample) : undefined;
    return i === undefined ? {at: sample} : {at: sample, start: nav.start[i], end: nav.end[i], vocabulary: nav.vocabulary};
  }
  let numbered = {of: null, rows: null};
  function rows(nav) {
    if (numbered.of !== nav.sample) numbered = {of: nav.sample, rows: new Map(nav.sample.map((sample, i) => [sample, i]))};
    return numbered.rows;
  }
  const windowOf = ({at, start, end}) => [at, start === undefined ? at : start, end === undefined ? at + 1 : end].join(" ");
  const readingOf = ({label, comment, vocabulary}) => ({label, comment: comment || "", vocabulary: vocabulary || BEATS});

  const asked = new Set(); // for each question that is not answered yet, the acts since it: its answer may not know them

  function take(entries) {
    asked.forEach((since) => since.push(...entries));
    put(entries);
  }
  function put(entries) {
    entries.filter((entry) => entry.recording === record).forEach((entry) => {
      if (entry.label === null && !entry.comment) held.delete(windowOf(entry));
      else held.set(windowOf(entry), readingOf(entry));
    });
  }
  const announce = () => document.dispatchEvent(new CustomEvent("beatlens:readings", {detail: {record}}));

  async function load(wanted) {
    if (wanted !== record) { record = wanted; held = new Map(); }
    if (!wanted) return;
    const since = [...B.outbox.pending()];
    asked.add(since);
    try {
      const answer = await B.api("/readings?recording=" + encodeURIComponent(wanted));
      const readings = answer.ok ? (await answer.json()).readings : null;
      if (wanted !== record) return;
      if (readings) held = new Map(readings.map((one) => [windowOf(one), readingOf(one)]));
    } catch (error) { /* what waits is still shown */ } finally { asked.delete(since); }
    put(since);
    announce();
  }

  /* What holds of a window, in its own words: `span` says which, else the one of the record in view. */
  function state(sample, span = located(sample)) {
    const found = held.get(windowOf(span));
    return found && found.vocabulary === (span.vocabulary || BEATS) ? {label: found.label, comment: found.comment} : {label: null, comment: ""};
  }

  /* Acts: [[sample, {label, comment}], …] of one record, kept, shown and sent. */
  function act(where, acts) {
    const made = new Date().toISOString();
    const entries = acts.map(([sample, {label, comment}]) => ({client_id: B.unique(), recording: where.record, lead: where.lead, ...where.places.get(sample), label, comment, made}));
    B.outbox.push(entries);
    take(entries);
    announce();
  }

  function change(acts, words, places = new Map(acts.map(([sample]) => [sample, located(sample)]))) {
    const where = {record, lead: B.read().lead || null, places};
    const before = acts.map(([sample]) => [sample, state(sample, places.get(sample))]);
    const real = acts.filter(([sample, next], i) => next.label !== before[i][1].label || next.comment !== before[i][1].comment);
    if (!where.record || !real.length) return;
    const touched = new Set(real.map(([sample]) => sample)), old = before.filter(([sample]) => touched.has(sample));
    /* Undone is what still stands as this act has left it: another tab may have read the beat since. */
    const back = (from, to) => {
      const left = to.filter(([sample], i) => B.same(state(sample, where.places.get(sample)), from[i][1]));
      if (left.length) act(where, left);
      show();
      return left.length ? "" : "Not undone: it was read anew since";
    };
    const show = () => { if (real.length === 1 && B.read().record === where.record && B.page() === "desk") B.go({at: real[0][0]}); };
    act(where, real);
    B.pushUndo({words, undo: () => back(real, old), redo: () => back(old, real)});
  }

  const named = (label) => (label === null ? "reading withdrawn" : "read as " + (offered().find((one) => one.code === label) || B.labels[label] || {short: label}).short);
  const counted = (n) => (n === 1 ? "" : n.toLocaleString("en") + " beats ");

  B.readings = {
    places: null,
    label: (samples, label) => change(samples.map((sample) => [sample, {label, comment: state(sample).comment}]), counted(samples.length) + named(label)),
    /* The same on intervals that are no windows: [[{at, start, end, vocabulary}, label], …]. */
    intervals: (acts, words) => change(acts.map(([place_, label]) => [place_, {label, comment: state(null, place_).comment}]), words, new Map(acts.map(([{at, start, end, vocabulary}], i) => [acts[i][0], {at, start, end, vocabulary}]))),
    /* Every interval that holds a reading: [{at, start, end, label, comment, vocabulary}, …]. */
    held: () => [...held].map(([key, said_]) => { const [at, start, end] = key.split(" ").map(Number); return Object.assign({at, start, end}, said_); }),
    note: (sample, comment) => change([[sample, {label: state(sample).label, comment}]], comment ? "note" : "note removed"),
    of: (sample) => { const found = state(sample); return found.label !== null ? found : null; },
    get record() { return record; },
    BEATS, load, state, vocabulary, offered, named,
  };

  document.addEventListener("beatlens:outbox", ({detail}) => {
    if (detail.entries) { take(detail.entries); announce(); }
    else if (detail.refused === record) load(record);
  });
})();
