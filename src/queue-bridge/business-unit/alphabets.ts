/** Which accounts accept ASCII names only, as far as this process has seen. */
export type Alphabets = {
  isAsciiOnly(eid: number): boolean;
  keepToAscii(eid: number): void;
};

/** More accounts than one bridge serves; a forgotten one costs one refused call. */
const maxAccounts = 10_000;

/** Opens an empty memory of accounts. */
export function openAlphabets(): Alphabets {
  const ascii = new Set<number>();
  return {
    isAsciiOnly: (eid) => ascii.has(eid),
    keepToAscii(eid) {
      ascii.add(eid);
      const [oldest] = ascii;
      if (ascii.size > maxAccounts && oldest !== undefined) ascii.delete(oldest);
    },
  };
}
