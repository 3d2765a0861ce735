namespace GopherFlow.Simulation;

/// <summary>The world's clock as the database has it.</summary>
internal sealed class ServerClock(SimulatedWorld world) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => world.Now;
}
