import { json, type Reply } from "../http.ts";

/** An OAuth error; only the texts of invalid_client and unauthorized_client were captured (MCE 1.4). */
export function oauthError(status: number, error: string, description: string): Reply {
  return json(status, { error, error_description: description, error_uri: "https://developer.salesforce.com/docs" });
}

/** Wrong credentials, or a package that was removed. */
export const unknownClient = oauthError(
  401,
  "invalid_client",
  "Client authentication failed. Make sure that the client ID and client secret are valid and that the package is installed and enabled.",
);

/** A grant the component type of the package does not have. */
export const unauthorizedClient = oauthError(
  401,
  "unauthorized_client",
  "The client is not authorized to request an authorization code using this method.",
);
