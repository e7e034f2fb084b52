/** The network: its file, its manifest, and onnxruntime's build for browsers, all from beside this module. */

/**
 * @typedef {{shape: number[], dtype: string, range: [number, number], colours: "grey" | "RGB", name: string}} Input
 * @typedef {{file: string, sha256: string, input: Input, output: {kind: string, name: string},
 *   classes: string[] | null, preprocessing: string}} Manifest
 */

/**
 * @param {string} file  the model's name
 * @returns {Promise<{manifest: Manifest, answer: (numbers: Float32Array | Uint8Array) => Promise<Float32Array>}>}
 */
export async function openNetwork(file) {
  const place = new URL(".", import.meta.url);
  const manifest = JSON.parse(new TextDecoder().decode(await bytesOf(new URL(`${file}.manifest.json`, place))));
  const bytes = await bytesOf(new URL(file, place));
  await check(bytes, manifest.sha256, file);
  const ort = await import(new URL("ort.wasm.bundle.min.mjs", place).href);
  ort.env.wasm.numThreads = 1; // more need a server that isolates the page from others
  ort.env.wasm.wasmPaths = { wasm: new URL("ort-wasm-simd-threaded.wasm", place).href };
  const session = await ort.InferenceSession.create(bytes, { executionProviders: ["wasm"] });
  const { input, output } = manifest;

  async function answer(numbers) {
    const one = input.shape.reduce((product, side) => product * side, 1);
    const tensor = new ort.Tensor(input.dtype, numbers, [numbers.length / one, ...input.shape]);
    return (await session.run({ [input.name]: tensor }))[output.name].data;
  }

  return { manifest, answer };
}

/**
 * What answers mean: a probability for each class, of two classes where there is a single unit.
 *
 * @param {ArrayLike<number>} answers  to one picture
 * @param {string} kind  "probabilities" or "logits"
 */
export function probabilities(answers, kind) {
  const numbers = Array.from(answers);
  if (numbers.length === 1) {
    const second = kind === "logits" ? 1 / (1 + Math.exp(-numbers[0])) : numbers[0];
    return [1 - second, second];
  }
  if (kind !== "logits") return numbers;
  const largest = Math.max(...numbers);
  const exponents = numbers.map((number) => Math.exp(number - largest));
  const sum = exponents.reduce((total, exponent) => total + exponent, 0);
  return exponents.map((exponent) => exponent / sum);
}

async function bytesOf(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.pathname.split("/").pop()} is not there (${response.status}).`);
  return new Uint8Array(await response.arrayBuffer());
}

/** Where the browser can compute it (on this machine, or over https): is this the file that the manifest describes? */
async function check(bytes, sha256, file) {
  if (!crypto.subtle) return;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const found = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (found !== sha256) throw new Error(`${file} is not the model that its manifest describes: export it again.`);
}
