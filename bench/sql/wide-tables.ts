import { wideFieldsOf } from "../../tests/sql/support/hostile-texts.ts";

const client = { client_id: "sandbox-client-a", client_secret: "sandbox-secret-a", account_id: 7_000_001 };

async function signIn(sandbox: string): Promise<string> {
  const body = JSON.stringify({ grant_type: "client_credentials", ...client });
  const answer = await fetch(`${sandbox}/v2/token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  // The sandbox's own answer.
  const { access_token: token } = (await answer.json()) as { access_token: string };
  return token;
}

function fieldsXml(name: string): string {
  return (wideFieldsOf({ name, ent: false }) ?? [])
    .map(
      ({ name: field, fieldType, maxLength }) =>
        `<Field><Name>${field}</Name><FieldType>${fieldType}</FieldType>${maxLength === undefined ? "" : `<MaxLength>${maxLength}</MaxLength>`}<IsRequired>false</IsRequired></Field>`,
    )
    .join("");
}

/** Creates in a sandbox the Data Extensions that hostile texts read. @throws when it refuses one */
export async function createWideTables(sandbox: string, names: readonly string[]): Promise<void> {
  const token = await signIn(sandbox);
  for (const name of names) {
    const body = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header><fueloauth xmlns="http://exacttarget.com">${token}</fueloauth></s:Header><s:Body><CreateRequest xmlns="http://exacttarget.com/wsdl/partnerAPI"><Objects xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type="DataExtension"><CustomerKey>${name}</CustomerKey><Name>${name}</Name><Fields>${fieldsXml(name)}</Fields></Objects></CreateRequest></s:Body></s:Envelope>`;
    const headers = { "content-type": "text/xml", soapaction: "Create" };
    const answer = await fetch(`${sandbox}/Service.asmx`, { method: "POST", headers, body });
    const said = await answer.text();
    if (!said.includes("<StatusCode>OK</StatusCode>")) throw new Error(`Cannot create ${name}: ${said.slice(0, 500)}`);
  }
}
