import { randomBytes } from "node:crypto";

/** What must not be found, and one thing that must be: a run's id, by which each sink shows that it was really read. */
export const canaryKinds = [
  "row value",
  "quoted by MCE",
  "SQL literal",
  "SQL comment",
  "parameter",
  "search text",
  "stored query",
  "column name",
  "API key",
  "bearer token",
  "cookie",
  "MCE token",
  "refresh token",
  "secret",
  "run id",
] as const;
export type CanaryKind = (typeof canaryKinds)[number];

/** A text that occurs nowhere by chance. `text` is the part of it that is searched for. */
export type Canary = { kind: CanaryKind; text: string };

/** The canaries of one proof. */
export type Canaries = {
  all: Canary[];
  /** Returns a new text of a kind: a word of lower-case letters and digits. */
  draw(kind: CanaryKind): string;
  /** Notes a text that somebody else has made, such as a token. */
  note(kind: CanaryKind, text: string): void;
};

/** Of a token only this much is searched for: longer than chance, shorter than a line. */
const noteLength = 20;

/** Opens an empty set of canaries. */
export function openCanaries(): Canaries {
  const all: Canary[] = [];
  const add = (kind: CanaryKind, text: string) => {
    if (!all.some((known) => known.text === text)) all.push({ kind, text });
  };
  return {
    all,
    draw(kind) {
      const text = `q${letters(14)}`;
      add(kind, text);
      return text;
    },
    // The end of a token is its signature or random; its beginning may say who made it.
    note: (kind, text) => add(kind, text.slice(-noteLength)),
  };
}

/** Letters alone: digits and capitals would not survive every change of case or number. */
function letters(count: number): string {
  return Array.from(randomBytes(count), (byte) => String.fromCodePoint(97 + (byte % 26))).join("");
}
