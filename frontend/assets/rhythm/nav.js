/* The columns of the windows in view, B.nav: samples, times and symbols as the server gave them, and what the model says of each once that is known.
   document "beatlens:nav"   they are there, or others. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const C = (window.dash_clientside = window.dash_clientside || {});

  let columns = null; // as the server gave them, without the model's outputs
  let missing = null; // {record, lead, model} of which it gave no outputs
  const sameSource = (one, other, names) => !!one && !!other && names.every((name) => (one[name] || null) === (other[name] || null));

  /* The window of another model that lies nearest to the one that was in view. */
  function follow(nav) {
    const {time} = B.chosenModel;
    B.chosenModel = null;
    if (!nav.sample.includes(Number(B.read().at))) B.beats.choose(time);
  }

  /* The outputs of a long recording are there: the page asks for them again. */
  document.addEventListener("beatlens:outputs", (event) => {
    const state = B.read(), mine = {record: state.record, lead: state.lead || null, model: state.model || null};
    if (columns && B.queues.key(mine) === event.detail.key) B.set("beats-nav", {data: Object.assign({}, columns)});
  });

  C.strip = Object.assign(C.strip || {}, {
    navigation: function (nav, predicted) {
      if (!nav || !sameSource(nav, B.read(), ["record", "lead"])) return undefined;
      const outputs = predicted && sameSource(predicted, nav, ["record", "lead"]) ? predicted.said : null;
      B.nav = Object.assign({prediction: null, margin: null, probability: null}, nav, outputs);
      B.nav.without = sameSource(missing, nav, ["record", "lead", "model"]); // its outputs cannot be had now
      if (B.chosenModel && B.chosenModel.model === nav.model) follow(nav);
      columns = nav;
      B.firstBeat();
      C.strip.position();
      document.dispatchEvent(new CustomEvent("beatlens:nav"));
      return undefined;
    },
    predicted: function (late) {
      if (!late) return undefined;
      B.stripLate(late);
      if (late.said) { B.set("predicted", {data: late}); return undefined; }
      missing = late;
      if (B.nav) C.strip.navigation(columns, null);
      return undefined;
    },
  });
})();
