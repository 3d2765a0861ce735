using GopherFlow.Execution;
using GopherFlow.Storage;

namespace GopherFlow.Operations.Imports;

/// <summary>
/// Imports workflows that were started in another system. They are created in their current state, without running the states before it.
/// Thread-safe; one instance per process.
/// </summary>
public sealed class ImportOperations
{
    private const int ExternalIdRaces = 5;

    private readonly IWorkflowStore store;
    private readonly Executor executor;
    private readonly ImportCheck check;
    private readonly TimeProvider clock;

    internal ImportOperations(
        IWorkflowStore store,
        Executor executor,
        DefinitionCatalogue catalogue,
        TimeProvider clock
    )
    {
        this.store = store;
        this.executor = executor;
        this.clock = clock;
        check = new ImportCheck(store, catalogue, executor.VariablesLimit);
    }

    /// <summary>
    /// Imports all valid workflows in one transaction. A workflow that already exists is not changed, so the request can be repeated.
    /// </summary>
    /// <param name="workflows">The workflows, with complete families.</param>
    /// <param name="actor">Who makes the request, as recorded in the history.</param>
    /// <param name="dryRun">Whether to return the outcomes without importing anything.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <returns>One outcome per workflow, in the order of the request.</returns>
    public async Task<IReadOnlyList<ImportOutcome>> ImportAsync(
        IReadOnlyList<ImportWorkflow> workflows,
        string actor,
        bool dryRun,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(workflows);
        for (var race = 1; ; race++)
        {
            var members = await CheckAsync(workflows, cancellation);
            try
            {
                if (!dryRun)
                {
                    await WriteAsync(members, actor, cancellation);
                }

                return [.. members.Select(member => member.Outcome)];
            }
            catch (ExternalIdInUseException) when (race < ExternalIdRaces)
            {
                // Another caller has created one of them after the check. Check again.
            }
        }
    }

    private async Task<List<ImportMember>> CheckAsync(
        IReadOnlyList<ImportWorkflow> workflows,
        CancellationToken cancellation
    )
    {
        var members = new List<ImportMember>(workflows.Count);
        foreach (var workflow in workflows)
        {
            members.Add(await check.LookAsync(workflow, cancellation));
        }

        ImportFamilies.Settle(members);
        return members;
    }

    private async Task WriteAsync(List<ImportMember> members, string actor, CancellationToken cancellation)
    {
        var roots = members.FindAll(member => member.IsCreated && member.Parent is null);
        if (roots.Count == 0)
        {
            return;
        }

        var now = clock.Now();
        var result = await store.WriteAsync(
            new WriteBatch(
                [.. roots.Select(root => ImportCreating.CreateOf(root, actor, now))],
                [],
                ExecutorId: null,
                now
            ),
            cancellation
        );
        executor.Observe(result);
    }
}
