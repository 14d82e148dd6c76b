import { render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { demoHost } from "$/host/fake";
import Stage from "../../../tests/Stage.svelte";
import RunView from "./RunView.svelte";
import StartDialog from "./StartDialog.svelte";

describe("runs", () => {
  it("are drawn, answered in the node, and come to an end", async () => {
    const host = demoHost({ pace: 0 });
    const { run_id } = await host.call("run_start", { objective: "Filter by tag" });
    render(Stage, {
      props: {
        host,
        component: RunView,
        props: { tab: { id: "t", kind: "run", params: { run: run_id }, preview: false } },
      },
    });
    const box = await screen.findByLabelText(/Should a click on a tag/, {}, { timeout: 20_000 });
    expect(screen.getByRole("group", { name: "Agents of the run" }).textContent).toContain("planner");
    await userEvent.type(box, "Narrow it{Enter}");
    expect(host.calls.find((call) => call.name === "run_respond")?.request).toEqual({
      run_id,
      question_id: expect.any(String) as string,
      answer: "Narrow it",
    });
    await waitFor(() => expect(screen.getByText("Completed", { selector: "span" })).toBeTruthy(), {
      timeout: 5000,
    });
    expect(screen.getAllByText("3 tests passed").length).toBeGreaterThan(0);
  });

  it("start with what the dialog was told", async () => {
    const host = demoHost({ pace: 0 });
    const { component } = render(Stage, { props: { host, component: StartDialog } });
    component.workbench.commands.run("runs.start");
    const objective = await screen.findByLabelText("What is to be built?");
    await userEvent.click(screen.getByRole("button", { name: "Start run" }));
    expect(await screen.findByText("Say what is to be built.", { selector: ".error" })).toBeTruthy();
    await userEvent.type(objective, "A calculator");
    await userEvent.click(screen.getByRole("button", { name: "Start run" }));
    await waitFor(() => expect(component.workbench.activeTab?.kind).toBe("run"));
    expect(host.calls.find((call) => call.name === "run_start")?.request).toEqual({
      objective: "A calculator",
      persona: "fullstack",
    });
  });
});
