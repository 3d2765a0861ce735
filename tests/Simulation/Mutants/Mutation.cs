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
            async (id, ended) =>
                await store.FindAsync(id, CancellationToken.None) is { } row
                    ? ended with
                    {
                        Lease = row.Lease,
                        ExecutionCount = row.ExecutionCount,
                    }
                    : ended
        );

    /// <summary>A commit is written again when its first answer was lost.</summary>
    public static IWorkflowStore ForgettingExecutionCounts(InMemoryStore store, Chance chance) =>
        Rewriting(
            store,
            async (id, ended) =>
                await store.FindAsync(id, CancellationToken.None) is { } row
                    ? ended with
                    {
                        ExecutionCount = row.ExecutionCount,
                    }
                    : ended
        );

    /// <summary>A wake that comes while the parent executes is dropped, as in the Go system.</summary>
    public static IWorkflowStore DroppingWakes(InMemoryStore store, Chance chance) =>
        Rewriting(
            store,
            async (id, ended) =>
                ended is StepSucceeded success
                && await store.FindAsync(id, CancellationToken.None) is { ParentWorkflowId: { } parent }
                && await store.FindAsync(parent, CancellationToken.None) is { Status: WorkflowStatus.Executing }
                    ? success with
                    {
                        WakesParent = false,
                    }
                    : ended
        );

    /// <summary>A parent that parks for its children when the last of them has finished already is not made due.</summary>
    public static IWorkflowStore DroppingJoins(InMemoryStore store, Chance chance) =>
        Rewriting(
            store,
            async (id, ended) =>
                ended
                    is StepSucceeded { Activation.Kind: ActivationKind.WhenChildrenFinished, Children.Count: 0 } success
                && await store.FindAsync(id, CancellationToken.None) is { OpenChildren: 0 } row
                    ? success with
                    {
                        Activation = new Activation(ActivationKind.At, Instant: row.Created.AddYears(1)),
                    }
                    : ended
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

                EventFor[] halves =
                [
                    .. batch
                        .Events.Where(each => each.Event is AttemptEnded)
                        .Select(each => each with { Event = HalfOf(each.Event) }),
                ];
                await store.WriteAsync(batch with { Creates = [], Events = halves }, CancellationToken.None);
                throw new ConnectionLostException("in the middle of a commit");
            },
        };

    private static WorkflowEvent HalfOf(WorkflowEvent happened) =>
        happened is StepSucceeded success
            ? success with
            {
                StateVars = null,
                Children = [],
                WakesParent = false,
            }
            : happened;

    /// <summary>A store that is told something else than what has happened, and plans nothing on what its callers know.</summary>
    private static InterceptedStore Rewriting(
        InMemoryStore store,
        Func<long, AttemptEnded, Task<AttemptEnded>> rewrite
    ) =>
        new(store)
        {
            Write = async (batch, _) =>
            {
                var events = new List<EventFor>(batch.Events.Count);
                foreach (var each in batch.Events)
                {
                    events.Add(
                        each.Event is AttemptEnded ended
                            ? each with
                            {
                                Event = await rewrite(each.WorkflowId, ended),
                                Known = null,
                            }
                            : each
                    );
                }

                return await store.WriteAsync(batch with { Events = events }, CancellationToken.None);
            },
        };
}
