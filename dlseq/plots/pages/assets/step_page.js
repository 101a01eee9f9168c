for (const article of document.querySelectorAll("article")) {
  const { choices, chosen, step } = JSON.parse(article.querySelector("script[type='application/json']").textContent);
  const buttons = [...article.querySelectorAll("[role=toolbar] button")];
  const list = article.querySelector(".chances ol");
  const drawing = article.querySelector(".drawing");
  const status = article.querySelector(".status");
  const parts = buttons.map((_, place) => [...article.querySelectorAll(`.drawing [data-step="${place}"]`)]);
  let pinned = 0;

  function show(place) {
    list.replaceChildren(
      ...choices[place].map(([text, chance]) => {
        const item = document.createElement("li");
        const name = document.createElement("span");
        const number = document.createElement("b");
        name.textContent = text;
        number.textContent = `${percent(chance)} %`;
        item.dataset.chance = chance;
        item.style.setProperty("--share", `${100 * chance}%`);
        if (text === chosen[place]) item.className = "chosen";
        item.append(name, number);
        return item;
      }),
    );
    buttons.forEach((button, other) => button.setAttribute("aria-pressed", String(other === place)));
    parts.forEach((elements, other) => elements.forEach((element) => element.classList.toggle("lit", other === place)));
    article.style.setProperty("--frame", place);
    article.dataset.step = place;
  }

  function say(place) {
    const order = choices[place].filter(([, chance]) => chance >= 0.05).sort((left, right) => right[1] - left[1]);
    const seen = order.slice(0, 4).map(([text, chance]) => `${text} ${percent(chance)} %`);
    const label = buttons[place].querySelector("span").textContent;
    status.textContent = `${step} ${place + 1} of ${buttons.length}${label === String(place + 1) ? "" : `, ${label}`}: ${seen.join(", ") || "no choice of 5 %"}`;
  }

  function pin(place) {
    pinned = place;
    buttons.forEach((button, other) => (button.tabIndex = other === place ? 0 : -1));
    show(place);
    say(place);
    if (parts[place].length) {
      const [note, frame] = [parts[place][0], drawing].map((element) => element.getBoundingClientRect());
      drawing.scrollLeft += (note.left + note.right) / 2 - (frame.left + frame.right) / 2;
    }
  }

  function listen(element, place) {
    element.addEventListener("click", () => pin(place));
    element.addEventListener("pointerenter", (event) => {
      if (event.pointerType === "mouse") show(place);
    });
    element.addEventListener("pointerleave", () => show(pinned));
  }

  buttons.forEach((button, place) => {
    listen(button, place);
    parts[place].forEach((element) => listen(element, place));
    button.addEventListener("focus", () => pin(place));
    button.addEventListener("keydown", (event) => moveBy(event, goalOf(event.key, buttons, place)));
  });
  pin(article.querySelector(".film") ? buttons.length - 1 : 0);
  redrawTexts(article, "h2, button span");
}
