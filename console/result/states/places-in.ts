import type { Diagnostic } from "#client/check-types.ts";

/** Something that is wrong at a place of a query; lines and columns from 1. */
export type Place = Pick<Diagnostic, "line" | "column" | "message"> & Partial<Pick<Diagnostic, "fix" | "severity">>;

/** The places that a failure's detail names, one a line; undefined when a line names none. */
export function placesIn(detail: string): Place[] | undefined {
  const places = detail.split("\n").map((text) => {
    const [, line, column, message] = /^Line (\d+), column (\d+): (.+)$/.exec(text) ?? [];
    return message === undefined ? undefined : { line: Number(line), column: Number(column), message };
  });
  return places.every((place) => place !== undefined) ? places : undefined;
}
