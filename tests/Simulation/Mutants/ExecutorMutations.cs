using GopherFlow.Storage.InMemory;

namespace GopherFlow.Simulation;

/// <summary>Sits between an executor and its connection, so that both together behave like a faulty executor.</summary>
internal delegate IWorkflowStore ExecutorMutation(IWorkflowStore connection, InMemoryStore rows);

/// <summary>Executors that each break the protocol in one way. The simulator must find all of them.</summary>
internal static class ExecutorMutations
{
    /// <summary>
    /// The lease keeper counts its lease from the answer: each heartbeat immediately gets the answer to the previous one.
    /// </summary>
    public static IWorkflowStore CountingFromTheAnswer(IWorkflowStore connection, InMemoryStore rows)
    {
        Task<HeartbeatAnswer>? before = null;
        return new MutatedStore(connection)
        {
            Heartbeat = send =>
            {
                var answer = before ?? send();
                before = before is null ? answer : send();
                return answer;
            },
        };
    }

    /// <summary>The lease keeper treats every heartbeat as answered in time, so it drops nothing when its lease expires.</summary>
    public static IWorkflowStore NeverDropping(IWorkflowStore connection, InMemoryStore rows) =>
        new MutatedStore(connection)
        {
            Heartbeat = async send =>
            {
                _ = send();
                return new HeartbeatAnswer(IsAlive: true, await NowAsync(rows));
            },
        };

    /// <summary>The lease keeper assumes a longer lease than it has, so it drops its steps after the end.</summary>
    public static IWorkflowStore DroppingTooLate(IWorkflowStore connection, InMemoryStore rows) =>
        new MutatedStore(connection) { LeaseGranted = 0.6 };

    /// <summary>The repairer releases claims whose answers are in flight.</summary>
    public static IWorkflowStore GivingBackClaimsUnderWay(IWorkflowStore connection, InMemoryStore rows)
    {
        var claiming = 0;
        return new MutatedStore(connection)
        {
            Claim = async (_, claim) =>
            {
                claiming++;
                try
                {
                    return await claim();
                }
                finally
                {
                    claiming--;
                }
            },
            Owned = async (executorId, ask) =>
            {
                var owned = await ask();
                if (claiming > 0)
                {
                    await connection.HandBackAsync(executorId, owned, await NowAsync(rows), CancellationToken.None);
                }

                return owned;
            },
        };
    }

    /// <summary>The repairer releases running workflows, as if its list of runs were empty.</summary>
    public static IWorkflowStore GivingBackWhatRuns(IWorkflowStore connection, InMemoryStore rows) =>
        new MutatedStore(connection)
        {
            Owned = async (executorId, ask) =>
            {
                var owned = await ask();
                await connection.HandBackAsync(executorId, owned, await NowAsync(rows), CancellationToken.None);
                return owned;
            },
        };

    /// <summary>The repairer never takes over.</summary>
    public static IWorkflowStore NeverTakingOver(IWorkflowStore connection, InMemoryStore rows) =>
        new MutatedStore(connection) { Repair = async () => new RepairResult([], null, 1, await NowAsync(rows)) };

    /// <summary>The dispatcher does not learn what its own process makes due.</summary>
    public static IWorkflowStore ForgettingWakes(IWorkflowStore connection, InMemoryStore rows) =>
        new MutatedStore(connection)
        {
            Write = async (_, write) =>
            {
                var result = await write();
                return result with { Changes = [.. result.Changes.Where(change => change.NextActivation is null)] };
            },
        };

    /// <summary>The dispatcher does not poll again after a failed claim.</summary>
    public static IWorkflowStore NotPollingAgain(IWorkflowStore connection, InMemoryStore rows) =>
        new MutatedStore(connection)
        {
            Claim = async (_, claim) =>
            {
                try
                {
                    return await claim();
                }
                catch (ConnectionLostException)
                {
                    return new ClaimResult([], [], null);
                }
            },
        };

    /// <summary>The committer settles steps before they are durable.</summary>
    public static IWorkflowStore SettlingTooEarly(IWorkflowStore connection, InMemoryStore rows) =>
        new MutatedStore(connection)
        {
            Write = async (batch, write) =>
            {
                if (Predict(batch) is not { } foreseen)
                {
                    return await write();
                }

                _ = write();
                return foreseen;
            },
        };

    /// <summary>The committer drops steps whose transaction has failed, as if they were written.</summary>
    public static IWorkflowStore DroppingAfterAFailure(IWorkflowStore connection, InMemoryStore rows) =>
        new MutatedStore(connection)
        {
            Write = async (batch, write) =>
            {
                try
                {
                    return await write();
                }
                catch (ConnectionLostException) when (Predict(batch) is not null)
                {
                    return Predict(batch)!;
                }
            },
        };

