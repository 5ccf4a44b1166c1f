import { maskValues } from "#mce/mask.ts";
import type { Line } from "./findings.ts";
import type { Probed } from "./probe.ts";

/** What must not stand in a report: names and numbers of the tenant and its package. */
export type Secrets = readonly string[];

/** A report to send back, as Markdown: Marketing Cloud's answers without rows, secrets, or ids. Pure. */
export function reportOf(probed: Probed, about: { version: string; date: string; secrets: Secrets }): string {
  const { lines, calls, tookMs, left, failure, isStopped } = probed;
  const mask = maskFor(about.secrets);
  const open = lines.filter(({ isOpen }) => isOpen === true);
  const facts = lines.filter(({ isOpen }) => isOpen !== true);
  const end = failure !== undefined ? `It ended early: ${mask(failure)}` : isStopped ? "It was stopped." : undefined;
  return [
    "# What Marketing Cloud answered to a probe",
    "",
    `Shell Query Engine ${about.version}, ${about.date}; ${calls} calls in ${Math.round(tookMs / 1000)} s.`,
    ...(end === undefined ? [] : ["", end]),
    "",
    "| Question | Answer | Code | Marketing Cloud's words |",
    "|---|---|---|---|",
    ...facts.map((line) => rowOf(line, mask)),
    ...(open.length === 0 ? [] : ["", "## Not settled", "", ...open.map((line) => itemOf(line, mask))]),
    "",
    left.length === 0
      ? "Nothing of the probe is left in Marketing Cloud."
      : `${left.length} things of the probe may be left in Marketing Cloud.`,
    "",
  ].join("\n");
}

function rowOf({ question, answer, code = "", text = "" }: Line, mask: (text: string) => string): string {
  return `| ${cell(question)} | ${cell(mask(answer))} | ${cell(code)} | ${cell(mask(text))} |`;
}

function itemOf({ question, answer, text = "" }: Line, mask: (text: string) => string): string {
  return `- ${question}: ${mask([answer, text].filter(Boolean).join(": "))}`;
}

function cell(text: string): string {
  return text.replaceAll(/\s+/g, " ").replaceAll("|", "\\|").trim();
}

/** What tells one probe from another. */
const probeId = /(?<![0-9a-z])[0-9a-f]{12}(?![0-9a-z])/gi;
const guid = /\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi;
/** A task, a business unit, a folder, a number of an error. */
const number = /(?<![\w.])\d{5,}(?![\w.])/g;
const address = /\bhttps?:\/\/[^\s"'<>|]+/gi;
const mail = /[^\s<>(),;:]+@[^\s<>(),;:]+/g;

/**
 * Makes a function that takes out what identifies a tenant. Quoted names stay: they are the probe's own, which its query
 * texts have. Where a text speaks of values, they are masked as everywhere else (D28).
 */
function maskFor(secrets: Secrets): (text: string) => string {
  const known = secrets.filter((secret) => secret.length >= 4).toSorted((one, other) => other.length - one.length);
  return (text) => {
    const bare = known.reduce((left, secret) => left.replaceAll(secret, "…"), text);
    const plain = [address, mail, guid, probeId, number].reduce((left, one) => left.replaceAll(one, "…"), bare);
    return /\bvalue\b|duplicate key|overflow/i.test(plain) ? maskValues(plain) : plain;
  };
}
