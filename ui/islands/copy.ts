// Copies the text of the element that `data-copy` names.
import type { Island } from "./island";

export const copy: Island = (element) => {
  const source = document.getElementById(element.dataset["copy"] ?? "");
  if (!source || !navigator.clipboard) return;
  element.hidden = false;
  element.addEventListener("click", () => {
    void navigator.clipboard.writeText(source.textContent?.trim() ?? "").then(() => {
      const done = element.dataset["done"];
      if (done) element.textContent = done;
    });
  });
};
