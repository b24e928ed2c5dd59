import { fireEvent, screen, within } from "@testing-library/preact";
import { describe, expect, it } from "vitest";
import { mount, settle } from "../../../test/mount";
import { makeProject, projects } from "../../../test/fixtures/projects";
import { ApiError } from "../../api/client";
import { ProjectPage } from "./ProjectPage";
import { ProjectsPage } from "./ProjectsPage";
import { fits, folderName, projectRows } from "./projectRows";

const table = () => within(screen.getByRole("table", { name: "Projects" }));
const press = async (name: string | RegExp, within_ = screen) => {
  fireEvent.click(within_.getByRole("button", { name }));
  await settle();
};

describe("the projects", () => {
  it("shows every project with its figures, and unfolds a repository", async () => {
    await mount(<ProjectsPage />);
    expect(table().getAllByRole("row")).toHaveLength(5);
    expect(screen.getByText("3 projects")).toBeTruthy();
    fireEvent.click(table().getAllByRole("button", { expanded: false })[0] as HTMLElement);
    await settle();
    expect(table().getByText("api")).toBeTruthy();
    expect(table().getByText("worktree")).toBeTruthy();
  });

  it("opens a project, and its sessions", async () => {
    const { store } = await mount(<ProjectsPage />);
    fireEvent.click(table().getByText("My notes"));
    expect(store.router.route.value).toEqual({ name: "project", id: "/home/ada/notes" });
    const page = await mount(<ProjectPage id="/home/ada/code/shop" />);
    await press("Show");
    expect(page.store.router.route.value).toEqual({ name: "sessions" });
  });

  it("searches names, folders and models, and says when nothing fits", async () => {
    await mount(<ProjectsPage />);
    fireEvent.input(screen.getByRole("searchbox"), { target: { value: "notes" } });
    await settle();
    expect(table().getAllByRole("row")).toHaveLength(2);
    fireEvent.input(screen.getByRole("searchbox"), { target: { value: "nothing like it" } });
    await settle();
    expect(screen.getByText("No project fits the search")).toBeTruthy();
  });

  it("keeps its order in the settings", async () => {
    const { transport, store } = await mount(<ProjectsPage />);
    fireEvent.click(table().getByRole("button", { name: "Tokens" }));
    await store.prefs.flush();
    expect(transport.requests("settings.set")).toEqual([{ values: { projects_sort: "tokens", projects_descending: true } }]);
  });

  it("renames with undo, and says what cannot be beside the box", async () => {
    const { transport } = await mount(<ProjectsPage />);
    await press("Rename shop");
    transport.answer("projects.rename", () => Promise.reject(new ApiError("bad_request", "A name has at most 80 characters.", { field: "name" })));
    fireEvent.input(screen.getByLabelText("Name"), { target: { value: "The shop" } });
    await press("Save");
    expect(screen.getByText("A name has at most 80 characters.")).toBeTruthy();
    transport.answer("projects.rename", ({ key, name }) => ({ names: name === null ? {} : { [key]: name } }));
    await press("Save");
    expect(transport.requests("projects.rename").at(-1)).toEqual({ key: "/home/ada/code/shop", name: "The shop" });
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("says what an empty range means, and what failed", async () => {
    const { transport, store } = await mount(<ProjectsPage />, (fake) => fake.answer("projects.list", () => ({ ...projects, projects: [] })));
    expect(screen.getByText("No project in this range")).toBeTruthy();
    transport.answer("projects.list", () => Promise.reject(new ApiError("internal", "The projects could not be read.")));
    await store.reloader.now();
    await settle();
    expect(screen.getByText("No project in this range")).toBeTruthy();
  });
});

describe("rows", () => {
  it("a project of one folder has nothing to unfold", () => {
    const [repository, alone] = projectRows([makeProject(), makeProject({ key: "/x", folders: [] })]);
    expect(repository?.children).toHaveLength(2);
    expect(alone?.children).toEqual([]);
    expect(repository?.children.map(folderName)).toEqual(["api", "/home/ada/code/shop-fix"]);
  });

  it("every word must fit", () => {
    expect(fits(makeProject(), "SHOP gpt")).toBe(true);
    expect(fits(makeProject(), "shop gemini")).toBe(false);
  });
});
