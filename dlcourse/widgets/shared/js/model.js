/** What the browser hands to Python. */

/** Hands to Python what has changed, and nothing else. */
export function write(model, values) {
  const changed = Object.entries(values).filter(([name, value]) => !same(model.get(name), value));
  for (const [name, value] of changed) model.set(name, value);
  if (changed.length) model.save_changes();
}

function same(one, other) {
  if (ArrayBuffer.isView(one) || ArrayBuffer.isView(other)) return one === other;
  if (typeof one !== "object" || typeof other !== "object" || !one || !other) return Object.is(one, other);
  const [names, others] = [Object.keys(one), Object.keys(other)];
  return names.length === others.length && names.every((name) => same(one[name], other[name]));
}
