import type { TableField } from "./fields.ts";

/**
 * Columns of the system data views as `name:type`, t = Text, e = EmailAddress, p = Phone with their length, n = Number,
 * f = Decimal, d = Date, b = Boolean.
 *
 * Source: FACTS 8.7, three peers compared (2026-11). Where they disagree the widest wins, and a text whose length any of
 * them leaves open has 4000: a temp DE field may be too long, never too short.
 */
const tracking =
  "AccountID:n OYBAccountID:n JobID:n ListID:n BatchID:n SubscriberID:n SubscriberKey:t254 EventDate:d Domain:t128 TriggererSendDefinitionObjectID:t36 TriggeredSendCustomerKey:t36";

const views: Readonly<Record<string, string>> = {
  _Subscribers:
    "SubscriberID:n DateUndeliverable:d DateJoined:d DateUnsubscribed:d Domain:t254 EmailAddress:e254 BounceCount:n SubscriberKey:t254 SubscriberType:t100 Status:t12 Locale:t4000",
  _EnterpriseAttribute: "_SubscriberID:n",
  _ListSubscribers:
    "AddedBy:n AddMethod:t17 CreatedDate:d DateUnsubscribed:d EmailAddress:t4000 ListID:n ListName:t50 ListType:t16 Status:t12 SubscriberID:n SubscriberKey:t254 SubscriberType:t100",
  _BusinessUnitUnsubscribes: "BusinessUnitID:n SubscriberID:n SubscriberKey:t254 UnsubDateUTC:d UnsubReason:t100",
  _Job: "JobID:n EmailID:n AccountID:n AccountUserID:n FromName:t130 FromEmail:e254 SchedTime:d PickupTime:d DeliveredTime:d EventID:t50 IsMultipart:b JobType:t50 JobStatus:t50 ModifiedBy:n ModifiedDate:d EmailName:t100 EmailSubject:t200 IsWrapped:b TestEmailAddr:e254 Category:t100 BccEmail:e254 OriginalSchedTime:d CreatedDate:d CharacterSet:t50 IPAddress:t50 SalesForceTotalSubscriberCount:n SalesForceErrorSubscriberCount:n SendType:t128 DynamicEmailSubject:t4000 SuppressTracking:b SendClassificationType:t50 SendClassification:t200 ResolveLinksWithCurrentData:b EmailSendDefinition:t200 DeduplicateByEmail:b TriggererSendDefinitionObjectID:t36 TriggeredSendCustomerKey:t36",
  _Sent: tracking,
  _Open: `${tracking} IsUnique:b`,
  _Click: `${tracking} URL:t900 LinkName:t1024 LinkContent:t4000 IsUnique:b`,
  _Bounce: `${tracking} IsUnique:b BounceCategoryID:n BounceCategory:t50 BounceSubcategoryID:n BounceSubcategory:t50 BounceTypeID:n BounceType:t50 SMTPBounceReason:t4000 SMTPMessage:t4000 SMTPCode:n IsFalseBounce:b`,
  _Complaint: `${tracking} IsUnique:b`,
  _Unsubscribe: `${tracking} IsUnique:b`,
  _Journey:
    "VersionID:t36 JourneyID:t36 JourneyName:t200 VersionNumber:n CreatedDate:d LastPublishedDate:d ModifiedDate:d JourneyStatus:t100",
  _JourneyActivity:
    "VersionID:t36 ActivityID:t36 ActivityName:t200 ActivityExternalKey:t200 JourneyActivityObjectID:t36 ActivityType:t512",
  _AutomationInstance:
    "MemberID:n AutomationName:t400 AutomationDescription:t400 AutomationCustomerKey:t4000 AutomationInstanceID:t50 AutomationType:t50 AutomationNotificationRecipient_Complete:t500 AutomationNotificationRecipient_Error:t500 AutomationNotificationRecipient_Skip:t500 AutomationStepCount:n AutomationInstanceIsRunOnce:b FilenameFromTrigger:t4000 AutomationInstanceScheduledTime_UTC:d AutomationInstanceStartTime_UTC:d AutomationInstanceEndTime_UTC:d AutomationInstanceStatus:t400 AutomationInstanceActivityErrorDetails:t4000",
  _AutomationActivityInstance:
    "MemberID:n JobID:n AutomationName:t400 AutomationCustomerKey:t400 AutomationInstanceID:t50 ActivityCustomerKey:t400 ActivityInstanceID:t50 ActivityType:n ActivityName:t400 ActivityDescription:t400 ActivityInstanceStep:t50 ActivityInstanceStartTime_UTC:d ActivityInstanceEndTime_UTC:d ActivityInstanceStatus:t256 ActivityInstanceStatusDetails:t4000",
  _MobileAddress:
    "_MobileID:n _ContactID:t4000 _MobileNumber:t15 _Status:t4000 _Source:t4000 _SourceObjectId:t255 _Priority:t4000 _Channel:t50 _CarrierID:t4000 _CountryCode:t2 _CreatedDate:d _CreatedBy:t4000 _ModifiedBy:t4000 _City:t200 _State:t200 _ZipCode:t20 _FirstName:t100 _LastName:t100 _UTCOffset:n _IsHonorDST:b _ModifiedDate:d",
  _SMSSubscriptionLog:
    "LogDate:d SubscriberKey:t4000 MobileSubscriptionID:n SubscriptionDefinitionID:t4000 MobileNumber:p50 OptOutStatusID:n OptOutMethodID:n OptOutDate:d OptInStatusID:n OptInMethodID:n OptInDate:d Source:n CreatedDate:d ModifiedDate:d",
  _SMSMessageTracking:
    "MobileMessageTrackingID:n EID:n MID:n Mobile:p50 MessageID:n KeywordID:t4000 CodeID:t4000 ConversationID:t4000 ConversationStateID:t36 CampaignID:n Sent:b Delivered:b Undelivered:b Outbound:b Inbound:b CreateDateTime:d ModifiedDateTime:d ActionDateTime:d MessageText:t4000 IsTest:b MobileMessageRecurrenceID:n ResponseToMobileMessageTrackingID:n IsValid:b InvalidationCode:n SendID:n SendSplitID:n SendSegmentID:n SendJobID:n SendGroupID:n SendPersonID:n SubscriberID:n SubscriberKey:t4000 SMSStandardStatusCodeId:n Description:t4000 Name:t4000 ShortCode:t4000 SharedKeyword:t4000 Ordinal:n FromName:t4000 JBDefinitionID:t4000 JBActivityID:t4000 SMSJobID:t4000 SMSBatchID:n",
  _UndeliverableSMS: "MobileNumber:p50 Undeliverable:b BounceCount:n FirstBounceDate:d HoldDate:d",
  _FTAF:
    "AccountID:n OYBAccountID:n JobID:n ListID:n BatchID:n SubscriberID:n SubscriberKey:t254 TransactionTime:d Domain:t128 IsUnique:b TriggererSendDefinitionObjectID:t36 TriggeredSendCustomerKey:t36",
  _SurveyResponse: `${tracking} SurveyID:n SurveyName:t100 IsUnique:n QuestionID:n QuestionName:t50 Question:t4000 AnswerID:n AnswerName:t4000 Answer:t4000 AnswerData:t4000`,
  _Coupon: "Name:t128 ExternalKey:t36 Description:t4000 BeginDate:d ExpirationDate:d",
  _SocialNetworkImpressions:
    "JobID:n ListID:n RegionTitle:t4000 RegionDescription:t4000 RegionHTML:t4000 ContentRegionID:n SocialSharingSiteID:n SiteName:t4000 CountryCode:t10 ReferringURL:t4000 IPAddress:t50 TransactionTime:d PublishedSocialContentStatusID:t4000 ShortCode:t4000 PublishTime:d",
  _SocialNetworkTracking:
    "SubscriberID:n SubscriberKey:e254 ListID:n BatchID:n SocialSharingSiteID:n SiteName:t4000 CountryCode:t10 PublishedSocialContentID:t4000 RegionTitle:t4000 RegionDescription:t4000 RegionHTML:t4000 ContentRegionID:t4000 OYBMemberID:n TransactionTime:d IsUnique:b Domain:t4000 PublishedSocialContentStatusID:t4000 ShortCode:t4000 PublishTime:d",
  _MobileLineAddressContactSubscriptionView:
    "ChannelID:t255 ContactID:n ContactKey:t255 AddressID:t255 IsActive:n CreatedDate:d ModifiedDate:d",
  _MobileLineOrphanContactView: "ContactID:n ContactKey:t255 AddressID:t255 CreatedDate:d",
  _PushAddress:
    "_DeviceID:t200 _ContactID:t4000 _APID:t38 _Status:t4000 _Source:t4000 _SourceObjectId:t200 _Platform:t100 _PlatformVersion:t100 _Alias:t100 _OptOutStatusID:t4000 _OptOutMethodID:t4000 _OptOutDate:d _OptInStatusID:t4000 _OptInMethodID:t4000 _OptInDate:d _Channel:t20 _CreatedDate:d _CreatedBy:t4000 _ModifiedDate:d _ModifiedBy:t4000 _City:t200 _State:t200 _ZipCode:t20 _FirstName:t100 _LastName:t100 _UTCOffset:f _IsHonorDST:b _SystemToken:t4000 _ProviderToken:t200 _Badge:n _LocationEnabled:b _TimeZone:t50 _Device:t100 _HardwareId:t100 _DeviceType:t20",
  _PushTag: "_DeviceID:t200 _APID:t38 _Value:t128 _CreatedDate:d _CreatedBy:t4000 _ModifiedDate:d _ModifiedBy:t4000",
  _ChatMessagingSubscription:
    "_MobileNumber:t254 _ChannelId:t50 _ChannelType:t20 _OptOutStatusID:t4000 _OptOutMethodID:t4000 _OptOutDate:d _OptinStatusID:t4000 _OptinMethodID:t4000 _OptinDate:d _Source:t4000 _SourceObjectId:t200 _CreatedDate:d _CreatedBy:t4000 _ModifiedDate:d _ModifiedBy:t4000",
  _MobileSubscription:
    "_MobileNumber:t15 _SubscriptionDefinitionID:t200 _OptOutStatusID:t4000 _OptOutMethodID:t4000 _OptOutDate:d _OptInStatusID:t4000 _OptInMethodID:t4000 _OptInDate:d _Source:t4000 _CreatedDate:d _SourceObjectId:t200 _CreatedBy:t4000 _ModifiedDate:d _ModifiedBy:t4000",
  _ReconcilableDispositionView:
    "JobId:n Channel:n Disposition:n MessageKey:t255 SubscriberKey:t254 SubscriberID:n ErrorCodeID:n ErrorName:t255 ErrorDescription:t500 StartTime:d",
  _SubscriberSMS:
    "SubscriberID:n SubscriberKey:t4000 MobileNumber:p50 TransactionalOptIn:b TransactionalOptInDate:d TransactionalOptOutDate:d MarketingOptIn:b MarketingOptInDate:d MarketingOptOutDate:d SMSCarrierName:t4000",
};

