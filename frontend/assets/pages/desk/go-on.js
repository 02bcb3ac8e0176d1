/* After a label the next beat is shown, of the queue in which this one stands: where the reader has chosen so. Kept in this browser. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const STORE = "beatlens-go-on";
  let on = false;
  try { on = localStorage.getItem(STORE) === "yes"; } catch (error) { /* nothing is kept */ }

  function show() {
    const button = document.getElementById("reading-go-on");
    if (button) button.setAttribute("aria-checked", on);
  }
  function toggle() {
    on = !on;
    try { localStorage.setItem(STORE, on ? "yes" : "no"); } catch (error) { /* until the page is closed */ }
    show();
    B.say(on ? "After a label the next beat is shown" : "After a label its beat stays");
  }

  B.goOn = function (at) {
    if (!on) return;
    if (B.queue.holds(at)) B.queue.step(1);
    else B.step(1, false);
  };
  document.addEventListener("click", (event) => { if (event.target.closest("#reading-go-on")) toggle(); });
  document.addEventListener("beatlens:page", show);
  (window.beatlensActions = window.beatlensActions || []).push({id: "go-on", keys: ["shift+a"], words: "go on after a label, or stay", group: "Your reading", needs: "annotator", pages: ["desk"], run: toggle});
})();
