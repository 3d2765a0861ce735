using GopherFlow.Storage.InMemory;
using GopherFlow.TestSupport;

namespace GopherFlow.Simulation;

/// <summary>Replaces the store with a faulty one.</summary>
internal delegate IWorkflowStore Mutation(InMemoryStore store, Chance chance);

/// <summary>Stores that each break the protocol in one way. The simulator must find all of them.</summary>
internal static class Mutations
{
    /// <summary>A commit is written regardless of its lease and execution count.</summary>
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

    /// <summary>A commit is written again after its first answer was lost.</summary>
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

    /// <summary>A wake that arrives while the parent executes is dropped, as in the Go system.</summary>
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

    /// <summary>A parent that parks for its children after the last one has finished is not made due.</summary>
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

    /// <summary>A commit writes the state first. If the connection breaks then, the rest is lost.</summary>
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

    /// <summary>A step that continues anew keeps the old history.</summary>
    public static IWorkflowStore ForgettingBeginnings(InMemoryStore store, Chance chance) =>
        Rewriting(
            store,
            (_, ended) =>
                Task.FromResult(ended is StepSucceeded success ? success with { ContinuesAnew = false } : ended)
        );

    /// <summary>A step that takes its signal leaves it in the store.</summary>
    public static IWorkflowStore LeavingTakenSignals(InMemoryStore store, Chance chance) =>
        Rewriting(
            store,
            (_, ended) => Task.FromResult(ended is StepSucceeded success ? success with { TakenSignal = null } : ended)
        );

    /// <summary>A signal is kept, but the workflow that waits for it does not become due.</summary>
    public static IWorkflowStore NotWakingForSignals(InMemoryStore store, Chance chance)
    {
        var late = new List<EventFor>();
        return new InterceptedStore(store)
        {
            Write = async (batch, write) =>
            {
                if (
                    batch.Events is [{ Event: Signalled signalled } only]
                    && await store.FindAsync(only.WorkflowId, CancellationToken.None)
                        is { Status: WorkflowStatus.InProgress, RetryCount: 0 } waiting
                    && SignalNames.Of([signalled.Signal.Name]).Meet(waiting.AwaitedSignals)
                )
                {
                    late.Add(only);
                    return new WriteResult([], [new EventOutcome(EventVerdict.Committed, waiting)], []);
                }

                var before = late.Where(each => batch.Events.Any(now => now.WorkflowId == each.WorkflowId)).ToList();
                foreach (var each in before)
                {
                    late.Remove(each);
                    await store.WriteAsync(new WriteBatch([], [each], null, batch.Now), CancellationToken.None);
                }

                return await write();
            },
        };
    }

    /// <summary>A pause requested while a step runs is forgotten when the step ends.</summary>
    public static IWorkflowStore ForgettingPauses(InMemoryStore store, Chance chance) =>
        new InterceptedStore(store)
        {
            Write = async (batch, write) =>
            {
                foreach (var each in batch.Events.Where(each => each.Event is AttemptEnded))
                {
                    if (
                        await store.FindAsync(each.WorkflowId, CancellationToken.None) is
                        { PauseRequested: true } running
                    )
                    {
                        var current = new TargetState(running.State, WorkflowStatus.Executing);
                        var resumed = new EventFor(running.Id, new Resumed(current, "nobody"));
                        await store.WriteAsync(new WriteBatch([], [resumed], null, batch.Now), CancellationToken.None);
                    }
                }

                return await write();
            },
        };

    /// <summary>A workflow claimed for its signal follows its deadline instead.</summary>
    public static IWorkflowStore FiringDeadlines(InMemoryStore store, Chance chance)
    {
        var firing = Rewriting(
            store,
            (_, ended) =>
                Task.FromResult<AttemptEnded>(
                    ended is DeadlinePassed deadline
                        ? new StepSucceeded(deadline.Lease, deadline.ExecutionCount, deadline.Target)
                        : ended
                )
        );
        firing.Claim = async (_, claim) =>
        {
            var result = await claim();
            return result with
            {
                Claimed =
                [
                    .. result.Claimed.Select(row => row.DeadlineState is null ? row : row with { KeptSignals = null }),
                ],
            };
        };
        return firing;
    }

    /// <summary>A cancel does not increase the lease, so the executor that runs the workflow considers it still its own.</summary>
    public static IWorkflowStore CancellingWithoutALease(InMemoryStore store, Chance chance) =>
        new InterceptedStore(store)
        {
            Write = async (batch, write) =>
            {
                var result = await write();
                var cancelled = batch.Events.Where(each => each.Event is Cancelled).Select(each => each.WorkflowId);
                return result with
                {
                    Changes =
                    [
                        .. result.Changes.Select(change =>
                            cancelled.Contains(change.Id) ? change with { Lease = change.Lease - 1 } : change
                        ),
                    ],
                };
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

    /// <summary>A store that receives rewritten events, without the rows known to the callers.</summary>
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
