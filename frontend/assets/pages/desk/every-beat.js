/* Explain every beat: by the method of A or B, as one job that the page's jobs show with its remaining time and Cancel. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  let asks = {};

  async function start(one) {
    try {
      const status = await B.bulk.start(one.ask, "every-beat", one.title + ", every beat");
      if (status.status === "done") B.say("Every beat has this map already");
    } catch (error) { B.say(error.message); }
  }

  document.addEventListener("click", (event) => {
    const item = event.target.closest("#every-a, #every-b"), one = item && asks[item.id.slice(-1)];
    if (one && one.ask) start(one);
  });

  (window.beatlensParts = window.beatlensParts || []).push({name: "every_beat", shown: (data) => { asks = data || {}; }});
})();
