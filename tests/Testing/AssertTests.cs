namespace GopherFlow.Testing.Tests;

/// <summary>A failed expectation throws an exception with the path and the diagram.</summary>
public sealed class AssertTests
{
    [Fact]
    public async Task The_message_has_expected_and_actual_the_path_and_the_diagram()
    {
        var (flow, _) = await Orders.TestAsync();
        await using var _1 = flow;
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            flow.FailAt("Charge", attempt, new TimeoutException($"silence {attempt}"));
        }

        var run = await flow.StartAsync(new Order("piano", 25_000));
        await run.SignalAsync(new Decision(true));

        var fault = await Assert.ThrowsAsync<FlowTestException>(() => run.UntilAsync("Thank"));

        Assert.Equal(
            """
            Expected: Orders 1: to reach 'Thank'
            But: it ended as FAILED in 'Charge': TimeoutException: silence 3

            Path, at 2026-01-01 00:31:30:
                1  2026-01-01 00:00:00  Check
                2  2026-01-01 00:00:00  Approval
                3  2026-01-01 00:00:00  Charge  (3 attempts)
                     TimeoutException: silence 1
                     TimeoutException: silence 2
                     TimeoutException: silence 3

            Diagram (> is here, * has been there):
              * Check     start  -> Approval, Charge
              * Approval         -> Charge, Refused
              > Charge           -> Thank  <- FAILED
                Thank            -> Done
                Done      end
                Refused   error
            """,
            fault.Message
        );
    }

    [Fact]
    public async Task The_message_says_what_the_workflow_waits_for()
    {
        var (flow, _) = await Orders.TestAsync();
        await using var _1 = flow;
        var run = await flow.StartAsync(new Order("piano", 25_000));
        flow.SkipWaits = false;

        var fault = await Assert.ThrowsAsync<FlowTestException>(() => run.EndAsync());

        Assert.Equal(
            "it is in 'Approval' and waits for the signal 'Decision', or 'Charge' at 2026-01-04 00:00:00",
            fault.Actual
        );
        Assert.Equal("Orders 1: to end", fault.Expected);
    }

    [Fact]
    public async Task Each_assertion_reports_the_actual_value()
    {
        var (flow, _) = await Orders.TestAsync();
        await using var _1 = flow;
        var run = await flow.StartAsync(new Order("pen", 2.5m));
        await run.EndAsync();

        Assert.Equal("it ended as FINISHED in 'Done'", Fault(() => run.AssertState("Thank")).Actual);
        Assert.Equal("Orders 1: to be ERROR", Fault(() => run.AssertStatus(WorkflowStatus.Error)).Expected);
        Assert.Equal("it went Check -> Charge -> Thank -> Done", Fault(() => run.AssertPath("Check", "Done")).Actual);
        Assert.Equal("it is 2.5", Fault(() => run.AssertVariable("total", 3)).Actual);
        Assert.Equal("it is null", Fault(() => run.AssertVariable("discount", 3)).Actual);
        Assert.Equal(
            "item: expected \"ink\", got \"pen\"; color: expected \"red\", got nothing; receipt: expected nothing, got \"receipt 1 for 2.5\"",
            Fault(() =>
                run.AssertData(
                    new
                    {
                        Item = "ink",
                        Total = 2.50,
                        Color = "red",
                    }
                )
            ).Actual
        );
        Assert.Equal("it is {\"receipt\":\"receipt 1 for 2.5\"}", Fault(() => run.AssertResult("paid")).Actual);
        Assert.StartsWith("there is {", Fault(() => run.Result<int>()).Actual, StringComparison.Ordinal);
        Assert.StartsWith("there is {", Fault(() => run.Data<int>()).Actual, StringComparison.Ordinal);
        run.AssertState("Done")
            .AssertVariable("total", 2.50)
            .AssertVariable("discount", null)
            .AssertResult(new { Receipt = "receipt 1 for 2.5" });
    }

    [Fact]
    public async Task An_impossible_operation_throws_with_the_actual_state()
    {
        var (flow, _) = await Orders.TestAsync();
        await using var _1 = flow;
        var run = await flow.StartAsync(new Order("pen", 2.5m));
        await run.EndAsync();

        foreach (
            var operation in (Func<Task>[])
                [
                    () => run.SignalAsync(new Decision(true)),
                    () => run.CancelAsync(),
                    run.PauseAsync,
                    run.ResumeAsync,
                    run.RetryAsync,
                ]
        )
        {
            var fault = await Assert.ThrowsAsync<FlowTestException>(operation);
            Assert.Equal("it ended as FINISHED in 'Done'", fault.Actual);
        }

        var unknown = await Assert.ThrowsAsync<FlowTestException>(() => run.UntilAsync("Aproval"));
        Assert.Equal("its definition has no such state", unknown.Actual);
    }

    [Fact]
    public async Task UntilAsync_matches_each_visit_once()
    {
        var (flow, _) = await Orders.TestAsync();
        await using var _1 = flow;
        var run = await flow.StartAsync(new Order("pen", 2.5m));

        await run.UntilAsync("Charge");

        await Assert.ThrowsAsync<FlowTestException>(() => run.UntilAsync("Charge"));
    }

    private static FlowTestException Fault(Action assertion) => Assert.Throws<FlowTestException>(assertion);
}
