using GopherFlow.Settings;
using GopherFlow.Storage.InMemory;

namespace GopherFlow.Hosting;

/// <summary>Stores everything in the memory of the process. Nothing is kept after it has ended.</summary>
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

/// <summary>Registers the in-memory store.</summary>
public static class InMemoryRegistration
{
    /// <summary>
    /// Stores workflows in the memory of the process, for tests and experiments. Nothing is kept after the process has ended.
    /// </summary>
    public static GopherFlowRegistration UseInMemory(this GopherFlowRegistration registration)
    {
        ArgumentNullException.ThrowIfNull(registration);
        return registration.UseDatabase(new InMemoryDatabase());
    }
}
