import { columnsOf } from "./columns.ts";

const optIn =
  "_OptOutStatusID Number?; _OptOutMethodID Number?; _OptOutDate Date?; _OptInStatusID Number; _OptInMethodID Number?; _OptInDate Date?";
const stamps = "_CreatedDate Date; _CreatedBy Number?; _ModifiedDate Date; _ModifiedBy Number?";

/** The views of MobileConnect, MobilePush and chat, as MCE 8.7 lists their columns. */
export const mobileViews = {
  _MobileAddress: columnsOf(
    "_MobileID Number NS; _ContactID Number!; _MobileNumber Phone(15)!; _Status Number?; _Source Number?; _SourceObjectId Text(200)?; _Priority Number?; _Channel Text(20)?; _CarrierID Number; _CountryCode Text(2); _CreatedDate Date; _CreatedBy Number?; _ModifiedDate Date; _ModifiedBy Number?; _City Text(200)?; _State Text(200)?; _ZipCode Text(20)?; _FirstName Text(100)?; _LastName Text(100)?; _UTCOffset Decimal(4,2)?; _IsHonorDST Boolean?",
  ),
  _SMSSubscriptionLog: columnsOf(
    "LogDate Date?; SubscriberKey Text; MobileSubscriptionID Number!; SubscriptionDefinitionID Text(36); MobileNumber Phone(50); OptOutStatusID Number?; OptOutMethodID Number?; OptOutDate Date?; OptInStatusID Number; OptInMethodID Number?; OptInDate Date?; Source Number?; CreatedDate Date; ModifiedDate Date",
  ),
  _SMSMessageTracking: columnsOf(
    "MobileMessageTrackingID Number!; EID Number?; MID Number?; Mobile Phone(50); MessageID Number; KeywordID Text(36)?; CodeID Text(36)?; ConversationID Text?; ConversationStateID Text(36)?; CampaignID Number?; Sent Boolean; Delivered Boolean?; Undelivered Boolean?; Unsub Boolean? NS; OptIn Boolean? NS; OptOut Boolean? NS; Outbound Boolean?; Inbound Boolean?; CreateDateTime Date; ModifiedDateTime Date; ActionDateTime Date; MessageText Text?; IsTest Boolean; MobileMessageRecurrenceID Number?; ResponseToMobileMessageTrackingID Number?; IsValid Boolean?; InvalidationCode Number?; SendID Number?; SendSplitID Number?; SendSegmentID Number?; SendJobID Number?; SendGroupID Number?; SendPersonID Number?; SubscriberID Number?; SubscriberKey Text(254)?; SMSStandardStatusCodeId Number?; Description Text?; Name Text?; ShortCode Text?; SharedKeyword Text?; Ordinal Number?; FromName Text(11)?; JBActivityID Text(36)?; JBDefinitionID Text(36)?; SMSJobID Text(36)?; SMSBatchID Number?",
  ),
  _UndeliverableSMS: columnsOf(
    "MobileNumber Phone(50)!; Undeliverable Boolean; BounceCount Number; FirstBounceDate Date; HoldDate Date?",
  ),
  _MobileSubscription: columnsOf(
    `_MobileNumber Phone(15)!; _SubscriptionDefinitionID Text(200)!; ${optIn}; _Source Number?; _CreatedDate Date; _SourceObjectId Text(200)?; _CreatedBy Number?; _ModifiedDate Date; _ModifiedBy Number?; _MobileSubscriptionID Number NS`,
  ),
  _MobileLineAddressContactSubscriptionView: columnsOf(
    "ChannelID Text!; ContactID Number!; ContactKey Text; AddressID Text!; IsActive Number; CreatedDate Date; ModifiedDate Date?",
  ),
  _MobileLineOrphanContactView: columnsOf("ContactID Number!; ContactKey Text!; AddressID Text!; CreatedDate Date"),
  _SubscriberSMS: columnsOf(
    "SubscriberID Number; SubscriberKey Text; MobileNumber Phone; TransactionalOptIn Boolean; TransactionalOptInDate Date; TransactionalOptOutDate Date?; MarketingOptIn Boolean; MarketingOptInDate Date; MarketingOptOutDate Date?; SMSCarrierName Text?",
  ),
  _ChatMessagingSubscription: columnsOf(
    `_MobileNumber Text(254)!; _ChannelId Text(50)!; _ChannelType Text(20)!; ${optIn}; _Source Number?; _SourceObjectId Text(200)?; ${stamps}`,
  ),
  _MobileAddressApplication: columnsOf(
    "_ContactID Number!; _MobileNumber Text(15)!; _MobileApplicationID Text!; _CreatedDate Date; _CreatedBy Number?",
  ),
  _PushAddress: columnsOf(
    `_DeviceID Text(200)!; _ContactID Number; _APID Text(38)!; _Status Number?; _Source Number?; _SourceObjectId Text(200)?; _Platform Text(100)?; _PlatformVersion Text(100)?; _Alias Text(100)?; ${optIn}; _Channel Text(20)?; ${stamps}; _City Text(200)?; _State Text(200)?; _ZipCode Text(20)?; _FirstName Text(100)?; _LastName Text(100)?; _UTCOffset Decimal(4,2)?; _IsHonorDST Boolean?; _SystemToken Text(4000)?; _ProviderToken Text(200)?; _Badge Number?; _LocationEnabled Boolean?; _TimeZone Text(50)?; _Device Text(100)?; _HardwareId Text(100)?; _DeviceType Text(20)?`,
  ),
  _PushTag: columnsOf(`_DeviceID Text(200); _APID Text(38); _Value Text(128)?; ${stamps}`),
} as const;
