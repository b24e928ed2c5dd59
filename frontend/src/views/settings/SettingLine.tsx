/** The rows of a settings tab: a name, its control, and boxes that are saved before they hold. */
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Settings } from "../../api/types";
import { Button, TextField } from "../../components";
import { useStore } from "../../state/context";
import "./lines.css";

/** A setting's name with its control beside or, where there is little room, under it. */
export function SettingLine({ name, note, children }: { name: string; note?: ComponentChildren; children: ComponentChildren }) {
  return (
    <div class="tv-line">
      <div class="tv-line__name">{name}</div>
      <div class="tv-line__control">
        {children}
        {note !== undefined && <p class="td-field__note">{note}</p>}
      </div>
    </div>
  );
}

/** A box that is saved by Enter or a button; what the backend refuses is said beside it. */
export interface Box {
  name: keyof Settings;
  label: string;
  hint?: string;
  /** Reads the text; a string says why it cannot be. */
  read: (text: string) => { value: string | number } | string;
  size?: "short" | "normal" | "wide";
}

interface SavedBoxesProps {
  /** What is saved, for the name of the button: "currency". */
  what: string;
  boxes: readonly Box[];
  hideLabels?: boolean;
  /** Drawn under the boxes, from what is typed in them. */
  children?: (draft: readonly string[]) => ComponentChildren;
}

/** Boxes that are saved together with one button. */
export function SavedBoxes({ what, boxes, hideLabels = false, children }: SavedBoxesProps) {
  const { prefs } = useStore();
  const saved = boxes.map((box) => String(prefs.saved.value[box.name]));
  const [draft, setDraft] = useState<readonly string[] | null>(null);
  const [problems, setProblems] = useState<Partial<Record<keyof Settings, string>>>({});
  const texts = draft ?? saved;
  const isChanged = texts.some((text, at) => text !== saved[at]);
  // What another page saved in the meantime shows where nothing is being typed.
  const key = JSON.stringify(saved);
  useEffect(() => {
    setDraft(null);
    setProblems({});
  }, [key]);

  const save = async () => {
    const read = boxes.map((box, at) => ({ box, found: box.read((texts[at] ?? "").trim()) }));
    const wrong = read.flatMap(({ box, found }) => (typeof found === "string" ? [[box.name, found] as const] : []));
    if (wrong.length > 0) return setProblems(Object.fromEntries(wrong));
    const error = await prefs.save(Object.fromEntries(read.flatMap(({ box, found }) => (typeof found === "string" ? [] : [[box.name, found.value]]))));
    if (error === null) {
      setDraft(null);
      return setProblems({});
    }
    const field = boxes.find((box) => box.name === error.details["field"]) ?? boxes[0];
    setProblems(field ? { [field.name]: error.message } : {});
  };
  return (
    <>
      <div class="tv-boxes">
        {boxes.map((box, at) => (
          <TextField
            key={box.name}
            class={["tv-boxes__box", box.size && box.size !== "normal" && `tv-boxes__box--${box.size}`].filter(Boolean).join(" ")}
            label={box.label}
            hideLabel={hideLabels}
            value={texts[at] ?? ""}
            error={problems[box.name] ?? null}
            hint={box.hint}
            onInput={(text) => {
              setDraft(texts.map((each, index) => (index === at ? text : each)));
              setProblems({});
            }}
            onEnter={() => isChanged && void save()}
          />
        ))}
        <Button class={hideLabels ? undefined : "tv-boxes__save"} kind={isChanged ? "primary" : "normal"} disabled={!isChanged} onClick={() => void save()}>
          Save <span class="td-hidden">{what}</span>
        </Button>
      </div>
      {children?.(texts)}
    </>
  );
}

/** Reads a whole number; the rest is the backend's. */
export const wholeNumber = (what: string) => (text: string) => (/^\d{1,6}$/.test(text) ? { value: Number(text) } : `Write a whole number of ${what}.`);
