using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Hosting;
using GopherFlow.Operations.Jobs;
using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Jobs;

/// <summary>Workflows for the tests of jobs, and helpers that start and await jobs.</summary>
internal static class Crowd
{
    public static readonly JobRequest Pause = new()
    {
        Operation = new JobOperation.Pause(),
        Filter = new WorkflowFilter { WorkflowTypes = ["W"] },
        Actor = "ann",
        Reason = "a test",
    };

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Two versions, each with a state that runs, one that waits for a person, and one that waits for a signal.</summary>
    public static GopherFlowRegistration AddW(this GopherFlowRegistration registration) =>
        registration.AddDefinition(W("1", "Review")).AddDefinition(W("2", "Check"));

    /// <summary>Workflows in their first state, due in a year.</summary>
    public static async Task<IReadOnlyList<long>> CreateAsync(
        EngineHarness engine,
        int count,
        string type = "W",
        string prefix = "w"
    )
    {
        var creates = Enumerable
            .Range(0, count)
            .Select(number => new NewWorkflow
            {
                ExternalId = $"{prefix}{number}",
                WorkflowType = type,
                Version = "1",
                BusinessKey = $"{prefix} business",
                ExecutorGroup = "default",
                State = "Work",
                NextActivation = engine.Clock.GetUtcNow().AddYears(1),
            })
            .ToList();
        var batch = new WriteBatch(creates, [], ExecutorId: null, engine.Clock.GetUtcNow());
        return [.. (await engine.Store.WriteAsync(batch, Stop)).Creates.Select(outcome => outcome.Id)];
    }

    /// <summary>Moves a workflow to a state by hand.</summary>
    public static async Task MoveAsync(EngineHarness engine, long id, string state, WorkflowStatus status)
    {
        var moved = new StateChanged(new TargetState(state, status), "test")
        {
            Due = engine.Clock.GetUtcNow().AddYears(1),
        };
        await engine.Store.WriteAsync(new([], [new(id, moved)], null, engine.Clock.GetUtcNow()), Stop);
    }

    /// <summary>Starts a job and waits for its end.</summary>
    public static async Task<Job> DoAsync(EngineHarness engine, JobRequest request) =>
        await EndedAsync(engine, await engine.Jobs.StartAsync(request, Stop));

    /// <summary>Waits for the end of a job.</summary>
    public static async Task<Job> EndedAsync(EngineHarness engine, long id)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(LongestWait);
        return (await engine.Jobs.WaitAsync(id, TimeSpan.FromDays(1), limit.Token))!;
    }

    /// <summary>The status and the counts of a job.</summary>
    public static (JobStatus Status, long? Total, long Done, long Failed, long Skipped) Tally(this Job job) =>
        (job.Status, job.Total, job.Done, job.Failed, job.Skipped);

    /// <summary>How many history entries of each workflow name an actor.</summary>
    public static async Task<IReadOnlyList<int>> TimesAsync(EngineHarness engine, IEnumerable<long> ids, string actor)
    {
        var times = new List<int>();
        foreach (var id in ids)
        {
            times.Add(
                (await engine.HistoryAsync(id)).Count(line => line.EndsWith($"(by {actor})", StringComparison.Ordinal))
            );
        }

        return times;
    }

    private static WorkflowDefinition W(string version, string review) =>
        WorkflowDefinitionBuilder
            .Named("W")
            .Version(version)
            .Start("Work", _ => NextState.GoTo(review), [review, "Listen", "Ask"])
            .State(review, _ => NextState.GoTo("Done").After(TimeSpan.FromDays(1)), ["Done"])
            .State("Listen", _ => NextState.WaitFor("go").Then("Done"), ["Done"])
            .Manual("Ask", "Work")
            .End("Done")
            .Build();
}
