/** The page for people who write programs: how to ask, and all that openapi.json says. */

/** @type {(name: string) => any} */
const byId = (name) => document.getElementById(name);
const model = JSON.parse(byId("model").textContent);

/**
 * @param {string} tag
 * @param {string | Node | (Node | string)[]} content
 */
function make(tag, content) {
  const element = document.createElement(tag);
  element.append(...[content].flat());
  return element;
}

function calls() {
  const address = new URL("predict", location.href).href;
  const shape = model.shape.map((side) => side ?? "any").join(", ");
  const found = [
    [
      "Python, arrays",
      `import io, httpx, numpy as np

file = io.BytesIO()
np.save(file, examples)  # of shape (n, ${shape}), ${model.dtype}
answer = httpx.post("${address}", content=file.getvalue(),
                    headers={"Content-Type": "application/x-npy"}).json()
answer["predictions"]`,
    ],
    [
      "Python, lists",
      `import httpx

answer = httpx.post("${address}", json={"instances": examples.tolist()}).json()`,
    ],
  ];
  if (model.field) found.push(["A picture, from a shell", `curl -F ${model.field}=@picture.png ${address}`]);
  for (const [title, program] of found) byId("examples").append(make("h3", title), code(program));
}

/** @param {string} text */
function code(text) {
  const block = make("pre", text);
  block.tabIndex = 0; // keys scroll it
  return block;
}

function contents(content) {
  return Object.entries(content ?? {}).map(([type, { schema }]) =>
    make("details", [make("summary", make("code", type)), code(JSON.stringify(schema, null, 2))]),
  );
}

function operation(method, path, about) {
  const parts = [make("h3", make("code", `${method.toUpperCase()} ${path}`)), make("p", about.summary)];
  for (const parameter of about.parameters ?? []) {
    const values = parameter.schema.enum?.join(", ") ?? parameter.schema.type;
    parts.push(make("p", [make("code", `?${parameter.name}=`), ` ${parameter.description} One of: ${values}.`]));
  }
  if (about.requestBody) parts.push(make("h4", "It takes"), ...contents(about.requestBody.content));
  const { 200: answer, ...refusals } = about.responses;
  if (about.requestBody) parts.push(make("h4", "It answers"));
  parts.push(...contents(answer.content));
  if (Object.keys(refusals).length > 0) {
    parts.push(make("h4", "It refuses"), make("p", ["Always with a sentence: ", make("code", '{"error": "…"}')]));
    const lines = Object.entries(refusals).map(([status, { description }]) => [
      make("dt", status),
      make("dd", description),
    ]);
    parts.push(make("dl", lines.flat()));
  }
  return parts;
}

async function paths() {
  const response = await fetch("openapi.json");
  const described = await response.json();
  byId("about").textContent = described.info.description;
  const all = Object.entries(described.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, about]) => operation(method, path, about)),
  );
  byId("paths").replaceChildren(...all);
}

calls();
paths().catch(() =>
  byId("paths").replaceChildren(make("p", "The service does not answer: see whether it still runs.")),
);
