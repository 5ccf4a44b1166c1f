import type { RunError } from "#protocol/run-error.ts";

/** The error of a run whose report the edge cannot read. @param what the members concerned, as the edge names them */
export function reportMalformed(type: string, what: string): RunError {
  return {
    code: "INTERNAL",
    title: "An internal error ended the run",
    detail: `Two parts of this service do not understand each other: the run's "${type}" could not be read (${what})`,
    fix: "Give the operator the run's id; before you run it again into a Data Extension, check whether its rows are there",
  };
}
