import { ownerOf } from "../read/owner.ts";
import type { ResultList } from "../read/reading.ts";
import type { Relation } from "../read/scope.ts";
import type { Expression } from "../syntax/expression-tree.ts";
import { tokenIndexAt } from "../syntax/places.ts";
import type { Token } from "../syntax/scan.ts";
import type { Span } from "../syntax/tree.ts";
import { nameOfToken } from "../text/token-name.ts";

export type Text = { sql: string; tokens: readonly Token[] };

/** What a term of ORDER BY means: columns of the result by their indexes, more than one when the name is ambiguous. */
export type Outputs = {
  named(name: string): readonly number[];
  /** The first column made of the same words; with `isShort` also when one has a table's name before it and the other not. */
  written(term: Expression, isShort: boolean): number | undefined;
};

/** A column of the result: its name as written, its words, and what it is when it is a table's column. */
type Output = { name: string | undefined; words: readonly string[]; owner: Relation | undefined };

/** Between the tokens of a meaning: no name holds it. */
const gap = "\u0000";

/** No name in MCE has more parts. */
const maxParts = 4;

/** An expression without the parentheses around it. */
export function bare(expression: Expression): Expression {
  return expression.kind === "parens" ? bare(expression.inner) : expression;
}

/** The tokens of an expression as one text, the same for the same tokens whatever stands between them. */
function meaningOf({ sql, tokens }: Text, { start, end }: Span): string {
  return tokens
    .slice(tokenIndexAt(tokens, start), tokenIndexAt(tokens, end))
    .map((token) => nameOfToken(sql, token)?.toUpperCase() ?? sql.slice(token.start, token.end))
    .join(gap);
}

function dotted(words: readonly string[]): string {
  return words.map((word) => word.toUpperCase()).join(`${gap}.${gap}`);
}

/** What is left of a dotted name when its first parts are taken away; nothing for other expressions. */
function shorter(expression: Expression): string[] {
  if (expression.kind !== "column" || expression.parts.length > maxParts) return [];
  const words = expression.parts.map(({ value }) => value);
  return words.slice(1).map((_word, index) => dotted(words.slice(index + 1)));
}

function outputsOf(text: Text, { items, scope }: ResultList): Output[] {
  return items.flatMap(({ node, item }): Output[] => {
    if (item.kind === "star")
      return item.columns.map(({ relation, column: { name = "" } }) => ({
        name,
        words: [dotted([relation.alias, name]), dotted([name])],
        owner: relation,
      }));
    const expression = bare(node.expression);
    const owner = expression.kind === "column" ? ownerOf(scope, expression.parts) : undefined;
    return [{ name: item.name, words: [meaningOf(text, expression), ...shorter(expression)], owner }];
  });
}

/** Whether two columns are one column of one table. */
function isSame(one: Output | undefined, other: Output | undefined): boolean {
  const last = (output: Output | undefined): string | undefined => output?.words.at(-1);
  return one?.owner !== undefined && one.owner === other?.owner && last(one) === last(other);
}

/** Finds the columns of a result that terms of its ORDER BY mean. */
export function openOutputs(text: Text, list: ResultList): Outputs {
  const outputs = outputsOf(text, list);
  const byName = Map.groupBy(outputs.keys(), (index) => outputs[index]?.name?.toUpperCase());
  const whole = firstIndexes(outputs.map(({ words }) => words.slice(0, 1)));
  const short = firstIndexes(outputs.map(({ words }) => words));
  return {
    named(name) {
      const found = byName.get(name.toUpperCase()) ?? [];
      const [first] = found;
      return first !== undefined && found.every((index) => index === first || isSame(outputs[first], outputs[index]))
        ? [first]
        : found;
    },
    written(term, isShort) {
      const meaning = meaningOf(text, term);
      if (!isShort) return whole.get(meaning);
      const found = [meaning, ...shorter(term)].flatMap((words) => short.get(words) ?? []);
      return found.length === 0 ? undefined : Math.min(...found);
    },
  };
}

/** The first index of each text among lists of texts. */
function firstIndexes(lists: readonly (readonly string[])[]): ReadonlyMap<string, number> {
  const indexes = new Map<string, number>();
  for (const [index, texts] of lists.entries()) {
    for (const text of texts) if (!indexes.has(text)) indexes.set(text, index);
  }
  return indexes;
}
