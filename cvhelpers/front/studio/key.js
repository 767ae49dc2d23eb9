// The key: from the address behind its #, where a browser keeps it to itself, or typed. It lives as long as this tab.
import { send } from "./api.js";

const NAME = "vision-key";
const FRAGMENT = /^#key=(.*)$/;
const SENDABLE = /^[!-~]+$/; // what a header can carry: with another key no browser asks at all

let memory = "";

export const key = () => memory;

/** Keep the key that the address brings, and take it out of the address bar. True if one is known now. */
export function takeKey() {
  const found = FRAGMENT.exec(location.hash);
  if (found) {
    history.replaceState(null, "", location.pathname + location.search);
    const given = decoded(found[1]);
    keep(SENDABLE.test(given) ? given : "");
  } else if (!memory) {
    memory = stored();
  }
  return Boolean(memory);
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function keep(given) {
  memory = given;
  try {
    sessionStorage.setItem(NAME, given);
  } catch {
    // the browser stores nothing: it is known until the page is left
  }
}

function stored() {
  try {
    return sessionStorage.getItem(NAME) ?? "";
  } catch {
    return "";
  }
}

/** The field for the key. `ask(why)` shows it; `ready()` is called when a key has been accepted. */
export function keyField(ready) {
  const [section, form, field, said, why] = ["key", "key-form", "key-field", "key-said", "key-why"].map((id) =>
    document.getElementById(id),
  );
  const complain = (text) => {
    said.textContent = text;
    said.hidden = !text;
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const given = field.value.trim();
    if (!SENDABLE.test(given)) {
      complain("A key has letters from a to z, digits and signs, and no spaces. Type it again.");
      return field.focus();
    }
    keep(given);
    try {
      const asked = await send({ method: "GET", path: "/vision/v3.2/models", params: [], headers: {} }, given);
      if (asked.status === 401) {
        complain("This is not the key of this service. Compare each letter, capital letters too, and type it again.");
        return field.select();
      }
    } catch (error) {
      return complain(error.message);
    }
    field.value = "";
    complain("");
    section.hidden = true;
    ready();
  });
  return (reason) => {
    why.textContent = `${reason} Whoever started the service sees the key in the terminal.`;
    section.hidden = false;
    section.scrollIntoView({ block: "nearest" });
    field.focus();
  };
}
