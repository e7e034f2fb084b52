/** A search field above a page whose third headings are terms: only those that hold the letters typed are left. */
(() => {
  /** @type {(selector: string) => HTMLElement[]} */
  const all = (selector) => Array.from(document.querySelectorAll(selector));
  const terms = all("h3").map((heading) => {
    const parts = [heading];
    for (let next = heading.nextElementSibling; next && !/^H[123]$/.test(next.tagName); next = next.nextElementSibling)
      parts.push(/** @type {HTMLElement} */ (next));
    const cell = /** @type {HTMLElement} */ (heading.closest(".jp-Cell"));
    return { cell, parts, text: parts.map((part) => part.textContent.toLowerCase()).join(" ") };
  });
  const field = document.createElement("input");
  field.type = "search";
  field.setAttribute("aria-label", "Search the glossary");
  field.placeholder = "Search";
  field.style.cssText = "font: inherit; width: min(100%, 20em); padding: 4px 8px";
  const found = document.createElement("p");
  found.setAttribute("role", "status");

  field.addEventListener("input", () => {
    const letters = field.value.trim().toLowerCase();
    const fitting = terms.filter(({ text }) => text.includes(letters));
    for (const { cell, parts } of terms) for (const part of [cell, ...parts]) part.hidden = true;
    for (const { cell, parts } of fitting) for (const part of [cell, ...parts]) part.hidden = false;
    for (const letter of all("h2")) letter.hidden = letters !== "";
    found.textContent = letters ? `${fitting.length} of ${terms.length} terms` : "";
  });
  document.querySelector("h1").after(field, found);
})();
