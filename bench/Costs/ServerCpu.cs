namespace GopherFlow.Bench.Costs;

/// <summary>The CPU time of a server's processes, or the reason why it is unknown.</summary>
internal sealed record ServerCpu(TimeSpan? Total, string? WhyNot)
{
    public static ServerCpu Elsewhere { get; } =
        Unreadable(
            OperatingSystem.IsLinux() ? "the server does not seem to run on this machine" : "this system has no /proc"
        );

    public static ServerCpu Unreadable(string why) => new(null, $"not readable: {why}");

    /// <summary>The CPU time of a process with one of these names, including its children.</summary>
    public static ServerCpu OfTree(int processId, params ReadOnlySpan<string> names)
    {
        if (ProcessTimes.Read(processId) is not { } root || !names.Contains(root.Name))
        {
            return Elsewhere;
        }

        var children = ProcessTimes.All().Where(process => process.Parent == processId);
        return new ServerCpu(children.Aggregate(root.Total, (sum, child) => sum + child.Total), null);
    }
}
