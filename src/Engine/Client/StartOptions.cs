using System.Data.Common;

namespace GopherFlow.Client;

/// <summary>How a workflow is started.</summary>
public sealed record StartOptions
{
    /// <summary>What it is about. Default: its key.</summary>
    public string? BusinessKey { get; init; }

    /// <summary>Which executors may run it. Default: "default".</summary>
    public string ExecutorGroup { get; init; } = "default";

    /// <summary>1 (first) to 9 (last). Default: 5.</summary>
    public int? Priority { get; init; }

    /// <summary>For what key it counts where limits hold for each key. Default: its business key.</summary>
    public string? LimitKey { get; init; }

    /// <summary>When it is due. Default: now.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>
    /// A transaction of yours on the engine's database: the workflow is there when you commit it, together with your own rows, and never was
    /// when you roll it back. Only in the process of the engine; not with the in-memory store. The transaction locks the counts of the
    /// workflow's type, so commit it soon. Default: a transaction of the engine's own.
    /// </summary>
    public DbTransaction? Transaction { get; init; }
}
