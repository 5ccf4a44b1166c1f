import { clip } from "#lang/clip.ts";
import { given } from "#lang/given.ts";
import type { RunError } from "#protocol/run-error.ts";
import type { Diagnostic } from "#sql/diagnostic.ts";
import type { Refusal } from "./fit.ts";

const detailMax = 4000;
const fixMax = 1000;

/** No Data Extension has the key, or the business unit cannot see it. */
export function targetNotFound(customerKey: string): RunError {
  return {
    code: "TARGET_NOT_FOUND",
    title: "The target Data Extension does not exist",
    detail: `This business unit sees no Data Extension with the external key "${customerKey}", own or shared`,
    fix: "Check the key: it is the external key in the Data Extension's properties, not its name",
  };
}

/** MCE returns the Data Extension, but none of its fields. */
export function targetFieldsHidden(name: string): RunError {
  return {
    code: "TARGET_NOT_FOUND",
    title: "The target Data Extension cannot be read",
    detail: `Marketing Cloud shows the connection no fields of the Data Extension "${name}", so nothing can be compared`,
    fix: "Give the connection's installed package the permission to read Data Extensions of this business unit",
  };
}

/** The business unit's own Data Extension hides the shared target of the same key. */
export function targetHidden(customerKey: string, own: string): RunError {
  return {
    code: "TARGET_MISMATCH",
    title: "Two Data Extensions have the target's key",
    detail: `"${own}" of this business unit has the same external key as "${customerKey}", and Marketing Cloud would write into that one`,
    fix: "Run the query in the parent business unit, or give one of the two another external key",
  };
}

/** The result table of another run: it would be deleted with that run's result. */
export function targetIsTemporary(name: string): RunError {
  return {
    code: "TARGET_MISMATCH",
    title: "The target is a result table of this service",
    detail: `"${name}" holds the result of another run and is deleted when that result expires`,
    fix: "Write into a Data Extension of your own",
  };
}

/** The query's columns do not fit the target's fields. */
export function targetMismatch(name: string, refusals: readonly Refusal[]): RunError {
  return {
    code: "TARGET_MISMATCH",
    title: clip(`The result does not fit "${name}"`, 200),
    detail: clip(refusals.map(({ message }) => sentence(message)).join("\n"), detailMax),
    ...(refusals[0] === undefined ? {} : { fix: clip(refusals[0].fix, fixMax) }),
  };
}

/** The query reads its target, which only an update may do (MCE 5.1). */
export function targetRead(name: string, places: readonly Diagnostic[]): RunError {
  const lines = places.map(({ line, column, message }) => `Line ${line}, column ${column}: ${message}`);
  const [first] = places;
  return {
    code: "TARGET_MISMATCH",
    title: clip(`The query reads "${name}", to which it writes`, 200),
    detail: clip(lines.join("\n"), detailMax),
    ...given({ fix: first?.fix }),
  };
}

function sentence(message: string): string {
  return message.slice(0, 1).toUpperCase() + message.slice(1);
}
