using System.Runtime.InteropServices;
using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>The key of one count.</summary>
internal readonly record struct CountKey(string WorkflowType, string Version, string State, WorkflowStatus Status);

/// <summary>
/// Collects the changes of counts within one transaction, so that hundreds of steps of the same kind become a few updates.
/// </summary>
internal sealed class CountDeltas
{
    private readonly Dictionary<CountKey, long> deltas = [];

    /// <summary>The counts that change, and by how much.</summary>
    public IEnumerable<KeyValuePair<CountKey, long>> NonZero => deltas.Where(delta => delta.Value != 0);

    /// <summary>Counts a new workflow.</summary>
    public void Add(WorkflowRecord created) => Count(KeyOf(created), 1);

    /// <summary>Adds counts that were computed elsewhere.</summary>
    public void Add(IEnumerable<WorkflowCount> counted)
    {
        foreach (var count in counted)
        {
            Count(new CountKey(count.WorkflowType, count.Version, count.State, count.Status), count.Count);
        }
    }

    /// <summary>Counts a workflow that may have another state, status or version now.</summary>
    public void Replace(WorkflowRecord before, WorkflowRecord after)
    {
        Count(KeyOf(before), -1);
        Count(KeyOf(after), 1);
    }

    /// <summary>Counts a deleted workflow.</summary>
    public void Remove(WorkflowRecord deleted) => Count(KeyOf(deleted), -1);

    private static CountKey KeyOf(WorkflowRecord workflow) =>
        new(workflow.WorkflowType, workflow.Version, workflow.State, workflow.Status);

    private void Count(CountKey key, long by) => CollectionsMarshal.GetValueRefOrAddDefault(deltas, key, out _) += by;
}
