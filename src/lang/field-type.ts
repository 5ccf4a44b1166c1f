/** MCE's types of the fields of Data Extensions and data views, which are those of result columns, too (MCE 4.2). */
export const fieldTypes = ["Text", "Number", "Decimal", "Date", "Boolean", "EmailAddress", "Phone", "Locale"] as const;
export type FieldType = (typeof fieldTypes)[number];

/** The types that hold text. */
export const textual: ReadonlySet<FieldType> = new Set(["Text", "EmailAddress", "Phone", "Locale"]);

/** Lengths, in characters, that MCE gives fields created without one (MCE 4.2); a Text without one is unbounded. */
export const usualLengths: Readonly<
  Partial<Record<FieldType, number>> & Record<"EmailAddress" | "Phone" | "Locale", number>
> = {
  EmailAddress: 254,
  Phone: 50,
  Locale: 5,
};
