/** Files in the browser: fetched from and handed over to the local server, each by an address that works once. */
import { ApiError, readError, type Transport } from "./client";

/** Saves a file as the browser saves files. */
export function download(address: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = "";
  link.hidden = true;
  document.body.append(link);
  link.click();
  link.remove();
}

/** Lets the user choose a file; null where the dialog was closed. Call it from a click. */
export function pickFile(accept: string): Promise<File | null> {
  return new Promise((resolve) => {
    const input = document.createElement("input");
    input.type = "file";
    input.accept = accept;
    input.onchange = () => resolve(input.files?.[0] ?? null);
    input.oncancel = () => resolve(null);
    input.click();
  });
}

/** Hands a backup over; the answer is its ticket. Rejects with an ApiError. */
export async function upload(transport: Transport, file: File): Promise<string> {
  const { ticket, address } = await transport.invoke("storage.upload", { name: file.name, size: file.size });
  const response = await fetch(address, {
    method: "POST",
    credentials: "same-origin",
    headers: { "Content-Type": "application/octet-stream" },
    body: file,
  }).catch(() => {
    throw new ApiError("offline", "The file could not be read, or the program cannot be reached.");
  });
  if (response.ok) return ticket;
  const error = readError(await response.json().catch(() => null));
  throw error ?? new ApiError(`http_${response.status}`, `The program refused the file (${response.status}).`);
}
