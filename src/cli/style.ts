import { styleText } from "node:util";
import type { Output, Terminal } from "./terminal.ts";

type Format = Parameters<typeof styleText>[0];

/** Colors a text, or leaves it as it is. */
export type Paint = (format: Format, text: string) => string;

/** Colors for an output that is a terminal and whose user did not refuse them (https://no-color.org). */
export function paintFor(
  { isTTY = false }: Pick<Output, "isTTY">,
  { env }: Pick<Terminal, "env">,
  isWanted = true,
): Paint {
  const isColored = isTTY && isWanted && !env["NO_COLOR"] && env["TERM"] !== "dumb";
  return (format, text) => (isColored ? styleText(format, text, { validateStream: false }) : text);
}
