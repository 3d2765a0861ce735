using GopherFlow.Execution;
using GopherFlow.Storage;

namespace GopherFlow.Operations.Imports;

/// <summary>
/// Creates workflows that another system has begun, in the state where they are, without running anything in between. Thread-safe; one for the
/// process.
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
    /// Imports the valid ones in one transaction. One that is there stays as it is, so the same request may be sent
    /// again.
    /// </summary>
    /// <param name="workflows">The workflows, families whole.</param>
    /// <param name="actor">Who asks for it; entered in the history.</param>
    /// <param name="dryRun">Whether it is only looked what would become of them.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>One outcome a workflow, in their order.</returns>
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
            var members = await LookAsync(workflows, cancellation);
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
                // Another caller created one of them after the check. Check again.
            }
        }
    }

    private async Task<List<ImportMember>> LookAsync(
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
