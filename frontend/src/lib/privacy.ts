/** Privacy mode: what could tell who works on what is replaced before any view sees it, so nothing can show it. */
import { signal } from "@preact/signals";
import { amountsHidden } from "./currency";

/** Whether privacy mode is on. */
export const isPrivate = signal(false);

/** Switches privacy mode. */
export function applyPrivacy(on: boolean): void {
  isPrivate.value = on;
  amountsHidden.value = on;
}

type Kind = "Session" | "Project" | "Folder" | "File" | "Branch" | "Home" | "Account";
type Values = Record<string, unknown>;

/** Fields that are hidden wherever they stand, by name. */
const FIELDS: Record<string, Kind> = {
  project: "Project",
  session_title: "Session",
  cwd: "Folder",
  data_dir: "Folder",
  program_dir: "Folder",
  folder: "Folder",
  database_path: "File",
  login_place: "File",
  file: "File",
  branch: "Branch",
  account: "Account",
  account_name: "Account",
  email: "Account",
};
/** Fields that hold what a person wrote: nothing of them may be left. */
const WRITTEN = new Set(["prompt", "prompt_text", "excerpt", "snippet"]);
/** Sentences that may name a path. */
const SENTENCES = new Set(["message", "notice", "problem", "why_browser", "resume_command", "sqlite_warning", "login_problem"]);
/** What an amount of credits becomes. */
const SOME = "•••";
/** Keys of a breakdown that name no project. */
const NO_PROJECT = new Set(["other", "unknown", ""]);

const names = new Map<string, string>();
/** The names that were given: they stay what they are, however often they pass. */
const given = new Set<string>();
const counts = new Map<Kind, number>();

/** A name for something hidden, the same for the same thing while the page is open: "Project 2". It depends on nothing but the order. */
export function aliasOf(kind: Kind, text: string): string {
  const key = `${kind}\u0000${text}`;
  const known = names.get(key);
  if (known !== undefined) return known;
  if (given.has(text)) return text;
  const next = (counts.get(kind) ?? 0) + 1;
  counts.set(kind, next);
  const name = `${kind} ${next}`;
  names.set(key, name);
  given.add(name);
  return name;
}

/** An answer of the backend as it may be seen: in privacy mode a copy without names, paths and prompts. */
export function seen<T>(answer: T): T {
  return isPrivate.value ? (hide(answer) as T) : answer;
}

/** Words that come twice: in full, and without names and amounts. */
const PLAIN: Record<string, string> = { headline: "plain_headline", detail: "plain_detail", title: "plain_title", message: "plain_message" };

function hide(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hide);
  if (typeof value !== "object" || value === null) return value;
  const owner = value as Values;
  const copy: Values = {};
  for (const [name, part] of Object.entries(owner)) {
    if (name === "projects" && Array.isArray(part)) copy[name] = part.map((each) => (typeof each === "string" ? aliasOf("Project", each) : hide(each)));
    else copy[name] = typeof part === "string" ? hideText(owner, name, part) : hide(part);
  }
  return byProject(copy);
}

function hideText(owner: Values, name: string, text: string): string {
  if (text === "") return text;
  const plain = owner[PLAIN[name] ?? ""];
  if (typeof plain === "string") return plain;
  if (WRITTEN.has(name)) return "Hidden";
  if (SENTENCES.has(name)) return hidePaths(text);
  if (name === "credits") return SOME;
  if (name === "title") return isSession(owner) ? aliasOf("Session", text) : text;
  if (name === "name" && "repository" in owner) return aliasOf("Project", String(owner["key"] || text));
  if (name === "path") return aliasOf("active" in owner || "exists" in owner || "worktree" in owner || "repository" in owner ? "Folder" : "File", text);
  if (name === "label") return "path" in owner && "active" in owner ? aliasOf("Home", text) : text;
  const kind = FIELDS[name];
  return kind === undefined ? text : aliasOf(kind, text);
}

/** A title is a session's where it stands beside a provider; the titles of bars and messages are our own. */
const isSession = (owner: Values): boolean => "provider" in owner;

/** Breakdowns and trends by project name projects in their keys and labels. */
function byProject(owner: Values): Values {
  if (owner["by"] !== "project" && owner["stack"] !== "project") return owner;
  const rename = (rows: unknown): unknown => (Array.isArray(rows) ? rows.map((row: unknown) => (isValues(row) ? renamed(row) : row)) : rows);
  return { ...owner, ...("rows" in owner ? { rows: rename(owner["rows"]) } : {}), ...("series" in owner ? { series: rename(owner["series"]) } : {}) };
}

const isValues = (value: unknown): value is Values => typeof value === "object" && value !== null;

function renamed(row: Values): Values {
  const key = row["key"];
  if (typeof key !== "string" || NO_PROJECT.has(key)) return row;
  const name = aliasOf("Project", key);
  return { ...row, key: name, label: name };
}

const PATH = /(?<![\w.:/\\])(?:~|[A-Za-z]:)?[\\/](?:[^\s"'<>|]+)/g;

/** A sentence with an alias in place of each path. */
export function hidePaths(text: string): string {
  return text.replace(PATH, (path) => {
    const end = /[.,;:!?)]+$/.exec(path)?.[0] ?? "";
    const whole = path.slice(0, path.length - end.length);
    return whole.length < 2 ? path : aliasOf("Folder", whole) + end;
  });
}

/** A sentence as it may be seen. */
export const seenText = (text: string): string => (isPrivate.value ? hidePaths(text) : text);
