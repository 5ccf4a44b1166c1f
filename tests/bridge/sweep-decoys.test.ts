import * as fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { createFolder } from "#mce/soap/folder.ts";
import { aRunId, keyOf, openAttic, shellOf, valueOf, type Attic } from "./support/attic.ts";
import { useWorld } from "./support/use-world.ts";

const hour = 60 * 60 * 1000;

const world = useWorld();
let attic: Attic;

beforeAll(() => {
  attic = openAttic(world);
});

/** What users may have done in and around our folders; each makes one asset that no sweep may ever touch. */
const decoys = {
  "our prefix without our key form": async (n: string) => {
    const key = `QPP_MyCustomers_${n.slice(0, 8)}`;
    await attic.table(key, `QPP_Results_${n.slice(0, 12)}`, await attic.folder("dataextension"));
    return `de:${key}`;
  },
  "our key form in another folder": async (n: string) => {
    await attic.table(keyOf(n), `QPP_Results_${n.slice(0, 12)}`, await attic.folder("dataextension", "Mine"));
    return `de:${keyOf(n)}`;
  },
  "our key form in a folder below ours": async (n: string) => {
    const ours = await attic.folder("dataextension");
    const below = await createFolder(attic.mce, {
      name: `Sub ${n}`,
      description: "x",
      contentType: "dataextension",
      parentId: ours,
    });
    await attic.table(keyOf(n), `QPP_Results_${n.slice(0, 12)}`, valueOf(below).id);
    return `de:${keyOf(n)}`;
  },
  "a table of a user, moved into our folder": async (n: string) => {
    await attic.table(`Customers_${n}`.slice(0, 36), `Customers ${n}`, await attic.folder("dataextension"));
    return `de:${`Customers_${n}`.slice(0, 36)}`;
  },
  "a result that a user has given a name of his own": async (n: string) => {
    await attic.table(keyOf(n), `Keep ${n}`, await attic.folder("dataextension"));
    return `de:${keyOf(n)}`;
  },
  "a target of a run, even one that was a result once": async (n: string) => {
    await attic.table(keyOf(n), `QPP_Results_${n.slice(0, 12)}`, await attic.folder("dataextension"));
    await attic.run(aRunId(), "ready", { expiresAt: Date.now() - hour, targetKey: keyOf(n) });
    return `de:${keyOf(n)}`;
  },
  "a key that only looks like ours": async (n: string) => {
    const key = `QPP_${n.slice(0, 29).toUpperCase()}_1`;
    await attic.table(key, `QPP_Results_${n.slice(0, 12)}`, await attic.folder("dataextension"));
    return `de:${key}`;
  },
  "a query of a user in our folder": async (n: string) => {
    await attic.query(`Mine_${n.slice(0, 20)}`, `QPP_Mine_${n.slice(0, 12)}`, await attic.folder("queryactivity"));
    return `qd:Mine_${n.slice(0, 20)}`;
  },
  "a query with our key form in another folder": async (n: string) => {
    await attic.query(keyOf(n), `QPP_Results_${n.slice(0, 12)}`, await attic.folder("queryactivity", "Mine"));
    return `qd:${keyOf(n)}`;
  },
} satisfies Record<string, (n: string) => Promise<string>>;

test("no sweep ever deletes a user's asset, whatever lies in and around our folders", async () => {
  await world.startBridge();
  const kinds = Object.keys(decoys) as (keyof typeof decoys)[];
  const some = fc.subarray([...kinds, "ours" as const], { minLength: 3 });
  await fc.assert(
    fc.asyncProperty(some, fc.integer({ min: 25, max: 24 * 400 }), async (chosen, hoursAgo) => {
      await world.reset();
      await Promise.all([attic.folder("dataextension"), attic.folder("queryactivity")]);
      const [kept, ours]: [string[], string[]] = [[], []];
      await attic.inThePast(hoursAgo, async () => {
        for (const kind of chosen) if (kind !== "ours") kept.push(await decoys[kind](aRunId()));
      });
      if (chosen.includes("ours")) ours.push(...shellOf(await attic.leftover()));
      const before = await attic.present();
      await attic.summary(await attic.command());
      const after = await attic.present();
      expect(kept.filter((key) => !after.has(key))).toEqual([]);
      // Exactly ours, and nothing else, was deleted.
      expect([...before].filter((key) => !after.has(key)).toSorted()).toEqual(ours.toSorted());
    }),
    { numRuns: 12, seed: 20261125 },
  );
});
