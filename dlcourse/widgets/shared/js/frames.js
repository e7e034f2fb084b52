/** When a widget draws. */

/**
 * Draws at most once a frame: at once when asked for the first time, so that no frame passes between a key and its
 * picture, and once more in the next frame when asked again.
 */
export function oncePerFrame(draw) {
  let asked = false;
  let drawn = false;
  let ended = false;
  function run() {
    asked = false;
    if (ended) return;
    drawn = true;
    requestAnimationFrame(() => {
      drawn = false;
    });
    draw();
  }
  return {
    ask() {
      if (asked) return;
      asked = true;
      if (drawn) requestAnimationFrame(run);
      else queueMicrotask(run); // after all that the event at hand still changes
    },
    end: () => {
      ended = true;
    },
  };
}
