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

  /* The windows of what the address names are asked for at once, while its page is still being put together. */
  let asked = null;
  const scripts = () => (document.readyState === "loading" ? new Promise((done) => document.addEventListener("DOMContentLoaded", done, {once: true})) : null); // all are there
  const windows = (where) => B.fetch(B.prefix + "_windows?" + new URLSearchParams(Object.entries(where).filter(([, value]) => value))).catch(() => null);
  async function ask() {
    const where = about(B.read());
    if (asked && B.same(asked, where)) return;
    asked = where;
    if (B.nav && (B.nav.record !== where.record || B.nav.lead !== where.lead)) B.nav = null;
    if (!where.record) return;
    let answer = await windows(where);
    if (answer && answer.status === 202) { // a long one, that is still being read
      await B.prepare(where);
      answer = await windows(where);
    }
    await scripts();
    if (asked !== where) return;
    if (!answer || !answer.ok) { asked = null; return; } // what is the matter the page's own questions tell
    show(B.columns(await answer.json()));
    B.set("beats-known", {data: where}); // what the model says of them comes after the strip
  }
  ["popstate", "_dashprivate_pushstate"].forEach((name) => window.addEventListener(name, ask));
  document.addEventListener("beatlens:online", ask);
  ask();

  C.nav = {
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
