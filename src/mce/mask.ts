/** Masks everything an MCE message quotes. */
export function maskValues(text: string): string {
  return text
    .replace(/'[^']*'/g, "'…'")
    .replace(/\(.*\)/gs, "(…)")
    .replace(/[^\s'"<>()]+@[^\s'"<>()]+/g, "…");
}
