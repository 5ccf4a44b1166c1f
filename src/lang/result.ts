/** A value, or why there is none. What a caller must expect comes as a result; only what nobody can act on is thrown. */
export type Result<T, E> = Ok<T> | Err<E>;

/** A result that has a value. */
export type Ok<T> = { ok: true; value: T };

/** A result that has none, and why. */
export type Err<E> = { ok: false; error: E };

/** A value as a result. */
export function ok<T>(value: T): Ok<T> {
  return { ok: true, value };
}

/** The reason why there is no value, as a result. */
export function err<E>(error: E): Err<E> {
  return { ok: false, error };
}
