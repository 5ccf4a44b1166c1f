import type { UpdateType } from "../entities.ts";

/** A Query Activity as somebody made it in Automation Studio; `columns` are those its text gives. */
type SeededQuery = {
  name: string;
  customerKey: string;
  description: string;
  queryText: string;
  columns: readonly string[];
  targetKey: string;
  updateType: UpdateType;
};

const columns = ["CustomerKey", "EmailAddress", "FirstName", "Revenue"] as const;

/** What each business unit of the first enterprise has. The first is a step of "Segment VIP" in the views about automations. */
export const queryActivities: readonly SeededQuery[] = [
  {
    name: "Query Buyers",
    customerKey: "activity-2-2",
    description: "VIPs with what they have bought",
    queryText: `SELECT
  c.CustomerKey,
  c.EmailAddress,
  c.FirstName,
  SUM(o.Total) AS Revenue
FROM Customers c
JOIN Orders o ON o.CustomerKey = c.CustomerKey
WHERE c.IsVIP = 1
GROUP BY c.CustomerKey, c.EmailAddress, c.FirstName`,
    columns,
    targetKey: "VIP Audience",
    updateType: "Overwrite",
  },
  {
    name: "Query New VIPs",
    customerKey: "5F0C7A34-9B1D-4E62-8A57-C3D2E1F09B46",
    description: "",
    queryText: `SELECT CustomerKey, EmailAddress, FirstName, 0 AS Revenue
FROM Customers
WHERE IsVIP = 1
  AND CreatedDate >= DATEADD(DAY, -7, GETDATE())`,
    columns,
    targetKey: "VIP Audience",
    updateType: "Update",
  },
];
