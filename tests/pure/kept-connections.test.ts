import { expect, it } from "vitest";
import type { Connection } from "#db/connections.ts";
import { keptMs, openKeptConnections } from "#db/kept-connections.ts";

it("openKeptConnections() drops what is a minute old, with no call for it, and keeps what is younger", async () => {
  const clock = { now: 0 };
  const reads: string[] = [];
  const read = async ({ connectionId }: { connectionId: string }): Promise<Connection> => {
    reads.push(connectionId);
    return { id: connectionId, eid: 1, subdomain: "s", clientId: "c", clientSecret: "secret" };
  };
  const connections = openKeptConnections(read, () => clock.now);
  const wanted = (connectionId: string) => ({ tenantId: "t", connectionId, mid: 1 });
  await connections.get(wanted("old"));
  clock.now = 1;
  await connections.get(wanted("young"));
  clock.now = keptMs;
  connections.dropOld();
  // A clock set back shows what is still in memory.
  clock.now = 1;
  await connections.get(wanted("young"));
  await connections.get(wanted("old"));
  expect(reads).toEqual(["old", "young", "old"]);
});
