/* Signing in and out, and the forms about accounts: what an element's data-ask says is asked of the API.

   data-ask="POST /users"   the request; fields of the form, or data-body, are its body
   data-said                words for when it was done;  data-tell: a part of the answer to show with them
   data-then                "back" to where one wanted to go, "home", or nothing: the lists on the page are drawn again

   B.who()   id of whoever is signed in, "local" where there are no accounts; null until the page knows. Event "beatlens:account" */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const C = (window.dash_clientside = window.dash_clientside || {});

  const FRAMES = 300; // that are waited for
  B.who = () => { const mark = document.querySelector("#account [data-user]"); return mark ? mark.dataset.user : null; };
  B.role = () => { const mark = document.querySelector("#account [data-role]"); return mark ? mark.dataset.role : null; };

  /* Whether whoever looks has a role, or one above it; yes as long as the page does not know. */
  const ROLES = ["reader", "annotator", "lead", "administrator"];
  B.may = (role) => B.role() === null || ROLES.indexOf(B.role()) >= ROLES.indexOf(role);

  /* Where one wanted to go before one was asked to sign in: a path of this site. */
  function wanted() {
    const then = new URLSearchParams(location.search).get("then") || B.prefix, url = new URL(then, location.origin);
    return url.origin === location.origin ? url.pathname + url.search : B.prefix;
  }
  const first = (ended) => location.replace(B.prefix + "sign-in?" + (ended ? "problem=ended&" : "") + "then=" + encodeURIComponent(location.pathname + location.search));

  /* A sign-in ends by itself: what is asked after that leads to the next one. */
  document.addEventListener("DOMContentLoaded", () => {
    const api = B.api;
    B.api = async (path, options) => {
      const answer = await api(path, options);
      if (answer.status === 401 && B.who() && path !== "/sign-in") first(true);
      return answer;
    };
  });

  async function ask(element, body) {
    const [method, path] = element.dataset.ask.split(" ");
    const place = element.querySelector(".answer");
    const say = (words, code) => {
      if (!place) { if (words) B.say(words); return; }
      place.textContent = words;
      if (code) { const text = document.createElement("code"); text.textContent = code; place.append(" ", text); }
    };
    try {
      const answer = await B.api(path, {method, headers: body ? {"Content-Type": "application/json"} : {}, body: body && JSON.stringify(body)});
      const found = await answer.json();
      if (!answer.ok) { say(found.detail || "The server answered " + answer.status); turn(); return; }
      if (element.dataset.then) { location.assign(element.dataset.then === "back" ? wanted() : B.prefix); return; }
      say(element.dataset.said || "", element.dataset.tell && found[element.dataset.tell]);
      if (element.reset) element.querySelectorAll("input[type=password]").forEach((field) => { field.value = ""; });
      turn();
    } catch (error) { say("The server does not answer."); }
  }
  const turn = () => { if (document.getElementById("account-lists") || document.getElementById("people-list")) B.set("account-turn", {data: Date.now()}); };

  function fields(form) {
    const body = {};
    new FormData(form).forEach((value, name) => { if (value !== "") body[name] = name === "days" ? Number(value) : value; });
    return body;
  }

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-ask]");
    if (!form) return;
    event.preventDefault();
    ask(form, fields(form));
  }, true);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-ask]");
    if (button) ask(button, button.dataset.body && JSON.parse(button.dataset.body));
    document.querySelectorAll("details.menu[open]").forEach((menu) => { if (!event.target.closest("summary")) menu.open = false; });
    const away = event.target.closest("#sign-in-oidc");
    if (away) away.href = B.prefix + "api/sign-in/oidc?then=" + encodeURIComponent(wanted());
  });
  document.addEventListener("keydown", (event) => {
    const menu = document.querySelector("details.menu[open]");
    if (event.key === "Escape" && menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });
  document.addEventListener("change", (event) => { if (event.target.matches("select[data-ask]")) ask(event.target, {[event.target.name]: event.target.value}); });

  C.account = {
    shown: function (menu) {
      const settle = (frames) => { /* the menu is in the page once it has been drawn */
        if (menu && frames && !B.who()) { requestAnimationFrame(() => settle(frames - 1)); return; }
        if (document.getElementById("sign-in-first")) { first(); return; }
        const problem = new URLSearchParams(location.search).get("problem");
        document.querySelectorAll("[data-problem]").forEach((words) => { words.hidden = words.dataset.problem !== problem; });
        document.documentElement.dataset.role = B.role() || "";
        document.dispatchEvent(new CustomEvent("beatlens:account"));
      };
      setTimeout(() => settle(FRAMES), 0);
      return undefined;
    },
    listed: function () { /* a select of Dash has no value of its own */
      setTimeout(() => document.querySelectorAll("select[data-value]").forEach((field) => { field.value = field.dataset.value; }), 0);
      return undefined;
    },
  };
})();
