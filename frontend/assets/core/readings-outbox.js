/* Acts of reading that the server has not taken yet: first kept in this browser, then sent, and sent again until the server has them.

   document "beatlens:outbox"   {entries}: acts of another tab · {refused: recording}: the server never takes one of its acts */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const PREFIX = "beatlens-readings:", REFUSED = "beatlens-refused:";
  const BATCH = 1000; // acts in one request
  const AGAIN = 5000; // ms until a failed request is sent again
  const SMALL = 60000; // bytes that a browser sends on even when the tab closes
  const LATER = [401, 408, 429]; // somebody must sign in, or the server is busy: nothing is wrong with the act

  const mine = () => PREFIX + B.who() + ":"; // what another person did in this browser waits for that person
  let unsent = []; // batches where this browser keeps nothing
  let last = 0, trouble = null;

  /* One item of the browser's storage for each batch, in the order of the acts. */
  const names = () => { try { return Object.keys(localStorage).filter((name) => name.startsWith(mine())).sort(); } catch (error) { return []; } };
  const get = (name) => { try { return parsed(localStorage.getItem(name)); } catch (error) { return null; } };
  const pending = () => [...names().map((name) => ({name, entries: get(name)})).filter((batch) => batch.entries), ...unsent];
  /* What was kept by a page of version 0.1 and is still to be sent names the address otherwise. */
  const today = ({sample, ...entry}) => (sample === undefined ? entry : {at: sample, ...entry});
  const parsed = (text) => { const entries = JSON.parse(text); return entries && entries.map(today); };

  function keep(name, entries) {
    try { localStorage.setItem(name, JSON.stringify(entries)); } catch (error) { unsent.push({name, entries}); }
  }
  function drop(name) {
    unsent = unsent.filter((batch) => batch.name !== name);
    try { localStorage.removeItem(name); } catch (error) { /* it was never there */ }
  }
  function push(entries) {
    for (let i = 0; i < entries.length; i += BATCH) {
      last = Math.max(last + 1, Date.now()); // two acts of one moment stay in their order
      keep(mine() + String(last).padStart(15, "0") + "-" + entries[i].client_id.slice(0, 8), entries.slice(i, i + BATCH));
    }
    showSaved();
    send();
  }

  /* Sending: one tab at a time, the earliest first. */
  let sending = false, again = null;
  async function send() {
    if (sending) return;
    sending = true;
    clearTimeout(again);
    try {
      await (navigator.locks ? navigator.locks.request("beatlens-readings", sendAll) : sendAll());
    } finally { sending = false; showSaved(); }
    if (pending().length) again = setTimeout(send, AGAIN);
  }

  async function sendAll() {
    for (let batch = pending()[0]; batch; batch = pending()[0]) {
      const answer = await post(batch.entries);
      if (answer === "later") return;
      if (answer === "taken") drop(batch.name);
      else if (batch.entries.length > 1) split(batch); // so that one bad act holds up no other
      else refuse(batch, answer);
      showSaved();
    }
  }

  async function post(entries) {
    const body = JSON.stringify({entries});
    try {
      const answer = await B.api("/readings", {method: "POST", headers: {"Content-Type": "application/json"}, body, keepalive: body.length < SMALL});
      if (answer.ok) {
        trouble = null;
        return "taken";
      }
      const problem = await answer.json().catch(() => ({}));
      trouble = problem.detail || "The server answered " + answer.status;
      return answer.status >= 500 || LATER.includes(answer.status) ? "later" : trouble;
    } catch (error) {
      trouble = null;
      return "later";
    }
  }

  function split(batch) {
    batch.entries.forEach((entry, i) => keep(batch.name + "-" + String(i).padStart(6, "0"), [entry]));
    drop(batch.name);
  }

  /* What the server never takes is kept aside and said, not thrown away. */
  function refuse(batch, reason) {
    try { localStorage.setItem(REFUSED + batch.name, JSON.stringify({entry: batch.entries[0], reason})); } catch (error) { /* said all the same */ }
    B.say("Not taken by the server: " + reason);
    drop(batch.name);
    announce({refused: batch.entries[0].recording});
  }
  const announce = (detail) => document.dispatchEvent(new CustomEvent("beatlens:outbox", {detail}));

  function showSaved() {
    const words = document.getElementById("saved");
    if (!words) return;
    const waiting = pending().reduce((sum, batch) => sum + batch.entries.length, 0);
    words.textContent = waiting ? waiting.toLocaleString("en") + (waiting === 1 ? " change" : " changes") + " waiting" + (navigator.onLine ? "" : ", offline") : "All changes saved";
    words.classList.toggle("warn", !!waiting && (!navigator.onLine || !!trouble));
    words.title = waiting ? trouble || "Kept in this browser until the server has them" : "";
  }

  B.outbox = {push, send, showSaved, pending: () => pending().flatMap((batch) => batch.entries)};

  window.addEventListener("load", send);
  window.addEventListener("storage", (event) => {
    if (!event.key || !event.key.startsWith(mine())) return;
    if (event.newValue) announce({entries: parsed(event.newValue)});
    showSaved();
  });
  ["online", "offline"].forEach((name) => window.addEventListener(name, () => { showSaved(); if (name === "online") send(); }));
  ["beatlens:online", "beatlens:account"].forEach((name) => document.addEventListener(name, send)); // what waited in this person's name is now known
})();
