import { child, childrenOf, localName, type XmlElement } from "./xml.ts";

const head = [
  "Client",
  "PartnerKey",
  "PartnerProperties",
  "CreatedDate",
  "ModifiedDate",
  "ID",
  "ObjectID",
  "CustomerKey",
  "Owner",
  "CorrelationID",
  "ObjectState",
];
const written = ["Options", "Objects"];

/** Order of children in the WSDL, by element or by xsi:type (MCE 2.3, 3.3, 4.1, 5.1). */
const orders: Record<string, readonly string[]> = {
  CreateRequest: written,
  UpdateRequest: written,
  DeleteRequest: written,
  PerformRequestMsg: ["Options", "Action", "Definitions"],
  RetrieveRequest: [
    "ClientIDs",
    "ObjectType",
    "Properties",
    "Filter",
    "RespondTo",
    "PartnerProperties",
    "ContinueRequest",
    "QueryAllAccounts",
    "RetrieveAllSinceLastBatch",
    "RepeatLastResult",
    "Retrieves",
    "Options",
  ],
  SimpleFilterPart: ["Property", "SimpleOperator", "Value", "DateValue"],
  ComplexFilterPart: ["LeftOperand", "LogicalOperator", "RightOperand", "AdditionalOperands"],
  DataFolder: [
    ...head,
    "ParentFolder",
    "Name",
    "Description",
    "ContentType",
    "IsActive",
    "IsEditable",
    "AllowChildren",
  ],
  DataExtension: [
    ...head,
    "Name",
    "Description",
    "IsSendable",
    "IsTestable",
    "SendableDataExtensionField",
    "SendableSubscriberField",
    "Template",
    "DataRetentionPeriodLength",
    "DataRetentionPeriodUnitOfMeasure",
    "RowBasedRetention",
    "ResetRetentionPeriodOnImport",
    "DeleteAtEndOfRetentionPeriod",
    "RetainUntil",
    "Fields",
    "DataRetentionPeriod",
    "CategoryID",
    "Status",
  ],
  Field: [
    ...head,
    "Name",
    "Precision",
    "Scale",
    "Label",
    "Description",
    "DefaultValue",
    "MinLength",
    "MaxLength",
    "MinValue",
    "MaxValue",
    "IsRequired",
    "IsViewable",
    "IsEditable",
    "IsNillable",
    "Ordinal",
    "IsPrimaryKey",
    "FieldType",
    "DataExtension",
    "StorageType",
  ],
  QueryDefinition: [
    ...head,
    "Name",
    "Description",
    "Keyword",
    "InteractionObjectID",
    "QueryText",
    "TargetType",
    "DataExtensionTarget",
    "TargetUpdateType",
    "FileSpec",
    "FileType",
    "Status",
    "CategoryID",
  ],
  DataExtensionTarget: [...head, "Name", "Description", "Keyword"],
};

/** What the WSDL forbids in a request that the live service accepts: a missing Options, another order; undefined when it is fine. */
export function strictProblem(body: XmlElement): string | undefined {
  const needsOptions = childrenOf(body, "Objects").length > 0;
  if (needsOptions && child(body, "Options") === undefined) return `Options is missing in ${body.name}`;
  return orderProblem(body);
}

function orderProblem(element: XmlElement): string | undefined {
  const order = orders[localName(element.attributes.get("type") ?? "")] ?? orders[element.name];
  if (order !== undefined) {
    let reached = 0;
    for (const { name } of element.children) {
      const at = order.indexOf(name);
      if (at === -1) return `${name} is not expected in ${element.name}`;
      if (at < reached) return `${name} comes too late in ${element.name}`;
      reached = at;
    }
  }
  for (const inner of element.children) {
    const problem = orderProblem(inner);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
