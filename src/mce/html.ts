/** Whether an answer is a web page, of a gateway or for maintenance. MCE's own services never answer with one. */
export function isPage(text: string): boolean {
  return /^\s*(?:<!--[\s\S]*?-->\s*)*<(?:!doctype\s+html|html)\b/i.test(text.slice(0, 2000));
}
