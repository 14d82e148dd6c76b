//! Where commands are reached over HTTP. The server's router and document and the client's requests come from these rows.
//!
//! What is only for the user of the machine may have no place: it is asked for by its name at `/rpc/{command}`, as every
//! command can be.

/// A command's place in the REST API.
///
/// The parameters of the path are fields of the request. The rest of the request travels in the query of a GET or DELETE,
/// and as the JSON body of everything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// `GET`, `POST`, …
    pub method: &'static str,
    /// Such as `/api/v1/runs/{run_id}`; a parameter with a star takes the rest of the path, slashes included.
    pub path: &'static str,
    /// The command's name.
    pub command: &'static str,
    /// The status of its answer: 201 where something was created, else 200.
    pub status: u16,
    /// The field of the request that is the whole body.
    pub body: Option<&'static str>,
    /// A field of the request with the value that it always has here, as JSON.
    pub fixed: Option<(&'static str, &'static str)>,
    /// Whether the answer comes piece by piece to whoever asks for `text/event-stream`. Such a command changes nothing, and ends
    /// when nobody waits for it any more.
    pub streams: bool,
}

impl Route {
    /// The names of the path's parameters, in order.
    pub fn parameters(&self) -> impl Iterator<Item = &'static str> {
        self.path
            .split('{')
            .skip(1)
            .filter_map(|rest| rest.split('}').next())
            .map(|name| name.trim_start_matches('*'))
    }

    /// Whether what is not in the path travels in the query.
    pub fn in_query(&self) -> bool {
        matches!(self.method, "GET" | "DELETE")
    }

    const fn whole_body(self, field: &'static str) -> Self {
        Self { body: Some(field), ..self }
    }

    const fn in_pieces(self) -> Self {
        Self { streams: true, ..self }
    }

    const fn always(self, field: &'static str, value: &'static str) -> Self {
        Self { fixed: Some((field, value)), ..self }
    }
}

const fn row(method: &'static str, path: &'static str, command: &'static str, status: u16) -> Route {
    Route { method, path, command, status, body: None, fixed: None, streams: false }
}

const fn get(path: &'static str, command: &'static str) -> Route {
    row("GET", path, command, 200)
}

const fn post(path: &'static str, command: &'static str) -> Route {
    row("POST", path, command, 200)
}

const fn create(path: &'static str, command: &'static str) -> Route {
    row("POST", path, command, 201)
}

const fn put(path: &'static str, command: &'static str) -> Route {
    row("PUT", path, command, 200)
}

const fn patch(path: &'static str, command: &'static str) -> Route {
    row("PATCH", path, command, 200)
}

const fn delete(path: &'static str, command: &'static str) -> Route {
    row("DELETE", path, command, 200)
}

