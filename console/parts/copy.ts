/**
 * Copies a text. It works inside a frame that forbids `navigator.clipboard`, too, because a `copy` event may always be
 * answered. Only within what a person does.
 *
 * @returns whether the browser did it
 */
export function copyText(text: string): boolean {
  let isDone = false;
  const answer = (event: ClipboardEvent) => {
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
    event.stopImmediatePropagation();
    isDone = true;
  };
  document.addEventListener("copy", answer, { capture: true });
  // Deprecated, and the only way that needs no permission; no browser plans to remove it.
  document.execCommand("copy");
  document.removeEventListener("copy", answer, { capture: true });
  return isDone;
}