    /// <summary>The committer acknowledges creates whose transaction has failed, as if they were written.</summary>
    public static IWorkflowStore AnsweringLostCreates(IWorkflowStore connection, InMemoryStore rows)
    {
        var invented = 1_000_000L;
        return new MutatedStore(connection)
        {
            Write = async (batch, write) =>
            {
                try
                {
                    return await write();
                }
                catch (ConnectionLostException) when (batch.Events.Count == 0)
                {
                    return new WriteResult(
                        [.. batch.Creates.Select(_ => new CreateOutcome(++invented, Existed: true))],
                        [],
                        []
                    );
                }
            },
        };
    }

    /// <summary>The committer writes two steps of one workflow in a batch.</summary>
    public static IWorkflowStore MixingStepsOfOneWorkflow(IWorkflowStore connection, InMemoryStore rows)
    {
        WriteBatch? before = null;
        return new MutatedStore(connection)
        {
            Write = async (batch, _) =>
            {
                var again = before?.Events.Where(each => batch.Events.Any(now => now.WorkflowId == each.WorkflowId));
                var mixed = batch with { Events = [.. batch.Events, .. again ?? []] };
                before = batch;
                var result = await connection.WriteAsync(mixed, CancellationToken.None);
                return result with { Events = [.. result.Events.Take(batch.Events.Count)] };
            },
        };
    }

    /// <summary>The server's time, from a heartbeat of executor 0, which does not exist.</summary>
    private static async Task<DateTimeOffset> NowAsync(InMemoryStore rows) =>
        (await rows.HeartbeatAsync(new ExecutorHeartbeat(0, TimeSpan.Zero), CancellationToken.None)).Now;

    /// <summary>The predicted result of a batch of steps; null if it cannot be predicted.</summary>
    private static WriteResult? Predict(WriteBatch batch) =>
        batch.Creates.Count == 0 && batch.Events.All(each => each is { Event: AttemptEnded, OnCommit: null })
            ? DirectWrite.TryPlan(batch)?.Result()
            : null;

    /// <summary>A connection whose calls can be replaced.</summary>
    private sealed class MutatedStore(IWorkflowStore inner) : DelegatingStore(inner)
    {
        public Func<WriteBatch, Func<Task<WriteResult>>, Task<WriteResult>>? Write { get; init; }

        public Func<ClaimRequest, Func<Task<ClaimResult>>, Task<ClaimResult>>? Claim { get; init; }

        public Func<Func<Task<HeartbeatAnswer>>, Task<HeartbeatAnswer>>? Heartbeat { get; init; }

        public Func<long, Func<Task<IReadOnlyList<ClaimKey>>>, Task<IReadOnlyList<ClaimKey>>>? Owned { get; init; }

        public Func<Task<RepairResult>>? Repair { get; init; }

        /// <summary>The fraction of the requested lease that is granted.</summary>
        public double LeaseGranted { get; init; } = 1;

        public override Task<WriteResult> WriteAsync(WriteBatch batch, CancellationToken cancellation) =>
            Write is { } around
                ? around(batch, () => Inner.WriteAsync(batch, cancellation))
                : Inner.WriteAsync(batch, cancellation);

        public override Task<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellation) =>
            Claim is { } around
                ? around(request, () => Inner.ClaimAsync(request, cancellation))
                : Inner.ClaimAsync(request, cancellation);

        public override Task<ExecutorEntry> RegisterExecutorAsync(
            ExecutorRegistration registration,
            CancellationToken cancellation
        ) => Inner.RegisterExecutorAsync(registration with { Lease = registration.Lease * LeaseGranted }, cancellation);

        public override Task<HeartbeatAnswer> HeartbeatAsync(
            ExecutorHeartbeat heartbeat,
            CancellationToken cancellation
        )
        {
            var granted = heartbeat with { Lease = heartbeat.Lease * LeaseGranted };
            return Heartbeat is { } around
                ? around(() => Inner.HeartbeatAsync(granted, cancellation))
                : Inner.HeartbeatAsync(granted, cancellation);
        }

        public override Task<IReadOnlyList<ClaimKey>> OwnedAsync(long executorId, CancellationToken cancellation) =>
            Owned is { } around
                ? around(executorId, () => Inner.OwnedAsync(executorId, cancellation))
                : Inner.OwnedAsync(executorId, cancellation);

        public override Task<RepairResult> RepairAsync(RepairRequest request, CancellationToken cancellation) =>
            Repair is { } instead ? instead() : Inner.RepairAsync(request, cancellation);
    }
}
