/** A node of the parser's JSON: nothing is taken for granted about it. */
type Node = Readonly<Record<string, unknown>>;

/** The value under a key of a node; nothing for anything that is no object. */
export function at(node: unknown, key: string): unknown {
  // Any object may be read by key; a missing one gives undefined.
  return typeof node === "object" && node !== null ? (node as Node)[key] : undefined;
}

/** The list under a key; an empty one when there is none. */
export function listAt(node: unknown, key: string): readonly unknown[] {
  const value = at(node, key);
  return Array.isArray(value) ? value : [];
}

/** A Rust enum as serde writes it: `"Tag"` or `{"Tag": body}`. */
export type Variant = { tag: string; body: unknown };

/** Which variant of an enum a node is; the tag is "" for what is no enum. */
export function variant(node: unknown): Variant {
  if (typeof node === "string") return { tag: node, body: undefined };
  if (typeof node !== "object" || node === null) return { tag: "", body: undefined };
  for (const tag in node) return { tag, body: at(node, tag) };
  return { tag: "", body: undefined };
}

/** A name in the text, with the parser's place of it where it has one (columns count code points). */
export type Name = { value: string; quoted: boolean; span: unknown };

/** The name a node of type Ident is, doubled quotes already undone by the parser; nothing for other nodes. */
export function nameOf(ident: unknown): Name | undefined {
  const value = at(ident, "value");
  if (typeof value !== "string") return undefined;
  return { value: value, quoted: typeof at(ident, "quote_style") === "string", span: at(ident, "span") };
}

/** The parts of a dotted name: of an object name, or of a list of identifiers. */
export function namesOf(parts: unknown): Name[] {
  if (!Array.isArray(parts)) return [];
  return parts.flatMap((part: unknown) => nameOf(at(part, "Identifier") ?? part) ?? []);
}

const tableHints = new Set([
  "nolock",
  "readuncommitted",
  "readcommitted",
  "readpast",
  "holdlock",
  "tablock",
  "rowlock",
  "paglock",
  "updlock",
]);

/**
 * The arguments of a function in FROM, given the parser's Table node; nothing for a table.
 *
 * The old way of hinting, `FROM t (NOLOCK)`, looks like a call to the parser.
 */
function functionArguments(table: unknown): unknown[] | undefined {
  const call = at(table, "args");
  if (call === null || call === undefined) return undefined;
  const args = listAt(call, "args").flatMap((argument) => at(at(argument, "Unnamed"), "Expr") ?? []);
  const isHint = (argument: unknown): boolean => {
    const { tag, body } = variant(argument);
    return tag === "Identifier" && tableHints.has(nameOf(body)?.value.toLowerCase() ?? "");
  };
  return args.length > 0 && args.every(isHint) ? undefined : args;
}

function commonNames(query: unknown): Set<string> {
  return new Set(
    listAt(at(query, "with"), "cte_tables").map((table) =>
      (nameOf(at(at(table, "alias"), "name"))?.value ?? "").toLowerCase(),
    ),
  );
}

function gather(node: unknown, common: ReadonlySet<string>, found: Name[][]): void {
  if (typeof node !== "object" || node === null) return;
  if (Array.isArray(node)) {
    for (const item of node) gather(item, common, found);
    return;
  }
  const table = at(node, "Table");
  const parts = namesOf(at(table, "name"));
  const isCommon = parts.length === 1 && common.has(parts[0]?.value.toLowerCase() ?? "");
  if (parts.length > 0 && !isCommon && functionArguments(table) === undefined) found.push(parts);
  for (const child of Object.values(node)) gather(child, common, found);
}

/**
 * The dotted names of every table the query reads, in the order of the tree, repeated as often as written.
 *
 * A walk of the whole tree, so that no table is missed wherever it stands.
 */
export function tableNames(query: unknown): Name[][] {
  const found: Name[][] = [];
  gather(query, commonNames(query), found);
  return found;
}
