/** Chooses the transport of this page. */
import { createBridgeTransport } from "./bridge";
import type { Transport } from "./client";
import { createHttpTransport } from "./http";

/** The window's page is opened with `?window=1`; every other page is a browser's. */
export function createTransport(search = location.search): Transport {
  return new URLSearchParams(search).get("window") === "1" ? createBridgeTransport() : createHttpTransport();
}
