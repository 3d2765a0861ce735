using System.Diagnostics;

namespace GopherFlow.Bench.Costs;

/// <summary>What a stretch of time has cost: begins when it is made.</summary>
/// <param name="processes">The CPU time of the engine's processes, or the control's, so far.</param>
/// <param name="server">The database.</param>
internal sealed class CpuWindow(Func<TimeSpan> processes, IDatabaseServer server)
{
    private readonly TimeSpan processesBefore = processes();
    private readonly ServerCpu serverBefore = server.Cpu();
    private readonly Stopwatch watch = Stopwatch.StartNew();

    /// <summary>Ends it when a number of workflows are done.</summary>
    public WindowResult End(int workflows)
    {
        var elapsed = watch.Elapsed;
        var used = processes() - processesBefore;
        var after = server.Cpu();
        return new WindowResult(
            workflows / elapsed.TotalSeconds,
            CpuCost.Of(used, elapsed, workflows),
            after.Total - serverBefore.Total is { } served ? CpuCost.Of(served, elapsed, workflows) : null,
            after.WhyNot ?? serverBefore.WhyNot
        );
    }
}

/// <summary>What was done in a stretch of time, and what it cost.</summary>
/// <param name="WorkflowsPerSecond">Workflows from their creation to their end.</param>
/// <param name="Processes">The CPU of the engine's processes, or the control's.</param>
/// <param name="Database">The CPU of the database, or null.</param>
/// <param name="DatabaseUnknown">Why there is no CPU of the database.</param>
internal sealed record WindowResult(
    double WorkflowsPerSecond,
    CpuCost Processes,
    CpuCost? Database,
    string? DatabaseUnknown
);

/// <summary>CPU time.</summary>
/// <param name="MillisecondsPerThousand">For a thousand workflows.</param>
/// <param name="Cores">How many cores were busy.</param>
internal sealed record CpuCost(double MillisecondsPerThousand, double Cores)
{
    public static CpuCost Of(TimeSpan used, TimeSpan elapsed, int workflows) =>
        new(used.TotalMilliseconds * 1000 / workflows, used / elapsed);
}
