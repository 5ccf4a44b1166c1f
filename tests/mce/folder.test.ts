import { describe, expect, it } from "vitest";
import { createFolder, findFolders } from "../../src/mce/soap/folder.ts";
import { created, guid, openStandIn, retrieved, soap } from "./support/stand-in.ts";

describe("findFolders()", () => {
  const folder = (id: number, parent: number, key: string) =>
    `<Results xsi:type="DataFolder"><Client><ID>7000011</ID></Client><PartnerKey xsi:nil="true"/><ID>${id}</ID><ObjectID xsi:nil="true"/><CustomerKey>${key}</CustomerKey><ParentFolder><PartnerKey xsi:nil="true"/><ID>${parent}</ID><ObjectID xsi:nil="true"/></ParentFolder><Name>Data &amp; more</Name><Description/><ContentType>dataextension</ContentType></Results>`;

  it("reads one folder and its parent", async () => {
    const { mce } = openStandIn(soap(retrieved(folder(4711, 0, "dataextension_default"))));
    expect(await findFolders(mce, { contentType: "dataextension" })).toEqual({
      ok: true,
      value: [
        {
          id: 4711,
          name: "Data & more",
          contentType: "dataextension",
          parentId: 0,
          customerKey: "dataextension_default",
        },
      ],
    });
  });

  it("reads all batches, each by the RequestID before it", async () => {
    const { mce, sent } = openStandIn(
      soap(
        retrieved(folder(1, 0, ""), "MoreDataAvailable", "first"),
        retrieved(folder(2, 1, ""), "MoreDataAvailable", "second"),
        retrieved(folder(3, 1, "")),
      ),
    );
    const found = await findFolders(mce, { contentType: "dataextension" });
    expect(found.ok && found.value.map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(sent.slice(2).map(({ body }) => /<ContinueRequest>(\w+)</.exec(body)?.[1])).toEqual(["first", "second"]);
  });

  it("does not follow a service that always has more batches", async () => {
    const { mce } = openStandIn(soap(retrieved("", "MoreDataAvailable")));
    expect(await findFolders(mce, { contentType: "dataextension" })).toMatchObject({ error: { kind: "unavailable" } });
  });

  it("answers nothing found with an empty list", async () => {
    const { mce } = openStandIn(soap(retrieved("")));
    expect(await findFolders(mce, { contentType: "queryactivity" })).toEqual({ ok: true, value: [] });
  });
});

describe("createFolder()", () => {
  const folder = { name: "n", description: "d", contentType: "dataextension", parentId: 1 };

  it("uses NewID as the folder's id", async () => {
    const { mce } = openStandIn(
      soap(
        created(
          `<StatusCode>OK</StatusCode><StatusMessage>Folder created successfully.</StatusMessage><OrdinalID>0</OrdinalID><NewID>90211</NewID><NewObjectID>${guid}</NewObjectID>`,
        ),
      ),
    );
    expect(await createFolder(mce, folder)).toEqual({ ok: true, value: { id: 90211 } });
  });

  it("does not use 0 as an id", async () => {
    const { mce } = openStandIn(soap(created(`<StatusCode>OK</StatusCode><NewID>0</NewID>`)));
    expect(await createFolder(mce, folder)).toMatchObject({ error: { kind: "unavailable", effect: "unknown" } });
  });
});
