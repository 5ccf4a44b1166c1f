import { setTimeout as sleep } from "node:timers/promises";
import type { TestStack } from "../support/stack.ts";
import { openSandboxDoor, type SandboxDoor } from "../support/sandbox.ts";
import type { Canaries } from "./canary.ts";
import { entryOf, type Entry } from "./sink.ts";

/** What the acts of a proof share. */
export type World = {
  stack: TestStack;
  sandbox: SandboxDoor;
  canaries: Canaries;
  /** Calls the API. @throws when it does not answer with one of the statuses that are expected; 2xx is */
  ask: (method: string, path: string, options?: AskOptions) => Promise<Answered>;
  /** What was collected on the way, such as answers that have no rows in them. */
  collected: Entry[];
};

type AskOptions = { token?: string; body?: unknown; expected?: readonly number[] };
/** A JSON answer; the acts read what they need of it. */
type Answered = { status: number; text: string; json: Record<string, unknown> };

/** Opens the world of a proof on a stack. */
export function openProofWorld(stack: TestStack, canaries: Canaries): World {
  return { stack, sandbox: openSandboxDoor(stack.sandbox), canaries, ask: askerOf(stack), collected: [] };
}

function askerOf(stack: TestStack): World["ask"] {
  return async (method, path, { token = stack.tokens.alice, body, expected = [] } = {}) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(`${stack.edge}${path}`, { method, headers, ...sent });
    const text = await answer.text();
    if (!answer.ok && !expected.includes(answer.status)) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return { status: answer.status, text, json: text.startsWith("{") ? JSON.parse(text) : {} };
  };
}

/** Waits until a run is over, and collects what the API shows of it besides its rows. @returns its status */
export async function overRun({ ask, collected, canaries }: World, id: string, token?: string): Promise<string> {
  canaries.note("run id", id);
  const as = token === undefined ? {} : { token };
  for (;;) {
    const { json, text } = await ask("GET", `/v1/runs/${id}?wait=25`, as);
    const status = String(json["status"]);
    if (status === "queued" || status === "running") continue;
    const debug = await ask("GET", `/v1/runs/${id}?debug=1`, as);
    collected.push(entryOf("run as shown", id, text), entryOf("trace of a run", id, debug.text));
    return status;
  }
}

/** Submits a run. @returns its id */
export async function submit({ ask, canaries }: World, body: object, token?: string): Promise<string> {
  const { json } = await ask("POST", "/v1/runs", { body, ...(token !== undefined && { token }) });
  const id = String(json["id"]);
  canaries.note("run id", id);
  return id;
}

/** Kills the stack's own bridge, which is started again, as soon as it runs. */
export async function killBridge({ stack }: World): Promise<void> {
  while (stack.now().bridgePid === undefined) await sleep(50);
  stack.kill("bridge");
}
