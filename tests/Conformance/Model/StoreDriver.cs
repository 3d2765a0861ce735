using GopherFlow.Conformance.Setting;
using GopherFlow.Definitions;

namespace GopherFlow.Conformance.Model;

/// <summary>
/// Executes operations on a store and returns their answers. It reads what it needs from the store itself, so two stores that
/// fulfil the contract are driven through the same sequence.
/// </summary>
public sealed class StoreDriver(IWorkflowStore store, VirtualClock clock)
{
    private static readonly string[] Groups = ["default", "slow"];
    private static readonly string[] Types = ["Order", "Invoice", "Letter"];
    private static readonly string[] Versions = ["v1", "v2"];
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    private readonly List<long> executors = [];
    private readonly List<WorkflowRecord> remembered = [];
    private int created;

    private DateTimeOffset Now => clock.GetUtcNow();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async Task StartAsync()
    {
        await RegisterAsync();
        await RegisterAsync();
    }

    /// <summary>Executes an operation and returns its answer.</summary>
    public async Task<object> RunAsync(StoreOperation operation)
    {
        clock.Advance(TimeSpan.FromMilliseconds(1));
        var (kind, first, second, third) = operation;
        return kind switch
        {
            OperationKind.Create => await WriteAsync([New(second, third)], []),
            OperationKind.CreateAgain => await WriteAsync([Again(first, second, third)], []),
            OperationKind.CreateClaimed => await WriteAsync(
                [New(second, third) with { ClaimedBy = Executor(first) }],
                []
            ),
            OperationKind.Claim => await ClaimAsync(first, second, third),
            OperationKind.Step => await EndAsync([.. Pick(await ExecutingAsync(), first, 1)], second, third),
            OperationKind.StepOfTheOutdated => await EndAsync([.. Pick(remembered, first, 1)], second, third),
            OperationKind.Batch => await BatchAsync(first, second, third),
            OperationKind.HandBack => await HandBackAsync(first),
            OperationKind.Happen => await WriteEventAsync(first, second, third),
            OperationKind.MoveVersion => await MoveVersionAsync(first, second, third),
            OperationKind.Repair => await store.RepairAsync(new RepairRequest(Executor(first), 1 + second), Stop),
            OperationKind.Heartbeat => await store.HeartbeatAsync(new(Executor(first), Lease), Stop),
            OperationKind.Restart => await RestartAsync(first),
            _ => Pass(first),
        };
    }

    private DateTimeOffset Pass(int seconds)
    {
        clock.Advance(TimeSpan.FromSeconds(seconds));
        return Now;
    }

    /// <summary>Everything that can be read from the store.</summary>
    public async Task<StorePicture> PictureAsync() => await StorePicture.TakeAsync(store, executors);

    private Task<WriteResult> WriteAsync(IReadOnlyList<NewWorkflow> creates, IReadOnlyList<EventFor> events) =>
        store.WriteAsync(new WriteBatch(creates, events, executors[^1], Now), Stop);

    /// <summary>Ends attempts of these workflows, each with a current, a missing or a stale known row.</summary>
    private Task<WriteResult> EndAsync(IReadOnlyList<WorkflowRecord> workflows, int outcome, int detail) =>
        WriteAsync([], [.. EndsOf(workflows, outcome, detail)]);

    private async Task<WriteResult> BatchAsync(int seed, int outcome, int detail)
    {
        var events = EndsOf([.. Pick(await ExecutingAsync(), seed, 4)], outcome, detail).ToList();
        events.AddRange(Pick(await AllAsync(), seed + detail, 2).Select(row => AnyEventFor(row, seed, outcome)));
        return await WriteAsync(seed % 2 == 0 ? [New(outcome, detail), Again(seed, outcome, detail)] : [], events);
    }

    private IEnumerable<EventFor> EndsOf(IReadOnlyList<WorkflowRecord> workflows, int outcome, int detail) =>
        workflows.DistinctBy(row => row.Id).Select((row, index) => EndOf(row, outcome + index, detail + index));

