/** What this program is, what it does with what it reads, and what it stands on. */
import type { ComponentChildren } from "preact";
import { CopyButton, Ellipsis, Table, type Column } from "../../components";
import { useStore } from "../../state/context";
import { Logo } from "../frame/Logo";
import { THIRD_PARTY, type ThirdParty } from "./thirdparty";

/** The tab about the program. */
export function AboutTab() {
  const { app } = useStore();
  const { version, mode, data_dir, program_dir } = app.value;
  return (
    <>
      <section class="tv-part">
        <div class="tv-about__head">
          <Logo size={40} />
          <div>
            <h3>Tokendial</h3>
            <div class="tv-sub">
              Version {version}, {mode === "window" ? "in its own window" : "in the browser"}. MIT license.
            </div>
          </div>
        </div>
        <p class="tv-part__text">What coding agents cost, read from the logs that they leave on this computer: tokens, money, limits and sessions, every response counted once.</p>
        <dl class="tv-list">
          <Place name="Ledger" path={data_dir} />
          <Place name="Program and source" path={program_dir} />
        </dl>
      </section>
      <section class="tv-part">
        <div class="tv-part__head">
          <h3>What stays on this computer</h3>
        </div>
        <ul class="tv-about__facts">
          <Fact>Everything, unless you switch on a live source, which asks its provider for your limits. There is no account, no telemetry and no update check.</Fact>
          <Fact>The logs are opened for reading only; nothing is written into the folders of the agents.</Fact>
          <Fact>The ledger holds counts, times, models, project folders and session titles. Prompts and replies are not stored.</Fact>
          <Fact>The local server listens on 127.0.0.1 only, and answers only the page that was opened with its one-use link.</Fact>
        </ul>
      </section>
      <section class="tv-part">
        <div class="tv-part__head">
          <h3>Made with</h3>
        </div>
        <Table label="Third-party packages" dense columns={COLUMNS} rows={THIRD_PARTY} rowKey={(row) => row.name} />
      </section>
    </>
  );
}

const COLUMNS: Column<ThirdParty>[] = [
  { key: "name", header: "Package", cell: (row) => row.name },
  { key: "license", header: "License", cell: (row) => row.license },
  { key: "use", header: "For", cell: (row) => row.use },
];

function Place({ name, path }: { name: string; path: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <Ellipsis text={path} keep="end" mono />
        <CopyButton text={path} label={`Copy path: ${name.toLowerCase()}`} />
      </dd>
    </>
  );
}

const Fact = ({ children }: { children: ComponentChildren }) => <li>{children}</li>;
