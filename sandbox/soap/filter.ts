import { readFilterDate } from "../dates.ts";
import type { Context, ObjectKind, Property } from "./object-kind.ts";
import { child, childrenOf, localName, textAt, type XmlElement } from "./xml.ts";

type Test<E> = (entity: E) => boolean;
export type Filter<E> = { kind: "fine"; test: Test<E> } | { kind: "refused"; message: string };

/** Texts the live service leaks for broken filters (MCE 2.3). */
const leaks = {
  untyped: "Error: Unknown filter of type FilterPart encountered",
  broken: "Error: Incorrect syntax near the keyword 'AND'.",
  unfilterable: "Error: Object reference not set to an instance of an object.",
  valueless: "Error: Invalid argument for the equals operator. Filter array cannot be null.",
  truncated: "Error: String or binary data would be truncated. The statement has been terminated.",
};
const refused = (message: string): { kind: "refused"; message: string } => ({ kind: "refused", message });

/** A Filter element as a test of one entity, or how the service would fail. */
export function readFilter<E>(part: XmlElement, kind: ObjectKind<E>, context: Context): Filter<E> {
  switch (localName(part.attributes.get("type") ?? "")) {
    case "SimpleFilterPart":
      return simple(part, kind, context);
    case "ComplexFilterPart":
      return complex(part, kind, context);
    default:
      return refused(leaks.untyped);
  }
}

function complex<E>(part: XmlElement, kind: ObjectKind<E>, context: Context): Filter<E> {
  const operands = [child(part, "LeftOperand"), child(part, "RightOperand")];
  if (operands.includes(undefined)) return refused(leaks.broken);
  const parts = [...operands, ...childrenOf(child(part, "AdditionalOperands"), "Operand")];
  const tests: Test<E>[] = [];
  for (const operand of parts) {
    if (operand === undefined) continue;
    const filter = readFilter(operand, kind, context);
    if (filter.kind === "refused") return filter;
    tests.push(filter.test);
  }
  const logical = textAt(part, "LogicalOperator")?.trim().toUpperCase();
  if (logical === "AND") return { kind: "fine", test: (entity) => tests.every((test) => test(entity)) };
  if (logical === "OR") return { kind: "fine", test: (entity) => tests.some((test) => test(entity)) };
  return refused(leaks.broken);
}

function simple<E>(part: XmlElement, kind: ObjectKind<E>, context: Context): Filter<E> {
  const path = textAt(part, "Property")?.trim() ?? "";
  const property = kind.properties.find((it) => it.path === path && kind.filterable.includes(path));
  if (property === undefined) return refused(leaks.unfilterable);
  const values = [...childrenOf(part, "Value"), ...childrenOf(part, "DateValue")].map((it) => it.text);
  if (values.some((value) => value.length > 4000)) return refused(leaks.truncated);
  return compare(textAt(part, "SimpleOperator")?.trim() ?? "", { kind, property }, values, context);
}

type Comparable = string | number;
type Check = (value: Comparable, wanted: readonly Comparable[]) => boolean;

const contains = (value: Comparable, wanted: Comparable) => String(value).includes(String(wanted));
const first = (wanted: readonly Comparable[]): Comparable => wanted[0] ?? "";
const order = (value: Comparable, wanted: Comparable): number =>
  typeof value === "number" && typeof wanted === "number"
    ? value - wanted
    : String(value).localeCompare(String(wanted));

/** Every operator needs one value, except between; IN takes any number. */
const checks: Record<string, Check> = {
  equals: (value, wanted) => order(value, first(wanted)) === 0,
  notEquals: (value, wanted) => order(value, first(wanted)) !== 0,
  greaterThan: (value, wanted) => order(value, first(wanted)) > 0,
  lessThan: (value, wanted) => order(value, first(wanted)) < 0,
  greaterThanOrEqual: (value, wanted) => order(value, first(wanted)) >= 0,
  lessThanOrEqual: (value, wanted) => order(value, first(wanted)) <= 0,
  between: (value, wanted) => order(value, first(wanted)) >= 0 && order(value, wanted[1] ?? first(wanted)) <= 0,
  IN: (value, wanted) => wanted.some((it) => order(value, it) === 0),
  like: (value, wanted) => likePattern(String(first(wanted))).test(String(value)),
  beginsWith: (value, wanted) => String(value).startsWith(String(first(wanted))),
  endsWith: (value, wanted) => String(value).endsWith(String(first(wanted))),
  contains: (value, wanted) => contains(value, first(wanted)),
  existsInString: (value, wanted) => contains(value, first(wanted)),
  existsInStringAsAWord: (value, wanted) =>
    String(value)
      .split(/\W+/)
      .includes(String(first(wanted))),
  notExistsInString: (value, wanted) => !contains(value, first(wanted)),
  notContains: (value, wanted) => !contains(value, first(wanted)),
};

function compare<E>(
  operator: string,
  { kind, property }: { kind: ObjectKind<E>; property: Property<E> },
  values: readonly string[],
  context: Context,
): Filter<E> {
  const read = (entity: E) => property.read(entity, context);
  if (operator === "isNull") return { kind: "fine", test: (entity) => isEmpty(read(entity)) };
  if (operator === "isNotNull") return { kind: "fine", test: (entity) => !isEmpty(read(entity)) };
  const check = checks[operator];
  if (check === undefined || kind.refuses?.includes(operator) === true) return refused(leaks.unfilterable);
  if (values.length === 0) return refused(leaks.valueless);
  return {
    kind: "fine",
    test: (entity) => {
      const value = read(entity);
      if (value === undefined) return false;
      if (property.kind === "date")
        return check(
          Number(value),
          values.map((it) => readFilterDate(it) ?? Number.NaN),
        );
      if (typeof value === "number") return check(value, values.map(Number));
      return check(
        String(value).toLowerCase(),
        values.map((it) => it.toLowerCase()),
      );
    },
  };
}

function isEmpty(value: string | number | boolean | undefined): boolean {
  return value === undefined || value === "";
}

/** LIKE with SQL's wildcards; a pattern without any means "contains", as the API's `like` is used. */
function likePattern(wanted: string): RegExp {
  const escaped = wanted.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const body = /[%_]/.test(wanted) ? escaped.replaceAll("%", ".*").replaceAll("_", ".") : `.*${escaped}.*`;
  return new RegExp(`^${body}$`, "is");
}