    private EventFor EndOf(WorkflowRecord before, int outcome, int detail)
    {
        var delay = TimeSpan.FromSeconds(detail);
        var (lease, attempts) = (before.Lease, before.ExecutionCount);
        EventFor happened = (outcome % 16) switch
        {
            <= 3 => Advancing(before.GoesTo($"S{detail % 3}"), outcome, detail),
            <= 5 => Advancing(before.ParksUntil(Now + delay), outcome, detail),
            <= 7 => Advancing(before.AwaitsItsChildren(), outcome, detail),
            <= 9 => before.RetriesAfter(delay),
            10 => before.GivesUp(),
            11 => Advancing(before.WaitsForAPerson(), outcome, detail),
            12 => Of(new StepRejected(lease, attempts, new StepError("No", "It is not declared."))),
            13 => Of(new Deferred(lease, attempts, new StepError("No", "No code."), delay)),
            14 => Of(new Arrived(lease, attempts, new TargetState(before.State, WorkflowStatus.Finished))),
            _ => before.Finishes() with { WakesParent = detail % 2 == 0 },
        };
        return AsKnown(happened, before, detail);

        EventFor Of(AttemptEnded ended) => new(before.Id, ended);
    }

    private Step Advancing(Step step, int outcome, int detail) =>
        step with
        {
            StateVars = detail % 3 == 0 ? $$"""{"n":{{detail}}}""" : null,
            WakesParent = detail % 3 != 1,
            Children =
                detail % 4 < 2
                    ? [.. Enumerable.Range(0, 1 + (detail % 3)).Select(number => Child(outcome, detail + number))]
                    : [],
        };

    /// <summary>The event with a current, a missing or a stale known row.</summary>
    private EventFor AsKnown(EventFor happened, WorkflowRecord row, int seed)
    {
        var earlier = remembered.LastOrDefault(old => old.Id == row.Id);
        remembered.Add(row);
        return happened with
        {
            Known = (seed % 3) switch
            {
                0 => row,
                1 => earlier,
                _ => null,
            },
        };
    }

    private async Task<ClaimResult> ClaimAsync(int executor, int limit, int selection) =>
        await store.ClaimAsync(
            new ClaimRequest(
                Executor(executor),
                [
                    .. from type in Types.Take(1 + (selection % Types.Length))
                    from version in Versions.Skip(executor % Versions.Length)
                    select new DefinitionKey(type, version),
                ],
                [.. Groups.Take(1 + (selection % Groups.Length))],
                1 + (limit % 6),
                Now
            ),
            Stop
        );

    private async Task<object> HandBackAsync(int seed)
    {
        var executor = Executor(seed);
        var owned = await store.OwnedAsync(executor, Stop);
        var claims = owned.OrderBy(claim => claim.WorkflowId).Skip(seed % 2).Take(3).ToList();
        return await store.HandBackAsync(executor, claims, Now, Stop);
    }

    private async Task<object> WriteEventAsync(int seed, int kind, int detail) =>
        await WriteAsync([], [.. Pick(await AllAsync(), seed, 1).Select(row => AnyEventFor(row, kind, detail))]);

    /// <summary>An event that is possible in any status.</summary>
    private EventFor AnyEventFor(WorkflowRecord row, int kind, int detail)
    {
        WorkflowEvent happened = (kind % 8) switch
        {
            0 => new HandedBack(row.Lease),
            1 => new Claimed(Executor(detail)),
            2 => new TakenOver(row.ExecutorId ?? Executor(detail)),
            3 => new ChildWoke(0, $"S{detail % 3}"),
            4 => A.Variable($"v{detail % 3}", $"{detail}"),
            _ => A.Move($"M{kind % 3}", StatusMovedTo(detail)) with
            {
                Due = detail % 2 == 0 ? Now.AddSeconds(detail) : null,
                FromStates = detail % 3 == 0 ? ["S1", "Parked", "Done"] : [],
                Variables = detail % 2 == 0 ? new([new VariableChange("moved", $"{detail}")]) : VariableChanges.None,
            },
        };
        return AsKnown(new EventFor(row.Id, happened), row, detail);
    }

