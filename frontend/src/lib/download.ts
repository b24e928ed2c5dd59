/** Files from and to the user's disk, in a browser. */

/** Saves text as a download. */
export function saveText(name: string, text: string, type = "application/json"): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
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
