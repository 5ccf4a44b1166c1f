import { createClient } from "#client/client.ts";
import type { BenchStack } from "../stack/bench-stack.ts";
import type { Figure } from "./figure.ts";

/** The longest text that is taken, in characters. */
const textMax = 100_000;
const columnsWanted = 250;

/** A text as long as may be, and a result as wide as a Data Extension may be. */
export async function large(stack: BenchStack): Promise<Figure[]> {
  const { edge, tokens } = stack.file();
  const client = createClient({ url: edge, token: tokens.alice });
  const timed = async <T>(work: () => Promise<T>): Promise<{ ms: number; value: T }> => {
    const from = performance.now();
    const value = await work();
    return { ms: performance.now() - from, value };
  };
  const long = await timed(() => client.run(longest()));
  const longEnded = await timed(() => long.value.done());
  const columns = Array.from({ length: columnsWanted }, (_, at) => `CustomerKey AS C${at + 1}`).join(", ");
  const wide = await client.run(`SELECT TOP 50 ${columns} FROM Customers`);
  const wideEnded = await timed(() => wide.done());
  for (const { status, error } of [longEnded.value, wideEnded.value])
    if (status !== "ready") throw new Error(`Cannot measure: the run is ${status}, ${error?.code}: ${error?.detail}`);
  const page = await timed(() => wide.page(1));
  const lacking = columnsWanted - page.value.columns.length;
  return [
    { name: `large: a text of ${textMax} characters is accepted`, value: long.ms, unit: "ms", atMost: 1000 },
    { name: "large: and ready", value: longEnded.ms, unit: "ms", atMost: 15_000 },
    { name: `large: ${columnsWanted} columns are ready`, value: wideEnded.ms, unit: "ms", atMost: 15_000 },
    { name: "large: a page of them", value: page.ms, unit: "ms", atMost: 2000 },
    { name: "large: columns that are missing in it", value: lacking, unit: "", atMost: 0 },
  ];
}

/** A SELECT of exactly as many characters as may be. */
function longest(): string {
  const [head, tail] = ["SELECT TOP 10 CustomerKey FROM Customers WHERE CustomerKey IN ('CK-000001'", ")"];
  const item = ", 'CK-000001'";
  const room = textMax - head.length - tail.length;
  return `${head}${item.repeat(Math.floor(room / item.length))}${" ".repeat(room % item.length)}${tail}`;
}
