import { forbidden } from "./xml.ts";

/** An element with text; escaped. */
export function text(name: string, value: string | number | boolean): string {
  return value === "" ? `<${name} />` : `<${name}>${escapeXml(String(value))}</${name}>`;
}

/** An element with elements inside; `type` becomes its xsi:type. */
export function element(name: string, content: string, type?: string): string {
  return `<${name}${type === undefined ? "" : ` xsi:type="${type}"`}>${content}</${name}>`;
}

/** An element without a value (xsi:nil). */
export function nil(name: string): string {
  return `<${name} xsi:nil="true" />`;
}

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#xD;" };

function escapeXml(value: string): string {
  return value.replaceAll(/[&<>\r]/g, (it) => escapes[it] ?? it).replaceAll(new RegExp(forbidden, "g"), "\uFFFD");
}
