/* While a beat's own answer is on its way, its class, margin and reference stand in the output's place: from the table that the model row is drawn from. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const made = (name, ...inside) => { const part = document.createElement("div"); part.className = name; part.append(...inside); return part; };
  const name = (symbol) => (B.labels[symbol] || {short: symbol}).short;

  function chip(symbol, size) {
    const mark = made("chip " + size, symbol);
    mark.dataset.symbol = symbol;
    return mark;
  }

  const row = (words, ...rest) => made("row g8 reference", made("m", words), ...rest);

  function draw() {
    const place = document.getElementById("output-table"), nav = B.nav, beat = Number(B.read().at);
    if (!place) return;
    const i = nav && nav.record === B.read().record ? nav.sample.indexOf(beat) : -1, said = i >= 0 && nav.prediction && nav.prediction[i];
    place.dataset.beat = beat;
    if (i < 0) { place.replaceChildren(); return; }
    const verdict = said ? [made("row g12 verdict", chip(said, "lg"), made("verdict-words", made("verdict-name", name(said))), made("verdict-number", nav.probability[i].toFixed(2))),
      ...(nav.margin[i] === null ? [] : [made("row g8 margin", made("tag", "Margin " + nav.margin[i].toFixed(2)))])] : [];
    place.replaceChildren(...verdict, ...(nav.symbol[i] ? [row("Reference", chip(nav.symbol[i], ""), made("b", name(nav.symbol[i])))] : []));
  }

  document.addEventListener("beatlens:moved", draw);
  document.addEventListener("beatlens:nav", draw);
})();
