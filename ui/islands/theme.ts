// Shows the chosen theme at once; the form beneath it keeps the choice.
import type { Island } from "./island";

export const theme: Island = (element) => {
  element.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>("button[name=theme]");
    if (!button) return;
    if (button.value === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = button.value;
  });
};
