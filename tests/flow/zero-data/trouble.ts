import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import type { Planted } from "./plant.ts";
import { queryWith } from "./runs.ts";
import { killBridge, overRun, submit, type World } from "./world.ts";

/** Marketing Cloud's sentences that quote a value (D28), and some that nobody knows. */
function sentences({ canaries }: World, sql: string): string[] {
  const value = () => canaries.draw("quoted by MCE");
  return [
    `Conversion failed when converting the varchar value '${value()}' to data type int.`,
    `The conversion of the nvarchar value '${value()} it's' overflowed an int column.`,
    `Violation of PRIMARY KEY constraint 'PK_x'. Cannot insert duplicate key in object 'dbo.x'. The duplicate key value is (${value()}, ${value()}).`,
    `String or binary data would be truncated in table 'x', column 'Note'. Truncated value: '${value()}'.`,
    `Arithmetic overflow error converting numeric to data type numeric, value = 7.`,
    `${value()}@example.com is not a valid email address`,
    `Something nobody has seen before about "${value()}" and '${value()}'`,
    `Exception occurred during [x]: near '${sql}'`,
  ];
}

const lookMs = 50;
const looksMax = 400;

const callNames = [
  "SOAP Create DataExtension",
  "SOAP Create QueryDefinition",
  "SOAP Perform",
  "SOAP Retrieve AsyncActivityStatus",
  "SOAP Retrieve DataExtension",
  "SOAP Retrieve DataExtensionField",
  "SOAP Delete QueryDefinition",
  "SOAP Delete DataExtension",
  "REST isrunning",
  "REST rowset",
  "REST validate",
  "AUTH token",
] as const;

/** Runs that Marketing Cloud ends with each of the sentences. */
export async function failInEverySentence(world: World, planted: Planted): Promise<void> {
  const { sandbox } = world;
  const query = queryWith(world, planted);
  const ids: string[] = [];
  for (const errorMsg of sentences(world, query.sql)) {
    await sandbox.behave({ errorMsg, errorTimes: 1 });
    const id = await submit(world, query);
    ids.push(id);
    // A run keeps what held at its Perform.
    for (let looks = 0; looks < looksMax && (await sandbox.performs(id)) === 0; looks += 1) await sleep(lookMs);
  }
  await Promise.all(ids.map((id) => overRun(world, id)));
  await sandbox.behave({ errorMsg: null });
}

const silenceMaxMs = 30_000;

/** Runs while the edge says nothing, until their jobs fail: BullMQ keeps what these throw. */
export async function silenceEdge(world: World, planted: Planted): Promise<void> {
  const { stack } = world;
  const failures = async () =>
    (await readFile(join(stack.dir, "logs", "bridge.log"), "utf8")).split('"event":"start failed"').length;
  const before = await failures();
  // The next bridge claims them when the edge is silent already.
  await killBridge(world);
  const ids = await Promise.all([1, 2].map(() => submit(world, queryWith(world, planted))));
  const group = -(stack.now().edgePid ?? 0);
  process.kill(group, "SIGSTOP");
  const until = Date.now() + silenceMaxMs;
  while (Date.now() < until && (await failures()) === before) await sleep(lookMs);
  process.kill(group, "SIGCONT");
  for (const id of ids) await overRun(world, id);
}

/** Runs while each kind of call is refused in words that quote rows and SQL. How they end is no matter. */
export async function refuseEveryCall(world: World, planted: Planted): Promise<void> {
  const { sandbox } = world;
  for (const as of ["server-error", "no-scope", undefined]) {
    const query = queryWith(world, planted);
    const texts = sentences(world, query.sql);
    const faults = callNames.map((call, index) => {
      const text = texts[index % texts.length] ?? "";
      const rest =
        as === undefined ? { status: 400, body: { message: text, error: "x", error_description: text } } : { as, text };
      return { call, nth: 1 + (index % 2), ...rest };
    });
    await sandbox.ask("faults", faults);
    await sandbox.ask("tokens", { action: "expire" });
    const ids = await Promise.all([1, 2, 3].map(() => submit(world, queryWith(world, planted))));
    ids.push(await submit(world, query));
    await Promise.all(ids.map((id) => overRun(world, id)));
    await world.ask("GET", "/v1/tables?refresh=1", { expected: [502, 503, 403] });
    await sandbox.ask("faults", undefined, "DELETE");
  }
}
