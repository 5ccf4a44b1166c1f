import { faultReply } from "./fault-reply.ts";
import type { Call, Reply } from "./http.ts";
import type { HowFaulted } from "./ledger.ts";
import { endTokens, type World } from "./world.ts";

/** What reaches the caller: the whole reply, only its first bytes, a closed connection, or nothing at all. */
export type Delivery =
  | { kind: "whole"; reply: Reply }
  | { kind: "part"; reply: Reply; bytes: number }
  | { kind: "cut" }
  | { kind: "never" };

/** Runs a call, applies the fault that matches it, and notes it in the ledger. */
export async function answer(world: World, call: Call): Promise<Delivery> {
  const fault = world.faults.hit(call.name, call.mid);
  const note = (httpStatus: number, how?: HowFaulted) =>
    world.ledger.note(world.clock.now(), {
      event: "call",
      call: call.name,
      ...(call.mid === undefined ? {} : { mid: call.mid }),
      ...(call.keys === undefined ? {} : { keys: call.keys }),
      httpStatus,
      ...(how === undefined ? {} : { fault: how }),
    });
  if (fault?.tokens !== undefined) endTokens(world, fault.tokens, call.clientId);
  const instead = fault === undefined ? undefined : faultReply(world, call, fault);
  const work = async () => instead ?? call.run();
  if (fault?.drop === "before") {
    if (fault.delayMs !== undefined) await world.clock.sleep(fault.delayMs);
    note(0, "dropped");
    return { kind: "cut" };
  }
  if (fault?.twice === true) await work();
  const reply = fault?.drop === "after" ? await call.run() : await work();
  if (fault?.delayMs !== undefined) await world.clock.sleep(fault.delayMs);
  if (fault?.hang === true) {
    note(reply.status, "hung");
    return { kind: "never" };
  }
  if (fault?.drop === "after") {
    note(reply.status, "dropped");
    return { kind: "cut" };
  }
  if (fault?.truncateAt !== undefined) {
    note(reply.status, "truncated");
    return { kind: "part", reply, bytes: fault.truncateAt };
  }
  note(reply.status, instead === undefined ? undefined : "answered");
  return { kind: "whole", reply };
}
