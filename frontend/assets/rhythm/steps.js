/* The beats of the open recording, in order: choosing one by time, and stepping through them. */
(function () {
  const B = (window.beatlens = window.beatlens || {});

  /* Index of what is nearest to a value in a list in order. */
  function nearest(all, value) {
    let low = 0, high = all.length - 1;
    while (low < high) { const between = (low + high) >> 1; if (all[between] < value) low = between + 1; else high = between; }
    return low > 0 && value - all[low - 1] < all[low] - value ? low - 1 : low;
  }
  /* The beat nearest to a time, on the desk. */
  function choose(time) {
    if (B.nav && B.nav.time.length && B.page() === "desk") B.go({at: B.nav.sample[nearest(B.nav.time, time)]});
  }
  /* Index of the open beat; −1 while the beats are not known. */
  const current = () => (B.nav && B.nav.sample.length ? nearest(B.nav.sample, Number(B.read().at)) : -1);
  const label = (i) => B.nav.symbol[i] || (B.nav.prediction && B.nav.prediction[i]);

  /* Next (1) or previous (−1) beat; the next of the same class where asked. */
  B.step = function (direction, same) {
    const from = current();
    if (from < 0) return;
    const like = label(from);
    for (let i = from + direction; i >= 0 && i < B.nav.sample.length; i += direction) {
      if (!same || label(i) === like) { B.go({at: B.nav.sample[i]}); return; }
    }
  };

  /* Without a beat in the address: the first that has a second of signal before it. */
  B.firstBeat = function () {
    if (!B.nav || !B.nav.sample.length || B.read().at || B.scope() !== "window") return;
    const found = B.nav.time.findIndex((time) => time >= 1);
    B.go({at: B.nav.sample[found < 0 ? 0 : found]});
  };

  B.beats = {nearest, current, choose};
})();
