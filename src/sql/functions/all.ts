import { aggregateFunctions } from "./aggregate.ts";
import type { Typing } from "./call.ts";
import { choiceFunctions } from "./choice.ts";
import { dateFunctions } from "./date.ts";
import { numberFunctions } from "./number.ts";
import { textFunctions } from "./text.ts";
import { isUntyped } from "./untyped.ts";

const all = new Map<string, Typing>(
  [textFunctions, dateFunctions, numberFunctions, aggregateFunctions, choiceFunctions].flatMap((family) =>
    Object.entries(family),
  ),
);

/** How a function's result is typed, by upper-cased name; nothing for functions nobody here knows. */
export function typingOf(name: string): Typing | undefined {
  return all.get(name);
}

/** Whether T-SQL has a function of this upper-cased name, as far as is known here. */
export function isKnownFunction(name: string): boolean {
  return all.has(name) || isUntyped(name);
}

/** The upper-cased names of the functions that are typed here. */
export function knownFunctions(): Iterable<string> {
  return all.keys();
}
