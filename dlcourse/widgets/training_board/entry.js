/**
 * TrainingBoard: the curves of a training while it runs.
 *
 * Python says how things stand; which epoch is looked at and which run is in front are traits that both may set. What
 * is asked of Python (stop, rename, clear) are messages, because a trait would wait until Python has answered the one
 * before.
 */
import facts from "dlcourse:training_board";
import { duration, lastEpoch, nearest, quantities, unpacked } from "../shared/js/curves.js";
import { remember } from "../shared/js/memory.js";
import { write } from "../shared/js/model.js";
import { element, press, show, tell } from "../shared/js/page.js";
import { CATEGORIES } from "../shared/js/palette.js";
import { stage } from "../shared/js/stage.js";
import { curvePanel, MARGIN } from "./curve_panel.js";

const TRAITS = ["monitor", "epoch", "front", "log", "_past", "_latest"];
const [TRAINING, VALIDATION, ...OTHERS] = CATEGORIES.slice(0, 6);
const DASHES = [[], [6, 3], [2, 3]]; // tells runs apart when the colours are used up
const NARROW = 560; // CSS pixels: below, the panels stand one above the other
const LOGARITHMIC = ["loss", "learning_rate"]; // of these, ratios say more than differences
const DEAF = 3000; // milliseconds without an answer after which Stop was not heard

const HOW = "model.fit(x, y, epochs=20, validation_split=0.2, callbacks=[board])";
const CODE = [
  "import keras",
  "import matplotlib.pyplot as plt",
  "",
  "# model, x, y: a compiled model and its data",
  "history = model.fit(",
  "    x, y, epochs=EPOCHS, validation_split=0.2,",
  '    callbacks=[keras.callbacks.EarlyStopping("MONITOR", patience=5, restore_best_weights=True)],',
  ")",
  "for name, values in history.history.items():  # a list for each curve, a number for each epoch",
  "    plt.plot(range(1, len(values) + 1), values, label=name)",
  'plt.xlabel("epoch")',
  "plt.legend()",
  'best = min(history.epoch, key=lambda epoch: SIGNhistory.history["MONITOR"][epoch])',
  'print("best epoch:", best + 1)',
].join("\n");

// --- numbers ---------------------------------------------------------------------------------------------------------

/** A number of a training in a few characters. */
function figure(value) {
  if (value === undefined) return "–";
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) return value.toExponential(1).replaceAll("-", "−");
  return value.toFixed(size >= 100 ? 1 : size >= 10 ? 2 : 3).replace("-", "−");
}

function plain(name) {
  return name.replaceAll("_", " ");
}

// --- the view --------------------------------------------------------------------------------------------------------

