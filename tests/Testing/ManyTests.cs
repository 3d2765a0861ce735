using System.Diagnostics;

namespace GopherFlow.Testing.Tests;

/// <summary>A suite can have a thousand workflow tests. See docs/author/testing.md for the time they take.</summary>
public sealed class ManyTests
{
    [Fact]
    public async Task A_thousand_tests_run_in_one_go()
    {
        var began = Stopwatch.GetTimestamp();
        for (var test = 0; test < 1000; test++)
        {
            await RunOneAsync(test);
        }

        TestContext.Current.SendDiagnosticMessage(
            "1,000 tests with a start, a signal, a timer and an end took {0:0.00} s",
            Stopwatch.GetElapsedTime(began).TotalSeconds
        );
    }

    private static async Task RunOneAsync(int test)
    {
        var (flow, _) = await Orders.TestAsync();
        await using var _1 = flow;
        var run = await flow.StartAsync(new Order($"piano {test}", 25_000));
        await run.UntilAsync("Approval");
        await run.SignalAsync(new Decision(true));
        flow.Advance(days: 2);
        run.AssertPath("Check", "Approval", "Charge", "Thank", "Done");
    }
}
