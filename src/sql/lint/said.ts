import { given } from "#lang/given.ts";
import type { Remark } from "../diagnostic.ts";
import advice from "./advice.prose.json" with { type: "json" };

/** What is said of faults, by their code, and a word for those of which several things are said: `UNBALANCED:open`. */
const texts: Readonly<Record<string, { message: string; fix?: string }>> = advice.said;

/** What is said of a fault, with these words in the places `{0}`, `{1}` and so on. */
export function said(key: keyof typeof advice.said, ...words: readonly (string | number)[]): Remark {
  const filled = (text: string): string =>
    text.replaceAll(/\{(\d)\}/g, (_all, index) => String(words[Number(index)] ?? ""));
  const { message, fix } = texts[key] ?? { message: "" };
  return { code: key.replace(/:.*/, ""), message: filled(message), ...given({ fix: fix && filled(fix) }) };
}
