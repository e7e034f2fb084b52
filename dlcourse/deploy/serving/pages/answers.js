/** What the model has said, as a sentence and as bars; with many classes, the most probable ones. */

const MOST = 12; // bars, where there are more classes

/** @param {number} share */
function percent(share) {
  return `${(100 * share).toFixed(1)} %`;
}

/**
 * @param {{classes: string[], predictions: {class?: string, probability?: number, probabilities?: number[]}[]}} reply
 * @returns {{sentence: string, bars: {name: string, share: number, best: boolean}[]}} of the first example
 */
export function inWords(reply) {
  const [first] = reply.predictions;
  if (first.probabilities === undefined) return { sentence: JSON.stringify(reply.predictions), bars: [] };
  let bars = first.probabilities.map((share, index) => ({ name: reply.classes[index], share, best: false }));
  bars.reduce((best, bar) => (bar.share > best.share ? bar : best)).best = true;
  if (bars.length > MOST) bars = bars.sort((left, right) => right.share - left.share).slice(0, MOST);
  const more = reply.predictions.length > 1 ? `; the others: ${others(reply.predictions)}` : "";
  return { sentence: `${first.class}, with ${percent(first.probability)}${more}`, bars };
}

function others(predictions) {
  return predictions
    .slice(1)
    .map((prediction) => prediction.class)
    .join(", ");
}

/**
 * @param {HTMLElement} status
 * @param {HTMLElement} list
 */
export function answerPanel(status, list) {
  return {
    say(sentence, refused = false) {
      status.textContent = sentence;
      status.classList.toggle("refused", refused);
      list.replaceChildren();
    },
    show(reply) {
      const { sentence, bars } = inWords(reply);
      status.textContent = sentence;
      status.classList.remove("refused");
      list.replaceChildren(...bars.map(row));
    },
  };
}

function row({ name, share, best }) {
  const line = document.createElement("li");
  const [label, track, number, bar] = ["name", "track", "share", "bar"].map((kind) => {
    const part = document.createElement("span");
    part.className = kind;
    return part;
  });
  line.className = best ? "best" : "";
  label.textContent = name;
  number.textContent = percent(share);
  bar.style.width = `${100 * Math.min(1, Math.max(0, share))}%`;
  track.append(bar);
  line.append(label, track, number);
  return line;
}
