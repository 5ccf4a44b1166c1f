import { codePointOf } from "./code-point.ts";

/** Letters of other scripts beside the Latin ones they look like. */
const alike =
  "АA ВB ЕE КK МM НH ОO РP СC ТT УY ХX ЅS ІI ЈJ ԚQ ԜW ҮY ӀI аa вb еe кk мm нh оo рp сc тt уy хx ѕs іi јj ԁd һh ԛq ԝw үy " +
  "ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX αa εe ιi κk νv οo ρp τt υu χx γy ϹC ϲc ͿJ ϳj ıi ſs \u212aK ʼ' ʹ' ʻ' ˈ'";

const latinOf = new Map<string, string>();
for (const pair of alike.split(" ")) latinOf.set(pair.charAt(0), pair.charAt(1));

function plainOf(char: string): string {
  const latin = latinOf.get(char);
  if (latin !== undefined) return latin;
  // Full-width forms and blanks of any kind.
  return /[\uff01-\uff5e\u00a0\u2000-\u200b\u202f\u205f\u3000]/.test(char) ? char.normalize("NFKC") : char;
}

/** A word as it looks: letters of other scripts written as the Latin ones they look like. */
export function asItLooks(word: string): string {
  return word.replace(/[^\0-\x7f]/g, plainOf);
}

/** The first character of a word that only looks like another one: where, and what to say of it. */
export function lookAlikeLetter(word: string): { index: number; says: string } | undefined {
  for (let index = 0; index < word.length; index += 1) {
    const char = word.charAt(index);
    const plain = plainOf(char);
    if (plain === " ") return { index, says: `${codePointOf(char)} only looks like a blank` };
    if (plain !== char) return { index, says: `${char} (${codePointOf(char)}) only looks like ${plain}` };
  }
  return undefined;
}
