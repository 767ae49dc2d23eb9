// The studio: one picture, one question, the answer, and the request that was really sent.
import { Refused, checked, header, send, sendAndWait } from "./api.js";
import { jsonView, requestView } from "./exchange.js";
import { fit } from "./fit.js";
import { key, keyField, takeKey } from "./key.js";
import { OPERATIONS } from "./operations.js";
import { makeOptions } from "./options.js";
import { PicturePanel } from "./picture.js";
import { operationAt, readProtocol } from "./protocol.js";
import { empty, showResult } from "./result.js";
import { COUNT, showPage } from "./search.js";
import { copyText, element, tool } from "./shared.js";
import { LANGUAGES } from "./snippets.js";
import { makeTabs } from "./tabs.js";

const VIEWS = [["result", "Result"], ["json", "JSON"], ["request", "Request"], ["code", "Code"]];
const VISIBLE = 0.55; // of the window's height: an answer that begins above this is seen
const at = (id) => document.getElementById(id);

const state = {
  operation: OPERATIONS[0],
  options: () => ({}),
  view: "result",
  language: "curl",
  outcomes: new Map(), // by the id of an operation; those about a picture go when another one is chosen
  seen: null, // what was found in a picture of a search, shown in place of its page
  work: null, // the AbortController of what is asked now
  clean: () => {},
};

const picture = new PicturePanel(pictureChanged, (error) => complain(at("picture-said"), error));
const askForKey = keyField(() => say("The key is right. Go on."));

async function start() {
  if (!takeKey()) askForKey("Only people who have the key may ask this service.");
  addEventListener("hashchange", () => takeKey() && (at("key").hidden = true));
  const opened = picture.start();
  await readProtocol();
  makeTabs(at("operations"), at("panel"), OPERATIONS.map(({ id, label }) => [id, label]), chooseOperation);
  makeTabs(at("views"), at("view"), VIEWS, (view) => {
    state.view = view;
    showView();
  });
  at("options").addEventListener("submit", (event) => {
    event.preventDefault();
    run();
  });
  at("cancel").addEventListener("click", () => state.work?.abort());
  chooseOperation(OPERATIONS[0].id);
  performance.mark("studio-interactive");
  document.documentElement.dataset.ready = "true";
  await opened;
}

function chooseOperation(id) {
  state.work?.abort();
  state.operation = OPERATIONS.find((one) => one.id === id);
  state.seen = null;
  const { verb, about } = state.operation;
  at("about").textContent = about;
  at("run").textContent = verb;
  state.options = makeOptions(at("options"), state.operation, () => markStale());
  say("");
  complain(at("failed"), null);
  setBusy(false);
  showView();
}

function pictureChanged() {
  for (const id of state.outcomes.keys()) if (id !== "search") state.outcomes.delete(id);
  if (state.operation.id === "search") return;
  state.work?.abort();
  complain(at("failed"), null);
  say("");
  setBusy(Boolean(state.work));
  showView();
}

function markStale() {
  const outcome = outcomeNow();
  at("answer").classList.toggle("cvh-stale", Boolean(outcome));
  if (outcome) say("This answer belongs to the earlier choice. Ask again.");
}

// --- asking

/** Ask, with the controls as they are. A search begins at its first page. */
function run() {
  if (at("run").getAttribute("aria-disabled") === "true") return;
  if (!key()) return askForKey("Only people who have the key may ask this service.");
  if (state.operation.id === "search") return search(0, []);
  return ask(state.operation, (outcome) => state.outcomes.set(state.operation.id, outcome));
}

