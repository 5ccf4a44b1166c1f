import { createExecutionContext } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import type { ClaimAnswer } from "#protocol/claim.ts";
import { sign, signatureHeader, timestampHeader } from "#protocol/signature.ts";
import type { Transition } from "#protocol/transition.ts";
import type { RunView } from "#run/view.ts";
import { app } from "../../../src/worker/app.ts";
import { contract } from "./contract.ts";
import { alice, bindings, tokenOf, type Person } from "./people.ts";

/** One request to the Worker under test as a signed-in person. The answer is held against openapi.json. */
export async function ask(path: string, init: RequestInit = {}, person: Person = alice): Promise<Response> {
  const answer = await askUnchecked(path, init, person);
  await (await contract()).check(init.method ?? "GET", path, answer);
  return answer;
}

/** The same for an answer with members that only a later version's document has. */
export async function askUnchecked(path: string, init: RequestInit = {}, person: Person = alice): Promise<Response> {
  return exports.default.fetch(await requestOf(path, init, person));
}

/** As `ask`, of a Worker that has some other variables and remembers nothing. */
export async function askWith(
  variables: object,
  path: string,
  init: RequestInit = {},
  person: Person = alice,
): Promise<Response> {
  const request = await requestOf(path, init, person);
  const answer = await app.fetch(request, { ...env, ...variables }, createExecutionContext());
  await (await contract()).check(request.method, path, answer);
  return answer;
}

async function requestOf(path: string, init: RequestInit, person: Person): Promise<Request> {
  const headers = new Headers(init.headers);
  if (!headers.has("authorization")) headers.set("authorization", `Bearer ${await tokenOf(person)}`);
  return new Request(`https://edge.example${path}`, { ...init, headers });
}

export function post(
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
  person: Person = alice,
): Promise<Response> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return ask(path, { method: "POST", body: text, headers: { "content-type": "application/json", ...headers } }, person);
}

/** Submits a run and returns its view. */
export async function submit(sql = "SELECT CustomerKey FROM Customers", person: Person = alice): Promise<RunView> {
  const answer = await post("/v1/runs", { sql }, {}, person);
  if (answer.status !== 202) throw new Error(`not accepted: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

export async function readRun(id: string, person: Person = alice): Promise<RunView> {
  return (await ask(`/v1/runs/${id}`, {}, person)).json();
}

/** What a test reads of a problem's body. */
export type Problem = { code: string; detail: string };

/** An answer's body; the test asserts its shape. */
export function bodyOf<T = Problem>(answer: Response): Promise<T> {
  return answer.json();
}

/** A bridge as the edge sees one: it claims a run and sends numbered transitions. */
export class Bridge {
  readonly id: string;
  epoch = 0;
  seq = 0;
  constructor(id: string) {
    this.id = id;
  }

  async say(action: string, body: unknown, spoil: { secret?: string; now?: number } = {}): Promise<Response> {
    const path = `/bridge/runs/${this.id}/${action}`;
    const text = JSON.stringify(body);
    const timestamp = String(spoil.now ?? Date.now());
    const signature = await sign(spoil.secret ?? bindings["BRIDGE_SECRET"] ?? "", {
      method: "POST",
      path,
      timestamp,
      body: text,
    });
    const headers = { [timestampHeader]: timestamp, [signatureHeader]: signature };
    return exports.default.fetch(new Request(`https://edge.example${path}`, { method: "POST", body: text, headers }));
  }

  async claim(claimId: string = crypto.randomUUID()): Promise<ClaimAnswer> {
    const answer: ClaimAnswer = await (await this.say("claim", { claimId })).json();
    this.epoch = answer.epoch;
    this.seq = answer.seq;
    return answer;
  }

  grant(n: number, nonce: string = crypto.randomUUID()): Promise<Response> {
    return this.say("grant", { epoch: this.epoch, n, nonce });
  }

  /** Sends the next transition; the number is used up only when it was accepted. */
  async report(rest: { type: Transition["type"] } & Record<string, unknown>): Promise<Response> {
    const answer = await this.say("transitions", { epoch: this.epoch, seq: this.seq + 1, ...rest });
    if (answer.ok) this.seq += 1;
    return answer;
  }

  /** Takes a run to the point where its query executes. */
  async perform(): Promise<void> {
    await this.claim();
    await this.report({ type: "planned", columns, notes: [] });
    await this.grant(1);
    await this.report({ type: "performed", n: 1, taskId: "4711" });
  }
}

export const columns = [{ name: "CustomerKey", type: "Text", maxLength: 50 }];
