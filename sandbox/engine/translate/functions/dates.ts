import { settleMoment } from "../../convert/to-moment.ts";
import { readOffset } from "../../convert/to-text.ts";
import { dayMs, hourMs, minuteMs } from "../../values/calendar.ts";
import { SqlError, unsupported } from "../../values/sql-error.ts";
import { addPart, countBoundaries, endOfMonth, partName, partValue } from "../../udfs/dates.ts";
import { bigint, date, datetime, int, text, typeName, type SqlType, type Stored } from "../../types.ts";
import { nameOf, node, unnested, variant, word } from "../ast.ts";
import type { Context, Expr } from "../model.ts";
import { constant, implicit } from "../expr.ts";
import { asMoment } from "../type-rules.ts";
import { argument, expectArguments, intArgument, strict, type Builder, type Call } from "./builder.ts";
import { datePart, type DatePart } from "./date-parts.ts";

/** MCE's server clock: UTC-6 all year, without daylight saving (MCE 8.2). */
const serverOffsetMs = -6 * hourMs;

const fine: SqlType = { kind: "moment", size: "datetime2", scale: 7 };

function partArgument({ args, name }: Call): DatePart {
  const { name: kind, body } = variant(unnested(args[0] ?? null));
  const { name: literal, body: quoted } = variant(node(body)["value"]);
  const written = kind === "Identifier" ? nameOf(body) : literal === "SingleQuotedString" ? word(quoted) : undefined;
  if (kind !== "Identifier" || written === undefined) throw new SqlError(`Invalid parameter 1 specified for ${name}.`);
  return datePart(written, name);
}

/** A date argument in the type that its function takes. */
function momentArgument(context: Context, written: Call, at: number, textual: SqlType = datetime): Expr {
  const value = argument(context, written, at);
  const type = value.type.kind === "text" ? textual : asMoment(value.type);
  return implicit(context, value, type);
}

const timeParts = new Set<DatePart>(["hour", "minute", "second", "millisecond", "microsecond", "nanosecond"]);

function checkPart(part: DatePart, type: SqlType, name: string): void {
  const wrong =
    (type.kind === "moment" && type.size === "date" && timeParts.has(part)) ||
    (type.kind === "time" && !timeParts.has(part));
  if (wrong)
    throw new SqlError(
      `The datepart ${part} is not supported by date function ${name} for data type ${typeName(type)}.`,
    );
}

/** The local wall clock of a stored date value of any kind. */
function localValue(type: SqlType, value: Stored): number {
  if (type.kind !== "offset") return Number(value);
  const { utc, minutes } = readOffset(String(value));
  return utc + minutes * minuteMs;
}

function dateAdd(context: Context, written: Call): Expr {
  expectArguments(written, 3);
  const part = partArgument(written);
  const count = argument(context, written, 1);
  const number = implicit(context, count, count.type.kind === "int" && count.type.size === "bigint" ? bigint : int);
  const moment = momentArgument(context, written, 2);
  const { type } = moment;
  checkPart(part, type, "dateadd");
  return strict(context, `dateadd ${part}`, [number, moment], type, (n, value) => {
    const moved = addPart(part, Number(n), localValue(type, value), typeName(type));
    if (type.kind === "time") return ((moved % dayMs) + dayMs) % dayMs;
    if (type.kind === "moment") {
      try {
        return settleMoment(moved, type, type);
      } catch {
        throw new SqlError(`Adding a value to a '${typeName(type)}' column caused an overflow.`);
      }
    }
    const { minutes } = readOffset(String(value));
    return `${moved - minutes * minuteMs}|${minutes}`;
  });
}

function dateDiff(isBig: boolean): Builder {
  return (context, written) => {
    expectArguments(written, 3);
    const part = partArgument(written);
    const [from, to] = [momentArgument(context, written, 1, fine), momentArgument(context, written, 2, fine)];
    const clock = (type: SqlType, value: Stored): number =>
      type.kind === "offset" ? readOffset(String(value)).utc : Number(value);
    const zero = (type: SqlType): number => (type.kind === "time" ? -25_567 * dayMs : 0);
    return strict(context, `datediff ${part} ${isBig}`, [from, to], isBig ? bigint : int, (a, b) => {
      const count = countBoundaries(part, clock(from.type, a) + zero(from.type), clock(to.type, b) + zero(to.type));
      if (!isBig && (count > 2_147_483_647 || count < -2_147_483_648)) {
        throw new SqlError(
          "The datediff function resulted in an overflow. The number of dateparts separating two date/time instances is too large. Try to use datediff with a less precise datepart.",
        );
      }
      return count;
    });
  };
}

function partOf(context: Context, value: Expr, part: DatePart): Expr {
  const { type } = value;
  checkPart(part, type, "datepart");
  return strict(context, `datepart ${part}`, [value], int, (given) =>
    part === "tzoffset" && type.kind === "offset"
      ? readOffset(String(given)).minutes
      : partValue(part, localValue(type, given)),
  );
}

function singlePart(part: DatePart): Builder {
  return (context, written) => {
    expectArguments(written, 1);
    return partOf(context, momentArgument(context, written, 0, fine), part);
  };
}

function dateName(context: Context, written: Call): Expr {
  expectArguments(written, 2);
  const part = partArgument(written);
  const value = momentArgument(context, written, 1, fine);
  checkPart(part, value.type, "datename");
  if (part === "tzoffset") return unsupported("DATENAME of tzoffset");
  return strict(context, `datename ${part}`, [value], text(30, true), (given) =>
    partName(part, localValue(value.type, given)),
  );
}

function now(type: SqlType, isUtc: boolean): Builder {
  return (context, written) => {
    expectArguments(written, 0);
    const local = context.run.now + (isUtc ? 0 : serverOffsetMs);
    return constant(type.kind === "moment" ? settleMoment(local, type, type) : local, type);
  };
}

function eoMonth(context: Context, written: Call): Expr {
  expectArguments(written, 1, 2);
  const value = momentArgument(context, written, 0);
  const months = written.args.length === 2 ? intArgument(context, written, 1) : constant(0, int);
  return strict(context, "eomonth", [value, months], date, (given, count) =>
    endOfMonth(localValue(value.type, given), Number(count)),
  );
}

/** The date functions, by lower-cased name. */
export const dateFunctions: Record<string, Builder> = {
  getdate: now(datetime, false),
  current_timestamp: now(datetime, false),
  sysdatetime: now(fine, false),
  getutcdate: now(datetime, true),
  sysutcdatetime: now(fine, true),
  sysdatetimeoffset(context, written) {
    expectArguments(written, 0);
    return constant(`${context.run.now}|-360`, { kind: "offset", scale: 7 });
  },
  dateadd: dateAdd,
  datediff: dateDiff(false),
  datediff_big: dateDiff(true),
  datepart(context, written) {
    expectArguments(written, 2);
    return partOf(context, momentArgument(context, written, 1, fine), partArgument(written));
  },
  datename: dateName,
  year: singlePart("year"),
  month: singlePart("month"),
  day: singlePart("day"),
  eomonth: eoMonth,
};
