import { expect, it } from "vitest";
import { viewLines } from "#cli/format/view-lines.ts";
import type { DataView } from "#client/schema-types.ts";

const bare: DataView = {
  name: "_A",
  summary: "One row for each A.",
  where: "business unit",
  fields: [],
  isComplete: true,
  joins: [],
};

it("viewLines() says what is known, and puts views with the same keys on one line", () => {
  const id = { column: "JobID", other: "JobID" };
  const contact = { column: "_ContactID", other: "SubscriberID" };
  const joins = [
    { view: "_B", on: [id, contact] },
    { view: "_C", on: [id] },
    { view: "_D", on: [id, contact] },
  ];
  expect(viewLines({ ...bare, keeps: "6 months", trap: "It lies.", joins })).toEqual([
    "One row for each A.",
    "Rows of: business unit",
    "Keeps: 6 months",
    "Mind: It lies.",
    "Joins by JobID, _ContactID = SubscriberID: _B, _D",
    "Joins by JobID: _C",
  ]);
});

it("viewLines() leaves out what nobody knows", () => {
  expect(viewLines(bare)).toEqual(["One row for each A.", "Rows of: business unit"]);
});
