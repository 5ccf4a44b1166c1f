/** A parameter by its name, with or without `$` and in any case (MCE 7.1). */
export function param(query: URLSearchParams, name: string): string | undefined {
  for (const [key, value] of query) if (key.replace(/^\$/, "").toLowerCase() === name.toLowerCase()) return value;
  return undefined;
}

/** A whole number of at least 1 and no more than `most`; else `otherwise`. */
export function positive(text: string | undefined, most: number, otherwise: number = most): number {
  const value = Math.floor(Number(text ?? Number.NaN));
  return value >= 1 ? Math.min(value, most) : otherwise;
}
