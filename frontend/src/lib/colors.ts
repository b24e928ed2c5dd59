/** Colours of the categorical palette: `--cat-1` to `--cat-8` in styles/tokens.css. */
export const PALETTE_SIZE = 8;

/** Keys that are not one thing of their own and so stay grey. */
const GREY_KEYS = new Set(["other", "unknown", ""]);

/** A slot of the palette, 1 to 8; 0 is grey. */
export type Slot = number;

/** Slots that the models of one maker like best, so that a maker's models look alike and makers look different. */
const FAMILIES: readonly (readonly [RegExp, readonly Slot[]])[] = [
  [/gpt|codex|^o\d/i, [1, 2, 4]],
  [/claude|opus|sonnet|haiku/i, [3, 5, 8]],
  [/gemini|gemma/i, [7, 4, 2]],
];

/** The palest colour, which nothing likes best. */
const SLATE: Slot = 6;

const NO_FAMILY = -1;
const familyOf = (key: string): number => FAMILIES.findIndex(([pattern]) => pattern.test(key));

/** The slots in the order a key would like them: those of its family first, else by chance, but the same for the same key, always. */
export function preferredSlots(key: string): Slot[] {
  let state = hash(key);
  const slots = Array.from({ length: PALETTE_SIZE }, (_, index) => index + 1);
  for (let last = slots.length - 1; last > 0; last -= 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (last + 1));
    [slots[last], slots[other]] = [slots[other] ?? 0, slots[last] ?? 0];
  }
  const family = FAMILIES[familyOf(key)]?.[1] ?? [];
  const liking = (slot: Slot) => (family.includes(slot) ? 0 : slot === SLATE ? 2 : 1);
  return slots.sort((left, right) => liking(left) - liking(right));
}

/** Remembers which key has which colour, so that a model looks the same in every chart of the page. */
export class ColorBook {
  private readonly known = new Map<string, Slot>();
  private readonly holders = new Map<string, number>();

  /** A slot per key: known keys keep theirs, no two keys of one call share one while there are enough. */
  assign(keys: readonly string[]): Map<string, Slot> {
    const given = new Map<string, Slot>();
    const taken = new Set<Slot>();
    const colored = [...new Set(keys)].filter((key) => !GREY_KEYS.has(key));
    for (const key of colored) this.keep(key, given, taken);
    for (const key of colored.filter((each) => !given.has(each)).sort()) {
      const slot = this.choose(key, taken);
      given.set(key, slot);
      taken.add(slot);
      if (!this.known.has(key)) this.remember(key, slot);
    }
    for (const key of keys) if (!given.has(key)) given.set(key, 0);
    return given;
  }

  /** The CSS value of one key's colour, given anew where it has none. */
  colorOf(key: string): string {
    return slotColor(this.known.get(key) ?? this.assign([key]).get(key) ?? 0);
  }

  private keep(key: string, given: Map<string, Slot>, taken: Set<Slot>): void {
    const slot = this.known.get(key);
    if (slot === undefined || taken.has(slot)) return;
    given.set(key, slot);
    taken.add(slot);
  }

  /** The slot the key likes best of those that are free here: one that nothing has, else one that few have and fewest of its family. */
  private choose(key: string, taken: ReadonlySet<Slot>): Slot {
    const crowd = (slot: Slot) => this.held(slot) + this.held(slot, familyOf(key));
    const liked = preferredSlots(key);
    const free = liked.filter((slot) => !taken.has(slot));
    return (free.length > 0 ? free : liked).reduce((best, slot) => (crowd(slot) < crowd(best) ? slot : best));
  }

  private remember(key: string, slot: Slot): void {
    this.known.set(key, slot);
    for (const holder of [`${slot}`, `${slot} ${familyOf(key)}`]) this.holders.set(holder, (this.holders.get(holder) ?? 0) + 1);
  }

  /** How many keys have a slot, all or those of a family; keys without one are no family. */
  private held(slot: Slot, family?: number): number {
    return family === NO_FAMILY ? 0 : (this.holders.get(family === undefined ? `${slot}` : `${slot} ${family}`) ?? 0);
  }
}

/** The one book of the page. */
export const colorBook = new ColorBook();

/** The CSS value of a slot; it follows the theme. */
export function slotColor(slot: Slot): string {
  return slot === 0 ? "var(--cat-other)" : `var(--cat-${slot})`;
}

/** From which percent a meter warns, and from which it is bad. */
export interface PressureSteps {
  warn: number;
  bad: number;
}

/** The steps of limits and context alike. */
export const DEFAULT_STEPS: PressureSteps = { warn: 75, bad: 90 };

/** Which of the three steps a percentage is on. */
export function pressureTone(percent: number, steps: PressureSteps = DEFAULT_STEPS): "ok" | "warn" | "bad" {
  return percent >= steps.bad ? "bad" : percent >= steps.warn ? "warn" : "ok";
}

/** FNV-1a over the UTF-16 units. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return value;
}
