import { given } from "#lang/given.ts";
import advice from "./advice.prose.json" with { type: "json" };
import type { Finding } from "../diagnostic.ts";
import type { Doubt, Edit, Reading } from "../read/reading.ts";
import { textLength, type SqlType } from "../types/sql-type.ts";

/** The edits that make a text of an operand; nothing where the text would be another one than elsewhere. */
function asText({ start, end }: { start: number; end: number }, type: SqlType): Edit[] | undefined {
  if (type.kind === "text" || type.kind === "null") return [];
  if (type.kind !== "int" && type.kind !== "decimal") return undefined;
  return [
    { start, end: start, text: "CAST(" },
    { start: end, end, text: ` AS VARCHAR(${textLength(type)}))` },
  ];
}

/** What to say of `||`: it joins texts elsewhere, as + does here where nothing is a number. */
export function joinedFinding({ sql }: Reading, { chain, types }: Doubt & { kind: "joined" }): Finding {
  const { operands, operators } = chain;
  const isPure = operators.every(({ text }) => text === "||");
  const texts = operands.map((operand, index) => asText(operand, types[index] ?? { kind: "unknown" }));
  const signs = operators.map(({ start, end }): Edit => ({ start, end, text: "+" }));
  const edits = isPure && texts.every((text) => text !== undefined) ? [...texts.flat(), ...signs] : undefined;
  const { start, end } = operators.find(({ text }) => text === "||") ?? chain;
  const fix = advice.signs["||"];
  const message = `${sql.slice(start, end)} does not exist in T-SQL`;
  return { start, end, remark: { code: "FOREIGN_OPERATOR", message, fix, ...given({ edits }) } };
}
