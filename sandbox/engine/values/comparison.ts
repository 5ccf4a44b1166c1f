import { charKey, collationKey, foldCase } from "./collation.ts";

/** How texts compare under a collation. */
export type Comparison = {
  /** The same for collations that compare alike. */
  id: string;
  /** What is compared bytewise in place of a text; blanks at the end do not count. */
  key: (text: string) => string;
  /** The key of one character among others, for ranges of LIKE. */
  charKey: (char: string) => string;
  /** The text as searches inside it compare it; of the same length. */
  fold: (text: string) => string;
  /** Whether the place of a character in the order is known. */
  isOrdered: (char: string) => boolean;
};

/** Digits, Latin letters and their accented forms: the characters whose order is known. */
const isLatin = (char: string) => char.charCodeAt(0) < 128 || /^[A-Z][\u007b-\u0087]$/.test(charKey(char));

/** SQL_Latin1_General_CP1_CI_AS, the database's collation. */
export const usualComparison: Comparison = {
  id: "ci_as",
  key: collationKey,
  charKey,
  fold: foldCase,
  isOrdered: isLatin,
};

const trimmed = (text: string) => text.replace(/ +$/, "");
const each = (text: string, change: (char: string) => string) =>
  Array.from({ length: text.length }, (_, at) => {
    const changed = change(text.charAt(at));
    return changed.length === 1 ? changed : text.charAt(at);
  }).join("");
const withoutAccent = (char: string) => char.normalize("NFD").replaceAll(/\p{M}/gu, "");

/** By code point. */
const binary: Comparison = {
  id: "bin",
  key: trimmed,
  charKey: (char) => char,
  fold: (text) => text,
  isOrdered: () => true,
};

/** Windows' collations put the small letter first, the old ones of SQL Server the capital. */
function caseMark(char: string, isWindows: boolean): string {
  const isCapital = char !== char.toLowerCase();
  return isCapital === isWindows ? "1" : "0";
}

function linguistic(isWindows: boolean, isCased: boolean, isAccented: boolean): Comparison {
  if (!isCased && isAccented) return usualComparison;
  const bare = isAccented ? (text: string) => text : (text: string) => each(text, withoutAccent);
  const marks = isCased ? (text: string) => each(text, (char) => caseMark(char, isWindows)) : () => "";
  return {
    id: `${isWindows && isCased ? "windows " : ""}${isCased ? "cs" : "ci"}_${isAccented ? "as" : "ai"}`,
    // Case decides only between texts that are otherwise equal.
    key: (text) => `${collationKey(bare(text))}\u0001${marks(trimmed(text))}`,
    charKey: (char) => `${charKey(bare(char)).padEnd(2, "\u0001")}${marks(char)}`,
    fold: (text) => (isCased ? bare(text) : foldCase(bare(text))),
    isOrdered: isLatin,
  };
}

/** Languages whose collations exist, with an order of their own for some letters. */
const foreign =
  /^(?:SQL_(?:1xCompat|AltDiction|Croatian|Czech|Danish|EBCDIC|Estonian|Hungarian|Icelandic|Latvian|Lithuanian|MixDiction|Polish|Romanian|Scandinavian|Slovak|Slovenian|SwedishPhone|SwedishStd|Ukrainian)\w*|Albanian|Arabic|Assamese|Azeri_(?:Cyrillic|Latin)|Bashkir|Bengali|Bosnian_(?:Cyrillic|Latin)|Breton|Chinese_\w+|Corsican|Croatian|Cyrillic_General|Czech|Danish_(?:Greenlandic|Norwegian)|Dari|Divehi|Estonian|Finnish_Swedish|French|Frisian|Georgian_Modern_Sort|German_PhoneBook|Greek|Hebrew|Hungarian(?:_Technical)?|Icelandic|Indic_General|Japanese\w*|Kazakh|Khmer|Korean(?:_Wansung)?|Lao|Latvian|Lithuanian|Macedonian_FYROM|Maltese|Maori|Mapudungan|Modern_Spanish|Mohawk|Nepali|Norwegian|Pashto|Persian|Polish|Romanian|Romansh|Sami_\w+|Serbian_(?:Cyrillic|Latin)|Slovak|Slovenian|Syriac|Tamazight|Tatar|Thai|Tibetan|Traditional_Spanish|Turkish|Turkmen|Uighur|Ukrainian|Upper_Sorbian|Urdu|Uzbek_Latin|Vietnamese|Welsh|Yakut)$/i;
const latin = /^(?:SQL_Latin1_General_(?:CP1|CP437|CP850|CP125[0-7]|Pref_CP1|Pref_CP437|Pref_CP850)|Latin1_General)$/i;
const nameParts =
  /^(\w+?)(?:_(?:80|90|100|140|160))?_(?:(BIN2?)|C([IS])_A([IS])(?:_KS)?(?:_WS)?(?:_VSS)?(?:_SC)?)(?:_UTF8)?$/i;

/** How a collation compares; `unknown` when there is none of this name, `foreign` when its order is not known here. */
export function comparisonOf(name: string | undefined): Comparison | "unknown" | "foreign" {
  if (name === undefined) return usualComparison;
  const [, language = "", bin, cased, accented] = nameParts.exec(name) ?? [];
  const isLatin1 = latin.test(language);
  if (!isLatin1 && !foreign.test(language)) return "unknown";
  if (bin !== undefined) return binary;
  if (!isLatin1) return "foreign";
  return linguistic(!/^SQL_/i.test(language), /s/i.test(cased ?? ""), /s/i.test(accented ?? ""));
}

/** How a collation compares that is known to be supported, since its name was checked when it was read. */
export function knownComparison(name: string | undefined): Comparison {
  const found = comparisonOf(name);
  return typeof found === "string" ? usualComparison : found;
}
