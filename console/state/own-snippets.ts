import { forget, keep, kept } from "./kept.ts";
import { store } from "./state.ts";

/** A text that a person has saved under a name. */
export type OwnSnippet = { name: string; text: string };

/** The most that are kept, and the longest one, in UTF-16 units: a browser keeps 5 MB for the whole page. */
export const snippetLimits = { count: 200, nameLength: 60, textLength: 20_000 };

/** Where the browser keeps nothing, they live as long as the page. */
let inMemory: readonly OwnSnippet[] = [];

/** The snippets of who is signed in, by name. Another window may have changed them, so they are read each time. */
export function ownSnippets(): readonly OwnSnippet[] {
  const key = keyOf();
  const found = key === undefined ? undefined : kept(key);
  return Array.isArray(found) ? found.filter(isSnippet) : inMemory;
}

/** Saves a text under a name, in place of one that has it. @returns whether there was room */
export function saveSnippet(name: string, text: string): boolean {
  const others = ownSnippets().filter((it) => it.name.toLowerCase() !== name.toLowerCase());
  if (others.length >= snippetLimits.count || text.length > snippetLimits.textLength) return false;
  put([...others, { name, text }].sort((one, other) => one.name.localeCompare(other.name)));
  return true;
}

/** Forgets a snippet. */
export function removeSnippet(name: string): void {
  put(ownSnippets().filter((it) => it.name !== name));
}

function put(snippets: readonly OwnSnippet[]): void {
  const key = keyOf();
  inMemory = snippets;
  if (key === undefined) return;
  if (snippets.length === 0) forget(key);
  else if (keep(key, snippets)) inMemory = [];
}

/** Snippets are a person's, in all business units of the tenant. */
function keyOf(): string | undefined {
  const { session } = store.get();
  return "me" in session ? `snippets.${session.me.tenant.id}.${session.me.user.id}` : undefined;
}

function isSnippet(value: unknown): value is OwnSnippet {
  if (typeof value !== "object" || value === null) return false;
  const { name, text } = value as Partial<Record<keyof OwnSnippet, unknown>>;
  return typeof name === "string" && typeof text === "string";
}
