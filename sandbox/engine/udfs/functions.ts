import type { DatabaseSync } from "node:sqlite";
import type { Stored } from "../types.ts";

/** A function that SQLite calls; it throws SqlError to end the query. */
export type Scalar = (...values: Stored[]) => Stored;

/** An aggregate: `step` returns the new state; `inverse` takes a row out again when a window frame moves. */
type Aggregate<State> = {
  start: () => State;
  step: (state: State, ...values: Stored[]) => State;
  inverse?: (state: State, ...values: Stored[]) => State;
  result: (state: State) => Stored;
};

/** Registers functions with SQLite, one per `key`, and returns the name to call. */
export type Functions = {
  scalar(key: string, body: () => Scalar, isVolatile?: boolean): string;
  aggregate<State>(key: string, body: () => Aggregate<State>): string;
  /** The failure of an aggregate since the last call: SQLite swallows what aggregates throw. */
  takeFailure(): unknown;
};

/** Integers beyond 2^53 arrive as bigint; every other one becomes a number again. */
function tame(value: Stored): Stored {
  return typeof value === "bigint" && value >= -9_007_199_254_740_991n && value <= 9_007_199_254_740_991n
    ? Number(value)
    : value;
}

/** node:sqlite returns every number as a float; whole ones must be SQLite integers, or `/` would no longer cut. */
function whole(value: Stored): Stored {
  return typeof value === "number" && Number.isSafeInteger(value) ? BigInt(value) : value;
}

/** Opens the register over one database. */
export function openFunctions(db: DatabaseSync): Functions {
  const names = new Map<string, string>();
  let failure: { error: unknown } | undefined;

  function name(key: string, register: (name: string) => void): string {
    const known = names.get(key);
    if (known !== undefined) return known;
    const made = `f${names.size}_${key.replace(/\W+/g, "_").slice(0, 24)}`;
    register(made);
    names.set(key, made);
    return made;
  }

  return {
    scalar: (key, body, isVolatile = false) =>
      name(`s ${key}`, (made) => {
        const call = body();
        const options = { deterministic: !isVolatile, useBigIntArguments: true, varargs: true };
        db.function(made, options, (...values: Stored[]) => whole(call(...values.map(tame))));
      }),
    aggregate: (key, body) =>
      name(`a ${key}`, (made) => {
        const { start, step, inverse, result } = body();
        const guard = <T>(work: () => T, otherwise: T): T => {
          try {
            return work();
          } catch (error) {
            failure ??= { error };
            return otherwise;
          }
        };
        const shared = {
          useBigIntArguments: true,
          varargs: true,
          step: (state: ReturnType<typeof start>, ...values: Stored[]) =>
            guard(() => step(state, ...values.map(tame)), state),
          result: (state: ReturnType<typeof start>) => whole(guard(() => result(state), null)),
        };
        // node:sqlite types the state as a plain SQL value, but keeps any object between the calls.
        const options = {
          start,
          ...shared,
          ...(inverse === undefined
            ? {}
            : {
                inverse: (state: ReturnType<typeof start>, ...values: Stored[]) =>
                  guard(() => inverse(state, ...values.map(tame)), state),
              }),
        } as unknown as Parameters<DatabaseSync["aggregate"]>[1];
        db.aggregate(made, options);
      }),
    takeFailure() {
      const taken = failure;
      failure = undefined;
      return taken?.error;
    },
  };
}
