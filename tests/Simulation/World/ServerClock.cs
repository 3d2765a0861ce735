namespace GopherFlow.Simulation;

/// <summary>The clock of the database server, which can be set while the server runs.</summary>
internal sealed class ServerClock(SimulatedWorld world) : TimeProvider
{
    private TimeSpan offset;

    public override DateTimeOffset GetUtcNow() => world.Now + offset;

    /// <summary>Sets the clock forward or backward.</summary>
    public void Step(TimeSpan by)
    {
        offset += by;
        world.Trace.Add(world.Now, "server", $"its clock is set by {by.TotalMilliseconds:0} ms");
    }
}
