/* A question before what cannot be overlooked: B.ask({title, words, yes}) → a promise of true or false. Escape says no. */
(function () {
  const B = (window.beatlens = window.beatlens || {});

  function made(tag, attributes, ...children) {
    const part = Object.assign(document.createElement(tag), attributes);
    part.append(...children);
    return part;
  }

  B.ask = ({title, words, yes}) => new Promise((answer) => {
    const no = made("button", {className: "btn", textContent: "Cancel", onclick: () => box.close()});
    const sure = made("button", {className: "btn pri", textContent: yes, onclick: () => box.close("yes")});
    const buttons = made("div", {className: "row g8"}, made("span", {className: "sp"}), no, sure);
    const box = made("dialog", {className: "ask", onclose: () => { box.remove(); answer(box.returnValue === "yes"); }}, made("h2", {textContent: title}), made("p", {className: "w", textContent: words}), buttons);
    box.setAttribute("role", "dialog"); // the page's keys rest
    box.setAttribute("aria-label", title);
    document.body.append(box);
    box.showModal();
    sure.focus();
  });
})();
