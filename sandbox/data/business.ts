import { columnsOf, type Facts } from "./columns.ts";
import { dayMs, flag, membersOf, type Ground, type Person } from "./people.ts";
import { openChance } from "./random.ts";

/** The shop that every business unit has: customers, products, orders, and an empty table to write into. */
export const businessTables = {
  Customers: columnsOf(
    "CustomerKey Text(50)!; EmailAddress EmailAddress(254)?; FirstName Text(50)?; LastName Text(50)?; Phone Phone(50)?; Locale Locale(5)?; Country Text(2)?; BirthDate Date?; IsVIP Boolean?; LoyaltyPoints Number?; Balance Decimal(12,2)?; CreatedDate Date?",
  ),
  Products: columnsOf(
    "ProductID Text(20)!; ProductName Text(100); Category Text(50)?; Price Decimal(10,2); Stock Number?; IsActive Boolean?; LaunchDate Date?; Description Text?",
  ),
  Orders: columnsOf(
    "OrderID Number!; CustomerKey Text(50); ProductID Text(20); Quantity Number; UnitPrice Decimal(10,2); Discount Decimal(5,4)?; Total Decimal(12,2)?; OrderDate Date; ShippedDate Date?; Status Text(20)?; IsGift Boolean?; ContactEmail EmailAddress(254)?; ContactPhone Phone(50)?",
  ),
  "VIP Audience": columnsOf(
    "CustomerKey Text(50)!; EmailAddress EmailAddress(254)?; FirstName Text(50)?; Revenue Decimal(18,2)?",
  ),
} as const;

const categories = ["Books", "Garden", "Kitchen", "Music", "Outdoor", "Toys"] as const;
const productCount = 60;

/** How many orders a business unit has: never fewer than 5,000. */
function orderCount(ground: Ground): number {
  return Math.max(5000, Math.round(ground.rows / 4));
}

/** Cents as a decimal of two places. */
function money(cents: number): string {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
}

function priceCents(product: number): number {
  return openChance(`price ${product}`).between(199, 29_999);
}

function productId(at: number): string {
  return `P-${String(at + 1).padStart(4, "0")}`;
}

function customer(ground: Ground, person: Person): Facts {
  const chance = openChance(`customer ${person.id}`);
  return {
    CustomerKey: person.key,
    EmailAddress: person.email,
    FirstName: person.first,
    LastName: person.last,
    Phone: person.phone,
    Locale: person.locale,
    Country: person.country,
    BirthDate: chance.happens(0.9) ? person.birth : null,
    IsVIP: flag(person.isVip),
    LoyaltyPoints: chance.between(0, 20_000),
    Balance: chance.happens(0.85) ? `${chance.happens(0.1) ? "-" : ""}${money(chance.between(1, 500_000))}` : null,
    CreatedDate: Math.min(person.joined + dayMs, ground.now),
  };
}

function product(ground: Ground, at: number): Facts {
  const chance = openChance(`product ${at}`);
  const category = chance.pick(categories);
  return {
    ProductID: productId(at),
    ProductName: `${category} article ${at + 1}`,
    Category: category,
    Price: money(priceCents(at)),
    Stock: chance.happens(0.1) ? null : chance.between(0, 500),
    IsActive: flag(chance.happens(0.9)),
    LaunchDate: Math.floor(ground.now / dayMs) * dayMs - chance.between(100, 2000) * dayMs,
    Description: chance.happens(0.5) ? `Article ${at + 1} of our ${category} range, "best seller"` : null,
  };
}

function order(ground: Ground, mid: number, members: readonly Person[], at: number): Facts {
  const chance = openChance(`order ${mid} ${at}`);
  const buyer = members[chance.between(0, members.length - 1)];
  const article = chance.between(0, productCount - 1);
  const quantity = chance.between(1, 9);
  const tenths = chance.happens(0.3) ? chance.between(1, 3) : 0;
  const total = Math.round((priceCents(article) * quantity * (10 - tenths)) / 10);
  const ordered = ground.now - chance.between(0, 720) * dayMs - chance.between(1, dayMs);
  const shipped = ordered + chance.between(1, 5) * dayMs;
  const isShipped = shipped < ground.now && chance.happens(0.95);
  return {
    OrderID: 10_001 + at,
    CustomerKey: buyer?.key ?? "",
    ProductID: productId(article),
    Quantity: quantity,
    UnitPrice: money(priceCents(article)),
    Discount: tenths === 0 ? null : `0.${tenths}000`,
    Total: money(total),
    OrderDate: ordered - (ordered % 1000),
    ShippedDate: isShipped ? shipped - (shipped % 1000) : null,
    Status: isShipped ? chance.pick(["Shipped", "shipped", "Delivered"]) : chance.pick(["Open", "Cancelled"]),
    IsGift: flag(chance.happens(0.15)),
    ContactEmail: buyer?.email ?? null,
    ContactPhone: buyer?.phone ?? null,
  };
}

/** The rows of one business table of one business unit. */
export function* businessRows(ground: Ground, mid: number, table: keyof typeof businessTables): Generator<Facts> {
  const members = membersOf(ground, mid);
  switch (table) {
    case "Customers":
      for (const person of members) yield customer(ground, person);
      break;
    case "Products":
      for (let at = 0; at < productCount; at += 1) yield product(ground, at);
      break;
    case "Orders":
      for (let at = 0; at < orderCount(ground); at += 1) yield order(ground, mid, members, at);
      break;
    case "VIP Audience":
  }
}

/** How many rows a business table will have, without making them. */
export function businessCount(ground: Ground, mid: number, table: keyof typeof businessTables): number {
  switch (table) {
    case "Customers":
      return membersOf(ground, mid).length;
    case "Products":
      return productCount;
    case "Orders":
      return orderCount(ground);
    case "VIP Audience":
      return 0;
  }
}
