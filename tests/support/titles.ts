const longest = 80;

/** A text as part of a title: one that is long loses its middle, so that queries of one beginning are told apart. */
export function short(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, 45)} … ${text.slice(3 + 45 - longest)}`;
}

/** Rows for `each("%s", …)`, behind a title of their own: the first two cells with the verb between, or the first alone. */
export function titled<Row extends readonly [string, ...unknown[]]>(
  rows: readonly Row[],
  verb?: string,
): [title: string, ...Row][] {
  return rows.map((row) => [short(verb === undefined ? row[0] : `${row[0]} ${verb} ${String(row[1])}`), ...row]);
}
