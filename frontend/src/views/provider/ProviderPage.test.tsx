import { fireEvent, screen, within } from "@testing-library/preact";
import { describe, expect, it } from "vitest";
import { appState, makeStatus } from "../../../test/fixtures/app";
import { makeProviderDetail } from "../../../test/fixtures/dashboard";
import { mount, settle } from "../../../test/mount";
import { usage } from "../../../test/usage";
import { ApiError } from "../../api/client";
import type { Usage } from "../../api/types";
import { formatMoney } from "../../lib/format";
import { ProviderPage } from "./ProviderPage";

const money = ({ cost }: Usage) => formatMoney(cost.usd);
const month = () => screen.getByRole("group", { name: "30 days" });

describe("the page of a provider", () => {
  it("says where its figures come from, and what goes on now", async () => {
    const broken = makeStatus({ state: "error", word: "Error", reason: "A folder cannot be read.", folder: "/x/logs" });
    await mount(<ProviderPage id="codex" />, undefined, { providers: appState.providers.map((info) => (info.id === "codex" ? { ...info, status: broken } : info)) });
    const source = within(screen.getByRole("region", { name: "Source" }));
    expect(source.getByText("Error")).toBeTruthy();
    expect(source.getByText(/A folder cannot be read\./)).toBeTruthy();
    expect(source.getByTitle("/x/logs")).toBeTruthy();
    expect(screen.getByRole("region", { name: "Active sessions" })).toBeTruthy();
  });

  it("has today and 30 days, models, and projects with what they cost", async () => {
    await mount(<ProviderPage id="codex" />);
    const detail = makeProviderDetail();
    expect(within(screen.getByRole("group", { name: "Today" })).getByText(money(detail.today))).toBeTruthy();
    expect(within(month()).getByText(money(makeProviderDetail().month))).toBeTruthy();
    for (const name of ["Models of the provider", "Projects of the provider"]) {
      const rows = within(screen.getByRole("table", { name })).getAllByRole("row").slice(1);
      expect(rows).toHaveLength(detail.models.length);
      for (const row of rows) expect(row.textContent).toMatch(/\$|unpriced/);
    }
  });

  it("follows new figures", async () => {
    const { transport } = await mount(<ProviderPage id="codex" />);
    transport.answer("provider.get", () => ({ ...makeProviderDetail(), month: usage(999) }));
    transport.push("usage-updated", {});
    await settle();
    expect(within(month()).getByText(money(usage(999)))).toBeTruthy();
  });

  it("keeps its other panels where one call fails, and tries again", async () => {
    const { transport } = await mount(<ProviderPage id="codex" />, (fake) => fake.answer("provider.get", () => Promise.reject(new ApiError("internal", "The ledger is busy."))));
    const failed = within(screen.getByRole("region", { name: "30 days" }));
    expect(failed.getByText("The ledger is busy.")).toBeTruthy();
    expect(screen.getByRole("region", { name: "Source" })).toBeTruthy();
    transport.answer("provider.get", makeProviderDetail);
    fireEvent.click(failed.getByRole("button", { name: "Try again" }));
    await settle();
    expect(within(month()).getByText(money(makeProviderDetail().month))).toBeTruthy();
  });

  it("leads back where the provider is not known", async () => {
    const { store } = await mount(<ProviderPage id="nobody" />);
    fireEvent.click(screen.getByRole("button", { name: "Open the overview" }));
    expect(store.router.route.value).toEqual({ name: "overview" });
  });
});
