import { env, exports } from "cloudflare:workers";
import { contract } from "../contract.ts";
import { asFromOwnPage, cookieOf, type Caller } from "./callers.ts";
import { expected } from "./expected.ts";
import type { Ask } from "./rules.ts";
import { freshThing, openHandoff, type OwnerName, type Owners } from "./things.ts";

/** What came of one request of somebody for somebody's thing, beside what should have come. */
export type Sent = {
  ask: string;
  caller: string;
  owner: OwnerName;
  came: string;
  wanted: string;
  /** What somebody is answered who may. */
  yes: string;
  /** The body of an answer that is no problem. */
  text: string;
};

const noRun = "0".repeat(30);
const noId = "00000000-0000-4000-8000-000000000000";

/** Sends a request, and reads its answer. */
export async function send(name: string, ask: Ask, caller: Caller, owner: OwnerName, owners: Owners): Promise<Sent> {
  const [method = "", path = ""] = name.split(" ");
  const wanted = expected(ask, caller, method, owner);
  const { id, secret } = await thingOf(name, ask, owner, owners, wanted === ask.yes);
  const address = path
    .replace("{id}", id)
    .replace("{name}", "Customers")
    .replace("{key}", "nobody's")
    .concat(ask.query === undefined ? "" : `?${ask.query}`);
  const headers: Record<string, string> = path.startsWith("/auth/") ? asFromOwnPage(caller) : { ...caller.headers };
  // Whoever signs out would end the session of all that follow.
  if (path === "/auth/logout" && caller.page === "own") headers["cookie"] = await cookieOf();
  const body = secret === undefined ? ask.body : { secret };
  const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
  if (method !== "GET") headers["content-type"] = "application/json";
  const request = new Request(`http://127.0.0.1${address}`, init);
  // A static file never comes to the Worker.
  const answer = await (path === "/openapi.json" ? env.ASSETS : exports.default).fetch(request);
  await (await contract()).check(method, address, answer);
  const text = await answer.text();
  return {
    ask: name,
    caller: caller.name,
    owner,
    came: shown(answer, text),
    wanted,
    yes: ask.yes,
    text: answer.ok ? text : "",
  };
}

function shown({ status, ok }: Response, text: string): string {
  if (ok) return String(status);
  const { code, missing } = JSON.parse(text) as { code?: string; missing?: string };
  return [status, code, missing].filter((part) => part !== undefined).join(" ");
}

/** The id for the path. What a request may end is made for it alone. */
async function thingOf(
  name: string,
  { of }: Ask,
  owner: OwnerName,
  owners: Owners,
  mayEnd: boolean,
): Promise<{ id: string; secret?: string }> {
  if (name === "POST /auth/handoffs/{id}") return openHandoff();
  if (name.startsWith("POST /auth/handoffs/")) return { id: (await openHandoff()).id };
  if (of === undefined) return { id: noRun };
  if (owner === "nobody") return { id: of === "connection" ? noId : noRun };
  const theirs = owners[owner];
  const isForIt = mayEnd && name.startsWith("DELETE") && (of === "key" || of === "connection");
  return { id: isForIt ? await freshThing(of, theirs) : theirs.things[of] };
}
