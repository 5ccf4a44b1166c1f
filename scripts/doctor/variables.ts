import { findProblems } from "../../src/queue-bridge/config.ts";
import { ConfigError, readConfig } from "../../src/worker/config.ts";
import type { Variables } from "../settings/read-settings.ts";
import { broken, ok, skipped, type Check, type Finding } from "./finding.ts";

const fix = "Set it as docs/operations.md, Variables and secrets, says";

/** Every variable of both programs, as the programs themselves read it at their start. */
export const variablesCheck: Check = {
  id: "variables",
  title: "Variables",
  look: ({ settings: { worker, bridge } }) =>
    Promise.resolve([
      ...findingsOf("Worker", worker, workerProblems),
      ...findingsOf("bridge", bridge, findProblems),
      ...(worker && bridge ? [callsFinding(worker, bridge)] : []),
    ]),
};

function findingsOf(program: string, variables: Variables | undefined, find: (it: Variables) => string[]): Finding[] {
  if (variables === undefined) return [skipped(`Variables of the ${program}: not given`)];
  const problems = find(variables);
  if (problems.length === 0) return [ok(`All variables of the ${program} are there and usable`)];
  return problems.map((problem) => broken(`${program}: ${problem}`, `The ${program} does not start`, fix));
}

function workerProblems(variables: Variables): string[] {
  try {
    readConfig(variables);
    return [];
  } catch (error) {
    return error instanceof ConfigError ? [...error.problems] : ["a setting of the local stack is not usable"];
  }
}

function callsFinding(worker: Variables, bridge: Variables): Finding {
  const [one, other] = [worker, bridge].map((variables) => variables["MCE_CALLS_PER_MINUTE"] ?? "300");
  if (one === other) return ok(`Worker and bridge share ${one} calls to Marketing Cloud a minute and business unit`);
  return broken(
    "MCE_CALLS_PER_MINUTE differs between Worker and bridge",
    "The budget of calls is neither number",
    "Set the same value on both sides",
  );
}
