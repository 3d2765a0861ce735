using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.TestSupport;

/// <summary>
/// Reads a store after a test and reports violations of the step protocol. It uses only the public reads of the store and knows
/// nothing about its implementation.
/// </summary>
public static class StoreInvariants
{
    private const int Everything = 1_000_000;

    /// <summary>Throws with a list of all violations, if there are any.</summary>
    public static async Task CheckAsync(IWorkflowStore store, DefinitionRegistry? registry = null)
    {
        var violations = await FindAsync(store, registry);
        if (violations.Count > 0)
        {
            throw new InvalidOperationException(
                $"The store breaks {violations.Count} invariants:{Environment.NewLine}{string.Join(Environment.NewLine, violations)}"
            );
        }
    }

    /// <summary>All violations, one sentence each.</summary>
    public static async Task<IReadOnlyList<string>> FindAsync(IWorkflowStore store, DefinitionRegistry? registry = null)
    {
        var search = new WorkflowSearch { Limit = Everything };
        var workflows = (await store.SearchAsync(search, CancellationToken.None)).Workflows;
        var counts = await store.CountsAsync(CancellationToken.None);
        var violations = new List<string>();
        violations.AddRange(workflows.SelectMany(OfOwnership));
        violations.AddRange(OfFamilies(workflows));
        violations.AddRange(OfCounts(workflows, counts));
        violations.AddRange(await OfUnfinishedAsync(store, workflows));
        violations.AddRange(await OfRebuiltCountsAsync(store, counts));
        violations.AddRange(
            workflows
                .GroupBy(workflow => workflow.ExternalId)
                .Where(same => same.Count() > 1)
                .Select(same => $"external id '{same.Key}' belongs to {same.Count()} workflows")
        );
        foreach (var workflow in workflows)
        {
            var actions = await store.ActionsAsync(new ActionSearch(workflow.Id, Everything), CancellationToken.None);
            violations.AddRange(OfHistory(workflow, [.. actions.Reverse()], registry));
        }

        return violations;
    }

    /// <summary>No workflow is stuck: it is final, owned, due, or waits for a known reason, and its fields are consistent.</summary>
    private static IEnumerable<string> OfOwnership(WorkflowRecord workflow)
    {
        var owned = workflow.ExecutorId is not null;
        if (owned != (workflow.Status == WorkflowStatus.Executing))
        {
            yield return $"{Name(workflow)}: status {workflow.Status.ToName()}, but executor {workflow.ExecutorId?.ToString() ?? "none"}";
        }

        var due = workflow.NextActivation is not null;
        var hasDeadline = workflow is { Status: WorkflowStatus.Waiting, DeadlineState: not null };
        if (due && !hasDeadline && workflow.Status is not (WorkflowStatus.New or WorkflowStatus.InProgress))
        {
            yield return $"{Name(workflow)}: status {workflow.Status.ToName()}, yet it has a next activation";
        }

        var hasReason =
            workflow.Status.IsFinal()
            || owned
            || due
            || workflow.Status is WorkflowStatus.Waiting or WorkflowStatus.Paused
            || workflow is { AwaitsChildren: true, OpenChildren: > 0 }
            || workflow.AwaitedSignals is not null;
        if (!hasReason)
        {
            yield return $"{Name(workflow)}: stuck, with status {workflow.Status.ToName()} and nothing to wait for";
        }

        if (workflow.Status.IsFinal() != (workflow.Finished is not null))
        {
            yield return $"{Name(workflow)}: status {workflow.Status.ToName()}, but finished is {workflow.Finished?.ToString("O") ?? "null"}";
        }

        if (workflow.Woken && workflow.Status.IsFinal())
        {
            yield return $"{Name(workflow)}: keeps a wake, with status {workflow.Status.ToName()}";
        }

        if (workflow is { IsCleaningUp: true, Status: WorkflowStatus.Finished or WorkflowStatus.Cancelled })
        {
            yield return $"{Name(workflow)}: is cleaning up, with status {workflow.Status.ToName()}";
        }

        if (workflow is { AwaitsChildren: true, DeadlineState: null } && (due || owned || workflow.Status.IsFinal()))
        {
            yield return $"{Name(workflow)}: awaits its children, yet it is final, owned or due";
        }
    }

    /// <summary>Exactly the non-final workflows are listed as unfinished, each once.</summary>
    private static async Task<IEnumerable<string>> OfUnfinishedAsync(
        IWorkflowStore store,
        IReadOnlyList<WorkflowRecord> workflows
    )
    {
        var violations = new List<string>();
        foreach (var same in workflows.GroupBy(row => new DefinitionKey(row.WorkflowType, row.Version)))
        {
            var search = new UnfinishedSearch(same.Key, AfterId: 0, Everything);
            var listed = await store.UnfinishedAsync(search, CancellationToken.None);
            var unfinished = same.Where(row => !row.Status.IsFinal()).Select(row => row.Id).Order();
            if (!listed.SequenceEqual(unfinished))
            {
                violations.Add(
                    $"{same.Key}: unfinished are {string.Join(", ", unfinished)}, but listed are {string.Join(", ", listed)}"
                );
            }
        }

        return violations;
    }

