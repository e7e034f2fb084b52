/** What need not be computed or drawn again. */

/** Remembers the last answer, and gives it again while the arguments are the same. */
export function remember(compute) {
  let last = null;
  return (...inputs) => {
    if (!last || last.inputs.some((input, index) => !Object.is(input, inputs[index]))) {
      last = { inputs, answer: compute(...inputs) };
    }
    return last.answer;
  };
}

/** Tells whether something is not as it was when last asked under that name, so that it must be drawn anew. */
export function changes() {
  const states = new Map();
  return (name, ...state) => {
    const before = states.get(name);
    if (before && state.every((part, index) => Object.is(part, before[index]))) return false;
    states.set(name, state);
    return true;
  };
}
