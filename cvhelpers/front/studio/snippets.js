// The same request in five languages, against this address. The key is never in them: it comes from the environment.
import { KEY_HEADER, addressOf } from "./api.js";

const LATER = { header: "Operation-Location" };
/** A string in Python, C#, JavaScript and Java alike, in ASCII: not every compiler reads a file as UTF-8. */
const text = (value) => JSON.stringify(value).replace(/[^ -~]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
const quoted = (value) => `'${value.replaceAll("'", `'\\''`)}'`; // and one for a shell

/** By name: the code that sends a call, and where `later` is true waits for its result. */
export const LANGUAGES = { curl, Python: python, "C#": csharp, JavaScript: javascript, Java: java };

/** What all languages need of a call. */
function facts(call) {
  return {
    url: addressOf(call),
    method: call.method,
    headers: Object.entries(call.headers),
    json: call.json === undefined ? "" : text(call.json),
    file: call.blob ? call.fileName : "",
  };
}

function curl(call, later) {
  const { url, method, headers, json, file } = facts(call);
  const key = `-H "${KEY_HEADER}: $VISION_KEY"`;
  const parts = [`curl -sS${later ? " -D - -o /dev/null" : ""} -X ${method} ${quoted(url)}`, key];
  parts.push(...headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`));
  if (json) parts.push(`--data ${quoted(json)}`);
  if (file) parts.push(`--data-binary @${file}`);
  const command = parts.join(" \\\n     ");
  if (!later) return `export VISION_KEY=...  # the key that cvhelpers serve printed\n\n${command}\n`;
  return `export VISION_KEY=...  # the key that cvhelpers serve printed

result=$(${command} |
  tr -d '\\r' | sed -n 's/^[Oo]peration-[Ll]ocation: //p')

until curl -sS "$result" ${key} -o answer.json &&
      grep -qiE '"status": ?"(succeeded|failed)"' answer.json
do sleep 1
done
cat answer.json
`;
}

function python(call, later) {
  const { url, method, headers, json, file } = facts(call);
  const sent = headers.map(([name, value]) => `, ${text(name)}: ${text(value)}`).join("");
  const body = json ? `, data=${text(json)}` : file ? `, data=Path(${text(file)}).read_bytes()` : "";
  const wait = later
    ? `
result = response.headers[${text(LATER.header)}]
while True:
    time.sleep(1)
    response = requests.get(result, headers=key, timeout=60)
    response.raise_for_status()
    if response.json()["status"].lower() in ("succeeded", "failed"):
        break
`
    : "";
  return `import os
${later ? "import time\n" : ""}${file ? "from pathlib import Path\n" : ""}
import requests

key = {${text(KEY_HEADER)}: os.environ["VISION_KEY"]}
response = requests.request(
    ${text(method)},
    ${text(url)},
    headers={**key${sent}}${body},
    timeout=60,
)
response.raise_for_status()
${wait}print(response.json())
`;
}

function csharp(call, later) {
  const { url, method, headers, json, file } = facts(call);
  const kind = headers.find(([name]) => name === "Content-Type")?.[1];
  const content = json
    ? `request.Content = new StringContent(${text(json)}, null, ${text(kind)});\n`
    : file
      ? `request.Content = new ByteArrayContent(await File.ReadAllBytesAsync(${text(file)}));
request.Content.Headers.ContentType = new(${text(kind)});\n`
      : "";
  const wait = later
    ? `
var result = response.Headers.GetValues(${text(LATER.header)}).First();
string answer;
string? status;
do
{
    await Task.Delay(1000);
    answer = await client.GetStringAsync(result);
    using var state = System.Text.Json.JsonDocument.Parse(answer);
    status = state.RootElement.GetProperty("status").GetString()?.ToLowerInvariant();
} while (status is not ("succeeded" or "failed"));
Console.WriteLine(answer);
`
    : "Console.WriteLine(await response.Content.ReadAsStringAsync());\n";
  return `// Program.cs of "dotnet new console", .NET 6 or later
using var client = new HttpClient();
client.DefaultRequestHeaders.Add(${text(KEY_HEADER)}, Environment.GetEnvironmentVariable("VISION_KEY"));

using var request = new HttpRequestMessage(new HttpMethod(${text(method)}), ${text(url)});
${content}using var response = await client.SendAsync(request);
response.EnsureSuccessStatusCode();
${wait}`;
}

function javascript(call, later) {
  const { url, method, headers, json, file } = facts(call);
  const sent = headers.map(([name, value]) => `, ${text(name)}: ${text(value)}`).join("");
  const body = json ? `\n  body: ${text(json)},` : file ? `\n  body: await readFile(${text(file)}),` : "";
  const wait = later
    ? `const result = response.headers.get(${text(LATER.header)});
let answer;
do {
  await new Promise((resolve) => setTimeout(resolve, 1000));
  answer = await (await fetch(result, { headers: key })).json();
} while (!["succeeded", "failed"].includes(answer.status.toLowerCase()));
console.log(JSON.stringify(answer, null, 2));
`
    : "console.log(JSON.stringify(await response.json(), null, 2));\n";
  return `// ask.mjs, for Node 18 or later
${file ? 'import { readFile } from "node:fs/promises";\n' : ""}
const key = { ${text(KEY_HEADER)}: process.env.VISION_KEY };
const response = await fetch(${text(url)}, {
  method: ${text(method)},
  headers: { ...key${sent} },${body}
});
if (!response.ok) throw new Error(\`\${response.status} \${await response.text()}\`);
${wait}`;
}

function java(call, later) {
  const { url, method, headers, json, file } = facts(call);
  const body = json
    ? `BodyPublishers.ofString(${text(json)})`
    : file
      ? `BodyPublishers.ofFile(Path.of(${text(file)}))`
      : "BodyPublishers.noBody()";
  const sent = headers.map(([name, value]) => `\n            .header(${text(name)}, ${text(value)})`).join("");
  const wait = later
    ? `        var result = URI.create(answer.headers().firstValue(${text(LATER.header)}).orElseThrow());
        do {
            Thread.sleep(1000);
            answer = client.send(HttpRequest.newBuilder(result).header(${text(KEY_HEADER)}, key).build(), BodyHandlers.ofString());
        } while (!answer.body().matches("(?is).*\\"status\\" *: *\\"(succeeded|failed)\\".*"));
`
    : "";
  return `// Ask.java, for Java 11 or later: java Ask.java
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
${file ? "import java.nio.file.Path;\n" : ""}
public class Ask {
    public static void main(String[] arguments) throws Exception {
        var key = System.getenv("VISION_KEY");
        var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        var request = HttpRequest.newBuilder(URI.create(${text(url)}))
            .header(${text(KEY_HEADER)}, key)${sent}
            .method(${text(method)}, ${body}).build();
        var answer = client.send(request, BodyHandlers.ofString());
        if (answer.statusCode() >= 400) throw new RuntimeException(answer.statusCode() + " " + answer.body());
${wait}        System.out.println(answer.body());
    }
}
`;
}
