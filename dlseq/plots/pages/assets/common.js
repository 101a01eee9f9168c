"use strict";
const percent = (share) => (100 * share).toFixed(share < 0.0995 ? 1 : 0);

// The button that a key of a toolbar moves to; nothing for another key.
function goalOf(key, buttons, place, rightToLeft = false) {
  const [next, previous] = [buttons[Math.min(place + 1, buttons.length - 1)], buttons[Math.max(place - 1, 0)]];
  const [right, left] = rightToLeft ? [previous, next] : [next, previous];
  return { ArrowRight: right, ArrowLeft: left, Home: buttons[0], End: buttons.at(-1) }[key];
}

function moveBy(event, goal) {
  if (!goal) return;
  event.preventDefault();
  goal.focus();
}

// Chromium keeps the boxes of letters that were missing when it first measured a text. A new text node is measured anew.
function redrawTexts(article, selector) {
  return Promise.allSettled([...document.fonts].map((font) => font.load())).then(() => {
    article.querySelectorAll(selector).forEach((part) => part.replaceChildren(document.createTextNode(part.textContent)));
  });
}

