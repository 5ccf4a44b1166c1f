import { int } from "../../types.ts";
import type { Context, Expr } from "../model.ts";
import { expectArguments, intArgument, strict, textArgument, type Builder, type Call } from "./builder.ts";

function charOf(unicode: boolean): Builder {
  return (context, written) => {
    expectArguments(written, 1);
    return strict(
      context,
      unicode ? "nchar" : "char",
      [intArgument(context, written, 0)],
      { kind: "text", unicode, length: 1, fixed: true },
      (code) => {
        const at = Number(code);
        if (at < 0 || at > (unicode ? 65_535 : 255)) return null;
        return unicode ? String.fromCharCode(at) : new TextDecoder("windows-1252").decode(Uint8Array.of(at));
      },
    );
  };
}

function codeOf(context: Context, written: Call): Expr {
  expectArguments(written, 1);
  return strict(context, written.name, [textArgument(context, written, 0)], int, (value) => {
    const char = String(value).charAt(0);
    if (char === "") return null;
    if (written.name === "unicode" || char.charCodeAt(0) < 128) return char.charCodeAt(0);
    for (let at = 128; at < 256; at += 1)
      if (new TextDecoder("windows-1252").decode(Uint8Array.of(at)) === char) return at;
    return 63;
  });
}

/** Functions between characters and their codes, by lower-cased name; varchar's are those of Windows-1252. */
export const characterFunctions: Record<string, Builder> = {
  char: charOf(false),
  nchar: charOf(true),
  ascii: codeOf,
  unicode: codeOf,
};
