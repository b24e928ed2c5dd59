import { screen } from "@testing-library/preact";
import { describe, expect, it } from "vitest";
import { makeDetail } from "../../../test/fixtures/sessions";
import { mount } from "../../../test/mount";
import { UsageCards } from "./UsageCards";

const value = (label: string) => screen.getByRole("region", { name: label }).querySelector(".td-kpi__value")?.textContent ?? "";

describe("the figures of a session", () => {
  it("are lower bounds where the log only has the first of an output (A7)", async () => {
    const detail = makeDetail("one");
    const plain = await mount(<UsageCards detail={detail} />);
    expect([value("Tokens"), value("Output")].some((text) => text.includes("at least"))).toBe(false);
    plain.unmount();
    await mount(<UsageCards detail={{ ...detail, audit: [...detail.audit, { kind: "lower_bound", label: "", records: 2, tokens: 9 }] }} />);
    for (const label of ["Tokens", "Cost", "Output"]) expect(value(label)).toMatch(/^at least /);
    expect(value("Cached share")).not.toContain("at least");
  });
});
