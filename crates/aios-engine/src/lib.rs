//! Runs the agent graph: planner, then backend and frontend, then QA, with self-debugging and checkpoints.
