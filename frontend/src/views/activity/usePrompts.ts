/** Lists of prompts whose life is that of a view. */
import { computed, signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { useStore } from "../../state/context";
import { createPromptList, type PromptList, type PromptsQuestion } from "./promptList";

/** The prompts of a question; without one, those of the page's filter. Asked again when the switch of the settings turns. */
export function usePrompts(limit: number, question: PromptsQuestion | null = null): PromptList {
  const { transport, reloader, filter, prefs } = useStore();
  const wanted = useMemo(() => signal(question), []);
  const key = JSON.stringify(question);
  useEffect(() => {
    wanted.value = question;
    // The key stands for the question, which is a new object on every drawing.
  }, [wanted, key]);
  const list = useMemo(
    () =>
      createPromptList({
        question: computed(() => wanted.value ?? filter.value),
        reloader,
        limit,
        fetch: (request) => transport.invoke("prompts.list", request),
      }),
    [transport, reloader, filter, wanted, limit],
  );
  useEffect(() => list.stop, [list]);
  const on = prefs.saved.value.show_prompts;
  useEffect(() => {
    if (list.rows.peek() !== null && list.on.peek() !== on) void list.reload();
  }, [list, on]);
  return list;
}
