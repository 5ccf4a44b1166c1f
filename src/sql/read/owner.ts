import type { Name } from "../syntax/tree.ts";
import { maxRelations, ownColumn, relationNamed, type Relation, type Scope } from "./scope.ts";

/** The relation a column's name means, the innermost query first; nothing where that is not sure. */
export function ownerOf(scope: Scope, parts: readonly Name[]): Relation | undefined {
  const prefix = parts.at(-2);
  if (prefix !== undefined) return relationNamed(scope, prefix.value);
  const name = (parts.at(-1)?.value ?? "").toLowerCase();
  for (let here: Scope | undefined = scope; here !== undefined; here = here.outer) {
    if (here.relations.length > maxRelations) return undefined;
    const owners = here.relations.filter((relation) => ownColumn(relation, name) !== undefined);
    if (owners.length > 0) return owners.length === 1 ? owners[0] : undefined;
    if (here.relations.some(({ isOpen }) => isOpen)) return undefined;
  }
  return undefined;
}
