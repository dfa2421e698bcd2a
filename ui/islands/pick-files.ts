// Sends the form as soon as pictures are chosen or dropped on it, so that
// nobody has to press a second button.
import type { Island } from "./island";

export const pickFiles: Island = (element) => {
  const input = element.querySelector<HTMLInputElement>("input[type=file]");
  const add = element.querySelector<HTMLButtonElement>("button[value=add-pictures]");
  const part = element.closest<HTMLElement>(".part");
  if (!input || !add || !part) return;
  add.hidden = true;
  const send = () => {
    if (!input.files?.length) return;
    element.setAttribute("aria-busy", "true");
    input.form?.requestSubmit(add);
  };
  const take = (files: FileList | undefined, event: Event) => {
    if (!files?.length) return;
    event.preventDefault();
    input.files = files;
    send();
  };
  input.addEventListener("change", send);
  part.addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
  part.addEventListener("drop", (event) => take(event.dataTransfer?.files, event));
  part.addEventListener("paste", (event) => take(event.clipboardData?.files, event));
};
