import { columnsOf } from "./columns.ts";

/** The first columns of every tracking view about sends: the T of MCE 8.7. */
export const sentColumns =
  "AccountID Number; OYBAccountID Number?; JobID Number!; ListID Number!; BatchID Number!; SubscriberID Number!; SubscriberKey Text(254); EventDate Date";
const trigger = "TriggererSendDefinitionObjectID Text(36)?; TriggeredSendCustomerKey Text(36)?";
/** The same where not every source lists them. */
export const unlistedTrigger = "TriggererSendDefinitionObjectID Text(36)? NS; TriggeredSendCustomerKey Text(36)? NS";

/** The tracking views and `_Job`, as MCE 8.7 lists their columns. */
export const trackingViews = {
  _Job: columnsOf(
    "JobID Number!; EmailID Number?; AccountID Number?; AccountUserID Number?; FromName Text(130)?; FromEmail Text(100)?; SchedTime Date?; PickupTime Date?; DeliveredTime Date?; EventID Text(50)?; IsMultipart Boolean; JobType Text(50)?; JobStatus Text(50)?; ModifiedBy Number?; ModifiedDate Date?; EmailName Text(100)?; EmailSubject Text(200)?; IsWrapped Boolean; TestEmailAddr EmailAddress(254)?; Category Text(100); BccEmail Text(100)?; OriginalSchedTime Date?; CreatedDate Date; CharacterSet Text(30)?; IPAddress Text(50)?; SalesForceTotalSubscriberCount Number; SalesForceErrorSubscriberCount Number; SendType Text(128); DynamicEmailSubject Text?; SuppressTracking Boolean; SendClassificationType Text(32)?; SendClassification Text(36)?; ResolveLinksWithCurrentData Boolean; EmailSendDefinition Text(36)?; DeduplicateByEmail Boolean; TriggererSendDefinitionObjectID Text(36)?; TriggeredSendCustomerKey Text(36)?",
  ),
  _Sent: columnsOf(`${sentColumns}; Domain Text(128); ${trigger}`),
  _Open: columnsOf(`${sentColumns}; Domain Text(128); IsUnique Boolean?; ${trigger}`),
  _Click: columnsOf(
    `${sentColumns}; Domain Text(128); URL Text(900)?; LinkName Text(1024)?; LinkContent Text?; IsUnique Boolean; ${trigger}`,
  ),
  _Bounce: columnsOf(
    `${sentColumns}; IsUnique Boolean; Domain Text(128); BounceCategoryID Number; BounceCategory Text(50)?; BounceSubcategoryID Number?; BounceSubcategory Text(50)?; BounceTypeID Number; BounceType Text(50)?; SMTPBounceReason Text?; SMTPMessage Text?; SMTPCode Number?; ${trigger}; IsFalseBounce Boolean?`,
  ),
  _Complaint: columnsOf(`${sentColumns}; IsUnique Boolean; Domain Text(128); ${unlistedTrigger}`),
  _Unsubscribe: columnsOf(`${sentColumns}; IsUnique Boolean; Domain Text(128); ${unlistedTrigger}`),
  _FTAF: columnsOf(
    "AccountID Number; OYBAccountID Number?; JobID Number!; ListID Number!; BatchID Number!; SubscriberID Number!; SubscriberKey Text(254); TransactionTime Date; Domain Text(128); IsUnique Boolean; TriggererSendDefinitionObjectID Text(36)?; TriggeredSendCustomerKey Text(36)?",
  ),
} as const;
