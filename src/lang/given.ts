/** The members of `T` whose value is not undefined. */
export type Given<T extends object> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Returns the members without those that are undefined, so that a spread adds no member with that value. */
export function given<T extends object>(members: T): Given<T> {
  // The filter keeps names and values as they were.
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Given<T>;
}
