import type { FlowName } from "#protocol/target.ts";
import type { Flow } from "../run/flow.ts";
import { runToTarget } from "./run-to-target.ts";
import { runToTemp } from "./run-to-temp.ts";

const flows: readonly Flow[] = [runToTemp, runToTarget];

/** The flow of that name; undefined for one that this bridge does not have. */
export function flowOf(name: FlowName): Flow | undefined {
  return flows.find((flow) => flow.name === name);
}
