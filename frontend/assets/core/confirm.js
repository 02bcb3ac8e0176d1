/* A click that cannot be taken back, or takes much with it, is asked about first: what an element's data-sure says it will do.

   data-sure="3 beats are still to be read."   data-sure-title="Close the session?"   data-sure-yes="Close it" */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  let passing = null; // the button that was confirmed just now

  const likeIt = ({dataset}) => [...document.querySelectorAll("[data-sure]")].find((one) => one.dataset.sure === dataset.sure && one.dataset.sureTitle === dataset.sureTitle);

  document.addEventListener("click", async (event) => {
    const button = event.target.closest && event.target.closest("[data-sure]");
    if (!button || button === passing) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const {sure, sureTitle, sureYes} = button.dataset;
    if (!(await B.ask({title: sureTitle, words: sure, yes: sureYes}))) return;
    passing = button.isConnected ? button : likeIt(button); // a list may have been drawn anew meanwhile
    if (passing) passing.click(); else B.say("That is not there any more: nothing was done");
    passing = null;
  }, true);
})();
