import { isSameName } from "../read/scope.ts";

/** The name most like another and how many letters tell them apart; `isSole` when no other name is as much like it. */
type Like = { name: string; distance: number; isSole: boolean };

/** Finds the name most like a mistyped one, without regard to case; nothing when none is within a third of its letters. */
export type Nearest = (name: string, names: Iterable<string>) => Like | undefined;

/** A search goes through all names, and nobody reads more: only so many findings get a suggestion. */
const maxSearches = 20;

/** How many pairs of letters all searches of one check may compare: 30 ms (2026-11). */
const maxCompared = 4_000_000;

/** No name in MCE is longer (MCE 4.4). */
const maxLength = 128;

/** Beginning with a word costs as much as so many pairs of letters. */
const wordCost = 10;

type Rows = [Uint16Array, Uint16Array, Uint16Array];

/** What is left of both bounds, and the rows of letters all searches use one after another. */
type Desk = { searches: number; compared: number; rows: Rows };

/** Opens the search for the names of one text. */
export function openNearest(): Nearest {
  const row = () => new Uint16Array(2 * maxLength);
  const desk: Desk = { searches: maxSearches, compared: maxCompared, rows: [row(), row(), row()] };
  const found = new Map<string, Like | undefined>();
  let last: Iterable<string> | undefined;
  return (name, names) => {
    const wanted = name.toLowerCase();
    if (names !== last) found.clear();
    last = names;
    if (found.has(wanted)) return found.get(wanted);
    if (desk.searches === 0 || wanted.length > maxLength) return undefined;
    desk.searches -= 1;
    const like = search(wanted, names, desk);
    found.set(wanted, like);
    return like;
  };
}

function search(wanted: string, names: Iterable<string>, desk: Desk): Like | undefined {
  let best: Like | undefined;
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of names) {
    desk.compared -= 1;
    if (desk.compared < 0) break;
    // One as far away as the best one counts, too: then nobody knows which is meant.
    const enough = best === undefined ? least : least + 1;
    // A distance is never less than the difference in length.
    if (Math.abs(candidate.length - wanted.length) >= enough) continue;
    desk.compared -= wordCost;
    const distance = editDistance(wanted, candidate.toLowerCase(), enough, desk);
    if (distance < least) [best, least] = [{ name: candidate, distance, isSole: true }, distance];
    else if (best !== undefined && distance === least && !isSameName(best.name, candidate)) best.isSole = false;
  }
  return best !== undefined && desk.compared < 0 ? { ...best, isSole: false } : best;
}

/**
 * How many letters must change, move or swap with a neighbor to make one word of another (optimal string alignment);
 * `enough` when it is at least that: only so many letters beside the diagonal can matter then.
 */
function editDistance(one: string, other: string, enough: number, desk: Desk): number {
  const [wanted, given] = unlike(one, other);
  let [before, last, next] = desk.rows;
  for (let column = 0; column <= given.length; column += 1) last[column] = column;
  for (let row = 1; row <= wanted.length; row += 1) {
    const from = Math.max(1, row - enough + 1);
    const to = Math.min(given.length, row + enough - 1);
    next.fill(enough, 0, given.length + 1);
    if (from === 1) next[0] = row;
    let leastOfRow = next[0] ?? enough;
    for (let column = from; column <= to; column += 1) {
      const isSame = wanted[row - 1] === given[column - 1];
      let least = Math.min(
        (next[column - 1] ?? enough) + 1,
        (last[column] ?? enough) + 1,
        (last[column - 1] ?? enough) + (isSame ? 0 : 1),
      );
      const isSwap =
        row > 1 && column > 1 && wanted[row - 1] === given[column - 2] && wanted[row - 2] === given[column - 1];
      if (isSwap) least = Math.min(least, (before[column - 2] ?? enough) + 1);
      next[column] = least;
      if (least < leastOfRow) leastOfRow = least;
    }
    desk.compared -= Math.max(0, to - from + 1);
    if (leastOfRow >= enough) return enough;
    [before, last, next] = [last, next, before];
  }
  return last[given.length] ?? enough;
}

/** Two words without what they begin and end with alike, which no edit concerns. */
function unlike(one: string, other: string): [string, string] {
  const shorter = Math.min(one.length, other.length);
  let start = 0;
  while (start < shorter && one.charCodeAt(start) === other.charCodeAt(start)) start += 1;
  let end = 0;
  while (end < shorter - start && one.charCodeAt(one.length - 1 - end) === other.charCodeAt(other.length - 1 - end)) {
    end += 1;
  }
  return [one.slice(start, one.length - end), other.slice(start, other.length - end)];
}
