import { expect } from "vitest";
import { guid, makeFolder, one, refusedFolder } from "../support/wire-assets.ts";
import { type Case, soap } from "../support/wire-case.ts";
import { retrieve, where, write } from "../support/wire-messages.ts";

/** MCE 3: data folders. */
export const folderCases: Case[] = [
  {
    facts: "3.1",
    what: "the roots of a parent: their content types, keys, parent 0, not editable",
    ask: async (wire) => {
      const asked = ["ContentType", "CustomerKey", "IsEditable", "ParentFolder.ID"];
      const { results } = await soap(wire, retrieve("DataFolder", asked, where("ParentFolder.ID", "equals", "0")));
      return results.map((it) => [it["ContentType"], it["CustomerKey"], it["IsEditable"]]);
    },
    gives: [
      ["dataextension", "dataextension_default", "false"],
      ["queryactivity", "queryactivity_default", "false"],
      ["shared_dataextension", "shared_dataextension_default", "false"],
      ["synchronizeddataextension", "synchronizeddataextension_default", "false"],
    ],
  },
  {
    facts: "3.1",
    what: "the root's key finds Audiences too",
    ask: async (wire) =>
      (
        await soap(wire, retrieve("DataFolder", ["Name"], where("CustomerKey", "equals", "dataextension_default")))
      ).results.map((it) => it["Name"]),
    gives: ["Data Extensions", "Audiences"],
  },
  {
    facts: "3.1",
    what: "shared roots come in the enterprise's context",
    ask: async (wire) => {
      const body = retrieve("DataFolder", ["Name"], where("ContentType", "equals", "shared_dataextension"));
      const asked = body.replace("<ObjectType>", "<ClientIDs><ID>7000001</ID></ClientIDs><ObjectType>");
      const own = await soap(wire, body, { mid: 7000011 });
      return [own.results.length, (await soap(wire, asked, { mid: 7000011 })).results.length];
    },
    gives: [0, 1],
  },
  {
    facts: "3.2",
    what: "ParentFolderID is not retrievable",
    ask: (wire) => soap(wire, retrieve("DataFolder", ["ParentFolderID"])),
    gives: {
      overall: "Error: The Request Property(s) ParentFolderID do not match with the fields of DataFolder retrieve",
    },
  },
  {
    facts: "3.2",
    what: "all properties of a root, nested and in the WSDL's order",
    ask: async (wire) => {
      const asked = [
        "AllowChildren",
        "IsActive",
        "ContentType",
        "Name",
        "ParentFolder.ID",
        "CustomerKey",
        "ID",
        "Client.ID",
      ];
      const found = await one(wire, "DataFolder", asked, where("ID", "equals", "4711"));
      return [Object.keys(found ?? {}), found];
    },
    gives: [
      [
        "Client",
        "PartnerKey",
        "ID",
        "ObjectID",
        "CustomerKey",
        "ParentFolder",
        "Name",
        "ContentType",
        "IsActive",
        "AllowChildren",
        "@type",
      ],
      {
        Client: { ID: "7000001" },
        ParentFolder: { PartnerKey: { "@nil": "true" }, ID: "0", ObjectID: { "@nil": "true" } },
        Name: "Data Extensions",
      },
    ],
  },
  {
    facts: "3.2",
    what: "the key of a folder made without one is an empty element",
    ask: async (wire) => {
      const { NewID } = await makeFolder(wire);
      return one(wire, "DataFolder", ["CustomerKey", "ParentFolder.Name"], where("ID", "equals", String(NewID)));
    },
    gives: { CustomerKey: "", ParentFolder: { Name: "Data Extensions" } },
  },
  {
    facts: "3.3",
    what: "Create answers the folder's id as NewID, and no Object",
    ask: async (wire) => {
      const answer = await makeFolder(wire);
      return { ...answer, hasObject: "Object" in answer };
    },
    gives: {
      StatusCode: "OK",
      StatusMessage: "Folder created successfully.",
      OrdinalID: "0",
      NewID: expect.stringMatching(/^\d{4,7}$/),
      NewObjectID: expect.stringMatching(guid),
      hasObject: false,
    },
  },
  {
    facts: "3.3",
    what: "IsEditable and AllowChildren are false when omitted",
    ask: async (wire) => {
      const { NewID } = await makeFolder(wire);
      return one(wire, "DataFolder", ["IsEditable", "AllowChildren", "IsActive"], where("ID", "equals", String(NewID)));
    },
    gives: { IsEditable: "false", AllowChildren: "false", IsActive: "true" },
  },
  refusedFolder("no name", { Name: "" }, "396003"),
  refusedFolder("no content type", { ContentType: "" }, "396004"),
  refusedFolder("no description", { Description: undefined }, "396010"),
  {
    facts: "3.3",
    what: "an empty description will do",
    ask: async (wire) => (await makeFolder(wire, { Description: "" }))["StatusCode"],
    gives: "OK",
  },
  refusedFolder("a content type for REST only", { ContentType: "automations" }, "396005"),
  refusedFolder("an unknown parent", { Parent: "99" }, "396007"),
  refusedFolder("a parent of another content type", { Parent: "4712" }, "396007"),
  refusedFolder("a parent of another business unit", { Parent: "4714" }, "396007"),
  refusedFolder("a name of 101 characters", { Name: "n".repeat(101) }, "396012"),
  refusedFolder("a key of 37 characters", { CustomerKey: "k".repeat(37) }, "396009"),
  {
    facts: "3.3",
    what: "an inactive parent",
    ask: async (wire) => {
      const { NewID } = await makeFolder(wire, { IsActive: "false", AllowChildren: "true" });
      return makeFolder(wire, { Name: "Inside", Parent: String(NewID) });
    },
    gives: { ErrorCode: "396006" },
  },
  {
    facts: "3.3",
    what: "a sibling's name, and a used key",
    ask: async (wire) => {
      await makeFolder(wire, { CustomerKey: "k" });
      const twin = await makeFolder(wire, { Name: "SCRATCH" });
      return [twin["StatusMessage"], (await makeFolder(wire, { Name: "Other", CustomerKey: "K" }))["ErrorCode"]];
    },
    gives: [expect.stringMatching(/ Please select a different Name\.$/), "396002"],
  },
  {
    facts: "3.3",
    what: "Update and Delete by ID; a root takes neither",
    ask: async (wire) => {
      const id = `<ID>${String((await makeFolder(wire))["NewID"])}</ID>`;
      const updated = await soap(wire, write("Update", "DataFolder", `${id}<Name>Renamed</Name>`));
      const deleted = await soap(wire, write("Delete", "DataFolder", id));
      const root = await soap(wire, write("Delete", "DataFolder", "<ID>4711</ID>"));
      return [updated.results[0]?.["StatusMessage"], deleted.overall, root.results[0]?.["ErrorCode"]];
    },
    gives: ["Folder updated successfully.", "OK", "396001"],
  },
];
