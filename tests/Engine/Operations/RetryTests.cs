using GopherFlow.Authoring;
using GopherFlow.Engine.Tests.Execution;
using GopherFlow.Operations;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Operations;

/// <summary>Retrying a state by hand, on every store.</summary>
public sealed class RetryTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Retry_runs_a_failed_state_again_with_all_its_retries(StoreKind kind)
    {
        var runs = 0;
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(
                    Machines.OneState(
                        "W",
                        _ => runs++ == 0 ? throw new InvalidOperationException("broken") : NextState.GoTo("Done")
                    )
                )
        );
        var id = await engine.CreateAsync("W");
        await engine.UntilAsync(id, WorkflowStatus.Failed);

        var result = await engine.Interventions.RetryAsync(id, "ann", Stop);

        Assert.Equal(OperationVerdict.Changed, result.Verdict);
        await engine.UntilAsync(id, WorkflowStatus.Finished);
        Assert.Contains("RETRIED Work: Retried at once (by ann)", await engine.HistoryAsync(id));
        Assert.Equal(OperationVerdict.Conflict, (await engine.Interventions.RetryAsync(id, "ann", Stop)).Verdict);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Retry_runs_the_next_attempt_at_once_and_keeps_the_retry_count(StoreKind kind)
    {
        var attempts = new List<int>();
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(
                    Machines.OneState("W", Run, RetryPolicy.Linear(5, TimeSpan.FromHours(1), TimeSpan.FromHours(1)))
                )
        );
        var id = await engine.CreateAsync("W");
        await engine.UntilAsync(id, workflow => workflow.RetryCount == 1);

        await engine.Interventions.RetryAsync(id, "ann", Stop);

        await engine.UntilAsync(id, WorkflowStatus.Finished);
        Assert.Equal([1, 2], attempts);

        NextState Run(StepContext step)
        {
            attempts.Add(step.Attempt);
            return step.Attempt == 1 ? throw new InvalidOperationException("broken") : NextState.GoTo("Done");
        }
    }
}
