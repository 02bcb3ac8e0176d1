/* B.nav: all windows of the open recording as columns, and what the model says of each once that is there. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const C = (window.dash_clientside = window.dash_clientside || {});
  let told = null; // windows as the server told of them
  let outputs = null; // {record, lead, model, said}: what the model says of each
  let without = null; // {record, lead, model} of which it told no outputs

  const about = ({record, lead, model}) => ({record: record || null, lead: lead || null, model: model || null});
  const same = (one, other) => !!one && B.same(about(one), about(other));

  /* The window of another model that lies nearest to the one that was in view. */
  function follow(nav) {
    const {time} = B.chosenModel;
    B.chosenModel = null;
    if (!nav.sample.includes(Number(B.read().at))) B.beats.choose(time);
  }

  function show(nav) {
    told = nav;
    B.nav = Object.assign({prediction: null, margin: null, probability: null}, nav, same(outputs, nav) ? outputs.said : null);
    B.nav.without = same(without, nav); // its outputs cannot be had now
    if (B.chosenModel && B.chosenModel.model === nav.model) follow(nav);
    B.firstBeat();
    C.strip.position();
    document.dispatchEvent(new CustomEvent("beatlens:nav"));
  }

  /* The outputs of a long recording are there: the page asks for them again. */
  document.addEventListener("beatlens:outputs", (event) => {
    const mine = about(B.read());
    if (told && B.queues.key(mine) === event.detail.key) B.set("beats-known", {data: Object.assign({again: Date.now()}, mine)});
  });

  C.nav = {
    windows: function (sent) {
      const state = about(B.read());
      if (!sent || sent.record !== state.record || sent.lead !== state.lead) return undefined;
      show(B.columns(sent));
      B.set("beats-known", {data: about(sent)}); // what the model says of them comes after the strip
      return undefined;
    },
    predicted: function (late) {
      if (!late) return undefined;
      B.stripLate(late);
      if (late.said) outputs = Object.assign(about(late), {said: B.columns(late.said)});
      else without = late;
      if (B.nav && told) show(told);
      if (late.said) B.set("predicted", {data: about(late)});
      return undefined;
    },
  };
})();
