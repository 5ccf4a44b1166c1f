/**
 * The text a message may be about: its words outside string literals, in lower case, with the names of columns known
 * besides; and the contents of its literals.
 */
export type QueryText = { words: ReadonlySet<string>; literals: ReadonlySet<string> };