/** @param {import("../shared/js/model.js").View} view */
function render({ model, el }) {
  // setup ---------------------------------------------------------------------------------------------------------

  const scene = stage({
    model,
    el,
    name: "training_board",
    label: "TrainingBoard: a training while it runs",
    traits: TRAITS,
    draw,
    toKeras,
    onReset: () => {
      pointed = 0;
    },
    onEnd: () => clearTimeout(waiting),
  });
  const { root } = scene;
  root.style.setProperty("--dlc-train", TRAINING);

  const stopButton = element("button", { type: "button", class: "dlc-board-stop", onclick: stop }, "Stop");
  const status = element("b");
  const filled = element("span");
  const bar = element(
    "div",
    { class: "dlc-board-bar", role: "progressbar", "aria-label": "Progress", "aria-valuemin": 0, "aria-valuemax": 100 },
    filled,
  );
  const left = element("span", { class: "dlc-faint" });
  const log = element("input", { type: "checkbox", onchange: () => write(model, { log: log.checked }) });
  const demo = element(
    "p",
    { class: "dlc-board-demo", hidden: true },
    element("b", {}, "A recorded example. "),
    "Your own training appears here, live, when the next cell runs ",
    element("code", {}, HOW),
  );
  const panels = element("div", { class: "dlc-board-panels" });
  const head = element("tr");
  const body = element("tbody");
  const table = element("table", {}, element("thead", {}, head), body);
  const clearButton = element("button", { type: "button", onclick: clear }, "Forget older runs");

  // state ---------------------------------------------------------------------------------------------------------

  let pointed = 0; // the epoch under the pointer; 0 while there is none
  let waiting = 0; // the timer that runs while Stop was not answered
  let stopAsked = false;
  let shape = { width: 0, height: 0 };
  const figures = new Map(); // from a quantity to its figure, caption and canvas

  const pastFor = remember((records) => records.map(unpacked));
  const latestFor = remember(unpacked);
  const examples = facts.demo.map(unpacked);
  const inkFor = remember(() => getComputedStyle(root).color);

  /** Everything that a drawing needs, from the traits and from what this view knows. */
  function look() {
    const latest = model.get("_latest");
    const own = Boolean(latest.name);
    const runs = own ? [...pastFor(model.get("_past")), latestFor(latest)] : examples;
    const chosen = model.get("front");
    const front = runs[chosen > 0 && chosen <= runs.length ? chosen - 1 : runs.length - 1];
    const epoch = pointed || model.get("epoch");
    const at = epoch && front.epochs.length ? nearest(front.epochs, epoch) : -1;
    return { own, runs, front, at, live: runs.at(-1), last: lastEpoch(runs), log: model.get("log") };
  }

  function colourOf(view, run) {
    return run === view.front ? VALIDATION : OTHERS[view.runs.indexOf(run) % OTHERS.length];
  }

  function dashOf(view, run) {
    return run === view.front ? [] : DASHES[Math.floor(view.runs.indexOf(run) / OTHERS.length) % DASHES.length];
  }

  // drawing -------------------------------------------------------------------------------------------------------

  function draw() {
    const view = look();
    demo.hidden = view.own;
    drawStatus(view);
    const names = quantities(view.front);
    measure(names.length);
    arrange(names);
    const captions = Object.fromEntries(names.map((name) => [name, drawPanel(name, view)]));
    drawTable(view, names);
    scene.say(words(view), () => describe(view, names));
    const { epochs, best, state } = view.front;
    return {
      demo: !view.own,
      run: view.front.name,
      runs: view.runs.map(({ name }) => name),
      state,
      epochs,
      at: view.at < 0 ? 0 : epochs[view.at],
      best: best < 0 ? 0 : epochs[best],
      number: model.get("_latest").number ?? 0,
      panels: captions,
    };
  }

  function drawStatus({ own, live, front }) {
    const running = own && live.state === "running";
    const stopping = running && (stopAsked || model.get("_latest").stopping);
    if (!running || model.get("_latest").stopping) stopAnswered();
    stopButton.disabled = !running || stopping;
    tell(stopButton, stopping ? "Stopping…" : "Stop");
    stopButton.classList.toggle("dlc-live", running && !stopping);
    const ofPlanned = live.planned ? ` of ${live.planned}` : "";
    if (running) tell(status, `${live.name}: epoch ${live.begun || live.epochs.at(-1) || 1}${ofPlanned}`);
    else tell(status, own ? `${front.name}: ${front.told}` : "No training yet");
    const share = running ? live.progress : -1;
    bar.hidden = !running;
    bar.classList.toggle("dlc-unknown", share < 0);
    filled.style.width = `${100 * Math.max(share, 0)}%`;
    if (share >= 0) bar.setAttribute("aria-valuenow", Math.round(100 * share));
    else bar.removeAttribute("aria-valuenow");
    const soFar = `${duration(live.seconds)} so far`;
    if (!running) tell(left, own ? `in ${duration(front.seconds)}` : "");
    else tell(left, live.left >= 0 ? `about ${duration(live.left)} left` : soFar);
    log.checked = model.get("log");
  }

  function measure(count) {
    const columns = scene.width < NARROW ? 1 : count > 4 ? 3 : Math.min(count, 2) || 1;
    const width = Math.floor((scene.width - 18 * (columns - 1)) / columns);
    const rows = Math.ceil(count / columns);
    shape = { width, height: columns === 1 ? 190 : rows > 1 ? 165 : 250 };
  }

  /** A figure for each quantity, in their order. */
  function arrange(names) {
    if (names.length === figures.size && names.every((name) => figures.has(name))) return;
    figures.clear();
    for (const name of names) figures.set(name, figureOf(name));
    panels.replaceChildren(...[...figures.values()].map(({ figure }) => figure));
  }

  function figureOf(name) {
    const canvas = element("canvas", { tabindex: 0, role: "application", onkeydown: moved });
    canvas.addEventListener("pointermove", point);
    canvas.addEventListener("pointerdown", point);
    canvas.addEventListener("pointerup", (event) => choose(event, canvas));
    canvas.addEventListener("pointerleave", leave);
    canvas.addEventListener("pointercancel", leave);
    const [training, validation, gap] = [element("span"), element("span"), element("span", { class: "dlc-faint" })];
    const key = (colour, part) =>
      element("span", { class: "dlc-board-key" }, element("i", { style: `background: ${colour}` }), part);
    const keys = [key(TRAINING, training), key(VALIDATION, validation)];
    const caption = element("figcaption", {}, element("b", {}, plain(name)), ...keys, gap);
    return { figure: element("figure", {}, caption, canvas), canvas, training, validation, gap, keys };
  }

  /** One quantity of all runs; returns what its caption says. */
  function drawPanel(name, view) {
    const { front, runs, last, log, at } = view;
    const part = figures.get(name);
    const others = runs
      .filter((run) => run !== front)
      .map((run) => ({
        epochs: run.epochs,
        values: beside(run, name),
        colour: colourOf(view, run),
        dash: dashOf(view, run),
      }));
    const looks = {
      ...shape,
      theme: scene.theme,
      ink: inkFor(scene.theme),
      training: TRAINING,
      validation: VALIDATION,
    };
    curvePanel(part.canvas, { name, front, others, last, at, log: log && LOGARITHMIC.includes(name) }, looks);
    return drawCaption(part, view, front.numbers[name], front.numbers[`val_${name}`]);
  }

  function beside(run, name) {
    return run.numbers[`val_${name}`] ?? run.numbers[name];
  }

  function drawCaption(part, { front, at }, train, validation) {
    const index = at < 0 ? front.epochs.length - 1 : at;
    const [trainValue, validationValue] = [train?.[index], validation?.[index]];
    tell(part.training, `training ${figure(trainValue)}`);
    tell(part.validation, `validation ${figure(validationValue)}`);
    part.keys[1].hidden = !validation;
    const gap = Math.abs(validationValue - trainValue);
    tell(part.gap, Number.isFinite(gap) && shape.width > 330 ? `gap ${figure(gap)}` : "");
    return { training: trainValue ?? null, validation: validationValue ?? null };
  }

  // the table of runs

  function drawTable(view, names) {
    const { runs, front, own } = view;
    const kinds = names.slice(0, Math.max(1, Math.floor((scene.width - 480) / 150))); // the others are in the captions
    const epochLabel = view.at < 0 ? "" : `, epoch ${front.epochs[view.at]}`;
    const splitLabel = (name) => (runs.some(({ numbers }) => numbers[`val_${name}`]) ? " train / val." : "");
    const titles = [
      "",
      "Run",
      "Epochs",
      ...kinds.map((name) => `${plain(name)}${splitLabel(name)}${epochLabel}`),
      `Best ${front.watched}`,
      "Time",
    ];
    fill(head, titles, (title) => element("th", { scope: "col" }, title));
    while (body.childElementCount > runs.length) body.lastElementChild.remove();
    while (body.childElementCount < runs.length) body.append(rowOf(body.childElementCount));
    const bests = runs.map((run) =>
      run.best < 0 || run.watched !== front.watched ? NaN : run.numbers[run.watched][run.best],
    );
    const bestOf = front.higher ? Math.max : Math.min;
    const record = bestOf(...bests.filter((value) => !Number.isNaN(value)));
    runs.forEach((run, index) => drawRow(body.children[index], run, view, kinds, bests[index], record));
    clearButton.hidden = !own || runs.length < 2;
  }

  function rowOf(index) {
    const swatch = element("button", { type: "button", class: "dlc-board-swatch", onclick: () => bringForward(index) });
    const name = element("input", { type: "text", maxlength: 60, onchange: () => rename(index, name.value) });
    name.addEventListener("keydown", (event) => {
      if (event.key === "Enter") name.blur(); // which tells the change
    });
    const row = element("tr", {}, element("td", {}, swatch), element("td", {}, name));
    row.parts = { swatch, name };
    return row;
  }

  function drawRow(row, run, view, kinds, best, mostOfAll) {
    const { swatch, name } = row.parts;
    const inFront = run === view.front;
    press(swatch, inFront);
    swatch.setAttribute("aria-label", `Draw ${run.name} in front`);
    swatch.title = inFront ? "This run is drawn in front" : "Draw this run in front";
    swatch.style.setProperty("--dlc-run", colourOf(view, run));
    name.setAttribute("aria-label", `Name of run ${view.runs.indexOf(run) + 1}`);
    name.disabled = !view.own;
    if (document.activeElement !== name) show(name, run.name);
    const at = view.at < 0 ? run.epochs.length - 1 : run.epochs.indexOf(view.front.epochs[view.at]);
    const epochsDone = run.epochs.at(-1) ?? 0;
    const cells = [
      run.state === "finished"
        ? `${epochsDone}`
        : `${epochsDone}${run.planned ? ` of ${run.planned}` : ""}, ${run.told}`,
      ...kinds.map((kind) => pair(run, kind, at)),
      Number.isNaN(best) ? "–" : `${figure(best)} in epoch ${run.epochs[run.best]}`,
      duration(run.seconds),
    ];
    fill(row, cells, () => element("td"), 2);
    const record = best === mostOfAll && view.runs.length > 1;
    Array.from(row.children, (cell, index) =>
      cell.classList.toggle("dlc-board-record", record && index === 3 + kinds.length),
    );
  }

  function pair(run, kind, at) {
    const [train, validation] = [run.numbers[kind], run.numbers[`val_${kind}`]];
    return validation ? `${figure(train?.[at])} / ${figure(validation[at])}` : figure(train?.[at]);
  }

  /** Texts into the children of a row, from the one at `skip` on. */
  function fill(row, texts, make, skip = 0) {
    while (row.childElementCount > texts.length + skip) row.lastElementChild.remove();
    texts.forEach((text, index) => {
      if (!row.children[index + skip]) row.append(make(text));
      tell(row.children[index + skip], text);
    });
  }

  // words

  function words(view) {
    const { front, at } = view;
    const start = view.own ? "" : "A recorded example: ";
    if (at < 0) return start + front.words;
    const parts = quantities(front).map((name) => {
      const [train, validation] = [front.numbers[name]?.[at], front.numbers[`val_${name}`]?.[at]];
      return `${plain(name)} ${figure(train)}${validation === undefined ? "" : `, on validation data ${figure(validation)}`}`;
    });
    const distance = front.best < 0 ? 0 : front.epochs[at] - front.epochs[front.best];
    const distanceInWords = `${Math.abs(distance)} ${Math.abs(distance) === 1 ? "epoch" : "epochs"}`;
    const place =
      front.best < 0
        ? ""
        : distance
          ? ` This is ${distanceInWords} ${distance > 0 ? "after" : "before"} the best.`
          : " This is the best epoch.";
    return `${start}${front.name}, epoch ${front.epochs[at]}: ${parts.join("; ")}.${place}`;
  }

  /** For screen readers, what the canvases show. */
  function describe({ front }, names) {
    for (const name of names) {
      const part = figures.get(name);
      const label =
        `Curves of ${plain(name)} over ${front.epochs.length} epochs; arrow keys go from epoch to epoch, ` +
        "Escape back to the last; the line below tells the numbers";
      part?.canvas.setAttribute("aria-label", label);
    }
  }

  function toKeras() {
    const { front } = look();
    const filled = { EPOCHS: front.planned || 20, MONITOR: front.watched, SIGN: front.higher ? "-" : "" };
    return CODE.replace(/EPOCHS|MONITOR|SIGN/g, (word) => filled[word]);
  }

  // events --------------------------------------------------------------------------------------------------------

  function stop() {
    stopAsked = true;
    model.send({ do: "stop" });
    waiting = setTimeout(() => {
      stopAsked = false;
      scene.complain(
        "The kernel does not hear the button here. Interrupt it (■ in the toolbar, or twice the key I): the board " +
          "keeps its numbers and the model what it has learned.",
      );
      scene.ask();
    }, DEAF);
    scene.ask();
  }

  /** Stop was answered. */
  function stopAnswered() {
    if (!waiting) return;
    clearTimeout(waiting);
    waiting = 0;
    stopAsked = false;
    scene.complain("");
  }

  function clear() {
    model.send({ do: "clear" });
  }

  function rename(index, name) {
    model.send({ do: "rename", number: index + 1, name });
  }

  function bringForward(index) {
    const { runs } = look();
    write(model, { front: index === runs.length - 1 ? 0 : index + 1 });
  }

  function epochUnder(event) {
    const { front, last } = look();
    if (!front.epochs.length) return 0;
    const share = (event.offsetX - MARGIN.left) / (shape.width - MARGIN.left - MARGIN.right);
    return front.epochs[nearest(front.epochs, share * last)];
  }

  function point(event) {
    pointed = epochUnder(event);
    scene.ask();
  }

  function choose(event, canvas) {
    const epoch = epochUnder(event);
    canvas.focus({ preventScroll: true });
    if (event.pointerType !== "mouse") pointed = 0;
    if (epoch) write(model, { epoch: epoch === model.get("epoch") ? 0 : epoch });
    scene.ask();
  }

  function leave() {
    pointed = 0;
    scene.ask();
  }

  function moved(event) {
    const { front, at } = look();
    const end = front.epochs.length - 1;
    if (end < 0) return;
    const current = at < 0 ? end : at;
    const stride = event.shiftKey ? 10 : 1;
    const to = { ArrowLeft: current - stride, ArrowRight: current + stride, Home: 0, End: end }[event.key];
    if (to === undefined && event.key !== "Escape") return;
    event.preventDefault();
    pointed = 0;
    write(model, { epoch: to === undefined ? 0 : front.epochs[Math.min(Math.max(to, 0), end)] });
    scene.ask();
  }

  // wiring --------------------------------------------------------------------------------------------------------

  return scene.finish(
    element(
      "div",
      { class: "dlc-row" },
      stopButton,
      status,
      bar,
      left,
      element("span", { class: "dlc-gap" }),
      element("label", {}, log, "log scale"),
      scene.buttons,
    ),
    demo,
    panels,
    element("div", { class: "dlc-scrolls dlc-board-table" }, table),
    element("div", { class: "dlc-row" }, clearButton),
  );
}

export default { render };
