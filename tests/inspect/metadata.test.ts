import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openMetadata, type Known } from "#inspect/metadata.ts";
import { openMce, openTokenCache } from "#mce/client.ts";
import type { Answer } from "#mce/failure.ts";
import { openSandbox } from "../../sandbox/server.ts";
import { guid, nil, openStandIn, retrieved, soap } from "../mce/support/stand-in.ts";
import { mceDeps } from "../support/platform.ts";

const view = { name: "_EnterpriseAttribute", ent: true };
const unit = { tenantId: "t", mid: 7000011, eid: 7000001 };

it("openMetadata() gives the view of the account's own attributes the columns MCE describes, and remembers them", async () => {
  const property =
    "<ExtendedProperty><Name>Club</Name><PropertyType>string</PropertyType><MaxLength>20</MaxLength></ExtendedProperty>";
  const { mce, sent } = openStandIn(
    soap(
      `<DefinitionResponseMsg xmlns="http://exacttarget.com/wsdl/partnerAPI"><ObjectDefinition><ExtendedProperties>${property}</ExtendedProperties></ObjectDefinition></DefinitionResponseMsg>`,
    ),
  );
  const metadata = openMetadata(() => 0);
  const first = await metadata.read(mce, unit, [view]);
  expect(first.ok && first.value.fieldsOf(view)).toEqual([{ name: "Club", fieldType: "Text", maxLength: 20 }]);
  const calls = sent.length;
  const second = await metadata.read(mce, unit, [view]);
  expect(second.ok && second.value.isFresh).toBe(false);
  expect(sent).toHaveLength(calls);
});

it("openMetadata() knows a view's whole numbers, which SOAP shows as texts without length", async () => {
  const field = (name: string) =>
    `<Results xsi:type="DataExtensionField">${nil}<CustomerKey>[k].[${name}]</CustomerKey><Name>${name}</Name><DefaultValue/><IsRequired>false</IsRequired><Ordinal>1</Ordinal><IsPrimaryKey>false</IsPrimaryKey><FieldType>Text</FieldType><DataExtension>${nil}<CustomerKey>k</CustomerKey></DataExtension></Results>`;
  const extension = `<Results xsi:type="DataExtension"><PartnerKey xsi:nil="true"/><CreatedDate>2026-01-15T06:56:27.927</CreatedDate><ObjectID>${guid}</ObjectID><CustomerKey>k</CustomerKey><Name>_MobileAddress</Name><CategoryID>9</CategoryID></Results>`;
  const { mce } = openStandIn(soap(retrieved(extension), retrieved(field("_ContactID") + field("SFContactID"))));
  const table = { name: "_MobileAddress", ent: false };
  const found = await openMetadata(() => 0).read(mce, unit, [table]);
  const fields = found.ok ? found.value.fieldsOf(table) : undefined;
  expect(fields?.map(({ name, fieldType }) => `${name} ${fieldType}`)).toEqual([
    "_ContactID Number",
    "SFContactID Text",
  ]);
});

it("openMetadata() keeps 20,000 fields in all: those of the table read first go first", async () => {
  const names = ["One", "Two"];
  const extension = (key: string) =>
    `<Results xsi:type="DataExtension"><PartnerKey xsi:nil="true"/><CreatedDate>2026-01-15T06:56:27.927</CreatedDate><ObjectID>${guid}</ObjectID><CustomerKey>${key}</CustomerKey><Name>${key}</Name><CategoryID>9</CategoryID></Results>`;
  const field = (key: string, at: number) =>
    `<Results xsi:type="DataExtensionField">${nil}<CustomerKey>[${key}].[F${at}]</CustomerKey><Name>F${at}</Name><DefaultValue/><IsRequired>false</IsRequired><Ordinal>${at}</Ordinal><IsPrimaryKey>false</IsPrimaryKey><FieldType>Text</FieldType><DataExtension>${nil}<CustomerKey>${key}</CustomerKey></DataExtension></Results>`;
  const fields = (key: string) => Array.from({ length: 10_001 }, (_, at) => field(key, at)).join("");
  const { mce } = openStandIn(soap(...names.flatMap((key) => [retrieved(extension(key)), retrieved(fields(key))])));
  const metadata = openMetadata(() => 0);
  const kept = () => names.map((name) => metadata.peek(unit, { name, ent: false })?.length);
  await metadata.read(mce, unit, [{ name: "One", ent: false }]);
  expect(kept()).toEqual([10_001, undefined]);
  await metadata.read(mce, unit, [{ name: "Two", ent: false }]);
  expect(kept()).toEqual([undefined, 10_001]);
});

