import * as fc from "fast-check";
import { RunId } from "#protocol/ids.ts";
import { readSettings } from "#protocol/settings.ts";
import { openVirtualClock } from "../../calm/support/virtual-clock.ts";
import { conversationAt, masked, maskedRecord, type Conversation, type Line } from "../../support/conversation.ts";
import { aTenancy } from "../../support/runs.ts";
import { openHistory } from "./history.ts";
import { openModelPostgres } from "./postgres.ts";
import { openModelRedis } from "./redis.ts";
import { openRunObjects, type RunObjects } from "./run-objects.ts";

const id = RunId.parse("0123456789abcdef0123456789abcd");
const columns = [{ name: "CustomerKey", type: "Text", maxLength: 50 }];
const uuid = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;
const asset = { asset: "queryDefinition", customerKey: `QPP_${id}_1`, attempt: 1 };

const reports: readonly object[] = [
  { type: "planned", columns, notes: ["A note"] },
  { type: "noted", note: { state: "created", ...asset, objectId: "o-1", name: "n" } },
  { type: "noted", note: { state: "deleted", ...asset } },
  { type: "noted", note: { state: "intended", asset: "dataExtension", customerKey: `QPP_${id}_2`, attempt: 2 } },
  { type: "performed", n: 1, taskId: "4711" },
  { type: "performed", n: 2 },
  { type: "performRejected", n: 1, evidence: "refused" },
  { type: "performRejected", n: 1, evidence: "not-running" },
  { type: "misfit", n: 1, columns, notes: [] },
  { type: "confirming" },
  { type: "ready", result: { customerKey: `QPP_${id}_1` }, columns, notes: [], rowCount: 3 },
  { type: "failed", error: { code: "QUERY_FAILED", title: "T", detail: "D" } },
];

const epochOff = fc.constantFrom(0, 0, 0, 0, 0, 0, -1, 1);
const command = fc.oneof(
  { weight: 6, arbitrary: fc.record({ verb: fc.constant("claim" as const), who: fc.nat(2), delivery: fc.nat(2) }) },
  {
    weight: 9,
    arbitrary: fc.record({
      verb: fc.constant("grant" as const),
      epochOff,
      n: fc.integer({ min: 1, max: 2 }),
      who: fc.nat(1),
    }),
  },
  { weight: 3, arbitrary: fc.record({ verb: fc.constant("alive" as const), epochOff }) },
  {
    weight: 36,
    arbitrary: fc.record({
      verb: fc.constant("transitions" as const),
      epochOff,
      seqOff: fc.constantFrom(1, 1, 1, 1, 1, 1, 1, 0, 2),
      report: fc.constantFrom(...reports),
    }),
  },
  { weight: 6, arbitrary: fc.constant({ verb: "repeat" as const }) },
  { weight: 1, arbitrary: fc.constant({ verb: "cancel" as const }) },
);
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;
const conversation = fc.record({
  target: fc.option(
    fc.record({ customerKey: fc.constant("Target"), mode: fc.constantFrom("overwrite", "append", "update") } as const),
    { nil: undefined },
  ),
  commands: fc.array(command, { minLength: 8, maxLength: 40, size: "max" }),
});

/** Holds conversations with the objects of the simulation. The same seed gives the same ones. */
export function holdConversations(count: number, seed: number): Conversation[] {
  return fc.sample(conversation, { numRuns: count, seed }).map(({ target, commands }) => {
    const objects = openObjects();
    objects.open(id, aTenancy(), "SELECT CustomerKey FROM Customers", target);
    const lines: Line[] = [];
    // A bridge speaks only after it has claimed the run.
    for (const one of [{ verb: "claim", who: 0, delivery: 0 } as const, ...commands])
      lines.push(
        sayTo(
          objects,
          one,
          lines.findLast(({ verb }) => verb !== "cancel"),
        ),
      );
    const record = objects.record(id);
    objects.close();
    return { ...(target && { target }), lines: masked(lines, id), record: maskedRecord(record, id) };
  });
}

const never = () => new Promise<never>(() => {});

function openObjects(): RunObjects {
  const clock = openVirtualClock(conversationAt);
  const history = openHistory(clock.now, new Map());
  return openRunObjects({
    clock,
    history,
    settings: readSettings({}),
    redis: openModelRedis(clock.now),
    // Neither answers: what an object does to others beside the conversation is no part of it.
    postgres: { ...openModelPostgres([]), project: never },
    reachRedis: never,
    isCommandLost: () => false,
    onEffect: () => ({ end: () => undefined }),
  });
}

function sayTo(objects: RunObjects, command: Command, last: Line | undefined): Line {
  if (command.verb === "cancel") {
    objects.cancel(id);
    return { verb: "cancel", body: {} };
  }
  const { verb, body } =
    command.verb === "repeat" ? (last ?? { verb: "alive", body: { epoch: 1 } }) : said(objects, command);
  return { verb, body, reply: objects.answer({ id, verb, body: JSON.stringify(body) }) };
}

function said(
  objects: RunObjects,
  command: Exclude<Command, { verb: "cancel" | "repeat" }>,
): Pick<Line, "verb" | "body"> {
  const { verb } = command;
  const { epoch = 1, seq = 0 } = objects.record(id)?.run ?? {};
  const epochOf = (off: number) => Math.max(1, epoch + off);
  switch (command.verb) {
    case "claim":
      return {
        verb,
        body: { claimId: uuid(command.who), ...(command.delivery > 0 && { delivery: command.delivery }) },
      };
    case "grant":
      return { verb, body: { epoch: epochOf(command.epochOff), n: command.n, nonce: uuid(command.who) } };
    case "alive":
      return { verb, body: { epoch: epochOf(command.epochOff) } };
    case "transitions":
      return {
        verb,
        body: { epoch: epochOf(command.epochOff), seq: Math.max(1, seq + command.seqOff), ...command.report },
      };
  }
}
