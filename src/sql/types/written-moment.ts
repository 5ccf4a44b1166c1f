/** The day a text means to T-SQL: `2024-12-31`, `20241231`, `12/31/2024`, `Dec 31 2024`, each with or without a time; `2024` is its first day. */
export function writtenMoment(text: string): number | undefined {
  const year = /^\s*(\d{4})\s*$/.exec(text)?.[1];
  if (year !== undefined) return Date.UTC(Number(year), 0, 1);
  const iso = /^\s*(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|(\d{2})(\d{2}))(?!\d)/.exec(text);
  if (iso !== null) return dayOf(Number(iso[1]), Number(iso[3] ?? iso[5]), Number(iso[4] ?? iso[6]));
  const american = /^\s*(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)/.exec(text);
  if (american !== null) return dayOf(Number(american[4]), Number(american[1]), Number(american[3]));
  const named = /^\s*(?:([a-z]{3})[a-z]*\.? (\d{1,2}),?|(\d{1,2}) ([a-z]{3})[a-z]*\.?) (\d{4})(?!\d)/i.exec(text);
  if (named === null) return undefined;
  const month = months.indexOf((named[1] ?? named[4] ?? "").toLowerCase()) + 1;
  return dayOf(Number(named[5]), month, Number(named[2] ?? named[3]));
}

function dayOf(year: number, month: number, day: number): number | undefined {
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 ? Date.UTC(year, month - 1, day) : undefined;
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