    /// <summary>Rebuilding the counts changes nothing.</summary>
    private static async Task<IEnumerable<string>> OfRebuiltCountsAsync(
        IWorkflowStore store,
        IReadOnlyList<WorkflowCount> kept
    )
    {
        await store.RebuildCountsAsync(CancellationToken.None);
        var rebuilt = await store.CountsAsync(CancellationToken.None);
        return rebuilt
            .Except(kept)
            .Select(count => $"a rebuild adds {count}")
            .Concat(kept.Except(rebuilt).Select(count => $"a rebuild removes {count}"));
    }

    private static IEnumerable<string> OfFamilies(IReadOnlyList<WorkflowRecord> workflows)
    {
        var open = workflows
            .Where(workflow => workflow.ParentWorkflowId is not null && !workflow.Status.IsFinal())
            .GroupBy(workflow => workflow.ParentWorkflowId!.Value)
            .ToDictionary(children => children.Key, children => children.Count());
        return workflows
            .Where(workflow => workflow.OpenChildren != open.GetValueOrDefault(workflow.Id))
            .Select(workflow =>
                $"{Name(workflow)}: counts {workflow.OpenChildren} open children, but has {open.GetValueOrDefault(workflow.Id)}"
            );
    }

    private static IEnumerable<string> OfCounts(
        IReadOnlyList<WorkflowRecord> workflows,
        IReadOnlyList<WorkflowCount> counts
    )
    {
        var kept = counts.ToDictionary(
            count => (count.WorkflowType, count.Version, count.State, count.Status),
            count => count.Count
        );
        var full = workflows
            .GroupBy(workflow => (workflow.WorkflowType, workflow.Version, workflow.State, workflow.Status))
            .ToDictionary(same => same.Key, same => (long)same.Count());
        return kept
            .Keys.Union(full.Keys)
            .Where(key => kept.GetValueOrDefault(key) != full.GetValueOrDefault(key))
            .Select(key =>
                $"count of {key}: kept {kept.GetValueOrDefault(key)}, counted {full.GetValueOrDefault(key)}"
            );
    }

    /// <summary>Each committed step is there once: the transitions form a path, and their number is the workflow's step.</summary>
    private static IEnumerable<string> OfHistory(
        WorkflowRecord workflow,
        IReadOnlyList<ActionRecord> actions,
        DefinitionRegistry? registry
    )
    {
        // A workflow that has begun anew more than once has lost its first generations.
        var isWhole = actions is [{ Entry.Kind: HistoryKind.Created }, ..];
        if (
            (!isWhole && actions is not [{ Entry.Kind: HistoryKind.ContinuedAnew }, ..])
            || actions.Skip(1).Any(action => action.Entry.Kind == HistoryKind.Created)
        )
        {
            yield return $"{Name(workflow)}: its history does not begin with the one entry of its creation";
            yield break;
        }

        // Steps before the last version move were declared in a version that may no longer be available.
        var onThisVersion = actions
            .Index()
            .LastOrDefault(entry => entry.Item.Entry.Kind == HistoryKind.VersionMoved)
            .Index;
        var moves = actions
            .Index()
            .Select(entry => (Move: MoveOf(entry.Item), IsOlder: entry.Index <= onThisVersion))
            .Where(entry => entry.Move is not null)
            .Select(entry => (Move: entry.Move!.Value, entry.IsOlder))
            .ToList();
        var first = actions[0].Entry.Step;
        if (first + moves.Count != workflow.Step)
        {
            yield return $"{Name(workflow)}: made {workflow.Step} steps, but its history has {moves.Count} after step {first}";
        }

        var state = isWhole ? actions[0].Entry.To : actions[0].Entry.From!;
        foreach (var ((from, to, byHand), isOlder) in moves)
        {
            if (from != state)
            {
                yield return $"{Name(workflow)}: a step from {from} follows one to {state}";
            }

            var declared =
                registry is null
                || !registry.TryFind(workflow.WorkflowType, out var definition)
                || definition.Version != workflow.Version
                || (
                    definition.TryFind(from, out var known)
                    && (
                        known.GoesTo.Contains(to)
                        || (known.Signal is not null && from == to)
                        || Undoes(definition, from)
                        || Undoes(definition, to)
                    )
                );
            if (!byHand && !isOlder && !declared)
            {
                yield return $"{Name(workflow)}: the step from {from} to {to} is not declared";
            }

            state = to;
        }

        if (state != workflow.State)
        {
            yield return $"{Name(workflow)}: is in {workflow.State}, but its history ends in {state}";
        }
    }

    private static (string From, string To, bool ByHand)? MoveOf(ActionRecord action) =>
        action.Entry switch
        {
            { Kind: HistoryKind.Transition or HistoryKind.ContinuedAnew, From: { } from, To: var to } => (
                from,
                to,
                false
            ),
            {
                Kind: HistoryKind.DeadlinePassed or HistoryKind.StateChanged or HistoryKind.RunAgain,
                From: { } from,
                To: var to
            } => (from, to, true),
            { From: { } from, To: var to } when from != to => (from, to, true),
            _ => null,
        };

    /// <summary>Whether a state compensates another. Transitions of compensations depend on the completed states.</summary>
    private static bool Undoes(WorkflowDefinition definition, string state) =>
        definition.States.Any(other => other.CompensatedBy == state);

    private static string Name(WorkflowRecord workflow) => $"workflow {workflow.Id} ({workflow.WorkflowType})";
}
