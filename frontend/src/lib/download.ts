/** Files from and to the user's disk, in a browser. */

/** Saves a file as the browser saves files; without a name it has that of the answer. */
export function download(address: string, name = ""): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.hidden = true;
  document.body.append(link);
  link.click();
  link.remove();
}

/** Saves text as a download. */
export function saveText(name: string, text: string, type = "application/json"): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  download(url, name);
  // The browser reads the blob after the click.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** The text of a chosen file, or why it cannot be read: too large, no text in UTF-8, gone. */
export async function readText(file: File, maxBytes: number): Promise<{ text: string } | { problem: string }> {
  if (file.size > maxBytes) return { problem: `The file is larger than ${Math.floor(maxBytes / 1024)} KB; this is not what it should be.` };
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer()) };
  } catch (thrown) {
    return { problem: thrown instanceof TypeError ? "The file is damaged or no text in UTF-8." : "The file cannot be read." };
  }
}
