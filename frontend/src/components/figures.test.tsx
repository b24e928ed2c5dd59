import { cleanup, render, screen } from "@testing-library/preact";
import { afterEach, describe, expect, it } from "vitest";
import { ContextBar, contextPercent } from "./ContextBar";
import { Ellipsis } from "./Ellipsis";
import { Kpi } from "./Kpi";
import { Meter } from "./Meter";
import { Progress } from "./Progress";
import { Ring } from "./Ring";

afterEach(cleanup);

describe("Meter", () => {
  it("writes the number and speaks it", () => {
    render(<Meter label="5 hours" percent={62.4} timePercent={55} />);
    const meter = screen.getByRole("meter", { name: "5 hours" });
    expect([meter.getAttribute("aria-valuenow"), meter.getAttribute("aria-valuetext")]).toEqual(["62", "62 %"]);
    expect(screen.getByText("62 %")).toBeTruthy();
    expect(screen.getByTitle("55 % of the time has passed").style.left).toBe("55%");
  });
  it.each([[0, "0 %", "0%"], [104, "104 %", "100%"]])("shows %d as %s", (percent, text, width) => {
    const { container } = render(<Meter label="Weekly" percent={percent} />);
    expect(screen.getByText(text)).toBeTruthy();
    expect(container.querySelector<HTMLElement>(".td-meter-bar__fill")?.style.width).toBe(width);
  });
  it("shows the unknown as unknown, neither 0 nor 100", () => {
    const { container } = render(<Meter label="Weekly" percent={null} />);
    expect(screen.getByText("unknown")).toBeTruthy();
    expect(screen.queryByRole("meter")).toBeNull();
    expect(screen.getByRole("img", { name: "Weekly: unknown" })).toBeTruthy();
    expect(container.querySelector(".td-meter-bar__fill")).toBeNull();
  });
  it.each([[40, "ok"], [75, "warn"], [95, "bad"]])("has its step at %d", (percent, tone) => {
    const { container } = render(<Meter label="x" percent={percent} />);
    expect(container.querySelector(`.td-meter--${tone}`)).toBeTruthy();
  });
});

describe("Ring", () => {
  it("speaks both rings and writes the first", () => {
    render(<Ring label="Codex" rings={[{ label: "5 hours", percent: 62 }, { label: "Weekly", percent: null }]} />);
    expect(screen.getByRole("img", { name: "Codex: 5 hours 62 %, Weekly unknown" })).toBeTruthy();
    expect(screen.getByText("62 %")).toBeTruthy();
  });
});

describe("a ring of an old reading", () => {
  it("is paler, and says so", () => {
    const { container } = render(<Ring label="Codex" rings={[{ label: "Weekly", percent: 20, stale: true }]} size="var(--dial)" />);
    expect(screen.getByRole("img", { name: "Codex: Weekly 20 % (stale)" })).toBeTruthy();
    expect(container.querySelector(".td-ring__arc--stale")).toBeTruthy();
    expect(container.querySelector<HTMLElement>(".td-ring")?.style.width).toBe("var(--dial)");
  });
});

describe("ContextBar", () => {
  it.each([[201_000, 258_000, "78 %"], [300_000, 258_000, "116 %"], [0, 258_000, "0 %"], [null, 258_000, "unknown"], [100, 0, "unknown"], [100, null, "unknown"]])(
    "%s of %s is %s",
    (used, window, text) => {
      render(<ContextBar used={used} window={window} />);
      expect(screen.getByText(text)).toBeTruthy();
    },
  );
  it("divides", () => expect(contextPercent(50, 200)).toBe(25));
});

describe("Kpi", () => {
  it("tells the style how long its figure is, so that it fits", () => {
    render(<Kpi label="Cost" value="$41,995,061.69" />);
    expect(screen.getByText("$41,995,061.69").parentElement?.style.getPropertyValue("--chars")).toBe("14");
  });

  it("shows the figure with the exact one on hover, its change and its parts", () => {
    render(<Kpi label="Total tokens" value="304.9M" exact="304,912,345" change="+12 %" sub="in 16.5M" sparkline={[1, 2, 3]} />);
    expect(screen.getByText("304.9M").title).toBe("304,912,345");
    expect(screen.getByText("+12 %").className).toBe("td-kpi__change");
    expect(screen.getByRole("region", { name: "Total tokens" })).toBeTruthy();
  });
});

describe("Progress", () => {
  it.each([[0.4, "40"], [2, "100"], [null, null], [Number.NaN, null]])("%s is %s", (value, spoken) => {
    render(<Progress label="Scan" value={value} text="412 files" />);
    expect(screen.getByRole("progressbar", { name: "Scan" }).getAttribute("aria-valuenow")).toBe(spoken);
  });
});

describe("Ellipsis", () => {
  it("never turns log text into markup", () => {
    const { container } = render(<Ellipsis text={"<img src=x onerror=alert(1)>"} />);
    expect(container.querySelector("img")).toBeNull();
    expect(container.textContent).toBe("<img src=x onerror=alert(1)>");
  });
  it("cuts absurd text and keeps bidi tricks visible", () => {
    const { container } = render(<Ellipsis text={`\u202Eevil ${"x".repeat(100_000)}`} />);
    expect(container.textContent?.startsWith("[U+202E]evil")).toBe(true);
    expect(container.textContent?.length).toBeLessThanOrEqual(401);
    expect(container.querySelector("bdi")?.title.length).toBeLessThanOrEqual(2001);
  });
  it.each([["/home/ada/shop-web", ["/home/ada", "/shop-web"]], ["C:\\code\\shop", ["C:\\code", "\\shop"]], ["plain", ["", "plain"]], ["/etc/", ["", "/etc/"]]])(
    "keeps the end of %s in view",
    (path, parts) => {
      const { container } = render(<Ellipsis text={path} keep="end" />);
      expect([...container.querySelectorAll("span")].map((part) => part.textContent)).toEqual(parts);
    },
  );
  it.each([null, undefined, "", " \n "])("shows a fallback for %j", (text) => {
    const { container } = render(<Ellipsis text={text} fallback="untitled" />);
    expect(container.textContent).toBe("untitled");
  });
});
