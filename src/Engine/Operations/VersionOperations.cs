using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Execution;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Operations;

/// <summary>Moves workflows from one version of their definition to another. Thread-safe; one instance per process.</summary>
public sealed class VersionOperations
{
    private const int Batch = 500;

    private readonly IWorkflowStore store;
    private readonly DefinitionRegistry registry;
    private readonly DefinitionCatalogue catalogue;
    private readonly EventWriter events;

    internal VersionOperations(
        IWorkflowStore store,
        Executor executor,
        DefinitionRegistry registry,
        DefinitionCatalogue catalogue,
        TimeProvider clock
    )
    {
        this.store = store;
        this.registry = registry;
        this.catalogue = catalogue;
        events = new EventWriter(store, executor, clock);
    }

    /// <summary>
    /// Moves workflows, or returns only the plan. If any state with workflows cannot be mapped, nothing is moved. Workflows are moved in
    /// batches; a workflow that reaches another state meanwhile is mapped by its new state.
    /// </summary>
    /// <exception cref="RejectedRequestException">
    /// A version or state does not exist, this process cannot run the new version, or a given workflow is not an unfinished one of the old
    /// version. Nothing is changed.
    /// </exception>
    public async Task<MoveVersionsResult> MoveAsync(MoveVersions request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var from = await FindAsync("from", request.Name, request.From, cancellation);
        var to = await FindAsync("to", request.Name, request.To, cancellation);
        RejectFaulty(request, from, to);
        var plan = await PlanAsync(request, to, cancellation);
        var refused = plan.Exists(line => line.Refusal is not null);
        // Not cancellable: a caller that disconnects must not leave the move half done.
        return new MoveVersionsResult(
            plan,
            request.DryRun || refused ? 0 : await MoveAllAsync(request, from, to, CancellationToken.None)
        );
    }

    private async Task<WorkflowDefinitionOutline> FindAsync(
        string field,
        string name,
        string version,
        CancellationToken cancellation
    )
    {
        if (await catalogue.FindAsync(new DefinitionKey(name, version), cancellation) is { } found)
        {
            return found;
        }

        var versions = await store.DefinitionVersionsAsync(name, cancellation);
        throw new RejectedRequestException([
            versions.Count == 0
                ? new FieldFault("name", name, "the name of a definition")
                : new FieldFault(
                    field,
                    version,
                    $"a version of {name}: {string.Join(", ", versions.Select(known => known.Version))}"
                ),
        ]);
    }

    private void RejectFaulty(MoveVersions request, WorkflowDefinitionOutline from, WorkflowDefinitionOutline to)
    {
        var faults = new List<FieldFault>();
        if (from.Version == to.Version)
        {
            faults.Add(new("to", to.Version, "a version other than the current one"));
        }

        if (registry.WhyNot(new DefinitionKey(to.Name, to.Version)) is { } reason)
        {
            faults.Add(new("to", to.Version, $"a version that this server can run ({reason})"));
        }

        foreach (var (old, next) in request.States)
        {
            if (from.StateOf(old) is null)
            {
                faults.Add(new("states", old, $"states of version {from.Version}: {NamesOf(from)}"));
            }

            if (to.StateOf(next) is null)
            {
                faults.Add(new($"states.{old}", next, $"a state of version {to.Version}: {NamesOf(to)}"));
            }
        }

        if (faults.Count > 0)
        {
            throw new RejectedRequestException(faults);
        }
    }

    private async Task<List<StateMovePlan>> PlanAsync(
        MoveVersions request,
        WorkflowDefinitionOutline to,
        CancellationToken cancellation
    )
    {
        var found =
            request.WorkflowIds.Count == 0
                ? await CountsAsync(request, cancellation)
                : await CountsOfNamedAsync(request, cancellation);
        return
        [
            .. found
                .OrderBy(count => count.Key, StringComparer.Ordinal)
                .Select(count => PlanOf(count.Key, count.Value, request, to)),
        ];
    }

    private async Task<Dictionary<string, long>> CountsAsync(MoveVersions request, CancellationToken cancellation) =>
        (await store.CountsAsync(cancellation))
            .Where(count =>
                count.WorkflowType == request.Name && count.Version == request.From && !count.Status.IsFinal()
            )
            .GroupBy(count => count.State)
            .ToDictionary(state => state.Key, state => state.Sum(count => count.Count));

    private async Task<Dictionary<string, long>> CountsOfNamedAsync(
        MoveVersions request,
        CancellationToken cancellation
    )
    {
        var counts = new Dictionary<string, long>();
        foreach (var id in request.WorkflowIds.Distinct())
        {
            var workflow = await store.FindAsync(id, cancellation);
            if (
                workflow is null
                || workflow.WorkflowType != request.Name
                || workflow.Version != request.From
                || workflow.Status.IsFinal()
            )
            {
                throw new RejectedRequestException([
                    new("workflowIds", $"{id}", $"unfinished workflows of {request.Name} on version {request.From}"),
                ]);
            }

            counts[workflow.State] = counts.GetValueOrDefault(workflow.State) + 1;
        }

        return counts;
    }

    private static StateMovePlan PlanOf(
        string state,
        long workflows,
        MoveVersions request,
        WorkflowDefinitionOutline to
    )
    {
        var wanted = request.States.GetValueOrDefault(state, state);
        return to.StateOf(wanted) switch
        {
            null => new(
                state,
                null,
                workflows,
                $"{workflows} in '{state}': version {to.Version} has no such state; map it to one of {GoalsIn(to)}."
            ),
            { IsFinal: true } => new(
                state,
                wanted,
                workflows,
                $"{workflows} in '{state}': '{wanted}' is final in version {to.Version}; map '{state}' to a state that is not."
            ),
            _ => new(state, wanted, workflows, null),
        };
    }

    private async Task<long> MoveAllAsync(
        MoveVersions request,
        WorkflowDefinitionOutline from,
        WorkflowDefinitionOutline to,
        CancellationToken cancellation
    )
    {
        var move = InterventionEvents.MoveVersion(from, to, request.States, request.Actor);
        var moved = 0L;
        var afterId = 0L;
        while (true)
        {
            var page = await NextPageAsync(request, afterId, cancellation);
            if (page.Count == 0)
            {
                return moved;
            }

            var outcomes = await events.WriteAsync([.. page.Select(id => new EventFor(id, move))], cancellation);
            moved += outcomes.Count(outcome => outcome.Verdict == EventVerdict.Committed);
            afterId = page[^1];
        }
    }

    /// <summary>
    /// The next page of workflows to move. Each is visited once; workflows created meanwhile start on the newest version anyway.
    /// </summary>
    private async Task<IReadOnlyList<long>> NextPageAsync(
        MoveVersions request,
        long afterId,
        CancellationToken cancellation
    ) =>
        request.WorkflowIds.Count > 0
            ? [.. request.WorkflowIds.Where(id => id > afterId).Distinct().Order().Take(Batch)]
            : await store.UnfinishedAsync(
                new UnfinishedSearch(new DefinitionKey(request.Name, request.From), afterId, Batch),
                cancellation
            );

    private static string GoalsIn(WorkflowDefinitionOutline definition) =>
        string.Join(", ", definition.States.Where(state => !state.IsFinal).Select(state => state.Name));

    private static string NamesOf(WorkflowDefinitionOutline definition) =>
        string.Join(", ", definition.States.Select(state => state.Name));
}
