namespace GopherFlow.Stores.Postgres;

/// <summary>How statements keep the counts.</summary>
internal static class PostgresCounts
{
    /// <summary>Each connection has a slot of its own as far as they go, so that writers do not wait for each other.</summary>
    public const string Slot = "pg_backend_pid() % 32";

    /// <summary>
    /// The slots of what is new lie apart. A transaction counts what it creates first and what it changes afterwards; with one row
    /// space for both, two transactions of one slot could each wait for the other.
    /// </summary>
    public const string SlotOfNew = "pg_backend_pid() % 32 + 32";

    /// <summary>The end of an INSERT of changes, which are sorted, so that two writers of one slot do not block each other.</summary>
    public const string AddToSlot = """
        ON CONFLICT (workflow_type, version, state, status, slot) DO UPDATE
                SET count = workflow_counts.count + excluded.count
        """;
}
