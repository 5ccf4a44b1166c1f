/** Numbers that look random and repeat exactly from one start of the sandbox to the next. */
export type Random = {
  /** 0 ≤ x < 1 */
  next(): number;
  /** Integer, both ends included. */
  between(least: number, most: number): number;
  /** Lower-case GUID of version 4. */
  guid(): string;
};

/** Opens one stream of numbers (mulberry32, public domain by Tommy Ettinger); equal seeds give equal streams. */
export function openRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  const hex = (digits: number) =>
    between(0, 16 ** digits - 1)
      .toString(16)
      .padStart(digits, "0");
  const guid = () => `${hex(8)}-${hex(4)}-4${hex(3)}-${"89ab"[between(0, 3)]}${hex(3)}-${hex(6)}${hex(6)}`;
  return { next, between, guid };
}

/** A new array with the rows in an order of this stream (Fisher and Yates). */
export function shuffled<T>(rows: readonly T[], random: Random): T[] {
  const mixed = [...rows];
  for (let last = mixed.length - 1; last > 0; last--) {
    const other = random.between(0, last);
    // Both indexes lie inside the array.
    [mixed[last], mixed[other]] = [mixed[other] as T, mixed[last] as T];
  }
  return mixed;
}
