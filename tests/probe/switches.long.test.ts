import { expect, it } from "vitest";
import { probedSwitch, switchCases } from "./support/switch-cases.ts";

const positions = switchCases.flatMap(({ name, values, around }) =>
  values.map((value) => ({ name, value, around, title: `${name} = ${JSON.stringify(value)}` })),
);

it.each(positions)("runProbe() recognizes $title, and leaves nothing", async ({ name, value, around }) => {
  const { found, left } = await probedSwitch(name, value);
  expect(left).toEqual([]);
  if (around === undefined) expect(found).toEqual(value);
  else expect(Math.abs(Number(found) - Number(value))).toBeLessThanOrEqual(around);
});
