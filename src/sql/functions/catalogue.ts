import { given } from "#lang/given.ts";
import prose from "./functions.prose.json" with { type: "json" };
import { evidenceOf, type Evidence } from "./evidence.ts";

/** A function of T-SQL as a list shows it. */
export type FunctionEntry = {
  name: string;
  /** How it is called: names of arguments, optional ones in brackets. */
  signature: string;
  /** What it gives, in one sentence. */
  says: string;
  /** The type of what it gives: a field's type, or where it comes from. */
  returns: string;
  /** What people fall for, in Marketing Cloud or anywhere. */
  trap?: string;
  /** Whether Marketing Cloud has it. */
  evidence: Evidence;
};

type Prose = { signature: string; says: string; returns: string; trap?: string };

/** The functions known here, with what is worth knowing of each. Sources: MCE 8.2; learn.microsoft.com, "Functions (Transact-SQL)". */
export function functionCatalogue(): FunctionEntry[] {
  const words: [string, Prose][] = Object.entries(prose);
  return words.map(([name, { signature, says, returns, trap }]) => ({
    name,
    signature,
    says,
    returns,
    ...given({ trap }),
    evidence: evidenceOf(name),
  }));
}
