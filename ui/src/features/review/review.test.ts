import { render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { demoHost } from "$/host/fake";
import Stage from "../../../tests/Stage.svelte";
import ReviewView from "./ReviewView.svelte";

it("keeps a file, rejects the rest, and takes that back", async () => {
  const host = demoHost({ pace: 0 });
  const { run_id } = await host.call("run_start", { objective: "Filter by tag" });
  await waitFor(async () => expect((await host.call("run_show", { run_id })).status).toBe("waiting"), {
    timeout: 20_000,
  });
  await host.call("run_respond", { run_id, answer: "Narrow it" });
  await waitFor(async () => expect((await host.call("run_show", { run_id })).status).toBe("completed"), {
    timeout: 20_000,
  });
  const before = await host.call("run_changes", { run_id });
  expect(before.files.length).toBeGreaterThan(1);
  render(Stage, {
    props: {
      host,
      component: ReviewView,
      props: { tab: { id: "t", kind: "review", params: { run: run_id }, preview: false } },
    },
  });
  const keeps = await screen.findAllByRole("button", { name: "Keep file" });
  expect(keeps.length).toBe(before.files.length);
  await userEvent.click(keeps[0] as HTMLElement);
  await waitFor(() =>
    expect(screen.getAllByRole("button", { name: "Keep file" }).length).toBe(before.files.length - 1),
  );
  await userEvent.click(screen.getByRole("button", { name: "Reject all" }));
  expect(await screen.findByText("Nothing is left to be decided.")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Undo last decision" }));
  await waitFor(() =>
    expect(screen.getAllByRole("button", { name: "Keep file" }).length).toBe(before.files.length - 1),
  );
});
