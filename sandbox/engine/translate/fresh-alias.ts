import type { Context } from "./model.ts";

/** A new alias inside SQLite's text. */
export function freshAlias(context: Context, letter: string): string {
  context.state.aliases += 1;
  return `${letter}${context.state.aliases}`;
}
