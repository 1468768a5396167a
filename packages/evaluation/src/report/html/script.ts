/** What the page does: it filters its own tables and lists. It reads nothing but the page, and writes nothing but which parts are hidden. */
export const script = `
"use strict";
for (const section of document.querySelectorAll("[data-filtered]")) {
  const search = section.querySelector("input[type=search]");
  const choices = [...section.querySelectorAll("select")];
  const count = section.querySelector("output");
  const entries = [...section.querySelectorAll("[data-entry]")].map((element) => ({ element, text: element.textContent.toLowerCase() }));
  const filter = () => {
    const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
    let shown = 0;
    for (const { element, text } of entries) {
      const fits = words.every((word) => text.includes(word)) &&
        choices.every(({ value, name }) => value === "" || JSON.parse(element.dataset[name]).includes(value));
      element.hidden = !fits;
      if (fits) shown += 1;
    }
    count.textContent = shown + " of " + entries.length + " shown";
  };
  for (const control of [search, ...choices]) control.addEventListener("input", filter);
  filter();
}
`;
