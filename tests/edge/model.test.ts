import { runInDurableObject } from "cloudflare:test";
import { expect, onTestFinished, test, vi } from "vitest";
import { runIdOf } from "#protocol/ids.ts";
import type { RunObject } from "#run-object/object.ts";
import { anyRun, conversationAt, masked, maskedRecord, type Conversation } from "../support/conversation.ts";
import { aTenancy } from "../support/runs.ts";
import { Bridge } from "./support/api.ts";
import { objectOf } from "./support/object.ts";
import { bindings } from "./support/people.ts";

const conversations = JSON.parse(bindings["TEST_CONVERSATIONS"] ?? "[]") as Conversation[];

test("the simulation's run objects answer bridges as the real ones do, and keep the same record", async () => {
  expect(conversations.length).toBeGreaterThan(30);
  vi.useFakeTimers({ toFake: ["Date"], now: conversationAt });
  onTestFinished(() => void vi.useRealTimers());
  const kinds = new Set<string>();
  for (const { target, lines, record } of conversations) {
    const id = runIdOf(crypto.getRandomValues(new Uint8Array(15)));
    const tenancy = aTenancy();
    const flow = target === undefined ? "run-to-temp" : "run-to-target";
    const request = { id, tenancy, flow, sql: "SELECT CustomerKey FROM Customers", notes: [], bodyHash: "" } as const;
    await objectOf(id).open({ ...request, ...(target && { target }) });
    const bridge = new Bridge(id);
    for (const [at, { verb, body, reply }] of lines.entries()) {
      const told = JSON.stringify(lines.slice(0, at + 1).map((line) => line.body));
      if (reply === undefined) {
        await objectOf(id).cancel(tenancy);
        continue;
      }
      const answer = await bridge.say(verb, JSON.parse(JSON.stringify(body).replaceAll(anyRun, id)));
      expect(masked({ httpStatus: answer.status, body: await answer.json() }, id), told).toEqual(reply);
      kinds.add(`${verb} ${reply.httpStatus}`);
    }
    expect(maskedRecord(await recordOf(id), id), JSON.stringify(lines)).toEqual(record);
  }
  expect([...kinds].toSorted()).toEqual([
    "alive 200",
    "alive 403",
    "claim 200",
    "grant 200",
    "grant 403",
    "transitions 200",
    "transitions 403",
    "transitions 409",
  ]);
});

function recordOf(id: string): Promise<unknown> {
  return runInDurableObject(objectOf(id), (_object: RunObject, { storage }) =>
    JSON.parse(storage.sql.exec<{ body: string }>("select body from record").one().body),
  );
}
