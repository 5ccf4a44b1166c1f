import { given } from "#lang/given.ts";
import type { TableField, Zone } from "./fields.ts";

/**
 * Columns of the system data views as `name:type`, t = Text, e = EmailAddress, p = Phone with their length, n = Number,
 * f = Decimal with precision and scale, b = Boolean, s = Date in the server's time, u = Date in UTC, d = Date of which no
 * page says it. A letter alone has no length that any source knows: such a text is unbounded. `?` before a name: only by its
 * name, never in a star, because not every source lists it.
 *
 * Source: MCE 8.7, corrected against Salesforce's help pages (2026-11). Where lists disagree the widest length wins: a
 * temp DE field may be too long, never too short.
 */
const recipient = "AccountID:n OYBAccountID:n JobID:n ListID:n BatchID:n SubscriberID:n SubscriberKey:t254";
const sent = `${recipient} EventDate:s`;
const trigger = "TriggererSendDefinitionObjectID:t36 TriggeredSendCustomerKey:t36";
const unlistedTrigger = "?TriggererSendDefinitionObjectID:t36 ?TriggeredSendCustomerKey:t36";
const optIn = "_OptOutStatusID:n _OptOutMethodID:n _OptOutDate:d _OptInStatusID:n _OptInMethodID:n _OptInDate:d";
const stamps = "_CreatedDate:s _CreatedBy:n _ModifiedDate:s _ModifiedBy:n";

