/** Which page is shown: kept in the address (so Back works) and in the settings (so it comes back on the next start). */
import { signal, type ReadonlySignal } from "@preact/signals";

/** A page of the program. */
export type Route =
  | { name: "overview" }
  | { name: "provider"; id: string }
  | { name: "sessions" }
  | { name: "session"; id: string }
  | { name: "projects" }
  | { name: "project"; id: string }
  | { name: "activity" }
  | { name: "widget" };

/** Reads a path; null where it names no page. */
export function parseRoute(path: string): Route | null {
  const [name, rest] = splitOnce(path.replace(/^#?\/?/, ""));
  if (name === "overview" || name === "sessions" || name === "projects" || name === "activity" || name === "widget") return { name };
  if (name === "project") return { name, id: decode(rest) };
  if ((name === "provider" || name === "session") && rest !== "") return { name, id: decode(rest) };
  return null;
}

/** Writes a page as a path. */
export function routePath(route: Route): string {
  return "id" in route ? `${route.name}/${encodeURIComponent(route.id)}` : route.name;
}

/** What the settings keep of a page's path, at most. */
const LONGEST_KEPT = 400;

/** The path to remember a page by: where its id is too long to be kept, that of the list which it is on. */
function keptPath(route: Route): string {
  const path = routePath(route);
  if (path.length <= LONGEST_KEPT) return path;
  return route.name === "project" ? "projects" : route.name === "session" ? "sessions" : "overview";
}

function splitOnce(text: string): [string, string] {
  const at = text.indexOf("/");
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The present page and how to leave it. */
export interface Router {
  route: ReadonlySignal<Route>;
  go(route: Route): void;
  /** The address of a page, for links. */
  href(route: Route): string;
  stop(): void;
}

/** Starts at the address, else at the page that was open last; `remember` stores each page that is opened. */
export function createRouter(saved: string, remember: (path: string) => void): Router {
  const route = signal<Route>(parseRoute(location.hash) ?? parseRoute(saved) ?? { name: "overview" });
  const href = (target: Route) => `#/${routePath(target)}`;
  const start = route.value;
  const follow = () => {
    // Back to the address without a page, which the program was opened with.
    const next = location.hash === "" ? start : parseRoute(location.hash);
    if (!next || routePath(next) === routePath(route.value)) return;
    route.value = next;
    remember(keptPath(next));
  };
  window.addEventListener("hashchange", follow);
  return {
    route,
    href,
    go(target) {
      location.hash = href(target);
      follow();
    },
    stop: () => window.removeEventListener("hashchange", follow),
  };
}
