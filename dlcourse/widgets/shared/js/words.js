/** Numbers and sentences as people read them. */

/** A number in a few characters: two places, fewer where it is large, a real minus. */
export function shown(value) {
  const size = Math.abs(value);
  const places = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  const text = value.toFixed(places);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "−");
}

/** A number in full, as one types it. */
export function typed(value) {
  return String(value || 0).replace("-", "−");
}

/** A whole number as it is, any other in a few characters. */
export function brief(value) {
  return Number.isInteger(value) ? typed(value) : shown(value);
}

/** A probability as people say it. */
export function percent(share) {
  return share > 0 && share < 0.005 ? "< 1 %" : `${Math.round(share * 100)} %`;
}

/** What somebody typed as a number: 0.5, 0,5, −1, 1/9; null if it is none. */
export function read(text) {
  const parts = text.trim().replaceAll("−", "-").replaceAll(",", ".").split("/");
  if (parts.length > 2 || parts.some((part) => part.trim() === "")) return null;
  const [above, below = 1] = parts.map(Number);
  const value = above / below;
  return Number.isFinite(value) ? value : null;
}

/**
 * A line that tells in words what is seen, for eyes and for screen readers; it speaks when things have come to rest.
 *
 * @param {HTMLElement} line  with aria-live
 * @returns {{say: (text: string, also: () => void) => void, end: () => void}} `also` is done when it speaks
 */
export function teller(line, delay = 150) {
  let timer;
  return {
    say(text, also) {
      clearTimeout(timer);
      timer = setTimeout(
        () => {
          if (line.textContent !== text) line.textContent = text;
          also();
        },
        line.textContent ? delay : 0,
      );
    },
    end: () => clearTimeout(timer),
  };
}

/**
 * When there may be another sentence while things move: so many milliseconds after the one before, or at once when
 * they rest.
 *
 * @returns {(resting: boolean) => boolean}
 */
export function pace(milliseconds) {
  let last = -Infinity;
  return (resting) => {
    const time = performance.now();
    if (!resting && time - last < milliseconds) return false;
    last = time;
    return true;
  };
}
