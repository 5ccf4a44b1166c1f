/**
 * The order of SQL_Latin1_General_CP1_CI_AS (SQL Server sort order 52): punctuation in code order, then digits, then
 * letters without case, an accented letter directly after its plain one; trailing blanks do not count.
 */
const controls = 0x20;
const accentOrder = "\u0300\u0301\u0302\u0303\u0308\u030a\u0327\u030c\u0328\u0304\u0306\u0307\u030b";

/** `null` where a character is its own key; punctuation moves below the digits. */
const asciiKeys: string[] = Array.from({ length: 128 }, (_, code) => {
  const char = String.fromCharCode(code);
  if (/[0-9A-Z]/.test(char)) return char;
  if (/[a-z]/.test(char)) return char.toUpperCase();
  if (code < controls) return `\u0001${String.fromCharCode(code + 1)}`;
  const rank = ` !"#$%&'()*+,-./:;<=>?@[\\]^_\`{|}~\u007f`.indexOf(char);
  return String.fromCharCode(0x0d + rank);
});

function wideKey(char: string): string {
  const upper = char.toUpperCase();
  const [base = "", accent] = Array.from(upper.normalize("NFD"));
  if (accent === undefined || !/[A-Z]/.test(base)) return upper.length === 1 ? upper : char;
  const rank = accentOrder.indexOf(accent);
  // Anything above "Z" sorts an accented letter after every word that continues with the plain one.
  return base + (rank < 0 ? `\u{10fffd}${accent}` : String.fromCharCode(0x7b + rank));
}

/** The key of one character among others. */
export function charKey(char: string): string {
  const code = char.charCodeAt(0);
  return code < 128 ? (asciiKeys[code] ?? "") : wideKey(char);
}

/** The text by which two strings are equal, ordered and grouped as SQL Server would; compare it bytewise. */
export function collationKey(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0x20) end -= 1;
  let key = "";
  for (let at = 0; at < end; at += 1) key += charKey(text.charAt(at));
  return key;
}

/** Folds one text for a search inside it (LIKE, REPLACE, CHARINDEX): same length as the input, case gone. */
export function foldCase(text: string): string {
  const upper = text.toUpperCase();
  if (upper.length === text.length) return upper;
  return Array.from({ length: text.length }, (_, at) => {
    const char = text.charAt(at).toUpperCase();
    return char.length === 1 ? char : text.charAt(at);
  }).join("");
}
