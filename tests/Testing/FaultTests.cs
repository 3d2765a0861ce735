namespace GopherFlow.Testing.Tests;

/// <summary>A test can make attempts fail and executors crash.</summary>
public sealed class FaultTests
{
    private static readonly Order Small = new("pen", 2.5m);

    [Fact]
    public async Task A_failed_attempt_does_not_run_the_function_and_is_retried_without_waiting()
    {
        var (flow, payments) = await Orders.TestAsync();
        await using var _ = flow;
        flow.FailAt("Charge", attempt: 1, new TimeoutException("the bank is silent"));
        flow.FailAt("Charge", attempt: 2, new IOException("the bank is away"));

        var run = await flow.StartAsync(Small);
        Assert.Contains("the bank is silent", run.LastError);
        await run.EndAsync("Done");

        var charge = run.Visits[1];
        Assert.Equal(3, charge.Attempts);
        Assert.Contains("the bank is silent", charge.Errors[0]);
        Assert.Contains("the bank is away", charge.Errors[1]);
        Assert.Single(payments.Keys);
    }

    [Fact]
    public async Task A_retry_runs_when_it_is_due()
    {
        var (flow, _) = await Orders.TestAsync();
        await using var _1 = flow;
        flow.FailAt("Charge", 1, new TimeoutException());
        var run = await flow.StartAsync(Small);

        flow.Advance(seconds: 59);
        run.AssertState("Charge");
        flow.Advance(seconds: 1);

        run.AssertState("Thank");
    }

    [Fact]
    public async Task A_failed_workflow_can_be_retried_by_hand()
    {
        var (flow, _) = await Orders.TestAsync();
        await using var _1 = flow;
        flow.FailAt("Charge", 1, new NotRetryableException("no such account"));
        var run = await flow.StartAsync(Small);
        run.AssertStatus(WorkflowStatus.Failed);

        await run.RetryAsync();

        await run.EndAsync("Done");
    }

    [Fact]
    public async Task After_a_crash_before_the_commit_the_step_runs_again_with_the_same_key()
    {
        var (flow, payments) = await Orders.TestAsync();
        await using var _ = flow;
        flow.CrashAt("Charge");

        var run = await flow.StartAsync(Small);

        run.AssertState("Thank").AssertVariable("receipt", "receipt 2 for 2.5");
        Assert.Equal(["test-1:1", "test-1:1"], payments.Keys);
        Assert.Equal(["the executor died before the commit"], run.Visits[1].Errors);
    }

    [Fact]
    public async Task FailAt_and_CrashAt_reject_a_state_that_does_not_run()
    {
        var (flow, _) = await Orders.TestAsync();
        await using var _1 = flow;

        var fault = Assert.Throws<ArgumentException>(() => flow.FailAt("Charged", 1, new TimeoutException()));

        Assert.Contains("there are Check, Approval, Charge, Thank", fault.Message);
        Assert.Throws<ArgumentException>(() => flow.CrashAt("Done"));
    }
}
