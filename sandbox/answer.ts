import type { ServerResponse } from "node:http";
import { faultReply } from "./fault-reply.ts";
import type { Call, Reply } from "./http.ts";
import type { HowFaulted } from "./ledger.ts";
import { endTokens, type World } from "./world.ts";

/** Runs a call with the fault that hits it, if any, and enters it into the ledger. */
export async function answer(world: World, call: Call, outgoing: ServerResponse): Promise<void> {
  const fault = world.faults.hit(call.name, call.mid);
  const note = (httpStatus: number, how?: HowFaulted) =>
    world.ledger.note(world.clock.now(), {
      event: "call",
      call: call.name,
      ...(call.mid === undefined ? {} : { mid: call.mid }),
      httpStatus,
      ...(how === undefined ? {} : { fault: how }),
    });
  if (fault?.tokens !== undefined) endTokens(world, fault.tokens, call.clientId);
  const instead = fault === undefined ? undefined : faultReply(world, call, fault);
  const work = async () => instead ?? call.run();
  if (fault?.drop === "before") {
    if (fault.delayMs !== undefined) await world.clock.sleep(fault.delayMs);
    note(0, "dropped");
    return void outgoing.destroy();
  }
  if (fault?.twice === true) await work();
  const reply = fault?.drop === "after" ? await call.run() : await work();
  if (fault?.delayMs !== undefined) await world.clock.sleep(fault.delayMs);
  if (fault?.hang === true) return note(reply.status, "hung");
  if (fault?.drop === "after") {
    note(reply.status, "dropped");
    return void outgoing.destroy();
  }
  if (fault?.truncateAt !== undefined) {
    note(reply.status, "truncated");
    return truncate(outgoing, reply, fault.truncateAt);
  }
  note(reply.status, instead === undefined ? undefined : "answered");
  send(outgoing, reply);
}

/** Sends a whole reply. */
export function send(outgoing: ServerResponse, reply: Reply): void {
  const body = Buffer.from(reply.body);
  outgoing.writeHead(reply.status, { ...reply.headers, "content-length": body.length, "cache-control": "no-store" });
  outgoing.end(body);
}

function truncate(outgoing: ServerResponse, reply: Reply, bytes: number): void {
  const body = Buffer.from(reply.body);
  outgoing.writeHead(reply.status, { ...reply.headers, "content-length": body.length });
  outgoing.write(body.subarray(0, bytes), () => outgoing.destroy());
}