    private static WorkflowStatus StatusMovedTo(int seed) =>
        (seed % 5) switch
        {
            0 => WorkflowStatus.Cancelled,
            1 => WorkflowStatus.Waiting,
            2 => WorkflowStatus.Paused,
            _ => WorkflowStatus.Executing,
        };

    private async Task<object> MoveVersionAsync(int seed, int target, int detail)
    {
        StateMove[] states =
        [
            A.Stays(A.FirstState),
            A.Stays("Join"),
            A.Stays("Approve", runs: target % 2 == 0),
            new("Parked", $"S{target % 3}", Runs: detail % 2 == 0),
            new("S0", "S1", Runs: detail % 3 != 0),
            new("S1", "S0", Runs: true),
        ];
        var (from, to) = (Versions[target % Versions.Length], Versions[(target + 1) % Versions.Length]);
        var move = new VersionMoved(from, to, StateMove.TargetsOf([.. states.Skip(detail % 3)]), "ann");
        if (seed % 4 == 0)
        {
            return await WriteAsync(
                [],
                [.. Pick(await AllAsync(), target, 8).Select(row => AsKnown(new(row.Id, move), row, detail))]
            );
        }

        var search = new UnfinishedSearch(new(Types[seed % Types.Length], from), AfterId: 0, 1 + (detail % 5));
        var page = await store.UnfinishedAsync(search, Stop);
        return await WriteAsync([], [.. page.Select(id => new EventFor(id, move))]);
    }

    private async Task<object> RestartAsync(int seed)
    {
        await store.DeregisterExecutorAsync(Executor(seed), Stop);
        await RegisterAsync();
        return "restarted";
    }

    private async Task RegisterAsync() =>
        executors.Add(
            (
                await store.RegisterExecutorAsync(
                    new ExecutorRegistration($"executor {executors.Count}", "1.0", Groups, 4, Lease),
                    Stop
                )
            ).Id
        );

    private async Task<IReadOnlyList<WorkflowRecord>> AllAsync() =>
        [.. (await store.SearchAsync(new WorkflowSearch { Limit = 10_000 }, Stop)).Workflows.Reverse()];

    /// <summary>The oldest running workflows: few, so that the same one is often chosen, as are parents with their children.</summary>
    private async Task<IReadOnlyList<WorkflowRecord>> ExecutingAsync() =>
        [.. (await AllAsync()).Where(row => row.Status == WorkflowStatus.Executing).Take(5)];

    private NewWorkflow New(int kind, int delay) =>
        A.Workflow($"workflow-{++created}") with
        {
            WorkflowType = Types[kind % Types.Length],
            Version = Versions[(kind + delay) % Versions.Length],
            ExecutorGroup = Groups[kind % Groups.Length],
            Priority = 1 + (kind % 9),
            NextActivation = Now.AddSeconds(delay % 2 == 0 ? 0 : delay),
            StateVars = kind % 2 == 0 ? "{}" : """{"given":true}""",
            Token = created,
        };

    /// <summary>A create of an existing external id, with the token of the original create or another one.</summary>
    private NewWorkflow Again(int first, int kind, int delay) =>
        New(kind, delay) with
        {
            ExternalId = Known(first),
            Token = first % 3 == 0 ? 1 + (first % Math.Max(1, created)) : 0,
        };

    /// <summary>Mostly a new child; sometimes one with an existing external id.</summary>
    private NewWorkflow Child(int outcome, int detail) =>
        New(outcome, detail) with
        {
            ExternalId = detail % 13 == 0 ? Known(detail) : $"child-{created}",
            ClaimedBy = detail % 5 == 0 ? null : Executor(detail),
        };

    private string Known(int seed) => $"workflow-{1 + (seed % Math.Max(1, created))}";

    private long Executor(int seed) => executors[seed % executors.Count];

    private static IEnumerable<T> Pick<T>(IReadOnlyList<T> from, int seed, int count) =>
        from.Count == 0 ? [] : Enumerable.Range(0, count).Select(number => from[(seed + number) % from.Count]);
}
