/** Threshold: from which probability on is the answer yes? */
import { remember } from "../shared/js/memory.js";
import { read, write } from "../shared/js/model.js";
import { element, pointOn } from "../shared/js/page.js";
import { stage } from "../shared/js/stage.js";
import { chartPainter } from "./charts.js";
import { decisionCode } from "./code.js";
import { controls } from "./controls.js";
import { dotsPainter } from "./dots.js";
import { chartOf, dotAt, dotsOf, shareAt } from "./layout.js";
import { nextExample, TRAITS, thresholdAt, viewer } from "./state.js";
import { sentence } from "./words.js";

function render({ model, el }) {
  const scene = stage({
    model,
    el,
    name: "threshold",
    label: "Threshold: from which probability on is the answer yes?",
    traits: TRAITS,
    draw,
    toKeras: () => decisionCode(look()),
    onReset: () => {
      picked = -1;
    },
  });
  const viewOf = viewer();
  const layoutOf = remember(dotsOf);
  const page = controls({
    look,
    threshold: (value) => write(model, { threshold: thresholdAt(value) }),
    positive: (positive) => write(model, { positive }),
    costs: (costs) => write(model, { costs }),
    chart: (chart) => write(model, { chart }),
    best: () => write(model, { threshold: look().best.threshold }),
    walk: (way) => pick(nextExample(look(), picked, way)),
    refuse: scene.complain,
  });
  const [paintDots, paintChart] = [dotsPainter(page.dots), chartPainter(page.chart)];
  let picked = -1; // the example that is looked at
  let pickedOf = null; // among these
  let held = false;

  function look() {
    return viewOf(read(model, TRAITS));
  }

  function dots() {
    const { probabilities, truths } = look();
    return layoutOf(probabilities, truths, scene.width);
  }

  function pick(index) {
    picked = index;
    scene.ask();
  }

  function drag(event) {
    write(model, { threshold: thresholdAt(shareAt(dots(), pointOn(event).x)) });
  }

  Object.entries({
    pointerdown(event) {
      page.dots.setPointerCapture(event.pointerId);
      held = true;
      drag(event);
    },
    pointermove(event) {
      if (held) return drag(event);
      const { x, y } = pointOn(event);
      const index = dotAt(dots(), x, y);
      if (index >= 0 && index !== picked) pick(index);
    },
    pointerup: () => {
      held = false;
    },
    pointercancel: () => {
      held = false;
    },
  }).forEach(([name, listener]) => {
    page.dots.addEventListener(name, listener);
  });

  function draw() {
    const view = look();
    if (pickedOf !== view.examples) picked = -1;
    pickedOf = view.examples;
    page.draw(view, scene.width, picked, scene.theme);
    paintDots(view, dots(), picked, scene.theme);
    paintChart(view, chartOf(scene.width), scene.theme);
    scene.say(sentence(view), () => page.describe(view));
    const { threshold, positive, counts, ratios, cost, best, areas, bins, error, chart } = view;
    return { threshold, positive, counts, ratios, cost, best, areas, bins, error, chart, picked };
  }

  return scene.finish(
    element("div", { class: "dlc-row" }, page.wanted, element("span", { class: "dlc-gap" }), scene.buttons),
    page.dots,
    page.threshold,
    page.example,
    page.grid,
    page.note,
  );
}

export default { render };