async function ask(operation, keep, given = null) {
  const chosen = given ?? state.options();
  const subject = picture.current;
  if (outcomeNow()?.found === null) keep(undefined); // an earlier refusal says nothing of this question
  return working(async (signal, watch) => {
    const sent = subject.url ? { ...subject, change: "" } : await fit(subject, chosen.limits, chosen.name);
    const call = callFor(subject, sent, chosen);
    const exchanges = operation.later
      ? await sendAndWait(call, key(), signal, watch)
      : [answered(await send(call, key(), signal), keep)];
    const found = operation.read(exchanges.at(-1).json, sent);
    keep({ exchanges, sent, found, picture: subject, later: operation.later });
    const rows = found.rows.length === 1 ? "1 row" : `${found.rows.length} rows`;
    return `Done: ${rows}.${sent.change ? ` The picture was ${sent.change}.` : ""}`;
  });
}

/** An answer that refuses is kept, too: its request can be looked at. */
function answered(exchange, keep) {
  if (exchange.status >= 400) keep({ exchanges: [exchange], found: null });
  return checked(exchange);
}

function callFor(subject, sent, { path, params }) {
  if (subject.url) {
    return { method: "POST", path, params, headers: { "Content-Type": "application/json" }, json: { url: subject.url } };
  }
  const stem = subject.name.replace(/\.[^.]*$/, "").replace(/[^\w-]+/g, "-") || "picture";
  const headers = { "Content-Type": "application/octet-stream" };
  return { method: "POST", path, params, headers, blob: sent.blob, fileName: `${stem}.${sent.kind.toLowerCase().replace("jpeg", "jpg")}` };
}

function search(offset, earlier) {
  const { path, params } = state.options();
  const pages = [["count", String(COUNT)], ...(offset ? [["offset", String(offset)]] : [])];
  const keep = (outcome) => state.outcomes.set("search", outcome);
  state.seen = null;
  return working(async (signal) => {
    const call = { method: "GET", path, params: [...params, ...pages], headers: {} };
    const exchanges = [answered(await send(call, key(), signal), keep)];
    const page = exchanges[0].json;
    keep({ exchanges, page, offset, earlier });
    return page.value.length ? `Done: ${page.value.length} pictures.` : `Nothing was found for ‘${page.queryContext.originalQuery}’. Try another word.`;
  });
}

/** What does the machine see in a found picture? It becomes the picture of the other tabs, too. */
async function lookAt(place) {
  const found = state.outcomes.get("search").page.value[place];
  const seen = (state.seen = { title: found.name, outcome: null });
  const opening = picture.openFound(found);
  showView();
  bringIntoView();
  const isOpen = await opening;
  if (state.seen !== seen) return;
  if (!isOpen) {
    state.seen = null;
    showView();
    return complain(at("failed"), picture.error);
  }
  const analyze = OPERATIONS[0];
  const [living] = analyze.choices();
  const features = [["visualFeatures", analyze.chosen.visualFeatures.join(",")]];
  const limits = operationAt(living.path)["x-limits"];
  await ask(analyze, (outcome) => (seen.outcome = outcome), { ...living, limits, params: features });
}

/** Do some work that can be cancelled, and show what comes of it. */
async function working(work) {
  state.work?.abort();
  const control = (state.work = new AbortController());
  complain(at("failed"), null);
  setBusy(true);
  if (!outcomeNow()) showView();
  const began = performance.now();
  const timer = setInterval(() => (at("seconds").textContent = `${Math.round((performance.now() - began) / 1000)} s`), 1000);
  say("Asking …", true);
  try {
    const said = await work(control.signal, () => say("Started. The answer is not ready yet: asking for it …", true));
    if (state.work === control) say(said);
  } catch (error) {
    if (state.work !== control) return;
    if (control.signal.aborted) say("Cancelled.");
    else if (error.status === 401) {
      say("");
      askForKey("The service does not accept this key.");
    } else {
      say("");
      complain(at("failed"), error);
    }
  } finally {
    clearInterval(timer);
    if (state.work === control) at("seconds").textContent = "";
    if (state.work === control) {
      state.work = null;
      setBusy(false);
      showView();
      bringIntoView();
    }
  }
}

// --- showing

const outcomeNow = () => (state.seen ? state.seen.outcome : state.outcomes.get(state.operation.id));

