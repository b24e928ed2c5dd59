/** Follows a media query, for where one control stands in for another. */
import { useEffect, useState } from "preact/hooks";

/** Whether the query holds now. */
export function useMedia(query: string): boolean {
  const [holds, setHolds] = useState(() => matches(query));
  useEffect(() => {
    if (typeof matchMedia !== "function") return;
    const list = matchMedia(query);
    const follow = () => setHolds(list.matches);
    follow();
    list.addEventListener("change", follow);
    return () => list.removeEventListener("change", follow);
  }, [query]);
  return holds;
}

const matches = (query: string): boolean => typeof matchMedia === "function" && matchMedia(query).matches;
