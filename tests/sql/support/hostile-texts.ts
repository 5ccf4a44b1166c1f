import type { CheckContext } from "#sql/check.ts";
import type { TableField, TableRef } from "#sql/fields.ts";
import { chained } from "./hostile/chained.ts";
import { crossed } from "./hostile/crossed.ts";
import type { Kind } from "./hostile/growth.ts";
import { lists } from "./hostile/lists.ts";
import { long } from "./hostile/long.ts";
import { mistaken } from "./hostile/mistaken.ts";
import { multiplied } from "./hostile/multiplied.ts";
import { nested } from "./hostile/nested.ts";
import { stars } from "./hostile/stars.ts";
import { unclosed } from "./hostile/unclosed.ts";
import { views } from "./hostile/views.ts";

/** Every kind of text that has been slow, or might be, by name. */
export const hostileTexts: ReadonlyMap<string, Kind> = new Map(
  Object.entries({ nested, chained, lists, stars, long, mistaken, multiplied, crossed, views, unclosed }).flatMap(
    ([family, kinds]) => Object.entries(kinds).map(([name, kind]): [string, Kind] => [`${family}: ${name}`, kind]),
  ),
);

const wide: readonly TableField[] = Array.from({ length: 250 }, (_, index) =>
  index === 0
    ? { name: "Id", fieldType: "Number" }
    : { name: `F${index}`, fieldType: "Text", maxLength: 50, isNullable: true },
);

const spaced: readonly TableField[] = wide.map(({ name }) => ({ name: `Spaced Column ${name}`, fieldType: "Text" }));

const others = new Map<string, readonly TableField[]>();

/** `Wide`, `Target`, `Spaced` and `Other0`, `Other1` … have 250 fields each; nobody knows the rest. */
export function wideFieldsOf({ name }: TableRef): readonly TableField[] | undefined {
  if (/^(?:Wide|Target)$/i.test(name)) return wide;
  if (/^Spaced$/i.test(name)) return spaced;
  if (!/^Other\d+$/.test(name)) return undefined;
  const fields = others.get(name) ?? wide.map((field) => ({ ...field }));
  others.set(name, fields);
  return fields;
}

/** The names of 10,000 Data Extensions, much alike. */
export const manyTableNames: readonly string[] = Array.from(
  { length: 10_000 },
  (_, index) => `Data Extension of Customers ${String(index).padStart(5, "0")}`,
);

/** All that may be known beside the fields, so that every rule looks at the text. */
export const everythingKnown: CheckContext = {
  tableNames: manyTableNames,
  target: { name: "Target", mode: "overwrite" },
  isChild: true,
  now: Date.UTC(2026, 10, 30),
};
