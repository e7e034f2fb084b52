/** What need not be computed or drawn again. */

/** Remembers the last answer, and gives it again while the arguments are the same. */
export function remember(compute) {
  let known = null;
  return (...given) => {
    if (!known || known.given.some((one, index) => !Object.is(one, given[index]))) {
      known = { given, answer: compute(...given) };
    }
    return known.answer;
  };
}

/** Tells whether something is not as it was when last asked under that name, so that it must be drawn anew. */
export function changes() {
  const known = new Map();
  return (name, ...state) => {
    const before = known.get(name);
    if (before && state.every((one, index) => Object.is(one, before[index]))) return false;
    known.set(name, state);
    return true;
  };
}