const views: Readonly<Record<string, string>> = {
  _Subscribers:
    "SubscriberID:n DateUndeliverable:s DateJoined:s DateUnsubscribed:s Domain:t254 EmailAddress:e254 BounceCount:n SubscriberKey:t254 SubscriberType:t100 Status:t12 ?Locale:t",
  _EnterpriseAttribute: "_SubscriberID:n",
  _ListSubscribers:
    "AddedBy:n AddMethod:t17 CreatedDate:d DateUnsubscribed:d EmailAddress:t254 ListID:n ListName:t50 ListType:t16 Status:t12 SubscriberID:n SubscriberKey:t254 SubscriberType:t100",
  _BusinessUnitUnsubscribes: "BusinessUnitID:n SubscriberID:n SubscriberKey:t254 UnsubDateUTC:u UnsubReason:t100",
  _Job: `JobID:n EmailID:n AccountID:n AccountUserID:n FromName:t130 FromEmail:t254 SchedTime:d PickupTime:d DeliveredTime:d EventID:t50 IsMultipart:b JobType:t50 JobStatus:t50 ModifiedBy:n ModifiedDate:d EmailName:t100 EmailSubject:t200 IsWrapped:b TestEmailAddr:e254 Category:t100 BccEmail:t254 OriginalSchedTime:d CreatedDate:d CharacterSet:t50 IPAddress:t50 SalesForceTotalSubscriberCount:n SalesForceErrorSubscriberCount:n SendType:t128 DynamicEmailSubject:t SuppressTracking:b SendClassificationType:t50 SendClassification:t200 ResolveLinksWithCurrentData:b EmailSendDefinition:t200 DeduplicateByEmail:b ${trigger}`,
  _Sent: `${sent} Domain:t128 ${trigger}`,
  _Open: `${sent} Domain:t128 IsUnique:b ${trigger}`,
  _Click: `${sent} Domain:t128 URL:t900 LinkName:t1024 LinkContent:t IsUnique:b ${trigger}`,
  _Bounce: `${sent} IsUnique:b Domain:t128 BounceCategoryID:n BounceCategory:t50 BounceSubcategoryID:n BounceSubcategory:t50 BounceTypeID:n BounceType:t50 SMTPBounceReason:t SMTPMessage:t SMTPCode:n ${trigger} IsFalseBounce:b`,
  _Complaint: `${sent} IsUnique:b Domain:t128 ${unlistedTrigger}`,
  _Unsubscribe: `${sent} IsUnique:b Domain:t128 ${unlistedTrigger}`,
  _Journey:
    "VersionID:t36 JourneyID:t36 JourneyName:t200 VersionNumber:n CreatedDate:d LastPublishedDate:d ModifiedDate:d JourneyStatus:t100",
  _JourneyActivity:
    "VersionID:t36 ActivityID:t36 ActivityName:t200 ActivityExternalKey:t200 JourneyActivityObjectID:t36 ActivityType:t512",
  _AutomationInstance:
    "MemberID:n AutomationName:t400 AutomationDescription:t400 AutomationCustomerKey:t400 AutomationInstanceID:t50 AutomationType:t50 AutomationNotificationRecipient_Complete:t500 AutomationNotificationRecipient_Error:t500 AutomationNotificationRecipient_Skip:t500 AutomationStepCount:n AutomationInstanceIsRunOnce:b FilenameFromTrigger:t4000 AutomationInstanceScheduledTime_UTC:u AutomationInstanceStartTime_UTC:u AutomationInstanceEndTime_UTC:u AutomationInstanceStatus:t400 AutomationInstanceActivityErrorDetails:t4000",
  _AutomationActivityInstance:
    "MemberID:n ?JobID:n AutomationName:t400 AutomationCustomerKey:t400 AutomationInstanceID:t50 ActivityCustomerKey:t400 ActivityInstanceID:t50 ActivityType:n ActivityName:t400 ActivityDescription:t400 ActivityInstanceStep:t50 ActivityInstanceStartTime_UTC:u ActivityInstanceEndTime_UTC:u ActivityInstanceStatus:t256 ActivityInstanceStatusDetails:t4000",
  _MobileAddress: `?_MobileID:n _ContactID:n _MobileNumber:p15 _Status:n _Source:n _SourceObjectId:t255 _Priority:n _Channel:t50 _CarrierID:n _CountryCode:t2 _CreatedDate:s _CreatedBy:n _ModifiedDate:s _ModifiedBy:n _City:t200 _State:t200 _ZipCode:t20 _FirstName:t100 _LastName:t100 _UTCOffset:f4,2 _IsHonorDST:b`,
  _SMSSubscriptionLog:
    "LogDate:s SubscriberKey:t MobileSubscriptionID:n SubscriptionDefinitionID:t36 MobileNumber:p50 OptOutStatusID:n OptOutMethodID:n OptOutDate:s OptInStatusID:n OptInMethodID:n OptInDate:s Source:n CreatedDate:s ModifiedDate:s",
  _SMSMessageTracking:
    "MobileMessageTrackingID:n EID:n MID:n Mobile:p50 MessageID:n KeywordID:t36 CodeID:t36 ConversationID:t ConversationStateID:t36 CampaignID:n Sent:b Delivered:b Undelivered:b ?Unsub:b ?OptIn:b ?OptOut:b Outbound:b Inbound:b CreateDateTime:s ModifiedDateTime:s ActionDateTime:s MessageText:t IsTest:b MobileMessageRecurrenceID:n ResponseToMobileMessageTrackingID:n IsValid:b InvalidationCode:n SendID:n SendSplitID:n SendSegmentID:n SendJobID:n SendGroupID:n SendPersonID:n SubscriberID:n SubscriberKey:t254 SMSStandardStatusCodeId:n Description:t Name:t ShortCode:t SharedKeyword:t Ordinal:n FromName:t11 JBActivityID:t36 JBDefinitionID:t36 SMSJobID:t36 SMSBatchID:n",
  _UndeliverableSMS: "MobileNumber:p50 Undeliverable:b BounceCount:n FirstBounceDate:d HoldDate:d",
  _FTAF: `${recipient} TransactionTime:s Domain:t128 IsUnique:b ${trigger}`,
  _SurveyResponse: `${recipient} EventDate:d Domain:t128 SurveyID:n SurveyName:t100 IsUnique:n QuestionID:n QuestionName:t50 Question:t4000 AnswerID:n AnswerName:t4000 Answer:t4000 AnswerData:t ${unlistedTrigger}`,
  _Coupon: "Name:t128 ExternalKey:t36 Description:t BeginDate:d ExpirationDate:d",
  _SocialNetworkImpressions:
    "JobID:n ListID:n RegionTitle:t RegionDescription:t RegionHTML:t ContentRegionID:n SocialSharingSiteID:n SiteName:t CountryCode:t10 ReferringURL:t IPAddress:t50 TransactionTime:d PublishedSocialContentStatusID:t ShortCode:t PublishTime:d",
  _SocialNetworkTracking:
    "SubscriberID:n SubscriberKey:t254 ListID:n BatchID:n SocialSharingSiteID:n SiteName:t CountryCode:t10 PublishedSocialContentID:t RegionTitle:t RegionDescription:t RegionHTML:t ContentRegionID:t OYBMemberID:n TransactionTime:d IsUnique:b Domain:t PublishedSocialContentStatusID:t ShortCode:t PublishTime:d",
  _MobileLineAddressContactSubscriptionView:
    "ChannelID:t ContactID:n ContactKey:t AddressID:t IsActive:n CreatedDate:s ModifiedDate:s",
  _MobileLineOrphanContactView: "ContactID:n ContactKey:t AddressID:t CreatedDate:s",
  _PushAddress: `_DeviceID:t200 _ContactID:n _APID:t38 _Status:n _Source:n _SourceObjectId:t200 _Platform:t100 _PlatformVersion:t100 _Alias:t100 ${optIn} _Channel:t20 ${stamps} _City:t200 _State:t200 _ZipCode:t20 _FirstName:t100 _LastName:t100 _UTCOffset:f4,2 _IsHonorDST:b _SystemToken:t4000 _ProviderToken:t200 _Badge:n _LocationEnabled:b _TimeZone:t50 _Device:t100 _HardwareId:t100 _DeviceType:t20`,
  _PushTag: `_DeviceID:t200 _APID:t38 _Value:t128 ${stamps}`,
  _ChatMessagingSubscription: `_MobileNumber:t254 _ChannelId:t50 _ChannelType:t20 ${optIn} _Source:n _SourceObjectId:t200 ${stamps}`,
  _MobileSubscription: `_MobileNumber:p15 _SubscriptionDefinitionID:t200 ${optIn} _Source:n _CreatedDate:s _SourceObjectId:t200 _CreatedBy:n _ModifiedDate:s _ModifiedBy:n ?_MobileSubscriptionID:n`,
  _MobileAddressApplication: "_ContactID:n _MobileNumber:t15 _MobileApplicationID:t _CreatedDate:s _CreatedBy:n",
  _ReconcilableDispositionView:
    "JobId:n Channel:n Disposition:n MessageKey:t255 SubscriberKey:t254 SubscriberID:n ErrorCodeID:n ErrorName:t255 ErrorDescription:t500 StartTime:d",
  _SubscriberSMS:
    "SubscriberID:n SubscriberKey:t MobileNumber:p TransactionalOptIn:b TransactionalOptInDate:d TransactionalOptOutDate:d MarketingOptIn:b MarketingOptInDate:d MarketingOptOutDate:d SMSCarrierName:t",
};

