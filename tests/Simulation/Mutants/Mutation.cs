using GopherFlow.Storage.InMemory;
using GopherFlow.TestSupport;

namespace GopherFlow.Simulation;

/// <summary>Puts a faulty store in the place of a good one.</summary>
internal delegate IWorkflowStore Mutation(InMemoryStore store, Chance chance);

/// <summary>Stores that break the protocol in one way each. The simulator must find every one of them.</summary>
internal static class Mutations
{
    /// <summary>A commit is written whatever lease and execution count it carries.</summary>
    public static IWorkflowStore WithoutFence(InMemoryStore store, Chance chance) =>
        Rewriting(
            store,
            async step =>
                await store.FindAsync(step.Before.Id, CancellationToken.None) is { } row
                    ? step with
                    {
                        Before = step.Before with { Lease = row.Lease, ExecutionCount = row.ExecutionCount },
                    }
                    : step
        );

    /// <summary>A commit is written again when its first answer was lost.</summary>
    public static IWorkflowStore ForgettingExecutionCounts(InMemoryStore store, Chance chance) =>
        Rewriting(
            store,
            async step =>
                await store.FindAsync(step.Before.Id, CancellationToken.None) is { } row
                    ? step with
                    {
                        Before = step.Before with { ExecutionCount = row.ExecutionCount },
                    }
                    : step
        );

    /// <summary>A wake that comes while the parent executes is dropped, as in the Go system.</summary>
    public static IWorkflowStore DroppingWakes(InMemoryStore store, Chance chance) =>
        Rewriting(
            store,
            async step =>
                step.Before.ParentWorkflowId is { } parent
                && await store.FindAsync(parent, CancellationToken.None) is { Status: WorkflowStatus.Executing }
                    ? step with
                    {
                        WakesParent = false,
                    }
                    : step
        );

    /// <summary>A parent that parks for its children when the last of them has finished already is not made due.</summary>
    public static IWorkflowStore DroppingJoins(InMemoryStore store, Chance chance) =>
        Rewriting(
            store,
            async step =>
                step.AwaitsChildren
                && step.Children.Count == 0
                && await store.FindAsync(step.Before.Id, CancellationToken.None) is { OpenChildren: 0 }
                    ? step with
                    {
                        AwaitsChildren = false,
                        NextActivation = step.Before.Created.AddYears(1),
                    }
                    : step
        );

    /// <summary>A commit writes the state first and the rest later; when the connection breaks in between, there is no rest.</summary>
    public static IWorkflowStore TearingCommits(InMemoryStore store, Chance chance) =>
        new InterceptedStore(store)
        {
            Write = async (batch, write) =>
            {
                if (!chance.Hit(0.02))
                {
                    return await write();
                }

                StepCommit[] halves =
                [
                    .. batch.Steps.Select(step => step with { StateVars = null, Children = [], WakesParent = false }),
                ];
                await store.WriteAsync(batch with { Creates = [], Steps = halves }, CancellationToken.None);
                throw new ConnectionLostException("in the middle of a commit");
            },
        };

    private static InterceptedStore Rewriting(InMemoryStore store, Func<StepCommit, Task<StepCommit>> rewrite) =>
        new(store)
        {
            Write = async (batch, _) =>
            {
                var steps = new List<StepCommit>(batch.Steps.Count);
                foreach (var step in batch.Steps)
                {
                    steps.Add(await rewrite(step));
                }

                return await store.WriteAsync(batch with { Steps = steps }, CancellationToken.None);
            },
        };
}
