using System.Data.Common;

namespace GopherFlow.Client;

/// <summary>Options for starting a workflow.</summary>
public sealed record StartOptions
{
    /// <summary>What the workflow is about, such as an order number. Default: its key.</summary>
    public string? BusinessKey { get; init; }

    /// <summary>The executor group that runs the workflow. Default: "default".</summary>
    public string ExecutorGroup { get; init; } = "default";

    /// <summary>The priority, from 1 (first) to 9 (last). Default: 5.</summary>
    public int? Priority { get; init; }

    /// <summary>The key under which per-key limits count the workflow. Default: its business key.</summary>
    public string? LimitKey { get; init; }

    /// <summary>When the workflow is due. Default: now.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>
    /// Your own transaction on the engine's database. The workflow is created when you commit it, together with your rows, and not created
    /// if you roll it back. Works only in the engine's process, and not with the in-memory store. The transaction locks the counts of the
    /// workflow's type, so commit it soon. Default: the engine uses its own transaction.
    /// </summary>
    public DbTransaction? Transaction { get; init; }
}
