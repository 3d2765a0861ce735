namespace GopherFlow.Persistence.Postgres;

/// <summary>How statements keep the counts.</summary>
internal static class PostgresCounts
{
    /// <summary>Each connection has a slot of its own as far as they go, so that writers do not wait for each other.</summary>
    public const string Slot = "pg_backend_pid() % 32";

    /// <summary>The end of an INSERT of changes, which are sorted, so that two writers of one slot do not block each other.</summary>
    public const string AddToSlot = """
        ON CONFLICT (workflow_type, version, state, status, slot) DO UPDATE
                SET count = workflow_counts.count + excluded.count
        """;
}
