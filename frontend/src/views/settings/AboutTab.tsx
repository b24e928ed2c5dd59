/** What this program is. */
import { CopyButton, Ellipsis } from "../../components";
import { useStore } from "../../state/context";
import { Logo } from "../frame/Logo";

/** The tab about the program. */
export function AboutTab() {
  const { app } = useStore();
  const { version, mode, data_dir } = app.value;
  return (
    <div class="tv-about">
      <div class="tv-about__head">
        <Logo size={40} />
        <div>
          <h3>Tokendial</h3>
          <div class="tv-sub">
            Version {version}, {mode === "window" ? "in its own window" : "in the browser"}
          </div>
        </div>
      </div>
      <p class="tv-part__text">
        Reads the session logs of coding agents on this computer and keeps an exact account of every token: cost, trends, sessions and limits. It works without an account, sends nothing, and never stores a
        prompt or a reply.
      </p>
      <dl class="tv-list">
        <dt>Ledger</dt>
        <dd>
          <Ellipsis text={data_dir} keep="end" mono />
          <CopyButton text={data_dir} label="Copy path" />
        </dd>
      </dl>
    </div>
  );
}
