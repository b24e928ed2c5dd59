/** The way into the widget and back: in the window another window, in a browser a page of the same tab. */
import { toApiError } from "../api/client";
import { parseRoute, routePath, type Route } from "./routes";
import type { Store } from "./store";

/** Shows the widget. */
export async function openWidget({ app, router, transport, notify, prefs }: Store): Promise<void> {
  if (app.peek().mode !== "window") {
    router.go({ name: "widget" });
    return;
  }
  await prefs.flush();
  await transport.invoke("window.widget", {}).catch((thrown: unknown) => notify(toApiError(thrown).message, "error"));
}

/** Goes back to the full window, on a page of it where one is given, else on the one that was open. */
export async function leaveWidget({ app, router, transport, notify, prefs }: Store, page: Route | null = null): Promise<void> {
  if (app.peek().mode !== "window") {
    router.go(page ?? parseRoute(prefs.settings.peek().page) ?? { name: "overview" });
    return;
  }
  await prefs.flush();
  await transport.invoke("window.full", { page: page && routePath(page) }).catch((thrown: unknown) => notify(toApiError(thrown).message, "error"));
}
