/**
 * The transport of the desktop window: pywebview's `js_api` out, `window.tokendialEvent(name, payload)` in.
 *
 * The backend opens the window's page with `?window=1`; that alone decides which transport is used (see transport.ts),
 * because `window.pywebview` appears some time after the page has loaded.
 */
import { ApiError, readError, type RequestOf, type ResponseOf, type Transport } from "./client";
import type { CommandName } from "./types";
import { Listeners } from "./listeners";

interface PywebviewApi {
  invoke(name: string, args: unknown): Promise<unknown>;
}

declare global {
  interface Window {
    pywebview?: { api?: Partial<PywebviewApi> };
    tokendialEvent?: (name: string, payload: unknown) => void;
  }
}

/** How long the window may take to offer its bridge before a command fails. */
const READY_TIMEOUT_MS = 15_000;

const currentApi = (): PywebviewApi | null => {
  const api = window.pywebview?.api;
  return api?.invoke ? (api as PywebviewApi) : null;
};

function waitForApi(timeoutMs: number): Promise<PywebviewApi> {
  const present = currentApi();
  if (present) return Promise.resolve(present);
  return new Promise((resolve, reject) => {
    const finish = () => {
      const api = currentApi();
      if (!api) return;
      clearTimeout(timer);
      window.removeEventListener("pywebviewready", finish);
      resolve(api);
    };
    const timer = setTimeout(() => {
      window.removeEventListener("pywebviewready", finish);
      reject(new ApiError("bridge_missing", "The window did not connect to the program. Close it and start Tokendial again."));
    }, timeoutMs);
    window.addEventListener("pywebviewready", finish);
  });
}

/** Reads `{ok: ...}` or `{error: ...}`. */
function unwrap<C extends CommandName>(answer: unknown): ResponseOf<C> {
  const error = readError(answer);
  if (error) throw error;
  if (typeof answer === "object" && answer !== null && "ok" in answer) return answer.ok as ResponseOf<C>;
  throw new ApiError("bad_answer", "The program answered in a form that this page does not know.");
}

/** Connects to the window's bridge. */
export function createBridgeTransport(timeoutMs = READY_TIMEOUT_MS): Transport {
  const listeners = new Listeners();
  window.tokendialEvent = (name, payload) => listeners.emit(name, payload);
  return {
    async invoke<C extends CommandName>(name: C, request: RequestOf<C>): Promise<ResponseOf<C>> {
      const api = await waitForApi(timeoutMs);
      const answer = await api.invoke(name, request).catch((thrown: unknown) => {
        // A rejected call carries a Python traceback with paths in `stack`; only its message is kept.
        throw new ApiError("bridge_failed", thrown instanceof Error ? thrown.message : "The program did not answer.");
      });
      return unwrap<C>(answer);
    },
    onEvent: (name, handler) => listeners.on(name, handler),
    onConnection: (handler) => listeners.watch(handler),
  };
}
