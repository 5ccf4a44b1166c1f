import { readOffset } from "../../convert/to-text.ts";
import { minuteMs } from "../../values/calendar.ts";
import { SqlError } from "../../values/sql-error.ts";
import { ianaZone } from "../../values/windows-zones.ts";
import { instantOfLocal, offsetAt } from "../../values/zone-offset.ts";
import { datetime, typeName, type SqlType } from "../../types.ts";
import type { Node } from "../ast.ts";
import type { Context, Expr } from "../model.ts";
import { implicit } from "../expr.ts";
import { translate } from "../expression.ts";
import { asText } from "../type-rules.ts";
import { argument, expectArguments, strict, textArgument, type Builder } from "./builder.ts";

function zoneOf(name: string): string {
  const zone = ianaZone(name);
  if (zone === undefined)
    throw new SqlError(`The time zone parameter '${name}' provided to AT TIME ZONE clause is invalid.`);
  return zone;
}

/** AT TIME ZONE: gives a wall-clock time its zone, or moves a datetimeoffset to another. */
export function translateAtTimeZone(context: Context, body: Node): Expr {
  const given = translate(context, body["timestamp"] ?? null);
  const value = given.type.kind === "text" ? implicit(context, given, datetime) : given;
  const zone = translate(context, body["time_zone"] ?? null);
  const { type } = value;
  const isWall = type.kind === "moment" && type.size !== "date";
  if (!isWall && type.kind !== "offset")
    throw new SqlError(`Argument data type ${typeName(type)} is invalid for argument 1 of AT TIME ZONE function.`);
  const result: SqlType = { kind: "offset", scale: type.kind === "moment" || type.kind === "offset" ? type.scale : 7 };
  return strict(
    context,
    "at time zone",
    [value, implicit(context, zone, asText(zone.type))],
    result,
    (moment, name) => {
      const iana = zoneOf(String(name));
      const utc = isWall ? instantOfLocal(iana, Number(moment)) : readOffset(String(moment)).utc;
      return `${utc}|${offsetAt(iana, utc)}`;
    },
  );
}

function minutesOf(text: string): number {
  const match = /^([+-])(\d{2}):(\d{2})$/.exec(text.trim());
  const minutes = Number(match?.[2]) * 60 + Number(match?.[3]);
  if (match === null || minutes > 14 * 60)
    throw new SqlError("The timezone provided to builtin function switchoffset is invalid.");
  return match[1] === "-" ? -minutes : minutes;
}

/** SWITCHOFFSET and TODATETIMEOFFSET, by lower-cased name. */
export const zoneFunctions: Record<string, Builder> = {
  switchoffset(context, written) {
    expectArguments(written, 2);
    const given = argument(context, written, 0);
    const value = given.type.kind === "offset" ? given : implicit(context, given, { kind: "offset", scale: 7 });
    return strict(
      context,
      "switchoffset",
      [value, textArgument(context, written, 1)],
      value.type,
      (moment, zone) => `${readOffset(String(moment)).utc}|${minutesOf(String(zone))}`,
    );
  },
  todatetimeoffset(context, written) {
    expectArguments(written, 2);
    const given = argument(context, written, 0);
    const value = given.type.kind === "moment" ? given : implicit(context, given, datetime);
    const scale = value.type.kind === "moment" ? value.type.scale : 7;
    return strict(
      context,
      "todatetimeoffset",
      [value, textArgument(context, written, 1)],
      { kind: "offset", scale },
      (moment, zone) => {
        const minutes = minutesOf(String(zone));
        return `${Number(moment) - minutes * minuteMs}|${minutes}`;
      },
    );
  },
};
