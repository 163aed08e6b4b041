"""Long computations run in a child process, so that they cannot keep a worker's loop busy.

    process   the worker's side: starts the child, queues calls, enforces the limits child     the
    child's side: its limits, and the loop that serves calls wire      how calls and results travel
    between the two steps     long loops that must stay in the worker let other greenlets run in
    between errors the refusals when a limit was reached

A worker has two child processes, each started at its first call: one for calls that people wait
for (pictures, searches), one for files of hosts (tables that are imported or exported). A child
has no database, no Redis and no settings.
"""