/** Views of which only the name is proven; SOAP lists them as Data Extensions, so MCE can be asked for their fields. */
const askedViews = [
  "_MobileLineAddress",
  "_MobileLineAddressContact",
  "_MobileLineProfile",
  "_MobileLineProfileAttribute",
  "_MobileLineSubscription",
  "MobileLineOrphanContact",
];

/** A view of which only the name is known, to nobody more. */
const bareViews = ["_PublicationSubscriber"];

/** What is known of a view's columns; `unlisted` ones answer to their names, but no star stands for them. */
export type DataView = { columns: readonly TableField[]; unlisted: readonly TableField[]; isOpen: boolean };

const kinds = {
  t: "Text",
  e: "EmailAddress",
  p: "Phone",
  n: "Number",
  f: "Decimal",
  d: "Date",
  s: "Date",
  u: "Date",
  b: "Boolean",
} as const;

const zones: Readonly<Record<string, Zone>> = { s: "server", u: "utc" };

function fieldOf(column: string): TableField {
  const [name = "", type = ""] = column.split(":");
  const letter = type.charAt(0);
  // The table above holds these letters only.
  const fieldType = kinds[letter as keyof typeof kinds];
  const [size, scale] = type.slice(1).split(",").map(Number);
  if (size === undefined || size === 0) return { name, fieldType, ...given({ zone: zones[letter] }) };
  return scale === undefined ? { name, fieldType, maxLength: size } : { name, fieldType, precision: size, scale };
}

function viewOf(columns: string): DataView {
  const words = columns.split(" ").filter((word) => word !== "");
  const fieldsOf = (isUnlisted: boolean) =>
    words.flatMap((word) => (word.startsWith("?") === isUnlisted ? [fieldOf(word.replace("?", ""))] : []));
  return { columns: fieldsOf(false), unlisted: fieldsOf(true), isOpen: columns === "" };
}

/** The data view names, as MCE writes them. */
export const dataViewNames: readonly string[] = [...Object.keys(views), ...askedViews, ...bareViews];

const byLowerName = new Map(dataViewNames.map((name) => [name.toLowerCase(), views[name] ?? ""]));
/** Views SOAP lists as Data Extensions, too, though their columns are known: an account may have more of them (MCE 8.7). */
const alsoAsked = [
  "_MobileAddress",
  "_MobileAddressApplication",
  "_MobileSubscription",
  "_PushAddress",
  "_PushTag",
  "_ChatMessagingSubscription",
];

const asked = new Set([...askedViews, ...alsoAsked].map((name) => name.toLowerCase()));
const read = new Map<string, DataView>();

/** Whether MCE has a system data view of this name, in any case. */
export function isDataView(name: string): boolean {
  return byLowerName.has(name.toLowerCase());
}

/** Whether a view has columns of the account's own beside the built-in ones: its profile attributes. */
export function hasOwnAttributes(name: string): boolean {
  return name.toLowerCase() === "_enterpriseattribute";
}

/** Whether MCE may know more of a view's columns, and can be asked for them. */
export function isToldByMce(name: string): boolean {
  return hasOwnAttributes(name) || asked.has(name.toLowerCase());
}

/** Whether all columns of a view are known here, so that nobody needs to be asked. */
export function isListed(name: string): boolean {
  return !hasOwnAttributes(name) && (dataView(name)?.columns.length ?? 0) > 0;
}

/** What is known of a system data view's columns; nothing for any other name. */
export function dataView(name: string): DataView | undefined {
  const key = name.toLowerCase();
  const columns = byLowerName.get(key);
  if (columns === undefined) return undefined;
  const known = read.get(key);
  if (known !== undefined) return known;
  const view = viewOf(columns);
  read.set(key, view);
  return view;
}
