/** A failure of the query itself, in SQL Server's words: thrown inside SQLite's functions, caught by the engine's methods. */
export class SqlError extends Error {
  override name = "SqlError";
}

/** A construct the engine does not run: thrown by the translator, and answered as `unsupported`. */
export class Unsupported extends Error {
  override name = "Unsupported";
}

/** Stops the translation because the sandbox cannot run `construct` without risking a wrong row. */
export function unsupported(construct: string): never {
  throw new Unsupported(`The sandbox does not run ${construct}.`);
}
