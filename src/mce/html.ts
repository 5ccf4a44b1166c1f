/** Whether an answer is a web page: a gateway's or a maintenance notice, and nothing that MCE's own services say. */
export function isPage(text: string): boolean {
  return /^\s*(?:<!--[\s\S]*?-->\s*)*<(?:!doctype\s+html|html)\b/i.test(text.slice(0, 2000));
}
