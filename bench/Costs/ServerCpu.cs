namespace GopherFlow.Bench.Costs;

/// <summary>The CPU time of a server's processes, or why it is not known.</summary>
internal sealed record ServerCpu(TimeSpan? Total, string? WhyNot)
{
    public static ServerCpu Elsewhere { get; } =
        Unreadable(
            OperatingSystem.IsLinux() ? "the server does not seem to run on this machine" : "this system has no /proc"
        );

    public static ServerCpu Unreadable(string why) => new(null, $"not readable: {why}");

    /// <summary>A process that has one of these names, with its children of any name.</summary>
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
