import { columnsOf, type Facts } from "./columns.ts";
import { dayMs, flag, type Ground } from "./people.ts";
import { openChance } from "./random.ts";

/** Data extensions that trip up clients: every field type, names that need brackets, no rows, very many. */
export const awkwardTables = {
  "All Types": columnsOf(
    "Id Number!; Short Text(10)?; Longest Text(4000)?; Unbounded Text?; Whole Number?; Exact Decimal(18,2)?; Wide Decimal(38,0)?; Fine Decimal(23,15)?; Moment Date?; Flag Boolean?; Mail EmailAddress(254)?; Phone Phone(50)?; Language Locale(5)?",
  ),
  Order: columnsOf(
    "Select Number!; From Text(20)!; Group Text(50)?; Order Number?; Key Text(10)?; Value Decimal(10,2)?",
  ),
  "Order Items & More - 2024": columnsOf(
    "Order ID Number!; Line-No Number!; Unit.Price Decimal(10,2)?; 1st Choice Text(50)?; What's New Text(50)?; a:b Text(10)?; Total & Tax Decimal(12,2)?",
  ),
  "Kündigungen Österreich": columnsOf("Straße Text(100)!; Größe Decimal(5,2)?; Œuvre Text(50)?; İstanbul Text(50)?"),
  顧客: columnsOf("番号 Number!; 名前 Text(50)?; メール EmailAddress(254)?"),
  "No Rows": columnsOf("Id Number!; Name Text(50)?"),
  "Big List": columnsOf("Id Number!; SubscriberKey Text(50); Score Decimal(6,3)?; AddedDate Date?"),
} as const;

type AwkwardName = keyof typeof awkwardTables;

/** External keys that differ from the name. */
export const awkwardKeys: Partial<Record<AwkwardName, string>> = {
  Order: "order.v2",
  "Order Items & More - 2024": "6E5B0F0A-93C1-4E58-8D7A-2D6B7F1A9C11",
  顧客: "customers-jp",
};

const counts: Record<AwkwardName, number> = {
  "All Types": 40,
  Order: 12,
  "Order Items & More - 2024": 60,
  "Kündigungen Österreich": 4,
  顧客: 5,
  "No Rows": 0,
  "Big List": 100_000,
};

/** How many rows such a table has, whatever the seed's size. */
export function awkwardCount(table: AwkwardName): number {
  return counts[table];
}

/** The rows of one such table; the same in every business unit. */
export function* awkwardRows(ground: Ground, table: AwkwardName): Generator<Facts> {
  for (let at = 0; at < counts[table]; at += 1) yield rowOf(ground, table, at);
}

function rowOf(ground: Ground, table: AwkwardName, at: number): Facts {
  switch (table) {
    case "All Types":
      return allTypes(ground, at);
    case "Order":
      return {
        Select: at + 1,
        From: `row ${at + 1}`,
        Group: at % 3 === 0 ? null : "G",
        Order: 12 - at,
        Key: "k",
        Value: `${at}.50`,
      };
    case "Order Items & More - 2024":
      return {
        "Order ID": Math.floor(at / 3) + 1,
        "Line-No": (at % 3) + 1,
        "Unit.Price": `${at}.99`,
        "1st Choice": at % 2 === 0 ? "yes" : null,
        "What's New": "it's new",
        "a:b": "a:b",
        "Total & Tax": `${at * 2}.38`,
      };
    case "Kündigungen Österreich":
      return { Straße: `Hauptstraße ${at + 1}`, Größe: `${at + 1}.50`, Œuvre: "œuvre", İstanbul: "İstanbul’da" };
    case "顧客":
      return {
        番号: at + 1,
        名前: ["佐藤", "鈴木", "高橋", "田中", "伊藤"][at] ?? "",
        メール: `k${at + 1}@example.jp`,
      };
    case "No Rows":
      return {};
    case "Big List":
      return {
        Id: at + 1,
        SubscriberKey: `CK-${String((at % 1000) + 1).padStart(6, "0")}`,
        Score: `${at % 1000}.${String(at % 7).padStart(3, "0")}`,
        AddedDate: Math.floor(ground.now / dayMs) * dayMs - (at % 365) * dayMs,
      };
  }
}

/** Row 1 has the lowest values, row 2 the highest, row 3 only NULLs and empty text; the rest is ordinary. */
function allTypes(ground: Ground, at: number): Facts {
  switch (at) {
    case 0:
      return {
        Id: 1,
        Short: " ",
        Longest: '<a href="x">&amp;</a>',
        Whole: -2_147_483_648,
        Exact: "-9999999999999999.99",
        Wide: `-${"9".repeat(38)}`,
        Fine: "-99999999.999999999999999",
        // 1753-01-01, the first day of SQL Server's datetime.
        Moment: Date.UTC(1753, 0, 1),
        Flag: 0,
      };
    case 1:
      return {
        Id: 2,
        Short: "ten chars.",
        Longest: "x".repeat(4000),
        Unbounded: "y".repeat(6000),
        Whole: 2_147_483_647,
        Exact: "9999999999999999.99",
        Wide: "9".repeat(38),
        Fine: "99999999.999999999999999",
        Moment: Date.UTC(9999, 11, 31, 23, 59, 59),
        Flag: 1,
        Mail: `${"m".repeat(64)}@example.com`,
        Phone: "+49 (30) 1234-567",
        Language: "en-US",
      };
    case 2:
      return { Id: 3, Short: "" };
    default:
      return ordinary(ground, at);
  }
}

function ordinary(ground: Ground, at: number): Facts {
  const chance = openChance(`all types ${at}`);
  const cents = chance.between(0, 99_999);
  return {
    Id: at + 1,
    Short: `s${at}`,
    Longest: `line 1\r\nline 2 of ${at}`,
    Unbounded: "😀 emoji",
    Whole: chance.between(-1000, 1000),
    Exact: `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`,
    Wide: String(chance.between(0, 999_999)),
    Fine: "0.333333333333333",
    Moment: ground.now - chance.between(0, 1000) * dayMs,
    Flag: flag(chance.happens(0.5)),
    Mail: `user${at}@example.com`,
    Phone: "15550000000",
    Language: "de-DE",
  };
}
