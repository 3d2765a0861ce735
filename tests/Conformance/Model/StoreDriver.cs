using GopherFlow.Conformance.Setting;
using GopherFlow.Definitions;

namespace GopherFlow.Conformance.Model;

/// <summary>
/// Carries out operations on a store and tells each answer in terms that do not depend on the store's ids. It reads what it needs
/// from the store that it drives, so two stores that keep the contract are driven through the same sequence.
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

    /// <summary>Carries out an operation and tells its answer.</summary>
    public async Task<object> RunAsync(StoreOperation operation)
    {
        clock.Advance(TimeSpan.FromMilliseconds(1));
        var (kind, first, second, third) = operation;
        return kind switch
        {
            OperationKind.Create => await WriteAsync([New(second, third)], []),
            OperationKind.CreateAgain => await WriteAsync([New(second, third) with { ExternalId = Known(first) }], []),
            OperationKind.CreateClaimed => await WriteAsync(
                [New(second, third) with { ClaimedBy = Executor(first) }],
                []
            ),
            OperationKind.Claim => await ClaimAsync(first, second, third),
            OperationKind.Step => await StepsAsync([.. Pick(await ExecutingAsync(), first, 1)], second, third),
            OperationKind.StepOfTheOutdated => await StepsAsync([.. Pick(remembered, first, 1)], second, third),
            OperationKind.Batch => await StepsAsync([.. Pick(await ExecutingAsync(), first, 4)], second, third),
            OperationKind.Release => await ReleaseAsync(first),
            OperationKind.Move => await MoveAsync(first, second, third),
            OperationKind.MoveVersion => await MoveVersionAsync(first, second, third),
            OperationKind.SetVariable => await SetVariableAsync(first, second, third),
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

    /// <summary>Everything that can be read of the store.</summary>
    public async Task<StorePicture> PictureAsync() => await StorePicture.TakeAsync(store, executors);

    private Task<WriteResult> WriteAsync(IReadOnlyList<NewWorkflow> creates, IReadOnlyList<StepCommit> steps) =>
        store.WriteAsync(new WriteBatch(creates, steps, executors[^1], Now), Stop);

    private Task<WriteResult> StepsAsync(IReadOnlyList<WorkflowRecord> workflows, int outcome, int detail) =>
        WriteAsync(
            [],
            [.. workflows.DistinctBy(row => row.Id).Select((row, index) => Step(row, outcome + index, detail + index))]
        );

    private StepCommit Step(WorkflowRecord before, int outcome, int detail)
    {
        remembered.Add(before);
        var later = Now.AddSeconds(detail);
        var step = (outcome % 12) switch
        {
            <= 3 => before.GoesTo($"S{detail % 3}"),
            <= 5 => before.ParksUntil(later),
            <= 7 => before.AwaitsItsChildren(),
            8 => before.RetriesAt(later),
            9 => before.GivesUp(),
            10 => before.WaitsForAPerson(),
            _ => before.Finishes(),
        };
        return step with
        {
            StateVars = detail % 3 == 0 ? $$"""{"n":{{detail}}}""" : null,
            WakesParent = detail % 3 != 1,
            Children =
                step.Advances && !step.Status.IsFinal() && detail % 4 < 2
                    ? [.. Enumerable.Range(0, 1 + (detail % 3)).Select(number => Child(outcome, detail + number))]
                    : [],
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

    private async Task<object> ReleaseAsync(int seed)
    {
        var executor = Executor(seed);
        var owned = await store.OwnedAsync(executor, Stop);
        var claims = owned.OrderBy(claim => claim.WorkflowId).Skip(seed % 2).Take(3).ToList();
        return await store.ReleaseAsync(new ReleaseRequest(executor, claims, Now), Stop);
    }

    private async Task<object> MoveAsync(int seed, int target, int detail)
    {
        foreach (var workflow in Pick(await AllAsync(), seed, 1))
        {
            remembered.Add(workflow);
            var status = (target % 4) switch
            {
                0 => WorkflowStatus.Cancelled,
                1 => WorkflowStatus.Waiting,
                _ => WorkflowStatus.InProgress,
            };
            var move = new StateChange
            {
                WorkflowId = workflow.Id,
                State = $"M{target % 3}",
                Status = status,
                NextActivation = status == WorkflowStatus.InProgress ? Now.AddSeconds(detail) : null,
                FromStates = detail % 3 == 0 ? ["S1", "Parked", "Done"] : [],
                Variable = detail % 2 == 0 ? new VariableValue("moved", $"{detail}") : null,
                Actor = "ann",
                Now = Now,
            };
            return await store.ChangeStateAsync(move, Stop);
        }

        return "nothing to move";
    }

    private async Task<object> MoveVersionAsync(int seed, int target, int detail)
    {
        var all = await AllAsync();
        remembered.AddRange(all.Where(row => row.ExecutorId is not null).Take(1));
        StateMove[] states =
        [
            A.Stays(A.FirstState),
            A.Stays("Join"),
            A.Stays("Approve", runs: target % 2 == 0),
            new("Parked", $"S{target % 3}", Runs: detail % 2 == 0),
            new("S0", "S1", Runs: detail % 3 != 0),
            new("S1", "S0", Runs: true),
        ];
        var move = new VersionMove
        {
            Name = Types[seed % Types.Length],
            FromVersion = Versions[target % Versions.Length],
            ToVersion = Versions[(target + 1) % Versions.Length],
            States = [.. states.Skip(detail % 3)],
            WorkflowIds = seed % 4 == 0 ? [.. Pick(all, target, 8).Select(row => row.Id)] : [],
            Limit = 1 + (detail % 5),
            Actor = "ann",
            Now = Now,
        };
        return await store.MoveVersionAsync(move, Stop);
    }

    private async Task<object> SetVariableAsync(int seed, int key, int value)
    {
        foreach (var workflow in Pick(await AllAsync(), seed, 1))
        {
            remembered.Add(workflow);
            var variable = new VariableValue($"v{key % 3}", $"{value}");
            return await store.SetVariableAsync(new VariableChange(workflow.Id, variable, "ann", Now), Stop);
        }

        return "nothing to change";
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
                    new ExecutorRegistration($"executor {executors.Count}", Groups, 4, Lease),
                    Stop
                )
            ).Id
        );

    private async Task<IReadOnlyList<WorkflowRecord>> AllAsync() =>
        [.. (await store.SearchAsync(new WorkflowSearch { Limit = 10_000 }, Stop)).Reverse()];

    /// <summary>The oldest that run: few enough that one is chosen more than once, and parents meet their children.</summary>
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
        };

    /// <summary>Mostly new; Now and then it wants an external id that is in use.</summary>
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