/// The table itself.
pub const ROUTES: &[Route] = &[
    create("/api/v1/auth/register", "auth_register"),
    post("/api/v1/auth/login", "auth_login"),
    post("/api/v1/auth/forgot-password", "auth_forgot"),
    post("/api/v1/auth/reset-password", "auth_reset"),
    get("/api/v1/auth/me", "auth_me"),
    create("/api/v1/auth/keys", "key_create"),
    get("/api/v1/auth/keys", "key_list"),
    delete("/api/v1/auth/keys/{key_id}", "key_revoke"),
    create("/api/v1/runs", "run_start"),
    get("/api/v1/runs", "run_list"),
    get("/api/v1/runs/free-runs", "free_runs_show"),
    get("/api/v1/runs/hierarchy/personas", "persona_list"),
    get("/api/v1/runs/models/catalog", "model_list"),
    get("/api/v1/runs/models/catalog/{provider}", "model_list"),
    get("/api/v1/runs/{run_id}", "run_show"),
    post("/api/v1/runs/{run_id}/cancel", "run_cancel"),
    post("/api/v1/runs/{run_id}/pause", "run_pause"),
    post("/api/v1/runs/{run_id}/resume", "run_resume"),
    post("/api/v1/runs/{run_id}/respond", "run_respond"),
    get("/api/v1/runs/{run_id}/waiting", "run_waiting"),
    get("/api/v1/runs/{run_id}/events", "run_events"),
    get("/api/v1/runs/{run_id}/tokens", "run_tokens"),
    get("/api/v1/runs/{run_id}/graph", "run_graph"),
    get("/api/v1/runs/{run_id}/logs", "run_logs"),
    get("/api/v1/runs/{run_id}/workspace", "run_workspace"),
    get("/api/v1/runs/{run_id}/files/{*path}", "run_file_show"),
    patch("/api/v1/runs/{run_id}/files/{*path}", "run_file_save"),
    get("/api/v1/runs/{run_id}/changes", "run_changes"),
    post("/api/v1/runs/{run_id}/changes", "run_change_decide"),
    get("/api/v1/runs/{run_id}/chain", "run_chain"),
    get("/api/v1/runs/{run_id}/ide-url", "run_ide_url"),
    create("/api/v1/projects", "project_create"),
    get("/api/v1/projects", "project_list"),
    get("/api/v1/projects/{project_id}", "project_show"),
    put("/api/v1/projects/{project_id}", "project_update"),
    delete("/api/v1/projects/{project_id}", "project_remove"),
    create("/api/v1/policies", "policy_create").whole_body("policy"),
    get("/api/v1/policies", "policy_list"),
    get("/api/v1/policies/{policy_id}", "policy_show"),
    put("/api/v1/policies/{policy_id}", "policy_update").whole_body("policy"),
    delete("/api/v1/policies/{policy_id}", "policy_remove"),
    create("/api/v1/tasks", "task_create"),
    get("/api/v1/tasks", "task_list"),
    get("/api/v1/tasks/{task_id}", "task_show"),
    put("/api/v1/tasks/{task_id}", "task_update"),
    post("/api/v1/tasks/{task_id}/cancel", "task_cancel"),
    create("/api/v1/capture/events", "capture_add"),
    get("/api/v1/capture/events", "capture_list"),
    create("/api/v1/capture/events/{event_id}/convert", "capture_convert"),
    post("/api/v1/inline/edit", "inline_edit").in_pieces(),
    post("/api/v1/inline/chat", "inline_chat").in_pieces(),
    post("/api/v1/inline/complete", "inline_complete").in_pieces(),
    get("/api/v1/models/free", "model_list").always("free", "true"),
    post("/api/v1/models/compare", "model_compare"),
    get("/api/v1/models/weights", "weights_list"),
    delete("/api/v1/models/weights/{id}", "weights_remove"),
    create("/api/v1/model-credentials", "credential_add"),
    get("/api/v1/model-credentials", "credential_list"),
    delete("/api/v1/model-credentials/{credential_id}", "credential_remove"),
    post("/api/v1/model-credentials/{credential_id}/set-default", "credential_set_default"),
    create("/api/v1/admin/vault", "vault_add"),
    get("/api/v1/admin/vault", "vault_list"),
    delete("/api/v1/admin/vault/{entry_id}", "vault_remove"),
    post("/api/v1/admin/vault/{entry_id}/test", "vault_test"),
    create("/api/v1/team/invite", "team_invite"),
    get("/api/v1/team/invite/{token}", "invite_show"),
    create("/api/v1/team/invite/accept", "invite_accept"),
    get("/api/v1/team/members", "team_members"),
    delete("/api/v1/team/members/{user_id}", "team_remove"),
    patch("/api/v1/team/members/{user_id}/role", "team_set_role"),
    get("/api/v1/billing/plans", "billing_plans"),
    get("/api/v1/billing/usage", "billing_usage"),
    get("/api/v1/billing/status", "billing_status"),
    post("/api/v1/billing/checkout", "billing_checkout"),
    post("/api/v1/billing/portal", "billing_portal"),
    get("/health", "health_show"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{COMMANDS, Right};

    #[test]
    fn every_place_has_a_command_and_only_those_of_this_machine_have_none() {
        let routed: BTreeSet<&str> = ROUTES.iter().map(|route| route.command).collect();
        for name in &routed {
            assert!(COMMANDS.iter().any(|row| row.name == *name), "{name} is no command");
        }
        for row in COMMANDS.iter().filter(|row| row.right != Right::Host) {
            assert!(routed.contains(row.name), "{} has no place", row.name);
        }
    }

    #[test]
    fn no_place_is_given_twice() {
        let places: BTreeSet<(&str, &str)> = ROUTES.iter().map(|route| (route.method, route.path)).collect();
        assert_eq!(places.len(), ROUTES.len());
    }

    #[test]
    fn parameters_of_a_path() {
        let check = |path, expect: &[&str]| {
            assert_eq!(get(path, "").parameters().collect::<Vec<_>>(), expect, "{path}");
        };
        check("/health", &[]);
        check("/runs/{run_id}", &["run_id"]);
        check("/runs/{run_id}/files/{*path}", &["run_id", "path"]);
    }
}
