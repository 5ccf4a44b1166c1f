import { type Kind, grown, inFrom, inWhere, listed } from "./growth.ts";

/** Long with what is taken for something else: look-alikes, signs of other databases, names without their brackets. */
export const mistaken: Readonly<Record<string, Kind>> = {
  "typographic quotes": grown({ close: "’" }),
  "no-break spaces": grown({ close: "\u00a0" }),
  "words with a Cyrillic letter": grown({ ...inWhere, open: "Id = 1 АND ", core: "1=1" }),
  backticks: grown({ close: "`" }),
  "names in backticks": listed((index) => `\`c${index}\``, ",", {}),
  "reserved columns": listed(() => "Order", ",", {}),
  "tables without brackets": grown({ ...inFrom, core: "Wide", close: ", Data Extension of Customers x" }),
  "tables of several words": grown({ ...inFrom, core: "Wide", close: " more" }),
  "columns without brackets": listed(() => "Spaced Column", ",", { tail: " FROM Spaced" }),
  "first words of columns": grown({ close: " Spaced", tail: " FROM Spaced" }),
  "conditions that leave NULL out": grown({ ...inWhere, open: "F1 <> 'a' AND ", core: "1=1" }),
  "NOT IN, nested": grown({ ...inWhere, open: "Id NOT IN (SELECT F1 FROM Wide WHERE ", core: "1=1", close: ")" }),
};