const kinds = { t: "Text", e: "EmailAddress", p: "Phone", n: "Number", f: "Decimal", d: "Date", b: "Boolean" } as const;

function fieldOf(column: string): TableField {
  const [name = "", type = ""] = column.split(":");
  // The table above holds these seven letters only.
  const fieldType = kinds[type.charAt(0) as keyof typeof kinds];
  return type.length > 1 ? { name, fieldType, maxLength: Number(type.slice(1)) } : { name, fieldType };
}

const byLowerName = new Map(Object.entries(views).map(([name, columns]) => [name.toLowerCase(), columns]));
const read = new Map<string, readonly TableField[]>();

/** Whether MCE has a system data view of this name, in any case. */
export function isDataView(name: string): boolean {
  return byLowerName.has(name.toLowerCase());
}

/** Whether a view has columns of the account's own beside the built-in ones: its profile attributes. */
export function hasOwnAttributes(name: string): boolean {
  return name.toLowerCase() === "_enterpriseattribute";
}

/** The data view names, as MCE writes them. */
export const dataViewNames: readonly string[] = Object.keys(views);

/** The columns of a system data view; nothing for any other name. */
export function dataViewFields(name: string): readonly TableField[] | undefined {
  const key = name.toLowerCase();
  const columns = byLowerName.get(key);
  if (columns === undefined) return undefined;
  const known = read.get(key);
  if (known !== undefined) return known;
  const fields = columns.split(" ").map(fieldOf);
  read.set(key, fields);
  return fields;
}
