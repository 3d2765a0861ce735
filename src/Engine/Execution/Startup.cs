using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Rules;
using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.Telemetry;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Execution;

/// <summary>
/// What is done in the store before anything is claimed. While the database is busy or away it is tried again; what will not pass by
/// itself is for the host.
/// </summary>
internal sealed class Startup(
    IWorkflowStore store,
    DefinitionRegistry registry,
    LeaseKeeper leaseKeeper,
    DatabaseClock clock,
    ILogger<Startup> log
)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private volatile bool isOpen;

    /// <summary>Whether the database was reached and its schema is that of this program.</summary>
    public bool IsOpen => isOpen;

    /// <summary>Opens the store and registers the executor. From then on the database's time is known.</summary>
    /// <exception cref="StoreSetupException">The database cannot be used, and will not be by waiting.</exception>
    public Task RegisterAsync(CancellationToken cancellation) =>
        RetryAsync(
            async stop =>
            {
                await store.InitializeAsync(stop);
                isOpen = true;
                await leaseKeeper.RegisterAsync(stop);
            },
            cancellation
        );

    /// <summary>Saves the definitions of the program.</summary>
    public Task SaveDefinitionsAsync(CancellationToken cancellation) =>
        RetryAsync(
            async stop =>
            {
                var now = clock.Now();
                await store.SaveDefinitionsAsync(
                    [.. registry.OfProgram.Select(definition => DefinitionRecord.Of(definition, now))],
                    now,
                    stop
                );
                await ReportVersionsNotHereAsync(stop);
            },
            cancellation
        );

    private async Task RetryAsync(Func<CancellationToken, Task> action, CancellationToken cancellation)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                // Not every driver heeds the token while it waits for a server.
                await action(cancellation).WaitAsync(cancellation);
                return;
            }
            catch (Exception trouble) when (IsTransient(trouble))
            {
                log.StartDelayed(Describe(trouble), pause);
                await Task.Delay(pause, clock, cancellation);
            }
        }
    }

    /// <summary>Warns of workflows whose version does not run here. Deliveries are for those who know their receivers.</summary>
    private async Task ReportVersionsNotHereAsync(CancellationToken cancellation)
    {
        var unfinished = (await store.CountsAsync(cancellation))
            .Where(count =>
                count.WorkflowType != WebhookRule.DeliveryType
                && registry.TryFind(count.WorkflowType, out _)
                && !count.Status.IsFinal()
            )
            .GroupBy(count => new DefinitionKey(count.WorkflowType, count.Version));
        foreach (var version in unfinished.Where(version => !registry.CanRun(version.Key)))
        {
            log.VersionNotHere(version.Sum(count => count.Count), version.Key.Name, version.Key.Version);
        }
    }

    private bool IsTransient(Exception trouble) =>
        store.IsTransient(trouble)
        || (trouble is StoreSetupException { InnerException: { } reason } && store.IsTransient(reason));

    private static string Describe(Exception trouble) =>
        trouble is SetupException setup ? string.Join(' ', setup.Faults) : trouble.Message;
}
