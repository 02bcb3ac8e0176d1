/* Whether other leads stand below the strip: a second one, or all of a short standard ECG. Kept in this browser. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const C = (window.dash_clientside = window.dash_clientside || {});
  const STORE = "beatlens-leads";
  const TALL = 1000; // px of a window from which on they have room beside the maps, as long as nobody chose
  let on = window.innerHeight >= TALL, sheet = false;
  try { const kept = localStorage.getItem(STORE); if (kept) on = kept === "yes"; } catch (error) { /* nothing is kept */ }
  const $ = (id) => document.getElementById(id);

  function show() {
    const button = $("more-leads"), all = $("all-leads");
    if (all) all.hidden = !(on && sheet);
    if (button) { button.setAttribute("aria-pressed", String(on)); button.hidden = !sheet && !B.leads.several(); }
    document.dispatchEvent(new CustomEvent("beatlens:strip"));
  }
  function toggle() {
    on = !on;
    try { localStorage.setItem(STORE, on ? "yes" : "no"); } catch (error) { /* until the page is closed */ }
    show();
  }

  B.leads = {
    second: () => B.page() !== "desk" || (on && !sheet), // whether a second lead is wanted
    several: () => { const one = document.querySelector("#second-name [data-lead]"); return !!$("second-lead") || !!(one && one.dataset.lead); },
  };
  C.leads = {shown: function (none) { sheet = none === "false"; setTimeout(show, 0); return undefined; }};
  document.addEventListener("click", (event) => { if (event.target.closest("#more-leads")) toggle(); });
  (window.beatlensActions = window.beatlensActions || []).push({id: "leads", keys: ["y"], words: "other leads below the strip", pages: ["desk"], run: toggle});
})();
