using System.Diagnostics;

namespace GopherFlow.Bench.Costs;

/// <summary>Measures CPU time from the construction of this object on.</summary>
/// <param name="processes">Returns the CPU time so far of the engine's processes or of the control.</param>
/// <param name="server">The database.</param>
internal sealed class CpuWindow(Func<TimeSpan> processes, IDatabaseServer server)
{
    private readonly TimeSpan processesBefore = processes();
    private readonly ServerCpu serverBefore = server.Cpu();
    private readonly Stopwatch watch = Stopwatch.StartNew();

    /// <summary>Ends the measurement after a number of workflows have finished.</summary>
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

/// <summary>The throughput and the CPU cost of a measurement.</summary>
/// <param name="WorkflowsPerSecond">Completed workflows per second.</param>
/// <param name="Processes">The CPU cost of the engine's processes or of the control.</param>
/// <param name="Database">The CPU cost of the database; null if unknown.</param>
/// <param name="DatabaseUnknown">The reason why the CPU cost of the database is unknown.</param>
internal sealed record WindowResult(
    double WorkflowsPerSecond,
    CpuCost Processes,
    CpuCost? Database,
    string? DatabaseUnknown
);

/// <summary>CPU time.</summary>
/// <param name="MillisecondsPerThousand">Milliseconds per thousand workflows.</param>
/// <param name="Cores">The average number of busy cores.</param>
internal sealed record CpuCost(double MillisecondsPerThousand, double Cores)
{
    public static CpuCost Of(TimeSpan used, TimeSpan elapsed, int workflows) =>
        new(used.TotalMilliseconds * 1000 / workflows, used / elapsed);
}
