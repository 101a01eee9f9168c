for (const article of document.querySelectorAll("article")) {
  const weights = JSON.parse(article.querySelector("script[type='application/json']").textContent).weights;
  const buttons = [...article.querySelectorAll(".target button")];
  const canvas = article.querySelector("canvas");
  const status = article.querySelector(".status");
  let pinned = 0;

  function light(place) {
    const grid = weights[place];
    const most = Math.max(...grid.flat());
    canvas.height = grid.length;
    canvas.width = grid[0].length;
    const context = canvas.getContext("2d");
    const shade = context.createImageData(canvas.width, canvas.height);
    grid.flat().forEach((weight, index) => (shade.data[4 * index + 3] = Math.round(200 * (1 - weight / most))));
    context.putImageData(shade, 0, 0);
    buttons.forEach((button, other) => {
      button.setAttribute("aria-pressed", String(other === place));
      button.querySelector("b").textContent = other === place ? percent(most) : "";
    });
    canvas.dataset.word = place;
  }

  function say(place) {
    const grid = weights[place];
    const most = Math.max(...grid.flat());
    const row = grid.findIndex((line) => line.includes(most));
    status.textContent = `${buttons[place].querySelector("span").textContent}: ${percent(most)} % of the attention at row ${row + 1} of ${grid.length}, column ${grid[row].indexOf(most) + 1} of ${grid[0].length}`;
  }

  function pin(place) {
    pinned = place;
    buttons.forEach((button, other) => (button.tabIndex = other === place ? 0 : -1));
    light(place);
    say(place);
  }

  buttons.forEach((button, place) => {
    button.addEventListener("focus", () => pin(place));
    button.addEventListener("click", () => pin(place));
    button.addEventListener("pointerenter", (event) => {
      if (event.pointerType === "mouse") light(place);
    });
    button.addEventListener("pointerleave", () => light(pinned));
    button.addEventListener("keydown", (event) => moveBy(event, goalOf(event.key, buttons, place)));
  });
  const largest = weights.map((grid) => Math.max(...grid.flat()));
  pin(largest.indexOf(Math.max(...largest)));
  redrawTexts(article, "h2, button span");
}
