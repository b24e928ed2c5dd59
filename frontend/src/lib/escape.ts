interface Layer {
  close: () => void;
  modal: boolean;
}

let layers: readonly Layer[] = [];

/** Puts something that Escape closes on top; `modal` also holds back page shortcuts. Returns how to take it away. */
export function pushEscape(close: () => void, options: { modal?: boolean } = {}): () => void {
  const layer = { close, modal: options.modal ?? false };
  layers = [...layers, layer];
  return () => {
    layers = layers.filter((other) => other !== layer);
  };
}

/** Closes what is on top; false where nothing is open. */
export function escapeTop(): boolean {
  const top = layers[layers.length - 1];
  top?.close();
  return top !== undefined;
}

/** True while a modal layer is open. */
export function modalIsOpen(): boolean {
  return layers.some((layer) => layer.modal);
}
