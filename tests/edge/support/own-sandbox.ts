import { onTestFinished } from "vitest";
import { askWith } from "./api.ts";
import { alice, bindings, type Person } from "./people.ts";

/** A Marketing Cloud that only the test files of this process work on, one after the other: what one breaks disturbs no other. */
export const ownSandboxUrl = bindings["TEST_OWN_SANDBOX_URL"] ?? "";

/** One request to a Worker that works on it. */
export function askOnOwn(path: string, init: RequestInit = {}, person: Person = alice): Promise<Response> {
  return askWith({ MCE_SANDBOX_URL: ownSandboxUrl }, path, init, person);
}

/** Orders a fault of it, until the test ends. */
export async function faultOfOwn(fault: object): Promise<void> {
  await order("POST", "faults", fault);
  onTestFinished(() => order("DELETE", "faults"));
}

/** Sets switches of it, until the test ends. @param usually as they are otherwise */
export async function behaveOnOwn(switches: object, usually: object): Promise<void> {
  await order("POST", "behaviours", switches);
  onTestFinished(() => order("POST", "behaviours", usually));
}

async function order(method: string, what: string, body?: object): Promise<void> {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  const answer = await fetch(`${ownSandboxUrl}/sandbox/${what}`, init);
  if (!answer.ok) throw new Error(`the sandbox answered ${answer.status}: ${await answer.text()}`);
  await answer.text();
}
