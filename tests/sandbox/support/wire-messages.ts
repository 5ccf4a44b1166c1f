import type { Json, SoapAnswer, Wire } from "./wire.ts";

const api = `xmlns="http://exacttarget.com/wsdl/partnerAPI"`;

/** A RetrieveRequestMsg; `filter` is raw XML. */
export function retrieve(type: string, properties: readonly string[], filter = "", more = ""): string {
  const asked = properties.map((it) => `<Properties>${it}</Properties>`).join("");
  return `<RetrieveRequestMsg ${api}><RetrieveRequest><ObjectType>${type}</ObjectType>${asked}${filter}${more}</RetrieveRequest></RetrieveRequestMsg>`;
}

/** A SimpleFilterPart; the element's name can be that of an operand. */
export function where(property: string, operator: string, values: string | readonly string[], name = "Filter"): string {
  const list = (typeof values === "string" ? [values] : values).map((it) => `<Value>${it}</Value>`).join("");
  return `<${name} xsi:type="SimpleFilterPart"><Property>${property}</Property><SimpleOperator>${operator}</SimpleOperator>${list}</${name}>`;
}

/** A CreateRequest, UpdateRequest or DeleteRequest of one object. */
export function write(method: "Create" | "Update" | "Delete", type: string, content: string): string {
  return `<${method}Request ${api}><Options/><Objects xsi:type="${type}">${content}</Objects></${method}Request>`;
}

/** A PerformRequestMsg. */
export function perform(content: string, action = "Start", type = "QueryDefinition"): string {
  return `<PerformRequestMsg ${api}><Action>${action}</Action><Definitions><Definition xsi:type="${type}">${content}</Definition></Definitions></PerformRequestMsg>`;
}

/** The inside of a DataExtension to create. */
export function aDataExtension(name: string, fields: string, more = ""): string {
  return `<CustomerKey>${name}</CustomerKey><Name>${name}</Name>${more}<Fields>${fields}</Fields>`;
}

/** A Field of a DataExtension. */
export function aField(
  name: string,
  type = "Text",
  more = type === "Text" ? "<MaxLength>254</MaxLength>" : "",
): string {
  return `<Field><Name>${name}</Name>${more}<FieldType>${type}</FieldType></Field>`;
}

/** The inside of a QueryDefinition to create. */
export function aQuery(name: string, target: string, sql: string, mode = "Overwrite", more = ""): string {
  const escaped = sql.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return (
    `<CustomerKey>${name}</CustomerKey><Name>${name}</Name><QueryText>${escaped}</QueryText><TargetType>DE</TargetType>` +
    `<DataExtensionTarget><CustomerKey>${target}</CustomerKey><Name>${target}</Name></DataExtensionTarget>` +
    `<TargetUpdateType>${mode}</TargetUpdateType>${more}`
  );
}

/** The one Results of a Create, Update, Delete or Retrieve answer. */
export function resultOf(answer: SoapAnswer): Json {
  const [response] = Object.values(answer.body);
  // Each answer of the API has one element in its body; Results is an object when there is exactly one.
  return (response as Json)["Results"] as Json;
}

/** OverallStatus of any answer. */
export function overallOf(answer: SoapAnswer): unknown {
  const [response] = Object.values(answer.body);
  // As above.
  return (response as Json)["OverallStatus"];
}

/** A data extension of one text field and a query into it, performed. */
export async function performed(
  wire: Wire,
  name: string,
  sql: string,
  fields = aField("EmailAddress"),
): Promise<{ queryId: string; taskId: string }> {
  await wire.soap(write("Create", "DataExtension", aDataExtension(name, fields)));
  const created = resultOf(await wire.soap(write("Create", "QueryDefinition", aQuery(`Q_${name}`, name, sql))));
  const queryId = String(created["NewObjectID"]);
  const answer = await wire.soap(perform(`<ObjectID>${queryId}</ObjectID>`));
  const response = answer.body["PerformResponseMsg"] as { Results: { Result: { Task: { ID: string } } } };
  return { queryId, taskId: response.Results.Result.Task.ID };
}

/** The status row of a task as pairs; undefined when there is none. */
export async function statusOf(wire: Wire, taskId: string): Promise<Record<string, string> | undefined> {
  const names = ["TaskID", "Status", "ErrorMsg", "CompletedDate"];
  const answer = await wire.soap(retrieve("AsyncActivityStatus", names, where("TaskID", "equals", taskId)));
  const row = resultOf(answer) as { Properties?: { Property: { Name: string; Value: string }[] } } | undefined;
  return row?.Properties && Object.fromEntries(row.Properties.Property.map(({ Name, Value }) => [Name, Value]));
}