describe("openMetadata(), while a read is under way", () => {
  const parent = { tenantId: "t", mid: 7000001, eid: 7000001 };
  const child = { ...parent, mid: 7000011 };
  const customers = { name: "Customers", ent: false };
  const orders = { name: "Orders", ent: false };
  const tokens = openTokenCache();
  let sandbox: Awaited<ReturnType<typeof openSandbox>>;
  beforeAll(async () => {
    sandbox = await openSandbox({ port: 0 });
  });
  afterAll(() => sandbox.close());

  /** A cache, its clock, and Marketing Cloud behind a gate that can be shut. */
  function openCase(namesMax?: number) {
    const clock = { now: 0 };
    const metadata = openMetadata(() => clock.now, namesMax);
    let gate: { arrived: () => void; opened: Promise<void> } | undefined;
    let calls = 0;
    const gated: typeof fetch = async (...request) => {
      calls += 1;
      gate?.arrived();
      await gate?.opened;
      return fetch(...request);
    };
    const deps = mceDeps({ fetch: gated, tokens, sandboxUrl: sandbox.url });
    const mceOf = (unit: typeof parent) => {
      const secrets = { clientId: "sandbox-client-a", clientSecret: "sandbox-secret-a" };
      const access = { connectionId: "c", subdomain: "mcsandbox-enterprise-a000001", ...secrets };
      return openMce({ ...access, mid: unit.mid, eid: unit.eid }, deps);
    };
    return {
      clock,
      metadata,
      read: (unit: typeof parent, ...tables: { name: string; ent: boolean }[]) =>
        metadata.read(mceOf(unit), unit, tables),
      names: (unit: typeof parent) => metadata.names(mceOf(unit), unit),
      /** Does something while a read that has begun gets no answer yet. */
      meanwhile: async <T>(reading: () => Promise<T>, work: () => Promise<unknown> | void): Promise<T> => {
        const [arrival, opening] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
        gate = { arrived: arrival.resolve, opened: opening.promise };
        const read = reading();
        await arrival.promise;
        gate = undefined;
        await work();
        opening.resolve();
        return read;
      },
      callsOf: async (work: () => Promise<unknown>): Promise<number> => {
        const before = calls;
        await work();
        return calls - before;
      },
    };
  }

  function columnsOf(answer: Answer<Known>, table: { name: string; ent: boolean }): number {
    if (!answer.ok) throw new Error(answer.error.message);
    return answer.value.fieldsOf(table)?.length ?? 0;
  }

  it("keeps for it a remembered table that runs out, and that another business unit's read drops", async () => {
    const { clock, read, meanwhile } = openCase();
    const known = columnsOf(await read(parent, customers), customers);
    expect(known).toBeGreaterThan(0);
    clock.now = 59_999;
    const answer = await meanwhile(
      () => read(parent, customers, orders),
      async () => {
        clock.now = 60_000;
        await read(child, { name: "Nothing", ent: false });
      },
    );
    expect([columnsOf(answer, customers), columnsOf(answer, orders)]).toEqual([known, expect.any(Number)]);
    expect(columnsOf(answer, orders)).toBeGreaterThan(0);
  });

  it("keeps for it a remembered table that is forgotten", async () => {
    const { read, meanwhile, metadata } = openCase();
    const known = columnsOf(await read(parent, customers), customers);
    const answer = await meanwhile(
      () => read(parent, customers, orders),
      () => metadata.forget(parent),
    );
    expect(columnsOf(answer, customers)).toBe(known);
  });

  it("does not remember what it brings once its business unit is forgotten: that may be the old table", async () => {
    const { read, names, meanwhile, metadata, callsOf } = openCase();
    const forget = () => metadata.forget(parent);
    await meanwhile(() => read(parent, customers), forget);
    await meanwhile(() => names(parent), forget);
    expect(await callsOf(() => read(parent, customers))).toBeGreaterThan(0);
    expect(await callsOf(() => names(parent))).toBeGreaterThan(0);
    expect(await callsOf(() => read(parent, customers))).toBe(0);
    expect(await callsOf(() => names(parent))).toBe(0);
  });

  it("does not keep the names of more tables than it may: those of the unit before go", async () => {
    const { names, callsOf } = openCase(1);
    await names(parent);
    await names(child);
    expect(await callsOf(() => names(child))).toBe(0);
    expect(await callsOf(() => names(parent))).toBeGreaterThan(0);
  });

  it("remembers what it brings when another business unit is forgotten", async () => {
    const { read, meanwhile, metadata, callsOf } = openCase();
    await meanwhile(
      () => read(parent, customers),
      () => metadata.forget(child),
    );
    expect(await callsOf(() => read(parent, customers))).toBe(0);
  });

  it("has it remember from the moment it comes, however long it took", async () => {
    const { clock, read, meanwhile, callsOf } = openCase();
    await meanwhile(
      () => read(parent, customers),
      () => void (clock.now = 50_000),
    );
    clock.now = 109_999;
    expect(await callsOf(() => read(parent, customers))).toBe(0);
    clock.now = 110_000;
    expect(await callsOf(() => read(parent, customers))).toBeGreaterThan(0);
  });
});
