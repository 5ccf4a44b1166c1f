/** Members that are there: those whose value is not undefined. */
export type Given<T extends object> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Drops the members that are undefined, so that a spread of them leaves no such member behind. */
export function given<T extends object>(members: T): Given<T> {
  // Only entries with a value are kept, under the names they had.
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Given<T>;
}
