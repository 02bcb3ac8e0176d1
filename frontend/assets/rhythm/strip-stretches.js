/* Stretches of the strip, fetched once and kept: pieces of a recording several screens long, as the server has drawn them. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const MOST = 16; // stretches

  const cache = new Map(); // what was asked for → the stretch, or its promise
  const coming = new Map(); // what it is drawn from → the promise of a stretch around a beat, whose page only its answer tells

  /* The stretch around a beat, {at}, or of a page of `unit` s, {page}; asked: what it is drawn from. */
  function get(asked, {at, page}, unit) {
    const around = (number) => asked + "&time=" + (number + 0.5) * unit;
    const key = page === undefined ? asked + "&at=" + at : around(page);
    if (cache.has(key)) return Promise.resolve(cache.get(key));
    const first = page === undefined ? null : coming.get(asked);
    if (first) return first.then((stretch) => (stretch.page === page ? stretch : get(asked, {page}, unit)));
    const query = new URLSearchParams(asked), where = {record: query.get("record"), lead: query.get("lead"), model: query.get("model")};
    const answer = B.prepare(where).then(() => B.fetch(B.prefix + "_strip?" + key)).then(async (response) => {
      const body = await response.json();
      if (!response.ok) throw new Error(body.detail);
      const stretch = Object.assign(body, {stretch: B.figure(body.stretch), asked, record: where.record, lead: where.lead});
      [key, around(stretch.page)].forEach((name) => { cache.delete(name); cache.set(name, stretch); });
      while (cache.size > MOST) cache.delete(cache.keys().next().value);
      return stretch;
    });
    answer.catch(() => cache.delete(key));
    cache.set(key, answer);
    if (page === undefined) {
      const over = () => { if (coming.get(asked) === answer) coming.delete(asked); };
      coming.set(asked, answer);
      answer.then(over, over);
    }
    return answer;
  }

  /* The signal between two times in s, in mV; null in a gap. */
  function values({stretch}, from, to) {
    const ecg = stretch.data.find((trace) => trace.name === "ecg"), all = ecg.y;
    const index = (time) => (ecg.x ? B.beats.nearest(ecg.x, time) : Math.max(0, Math.min(all.length, Math.round((time - ecg.x0) / ecg.dx))));
    return all.slice(index(from), index(to) + 1);
  }

  /* How far it reaches between two times: [least, most] in mV; null where there is none. */
  function reach(stretch, from, to) {
    let least = Infinity, most = -Infinity;
    values(stretch, from, to).forEach((value) => {
      if (value === null) return;
      if (value < least) least = value;
      if (value > most) most = value;
    });
    return least <= most ? [least, most] : null;
  }

  B.stripStretches = {get, values, reach};
})();
