/* Stretches of the strip, fetched once and kept: pieces of a recording several screens long, as the server has drawn them. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const MOST = 16; // stretches

  const cache = new Map(); // what was asked for → the stretch, or its promise

  /* The stretch around a beat, {at}, or of a page of `unit` s, {page}; asked: what it is drawn from. */
  function get(asked, {at, page}, unit) {
    const around = (number) => asked + "&time=" + (number + 0.5) * unit;
    const key = page === undefined ? asked + "&at=" + at : around(page);
    if (cache.has(key)) return Promise.resolve(cache.get(key));
    const query = new URLSearchParams(asked), where = {record: query.get("record"), lead: query.get("lead"), model: query.get("model")};
    const coming = B.prepare(where).then(() => B.fetch(B.prefix + "_strip?" + key)).then(async (answer) => {
      const body = await answer.json();
      if (!answer.ok) throw new Error(body.detail);
      const stretch = Object.assign(body, {stretch: B.figure(body.stretch), asked, record: where.record, lead: where.lead});
      [key, around(stretch.page)].forEach((name) => { cache.delete(name); cache.set(name, stretch); });
      while (cache.size > MOST) cache.delete(cache.keys().next().value);
      return stretch;
    });
    coming.catch(() => cache.delete(key));
    cache.set(key, coming);
    return coming;
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
