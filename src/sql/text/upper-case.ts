// oxlint-disable-next-line no-control-regex -- what is not ASCII
const beyondAscii = /[^\0-\x7f]/;

/** Upper case as keywords and functions have it, which fold ASCII letters only: `ſELECT` is no SELECT, `mın(` no MIN. */
export function upperCase(word: string): string {
  return beyondAscii.test(word) ? word : word.toUpperCase();
}
