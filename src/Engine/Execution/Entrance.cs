using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.Telemetry;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Execution;

/// <summary>
/// The way into the store: opens it, saves the definitions and enters the executor. While the database is busy or away it tries
/// again; what will not pass by itself is for the host.
/// </summary>
internal sealed class Entrance(
    IWorkflowStore store,
    DefinitionRegistry registry,
    LeaseKeeper leaseKeeper,
    TimeProvider clock,
    ILogger<Entrance> log
)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>Returns when the executor is entered.</summary>
    /// <exception cref="StoreSetupException">The database cannot be used, and will not be by waiting.</exception>
    public async Task EnterAsync(CancellationToken cancellation)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                // Not every driver heeds the token while it waits for a server.
                await EnterOnceAsync(cancellation).WaitAsync(cancellation);
                return;
            }
            catch (Exception trouble) when (Passes(trouble))
            {
                log.StartDelayed(Words(trouble), pause);
                await Task.Delay(pause, clock, cancellation);
            }
        }
    }

    private async Task EnterOnceAsync(CancellationToken cancellation)
    {
        await store.InitializeAsync(cancellation);
        var now = clock.Now();
        await store.SaveDefinitionsAsync(
            [.. registry.OfProgram.Select(definition => DefinitionRecord.Of(definition, now))],
            now,
            cancellation
        );
        await TellOfVersionsNotHereAsync(cancellation);
        await leaseKeeper.RegisterAsync(cancellation);
    }

    /// <summary>A workflow whose version nobody runs must not wait in silence.</summary>
    private async Task TellOfVersionsNotHereAsync(CancellationToken cancellation)
    {
        var unfinished = (await store.CountsAsync(cancellation))
            .Where(count => registry.TryFind(count.WorkflowType, out _) && !count.Status.IsFinal())
            .GroupBy(count => new DefinitionKey(count.WorkflowType, count.Version));
        foreach (var version in unfinished.Where(version => !registry.CanRun(version.Key)))
        {
            log.VersionNotHere(version.Sum(count => count.Count), version.Key.Name, version.Key.Version);
        }
    }

    private bool Passes(Exception trouble) =>
        store.IsTransient(trouble)
        || (trouble is StoreSetupException { InnerException: { } reason } && store.IsTransient(reason));

    private static string Words(Exception trouble) =>
        trouble is SetupException setup ? string.Join(' ', setup.Faults) : trouble.Message;
}
