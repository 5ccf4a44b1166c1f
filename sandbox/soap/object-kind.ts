import type { Grant } from "../tokens.ts";
import type { World } from "../world.ts";

/** The business unit a call works for: the token's, or the one ClientIDs selected. */
export type Context = {
  world: World;
  grant: Grant;
  mid: number;
  /** More than `mid` with QueryAllAccounts: all of the enterprise for its parent, the parent's too for a child. */
  mids: readonly number[];
  eid: number;
  now: number;
  /** A child business unit asks: of the parent's things it sees only the shared ones (MCE 4.7). */
  onlyShared: boolean;
};

type Shown = string | number | boolean | undefined;

/** One property of a retrievable object, in the order of the WSDL. */
export type Property<E> = {
  /** Dotted when nested. */
  path: string;
  read(entity: E, context: Context): Shown;
  /** Dates are compared as moments and shown in server time. */
  kind?: "date";
  /** An empty text is written as an empty element; otherwise it is left out. */
  keepsEmpty?: true;
  /** Is returned, but cannot be asked for. */
  hidden?: true;
};

/** What Retrieve needs to know of an object type. */
export type ObjectKind<E> = {
  type: string;
  properties: readonly Property<E>[];
  /** Paths a filter may use; the rest breaks the service's SQL. */
  filterable: readonly string[];
  /** Operators this object does not support. */
  refuses?: readonly string[];
  list(context: Context): readonly E[];
};

/** `PartnerKey` and `ObjectID` come back unasked, as nil (MCE 2.2). */
export function unasked(path: string): boolean {
  return /(?:^|\.)(?:PartnerKey|ObjectID)$/.test(path);
}
