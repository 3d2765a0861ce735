using System.Runtime.InteropServices;
using GopherFlow.Authoring;

namespace GopherFlow.Storage;

/// <summary>What one count is about.</summary>
internal readonly record struct CountKey(string WorkflowType, string Version, string State, WorkflowStatus Status);

/// <summary>
/// Gathers how the counts change within one transaction, so that hundreds of steps of the same kind are a handful of updates.
/// </summary>
internal sealed class CountDeltas
{
    private readonly Dictionary<CountKey, long> deltas = [];

    /// <summary>The counts that change, with by how much.</summary>
    public IEnumerable<KeyValuePair<CountKey, long>> NonZero => deltas.Where(delta => delta.Value != 0);

    /// <summary>A workflow that is new.</summary>
    public void Add(string workflowType, string version, string state, WorkflowStatus status) =>
        Count(new CountKey(workflowType, version, state, status), 1);

    /// <summary>A workflow that went from one state and status to another.</summary>
    public void Move(
        string workflowType,
        string version,
        (string State, WorkflowStatus Status) from,
        (string State, WorkflowStatus Status) to
    )
    {
        if (from != to)
        {
            Count(new CountKey(workflowType, version, from.State, from.Status), -1);
            Count(new CountKey(workflowType, version, to.State, to.Status), 1);
        }
    }

    /// <summary>A workflow that may also be of another version now.</summary>
    public void Replace(WorkflowRecord before, WorkflowRecord after)
    {
        Count(new CountKey(before.WorkflowType, before.Version, before.State, before.Status), -1);
        Count(new CountKey(after.WorkflowType, after.Version, after.State, after.Status), 1);
    }

    /// <summary>What another part of the same transaction gathered.</summary>
    public void AddAll(CountDeltas other)
    {
        foreach (var (key, delta) in other.deltas)
        {
            Count(key, delta);
        }
    }

    private void Count(CountKey key, long by) => CollectionsMarshal.GetValueRefOrAddDefault(deltas, key, out _) += by;
}
