/* Steps of annotation sessions. Every act is first kept in this browser, then sent in its order, and sent again until the server has it.

   B.sessions.act(user, session, entries)       one act, of one or two steps on one beat; resolves to false where another tab has done it
   B.sessions.pending(user, session)            the steps that the server has not yet taken
   document "beatlens:session"                  something was done, taken or refused: {session, position, taken: the step, refused} */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const PREFIX = "beatlens-session:", REFUSED = "beatlens-session-refused:";
  const AGAIN = 5000; // ms until a failed request is sent again
  const SMALL = 60000; // bytes that a browser sends on when the tab closes
  const LATER = [401, 403, 408, 429]; // somebody must sign in, or the server is busy: nothing is wrong with the step

  let unsent = new Map(); // steps where this browser keeps nothing
  let last = 0, trouble = null, known = null;

  /* The queue: one item of the browser's storage for each step: whose, of which session, when, of which beat. */
  const names = () => { try { return [...Object.keys(localStorage).filter((name) => name.startsWith(PREFIX)), ...unsent.keys()].sort(); } catch (error) { return [...unsent.keys()]; } };
  /* What was kept by a page of version 0.1 and is still to be sent names the position otherwise. */
  const today = (entry) => { const {place, ...rest} = entry || {}; return place === undefined ? entry : {position: place, ...rest}; };
  const get = (name) => { try { return unsent.get(name) || today(JSON.parse(localStorage.getItem(name))); } catch (error) { return null; } };
  const parts = (name) => { const [user, session, time, position, step] = name.slice(PREFIX.length).split(":"); return {name, user, session, time, position: Number(position), step}; };
  const all = () => names().map(parts).sort((a, b) => (a.time < b.time ? -1 : 1));

  function keep(user, session, entry) {
    last = Math.max(last + 1, Date.now()); // two steps of one act stay in their order
    const name = PREFIX + [user, session, String(last).padStart(15, "0"), entry.position, entry.step].join(":");
    try { localStorage.setItem(name, JSON.stringify(entry)); } catch (error) { unsent.set(name, entry); }
  }
  function drop(name) {
    unsent.delete(name);
    try { localStorage.removeItem(name); } catch (error) { /* it was never there */ }
  }

  const alone = (name, work) => (navigator.locks ? navigator.locks.request(name, work) : work());

  const said = (detail) => document.dispatchEvent(new CustomEvent("beatlens:session", {detail}));

  /* One act: a step that waits already, made in this tab or in another, is not made twice. */
  function act(user, session, entries) {
    known = user;
    return alone("beatlens-session-act", () => {
      const waiting = all().filter((one) => one.user === user && one.session === session);
      if (entries.some((entry) => entry.step !== "correction" && waiting.some((one) => one.position === entry.position && one.step === entry.step))) return false;
      entries.forEach((entry) => keep(user, session, Object.assign({client_id: B.unique(), made: new Date().toISOString()}, entry)));
      said({session, position: entries[0].position});
      send();
      return true;
    });
  }

  /* Sending: one tab at a time, one step after the other, and only in the name of whoever did it. */
  let sending = false, again = null;
  async function send() {
    if (sending || !names().length) { tell(); return; }
    sending = true;
    clearTimeout(again);
    try { await alone("beatlens-session-send", sendAll); } catch (error) { trouble = null; } finally { sending = false; tell(); }
    if (names().length) again = setTimeout(send, AGAIN);
  }

  async function sendAll() {
    const answer = await B.api("/account");
    if (!answer.ok) { trouble = answer.status === 401 ? "Sign in again: your readings are kept in this browser" : null; return; }
    known = (await answer.json()).id;
    for (let one = mine()[0]; one; one = mine()[0]) {
      if (!(await deliver(one))) return;
      tell();
    }
  }
  const mine = () => all().filter((one) => one.user === known);

  async function deliver(one) {
    const entry = get(one.name), {session, position} = one;
    if (!entry) { drop(one.name); return true; }
    const headers = {"Content-Type": "application/json"};
    const answer = await B.api("/sessions/" + session + "/entries", {method: "POST", headers, body: JSON.stringify({entries: [entry]}), keepalive: true});
    const body = await answer.json().catch(() => ({}));
    trouble = answer.ok ? null : body.detail || "The server answered " + answer.status;
    if (!answer.ok && (answer.status >= 500 || LATER.includes(answer.status))) return false;
    if (!answer.ok) refuse(one, entry, trouble);
    drop(one.name);
    said(answer.ok ? {session, position, taken: entry} : {session, position, refused: trouble});
    return true;
  }

  /* What the server never takes is kept aside and told, not thrown away. */
  function refuse(one, entry, reason) {
    try { localStorage.setItem(REFUSED + one.name, JSON.stringify({entry, reason})); } catch (error) { /* told all the same */ }
    B.say("Not taken by the server: " + reason);
  }

  function tell() {
    const place = document.getElementById("session-saved"), waiting = names().length;
    if (!place) return;
    place.textContent = waiting ? waiting + (waiting === 1 ? " step" : " steps") + " waiting" + (navigator.onLine ? "" : ", offline") : "All changes saved";
    place.classList.toggle("warn", !!waiting && (!navigator.onLine || !!trouble));
    place.title = waiting ? trouble || "Kept in this browser until the server has them" : "";
  }

  /* The tab closes: what waits goes out once more; what arrives twice is kept once. */
  function leave() {
    const sessions = new Set(mine().map((one) => one.session));
    sessions.forEach((session) => {
      const body = JSON.stringify({entries: mine().filter((one) => one.session === session).map((one) => get(one.name))});
      if (body.length < SMALL) navigator.sendBeacon(B.prefix + "api/sessions/" + session + "/entries", new Blob([body], {type: "application/json"}));
    });
  }

  B.sessions = {
    act, tell,
    pending: (user, session) => all().filter((one) => one.user === user && one.session === session).map((one) => get(one.name)).filter(Boolean),
  };

  /* What another tab does shows here. */
  window.addEventListener("storage", ({key, oldValue, newValue}) => {
    if (!key || !key.startsWith(PREFIX)) return;
    const {session, position} = parts(key);
    said({session, position, taken: newValue === null ? today(JSON.parse(oldValue)) : undefined}); // if it was refused, the item says so next
    tell();
  });
  window.addEventListener("pagehide", leave);
  window.addEventListener("load", send);
  window.addEventListener("offline", tell);
  window.addEventListener("online", send);
  document.addEventListener("beatlens:online", send);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
})();
