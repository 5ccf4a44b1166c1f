import { mceLocal } from "./date.ts";
import { element, xml, type Xml } from "./envelope.ts";

/** A condition of a Retrieve. Times are epoch milliseconds. */
export type Filter =
  | { property: string; equals: string | number }
  | { property: string; in: readonly string[] }
  | { property: string; before: number }
  | { and: readonly [Filter, Filter] };

/** Returns the `Filter` element. Every operand has its own xsi:type (MCE 2.3). */
export function filterElement(filter: Filter): Xml {
  return operand("Filter", filter);
}

function operand(name: "Filter" | "LeftOperand" | "RightOperand", filter: Filter): Xml {
  const tag = (type: string, inner: readonly Xml[]): Xml => {
    const [open, close] = [{ xml: `<${name} xsi:type="${type}">` }, { xml: `</${name}>` }];
    return xml`${open}${inner}${close}`;
  };
  if ("and" in filter) {
    const [left, right] = filter.and;
    return tag("ComplexFilterPart", [
      operand("LeftOperand", left),
      element("LogicalOperator", "AND"),
      operand("RightOperand", right),
    ]);
  }
  return tag("SimpleFilterPart", [element("Property", filter.property), ...condition(filter)]);
}

function condition(filter: Exclude<Filter, { and: unknown }>): Xml[] {
  if ("equals" in filter) return [element("SimpleOperator", "equals"), element("Value", filter.equals)];
  if ("in" in filter) return [element("SimpleOperator", "IN"), ...filter.in.map((value) => element("Value", value))];
  // Without a zone: whether the operator respects one is unproven, and the service's own zone is right either way.
  return [element("SimpleOperator", "lessThan"), element("DateValue", mceLocal(filter.before))];
}
