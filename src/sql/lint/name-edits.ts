import type { Remark } from "../diagnostic.ts";
import type { Edit } from "../read/reading.ts";
import { isSameName } from "../read/scope.ts";
import type { Name } from "../syntax/tree.ts";
import { asItLooks, lookAlikeLetter } from "../text/letters.ts";
import { asWritten } from "../text/splice.ts";
import type { Nearest } from "./nearest.ts";

/** What to do about something: in words, and as edits where there is one answer. */
export type Fix = Pick<Remark, "fix" | "edits">;

/** The edit that writes another name in the place of one. */
export function nameEdit({ start, end }: Name, name: string): Edit {
  return { start, end, text: asWritten(name) };
}

const sorted = (name: string): string => name.toLowerCase().split("").sort().join("");
const digitsIn = (name: string): string => name.replaceAll(/\D/g, "");

/** Whether a name can be a slip for another like it: not of two letters that are others, nor where its digits are. */
export function isSlip(written: string, name: string): boolean {
  return (
    digitsIn(written) === digitsIn(name) &&
    (Math.max(written.length, name.length) > 3 || sorted(written) === sorted(name))
  );
}

/** An edit with more slips than these, for every five letters one, would be a guess. */
const maxSlips = 2;

/**
 * The name that was meant, if one is like the one that is written.
 *
 * @param isRight whether it would mean one thing there, and is surely meant; else it is said, but no edit is offered
 */
export function didYouMean(
  nearest: Nearest,
  written: Name,
  names: Iterable<string>,
  isRight: (name: string, distance: number) => boolean = () => true,
): Fix {
  const like = nearest(written.value, names);
  if (like === undefined) return {};
  const { name, distance } = like;
  const letter = isSameName(asItLooks(name), asItLooks(written.value)) ? lookAlikeLetter(written.value) : undefined;
  const fix = letter === undefined ? `Did you mean ${name}?` : `Write ${name}: ${letter.says}`;
  const isNear = distance <= Math.max(maxSlips, name.length / 5);
  return ((like.isSole && isNear && isSlip(written.value, name)) || letter !== undefined) && isRight(name, distance)
    ? { fix, edits: [nameEdit(written, name)] }
    : { fix };
}
