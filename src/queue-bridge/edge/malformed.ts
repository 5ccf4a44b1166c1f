import type { RunError } from "#protocol/run-error.ts";

/** The edge cannot read what the bridge says of the run. @param what the members it is about, as the edge names them */
export function reportMalformed(type: string, what: string): RunError {
  return {
    code: "INTERNAL",
    title: "The run met a fault of this service",
    detail: `Two parts of this service do not understand each other: "${type}" of the run could not be read (${what})`,
    fix: "Tell the operator the run's id; before you run it again into a Data Extension, look whether its rows are there",
  };
}