function showView() {
  state.clean();
  state.clean = () => {};
  at("answer").classList.remove("cvh-stale");
  const outcome = outcomeNow();
  const el = element("div", { className: "cvh" });
  const back = state.seen ? [backButton(), element("h3", {}, state.seen.title)] : [];
  at("view").replaceChildren(...back, el);
  if (!outcome) return el.append(empty(inPlaceOfAnAnswer()));
  const { exchanges, sent } = outcome;
  if (state.view === "json") el.append(jsonView(exchanges));
  else if (state.view === "request") el.append(requestView(exchanges, sent));
  else if (state.view === "code") el.append(codeView(exchanges[0].call, outcome.later));
  else if (outcome.page) showPage(el, outcome.page, outcome.offset, outcome.earlier, lookAt, search);
  else if (outcome.found) {
    const source = header(exchanges.at(-1), "cvhelpers-source");
    const notes = [`Answer: ${source ?? "source unknown"}`, ...(sent.change ? [`The picture was ${sent.change}.`] : [])];
    const title = `${state.seen ? OPERATIONS[0].label : state.operation.label}: ${outcome.picture.name}`;
    state.clean = showResult(el, outcome.picture, outcome.found, title, notes);
  } else el.append(empty("The service refused. JSON has its words, Request has what was sent."));
}

function inPlaceOfAnAnswer() {
  if (state.work) return "Working …";
  if (state.seen) return picture.figure.hasAttribute("aria-busy") ? "Opening the picture …" : "There is no answer. Go back to the pictures.";
  const subject = state.operation.id === "search" ? "Type a word and press Search" : "Choose a picture and press the button above";
  return `${subject}. The answer will stand here.`;
}

function backButton() {
  const button = element("button", { type: "button", textContent: "Back to the pictures" });
  button.addEventListener("click", () => {
    state.work?.abort();
    state.seen = null;
    say("");
    showView();
  });
  return button;
}

function codeView(call, later) {
  const code = element("pre", { tabIndex: 0 });
  const show = (name) => {
    state.language = name;
    code.textContent = LANGUAGES[name](call, later);
  };
  const radios = Object.keys(LANGUAGES).map((name) => {
    const radio = element("input", { type: "radio", name: "code-language", checked: name === state.language });
    radio.addEventListener("change", () => show(name));
    return element("label", { className: "check" }, radio, name);
  });
  show(state.language);
  const words = call.blob
    ? `Put the picture beside it as ${call.fileName}, and the key into VISION_KEY.`
    : "Put the key into VISION_KEY.";
  return element(
    "div", { className: "cvh-code" },
    element("fieldset", { className: "languages" }, element("legend", {}, "Language"), ...radios),
    element("p", {}, `The same request for a program. ${words} The key is not in the code.`),
    element("div", { className: "cvh-tools" }, tool("Copy code", () => copyText(code.textContent))),
    code,
  );
}

function bringIntoView() {
  const { top } = at("answer").getBoundingClientRect();
  if (top >= 0 && top < window.innerHeight * VISIBLE) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  at("answer").scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
}

/** While it works, the button keeps the focus: so it is not `disabled`. */
function setBusy(busy) {
  const isReady = !busy && (state.operation.id === "search" || picture.current);
  at("run").setAttribute("aria-disabled", String(!isReady));
  if (!busy && document.activeElement === at("cancel")) at("run").focus();
  at("cancel").hidden = !busy;
  at("answer").toggleAttribute("aria-busy", busy);
}

function say(text, busy = false) {
  at("said").textContent = text;
  at("said").classList.toggle("busy", busy);
}

function complain(el, error) {
  el.hidden = !error;
  el.textContent = error ? (error instanceof Refused ? error.message : `Something went wrong here: ${error.message}`) : "";
}

start().catch(() => complain(at("failed"), new Refused("The page came without all its parts. Is the service running? Load it again.")));
