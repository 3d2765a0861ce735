using GopherFlow.Settings;
using GopherFlow.Storage.InMemory;

namespace GopherFlow.Hosting;

/// <summary>The memory of the process: nothing outlives it.</summary>
internal sealed class InMemoryDatabase : Database
{
    public override IReadOnlyList<string> Names => ["MEMORY"];

    public override Func<TimeProvider?, OpenedStores> Read(SettingsReader settings) => Open;

    /// <summary>Opens an empty store.</summary>
    public static OpenedStores Open(TimeProvider? clock)
    {
        var store = new InMemoryStore(clock);
        return new OpenedStores(
            store,
            store.Accounts,
            store.Audit,
            store.Throughput,
            store.Scripts,
            store.Jobs,
            store.Schedules
        );
    }
}

/// <summary>Chooses the in-memory store.</summary>
public static class InMemoryRegistration
{
    /// <summary>Keeps workflows in the memory of the process, for tests and for trying things: nothing outlives it.</summary>
    public static GopherFlowRegistration UseInMemory(this GopherFlowRegistration registration)
    {
        ArgumentNullException.ThrowIfNull(registration);
        return registration.UseDatabase(new InMemoryDatabase());
    }
}
