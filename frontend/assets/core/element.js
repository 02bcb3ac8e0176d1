/* B.element(tag, properties, ...children): a new element; children that are not there are left out. */
(function () {
  const B = (window.beatlens = window.beatlens || {});

  B.element = function (tag, properties, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children.filter((child) => child !== null && child !== undefined));
    return made;
  };
})();
