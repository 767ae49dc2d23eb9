// What the service itself says of its operations: /openapi.json, read once.
let description;

export async function readProtocol() {
  const answer = await fetch("/openapi.json");
  if (!answer.ok) throw new Error(`/openapi.json was answered with ${answer.status}`);
  description = await answer.json();
}

/** An operation by method and path, or undefined. */
export function operationAt(path, method = "post") {
  return description.paths[path]?.[method];
}

/** A parameter of an operation: its schema, and the values that the models here don't know. */
export function parameter(operation, name) {
  const found = operation.parameters.find((one) => one.name === name);
  if (!found) return undefined;
  const schema = found.schema.items ?? found.schema;
  const isList = found.schema.type === "array";
  return { name, schema, isList, required: found.required, words: schema.enum, unknown: found["x-not-known-here"] ?? [] };
}

/** The versions of Computer Vision that have an operation below the version, the living one first. */
export function versionsWith(name) {
  const all = ["v3.2", "v1.0", "v2.0", "v2.1", "v3.0", "v3.1"].filter((version) => operationAt(`/vision/${version}/${name}`));
  return all.map((version) => ({ version, retired: operationAt(`/vision/${version}/${name}`).deprecated }));
}
