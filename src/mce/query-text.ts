/**
 * The query that a message may be about: its words outside string literals, in lower case, with the names of known
 * columns; and the contents of its literals.
 */
export type QueryText = { words: ReadonlySet<string>; literals: ReadonlySet<string> };
