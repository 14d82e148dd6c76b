/** Settings, models and keys, policies, the account: pages of one tab. */
import Settings2 from "@lucide/svelte/icons/settings-2";
import { t } from "$/messages";
import type { Feature } from "$/workbench";
import StatusModel from "./StatusModel.svelte";

const PAGES = [
  ["settings.open", t.settings.title, "appearance"],
  ["models.open", t.settings.models, "models"],
  ["policies.open", t.settings.policies, "policies"],
  ["account.open", t.settings.account, "account"],
] as const;

export const settings: Feature = {
  id: "settings",
  tabs: [
    {
      kind: "settings",
      load: () => import("./SettingsView.svelte"),
      icon: Settings2,
      title: () => t.settings.title,
    },
  ],
  statusItems: [{ id: "model", side: "right", order: 20, component: StatusModel }],
  commands: (workbench) =>
    PAGES.map(([id, title, section]) => ({
      id,
      title,
      category: t.settings.title,
      run: () => workbench.openTab("settings", { section }),
    })),
};
