for (const article of document.querySelectorAll("article")) {
  const { weights, verbs } = JSON.parse(article.querySelector("script[type='application/json']").textContent);
  const sides = ["target", "source"].map((side) => [...article.querySelectorAll(`.${side} button`)]);
  const links = article.querySelector(".links");
  const status = article.querySelector(".status");
  const name = (button) => button.getAttribute("aria-label");
  let pinned = [0, 0];

  function weightsOf(side, place) {
    return side === 0 ? weights[place] : weights.map((row) => row[place]);
  }

  function light(side, place) {
    const row = weightsOf(side, place);
    sides.flat().forEach((button) => {
      button.setAttribute("aria-pressed", "false");
      button.style.removeProperty("--share");
      button.querySelector("b").textContent = "";
      delete button.dataset.weight;
    });
    sides[side][place].setAttribute("aria-pressed", "true");
    row.forEach((weight, other) => {
      const button = sides[1 - side][other];
      button.dataset.weight = weight;
      button.style.setProperty("--share", `${Math.round(100 * Math.sqrt(weight))}%`);
      if (weight >= 0.01) button.querySelector("b").textContent = percent(weight);
    });
    draw(side, place, row);
    return row;
  }

  function draw(side, place, row) {
    const frame = links.getBoundingClientRect();
    const end = (button, edge) => {
      const box = button.getBoundingClientRect();
      return [box.left + box.width / 2 - frame.left, box[edge] - frame.top];
    };
    links.replaceChildren();
    row.forEach((weight, other) => {
      if (weight < 0.02) return;
      const [upper, lower] = side === 0 ? [sides[0][place], sides[1][other]] : [sides[0][other], sides[1][place]];
      const [x, top] = end(upper, "bottom");
      const [goal, bottom] = end(lower, "top");
      const middle = (top + bottom) / 2;
      const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute("d", `M${x} ${top + 2}C${x} ${middle} ${goal} ${middle} ${goal} ${bottom - 2}`);
      path.setAttribute("stroke-width", 0.5 + 3 * weight);
      path.setAttribute("stroke-opacity", 0.15 + 0.75 * weight);
      links.append(path);
    });
  }

  function say(side, place, row) {
    const order = row.map((weight, other) => [weight, other]).filter(([weight]) => weight >= 0.05);
    order.sort((left, right) => right[0] - left[0]);
    const seen = order.slice(0, 4).map(([weight, other]) => `${name(sides[1 - side][other])} ${percent(weight)} %`);
    const number = `${name(sides[side][place])}, number ${place + 1},`;
    status.textContent = seen.length ? `${number} ${verbs[side]} ${seen.join(", ")}` : `${number} has no weight of 5 %`;
  }

  function pin(side, place) {
    pinned = [side, place];
    sides[side].forEach((button, other) => (button.tabIndex = other === place ? 0 : -1));
    say(side, place, light(side, place));
  }

  sides.forEach((buttons, side) => {
    buttons.forEach((button, place) => {
      button.addEventListener("focus", () => pin(side, place));
      button.addEventListener("click", () => pin(side, place));
      button.addEventListener("pointerenter", (event) => {
        if (event.pointerType === "mouse") light(side, place);
      });
      button.addEventListener("pointerleave", () => light(...pinned));
      button.addEventListener("keydown", (event) => {
        let goal = goalOf(event.key, buttons, place, button.closest("[role=toolbar]").dir === "rtl");
        if (event.key === (side === 0 ? "ArrowDown" : "ArrowUp")) {
          const row = weightsOf(side, place);
          goal = sides[1 - side][row.indexOf(Math.max(...row))];
        }
        moveBy(event, goal);
      });
    });
  });
  redrawTexts(article, "h2 bdi, button span").then(() => light(...pinned));
  window.addEventListener("resize", () => light(...pinned));
}
