/* Queues of a recording and small traces of its beats, as the service tells them; each asked for once. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const KEPT = 4; // recordings
  const BLOCK = 32; // traces asked for at once
  const loaded = new Map(); // key → promise of the answer

  const query = (where, more) => {
    const asked = new URLSearchParams(more);
    ["lead", "model"].forEach((name) => { if (where[name]) asked.set(name, where[name]); });
    return asked.toString();
  };

  /* The answer; while it is being computed `waiting` hears how far that is. */
  async function get(path, waiting) {
    const answer = await B.api(path, {headers: {Prefer: "respond-async"}}); // 202, not 503, which the console would log
    const body = await answer.json(), again = answer.status === 202 && Number(answer.headers.get("Retry-After"));
    if (again && waiting) {
      waiting(body.detail);
      await new Promise((resolve) => setTimeout(resolve, again * 1000));
      return get(path, waiting);
    }
    if (!answer.ok) throw new Error(body.detail || body.title);
    return body;
  }

  /* All beats as columns, and the queues; RR after each beat is the next one's RR before. */
  async function load(where) {
    const key = B.queues.key(where);
    const waiting = (words) => { B.queues.waiting.set(key, words); document.dispatchEvent(new CustomEvent("beatlens:computing", {detail: {key, words}})); };
    const found = await get("/recordings/" + encodeURIComponent(where.record) + "/queues?" + query(where, {columns: "typed"}), waiting);
    if (B.queues.waiting.delete(key)) document.dispatchEvent(new CustomEvent("beatlens:outputs", {detail: {key}}));
    const beats = (found.beats = B.columns(found.beats));
    found.queues = found.queues.map((queue) => B.columns(queue));
    beats.after = beats.rr.slice(1).concat([null]);
    found.index = new Map(beats.at.map((at, i) => [at, i]));
    found.classOf = (i) => beats.reference[i] || beats.output[i];
    found.thumbs = thumbs(where);
    return found;
  }

  /* Traces by sample; `wanted` asks for those that are missing and calls back as they come. */
  function thumbs(where) {
    const known = new Map(), asked = new Set();
    return {
      of: (sample) => known.get(sample),
      wanted: function (samples, done) {
        const missing = samples.filter((sample) => !asked.has(sample));
        for (let i = 0; i < missing.length; i += BLOCK) {
          const block = missing.slice(i, i + BLOCK);
          block.forEach((sample) => asked.add(sample));
          const more = block.map((sample) => ["at", sample]);
          const asking = query(where, [...more, ["points", 54]]);
          get("/recordings/" + encodeURIComponent(where.record) + "/traces?" + asking)
            .then((found) => { found.at.forEach((at, i) => known.set(at, found.traces[i])); done(); })
            .catch(() => block.forEach((sample) => asked.delete(sample)));
        }
      },
    };
  }

  B.queues = {
    waiting: new Map(), // key → words on outputs that are being computed
    key: (where) => [where.record, where.lead, where.model].join("|"),
    get: function (where) {
      const key = B.queues.key(where);
      if (!loaded.has(key)) {
        loaded.set(key, load(where).catch((error) => { loaded.delete(key); throw error; }));
        while (loaded.size > KEPT) loaded.delete(loaded.keys().next().value);
      }
      return loaded.get(key);
    },
    clock: function (seconds) {
      const ms = Math.round(seconds * 1000), two = (value) => String(value).padStart(2, "0");
      const hours = Math.floor(ms / 3600000);
      return (hours ? two(hours) + ":" : "") + two(Math.floor(ms / 60000) % 60) + ":" + two(Math.floor(ms / 1000) % 60) + "." + String(ms % 1000).padStart(3, "0");
    },
    /* The reader's label; null where there is none. */
    read: function (sample) { const found = B.readings && B.readings.of(sample); return found ? found.label : null; },
  };
})();
