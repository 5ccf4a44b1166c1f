/** Orders two values of a field: NULL first, as SQL Server does; text without case. */
export function compareValues(a: string | null, b: string | null, fieldType: string): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  if (fieldType === "Number" || fieldType === "Decimal") return Number(a) - Number(b);
  const [left, right] = [a.toLowerCase(), b.toLowerCase()];
  return left < right ? -1 : left > right ? 1 : 0;
}
