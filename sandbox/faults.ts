import { z } from "zod";

/** One fault that a test asks for: which call it hits, and what happens to the call. */
export const fault = z.strictObject({
  /** Name of a call as the ledger writes it; a `*` at the end stands for anything. */
  call: z.string().min(1),
  mid: z.number().int().optional(),
  /** The first matching call it hits, 1-based, counted from when the fault was added. */
  nth: z.number().int().min(1).default(1),
  /** How many matching calls in a row it hits, starting there. */
  times: z.number().int().min(1).default(1),
  /** Sandbox milliseconds by which the answer is late; the effect is not. */
  delayMs: z.number().min(0).max(86_400_000).optional(),
  /** Answers as MCE would in this case, in the protocol of the call, instead of doing anything. */
  as: z.enum(["throttled", "blocked", "token-expired", "login-failed", "no-scope", "server-error"]).optional(),
  /** The message `as` answers with, in place of its own. */
  text: z.string().min(1).max(4000).optional(),
  /** Ends the caller's access tokens, or its whole grant, before the call is looked at. */
  tokens: z.enum(["expire", "revoke"]).optional(),
  /** Never answers; the work is done, the connection stays open until the client gives up. */
  hang: z.literal(true).optional(),
  /** Answers this instead of doing anything. */
  status: z.number().int().min(100).max(599).optional(),
  body: z.union([z.string(), z.record(z.string(), z.unknown()), z.array(z.unknown())]).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  /** Closes the connection without an answer: before the effect, or after it. */
  drop: z.enum(["before", "after"]).optional(),
  /** Sends only this many bytes of the answer, then closes the connection. */
  truncateAt: z.number().int().min(0).optional(),
  /** Does the work twice and answers the second time's result. */
  twice: z.boolean().optional(),
});
export type Fault = z.infer<typeof fault>;
export type FaultKindName = NonNullable<Fault["as"]>;

/** The faults in force. */
export type Faults = {
  add(faults: readonly Fault[]): void;
  clear(): void;
  /** The fault that hits this call, if any; counts the call for every fault it matches. */
  hit(call: string, mid: number | undefined): Fault | undefined;
  list(): { fault: Fault; seen: number }[];
};

/** Starts without faults. */
export function openFaults(): Faults {
  let orders: { fault: Fault; seen: number }[] = [];
  const matches = ({ call, mid }: Fault, name: string, of: number | undefined) =>
    (call.endsWith("*") ? name.startsWith(call.slice(0, -1)) : name === call) && (mid === undefined || mid === of);
  return {
    add: (faults) => {
      orders = [...orders, ...faults.map((fault) => ({ fault, seen: 0 }))];
    },
    clear: () => {
      orders = [];
    },
    hit: (call, mid) => {
      let hit: Fault | undefined;
      for (const order of orders) {
        if (!matches(order.fault, call, mid)) continue;
        order.seen += 1;
        const { nth, times } = order.fault;
        if (order.seen >= nth && order.seen < nth + times) hit ??= order.fault;
      }
      orders = orders.filter(({ fault, seen }) => seen < fault.nth + fault.times - 1);
      return hit;
    },
    list: () => orders,
  };
}
