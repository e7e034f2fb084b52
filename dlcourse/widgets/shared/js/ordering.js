/** Things to be put in order: by dragging, by keys, or by buttons. */
import { clamp } from "./bounds.js";
import { element, tell } from "./page.js";

/**
 * The order after one thing has gone to another place.
 *
 * @template Thing
 * @param {Thing[]} order
 * @param {number} from
 * @param {number} to  kept between the first and the last place
 * @returns {Thing[]}
 */
export function moved(order, from, to) {
  const rest = order.filter((_, place) => place !== from);
  rest.splice(clamp(to, 0, rest.length), 0, order[from]);
  return rest;
}

/**
 * The place that a thing is dragged to: it changes places with a neighbour once the pointer has passed its middle.
 *
 * @param {number[]} middles  of the things as they stand, from above
 * @param {number} from  the place of the one that is dragged
 * @param {number} y  the pointer's
 */
export function placeFor(middles, from, y) {
  return middles.filter((middle, place) => place !== from && middle < y).length;
}

/**
 * A list whose items change places. Drag one (on a touch screen by its handle), press its buttons, or focus it and
 * press Alt with an arrow key; a plain arrow key goes to the next item.
 *
 * @param {{label: string, items: (string | HTMLElement)[], change: (order: number[]) => void}} list
 *   `label`: what is put in order, for screen readers; `change`: is told the items' numbers in their new order
 */
export function orderedList({ label, items, change }) {
  const rows = items.map(rowOf);
  const list = element("ol", { class: "dlc-ordering", "aria-label": label });
  const said = element("span", { class: "dlc-unseen", "aria-live": "polite" });
  const part = element("div", {}, list, said);
  let order = []; // as it was last drawn
  let isLocked = false;
  let dragged = null; // the number of an item

  function rowOf(item, number) {
    const button = (sign, way, by) =>
      element(
        "button",
        { type: "button", "aria-label": `Move ${way}: ${textOf(item)}`, onclick: () => step(by) },
        sign,
      );
    const step = (by) => move(number, order.indexOf(number) + by);
    const [up, down] = [button("↑", "up", -1), button("↓", "down", 1)];
    const handle = element("span", { class: "dlc-handle", "aria-hidden": "true" }, "⠿");
    const text = element("span", { class: "dlc-item" }, item);
    const note = element("span", { class: "dlc-note" });
    const row = element("li", { tabindex: 0, onkeydown: (event) => pressed(event, number) });
    row.append(handle, text, note, element("span", { class: "dlc-joined" }, up, down));
    row.addEventListener("pointerdown", (event) => grasp(event, number, handle));
    return { row, note, up, down };
  }

  function move(number, to) {
    const place = clamp(to, 0, items.length - 1);
    if (isLocked || place === order.indexOf(number)) return;
    change(moved(order, order.indexOf(number), place));
    tell(said, `${textOf(items[number])}: moved to place ${place + 1} of ${items.length}`);
  }

  function pressed(event, number) {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!by || event.target !== event.currentTarget) return;
    event.preventDefault();
    const to = order.indexOf(number) + by;
    if (event.altKey) move(number, to);
    else rows[order[to]]?.row.focus();
  }

  function grasp(event, number, handle) {
    const isButton = event.target.closest("button");
    const scrolls = event.pointerType === "touch" && event.target !== handle;
    if (isLocked || event.button || isButton || scrolls) return;
    dragged = number;
    list.setPointerCapture(event.pointerId); // not the row's: it would be lost whenever the row changes its place
    mark();
  }

  function drag({ clientY }) {
    if (dragged === null) return;
    const middles = order.map((number) => {
      const { top, height } = rows[number].row.getBoundingClientRect();
      return top + height / 2;
    });
    move(dragged, placeFor(middles, order.indexOf(dragged), clientY));
  }

  function drop() {
    dragged = null;
    mark();
  }

  function mark() {
    rows.forEach(({ row }, number) => {
      row.classList.toggle("dlc-dragged", number === dragged);
    });
  }

  list.addEventListener("pointermove", drag);
  for (const end of ["pointerup", "pointercancel"]) list.addEventListener(end, drop);

  /**
   * Shows an order.
   *
   * @param {{order: number[], locked?: boolean, says?: string[]}} shown
   *   `order`: the items' numbers; `locked`: whether nothing can be moved now; `says`: for each item, by its number, a
   *   text behind it
   */
  function draw({ order: wanted, locked = false, says = [] }) {
    [order, isLocked] = [wanted, locked];
    list.classList.toggle("dlc-locked", locked);
    const focused = /** @type {HTMLElement} */ (document.activeElement);
    wanted.forEach((number, place) => {
      const { row, note, up, down } = rows[number];
      if (list.children[place] !== row) list.insertBefore(row, list.children[place] ?? null);
      tell(note, says[number] ?? "");
      row.tabIndex = locked ? -1 : 0;
      // no `disabled`: a button that has moved its row to the end would lose the focus
      up.setAttribute("aria-disabled", String(locked || place === 0));
      down.setAttribute("aria-disabled", String(locked || place === wanted.length - 1));
      for (const button of [up, down]) button.hidden = locked;
    });
    if (list.contains(focused)) focused.focus(); // a row that has changed its place has lost it
  }

  return { part, draw };
}

function textOf(item) {
  return typeof item === "string" ? item : item.textContent;
}
