/** The transport of the browser: `POST /api/<name>` with the session cookie, and server-sent events the other way. */
import { ApiError, EVENT_NAMES, readError, type RequestOf, type ResponseOf, type Transport } from "./client";
import type { CommandName } from "./types";
import { Listeners } from "./listeners";

const RECONNECT_MS = [1_000, 2_000, 5_000, 10_000, 30_000];

/** Keeps one EventSource open: the browser retries lost connections itself, refused ones are opened again here. */
function openEvents(listeners: Listeners): void {
  let attempt = 0;
  const open = () => {
    const source = new EventSource("/api/events");
    source.onopen = () => {
      attempt = 0;
      listeners.setConnected(true);
    };
    source.onerror = () => {
      listeners.setConnected(false);
      if (source.readyState !== EventSource.CLOSED) return;
      const wait = RECONNECT_MS[Math.min(attempt, RECONNECT_MS.length - 1)];
      attempt += 1;
      setTimeout(open, wait);
    };
    for (const name of EVENT_NAMES) {
      source.addEventListener(name, (event) => listeners.emit(name, parse(event.data)));
    }
  };
  open();
}

function parse(text: unknown): unknown {
  if (typeof text !== "string" || text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const REFUSED: Record<number, string> = {
  401: "This page is no longer signed in. Start Tokendial again and use the page that it opens.",
  403: "This page is no longer signed in. Start Tokendial again and use the page that it opens.",
};

async function post<C extends CommandName>(name: C, request: RequestOf<C>): Promise<ResponseOf<C>> {
  const response = await fetch(`/api/${name}`, {
    method: "POST",
    credentials: "same-origin",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(request),
    // What was chosen last is saved although the page is being left.
    keepalive: name === "settings.set",
  }).catch(() => {
    throw new ApiError("offline", "The program cannot be reached. It may have been closed.");
  });
  const body: unknown = parse(await response.text());
  const error = readError(body);
  if (error) throw error;
  if (!response.ok) throw new ApiError(`http_${response.status}`, REFUSED[response.status] ?? `The program answered ${response.status}.`);
  return body as ResponseOf<C>;
}

/** Connects to the local server that served this page. */
export function createHttpTransport(): Transport {
  const listeners = new Listeners();
  openEvents(listeners);
  return {
    async invoke<C extends CommandName>(name: C, request: RequestOf<C>): Promise<ResponseOf<C>> {
      try {
        const answer = await post(name, request);
        listeners.setConnected(true);
        return answer;
      } catch (thrown) {
        if (thrown instanceof ApiError) listeners.setConnected(thrown.code !== "offline");
        throw thrown;
      }
    },
    onEvent: (name, handler) => listeners.on(name, handler),
    onConnection: (handler) => listeners.watch(handler),
  };
}
