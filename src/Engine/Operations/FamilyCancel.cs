using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Execution;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Operations;

/// <summary>Cancels the descendants of a workflow, each according to its own definition.</summary>
internal sealed class FamilyCancel(IWorkflowStore store, DefinitionCatalogue catalogue, EventWriter events)
{
    /// <summary>The maximum number of workflows to cancel in one transaction.</summary>
    private const int BatchSize = 100;

    /// <summary>The event that cancels a workflow of a definition.</summary>
    public static Cancelled Of(WorkflowDefinitionOutline? definition, string actor) =>
        new(actor)
        {
            CleansUpIn =
                definition?.CancelState is { } name && definition.StateOf(name) is { } state
                    ? StepPlanner.TargetOf(state)
                    : null,
            Webhooks = definition?.Webhooks ?? [],
        };

    /// <summary>
    /// Cancels all unfinished descendants, except those that are already cleaning up. Parents are cancelled before their children, so they
    /// cannot create more.
    /// </summary>
    public async Task<int> CancelBelowAsync(long ancestorId, string actor, CancellationToken cancellation)
    {
        var cancelled = 0;
        var parents = new Queue<long>([ancestorId]);
        while (parents.TryDequeue(out var parent))
        {
            var search = new ChildSearch(parent) { WithVariables = false, Limit = BatchSize };
            for (var isMore = true; isMore; )
            {
                var children = await store.ChildrenAsync(search, cancellation);
                cancelled += await CancelAsync(children, actor, cancellation);
                foreach (var child in children)
                {
                    parents.Enqueue(child.Id);
                }

                isMore = children.Count == BatchSize;
                search = isMore ? search with { AfterId = children[^1].Id } : search;
            }
        }

        return cancelled;
    }

    private async Task<int> CancelAsync(
        IReadOnlyList<WorkflowRecord> children,
        string actor,
        CancellationToken cancellation
    )
    {
        var cancels = new List<EventFor>(children.Count);
        foreach (var child in children.Where(child => !child.Status.IsFinal() && !child.IsCleaningUp))
        {
            var key = new DefinitionKey(child.WorkflowType, child.Version);
            cancels.Add(new(child.Id, Of(await catalogue.FindAsync(key, cancellation), actor)));
        }

        return cancels.Count == 0
            ? 0
            : (await events.WriteAsync(cancels, cancellation)).Count(outcome =>
                outcome.Verdict == EventVerdict.Committed
            );
    }
}
