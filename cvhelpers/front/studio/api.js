// Asking the service as any program would. A call is data; what is shown of it is what was sent.

export const KEY_HEADER = "Ocp-Apim-Subscription-Key";

/** An error in words for a person. `status` is the answer's, 0 where there was none. */
export class Refused extends Error {
  constructor(message, status = 0) {
    super(message);
    this.status = status;
  }
}

export function addressOf(call) {
  const query = new URLSearchParams(call.params).toString();
  return `${location.origin}${call.path}${query ? `?${query}` : ""}`;
}

/**
 * Send a call `{method, path, params, headers, json | blob}` and return the exchange: the call and what came back.
 * The key is put on here and is no part of the call, so nothing that shows a call can show it.
 */
export async function send(call, key, signal) {
  const body = call.json === undefined ? call.blob : JSON.stringify(call.json);
  let response, data;
  try {
    const headers = { ...call.headers, [KEY_HEADER]: key };
    response = await fetch(addressOf(call), { method: call.method, headers, body, signal, cache: "no-store" });
    data = await response.blob();
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Refused("The service can't be reached. Is it still running, and are you in its network?");
  }
  const isJson = (response.headers.get("content-type") ?? "").includes("json");
  const text = isJson ? await data.text() : "";
  return {
    call,
    status: response.status,
    reason: response.statusText || REASONS[response.status] || "",
    headers: [...response.headers],
    data,
    text,
    json: isJson ? JSON.parse(text) : undefined,
  };
}

const REASONS = { 200: "OK", 202: "Accepted", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 429: "Too Many Requests" };

/** The same exchange, if the service did what it was asked; else `Refused` with its words. */
export function checked(exchange) {
  if (exchange.status < 400) return exchange;
  const said = exchange.json?.error?.innererror ?? exchange.json?.error ?? exchange.json?.errors?.[0] ?? exchange.json;
  const words = said?.message ?? "It gave no reason.";
  const wait = header(exchange, "retry-after");
  const next = {
    401: "The key is missing or wrong.",
    429: `Too many calls. Wait ${wait ?? "some"} seconds, and ask again.`,
    503: "The service is busy with other people's questions. Ask again in a moment.",
  }[exchange.status];
  throw new Refused(next ?? `The service refused this (${exchange.status}). It says: ${words}`, exchange.status);
}

export function header(exchange, name) {
  return exchange.headers.find(([one]) => one === name)?.[1];
}

const FIRST_WAIT = 300, LONGEST_WAIT = 2000; // milliseconds between two questions for a result

/** Start an operation that answers later, and ask until it has ended. `watch(exchanges)` is told of each step. */
export async function sendAndWait(call, key, signal, watch) {
  const exchanges = [checked(await send(call, key, signal))];
  watch(exchanges);
  const path = new URL(header(exchanges[0], "operation-location")).pathname; // at the host that this page came from
  for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 1.5, LONGEST_WAIT)) {
    await pause(wait, signal);
    const asked = await send({ method: "GET", path, params: [], headers: {} }, key, signal);
    exchanges.push(asked);
    watch(exchanges);
    if (asked.status === 429) {
      await pause(1000 * Number(header(asked, "retry-after")), signal); // the service reads on meanwhile
      continue;
    }
    const status = checked(asked).json.status.toLowerCase();
    if (status === "succeeded") return exchanges;
    if (status === "failed") throw new Refused("The service began to read, but failed. Try another picture.");
  }
}

function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal?.aborted) return stop();
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", () => (clearTimeout(timer), stop()), { once: true });
  });
}
