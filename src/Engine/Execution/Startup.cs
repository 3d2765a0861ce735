using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Rules;
using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.Telemetry;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Execution;

/// <summary>
/// The steps in the store before the executor claims anything. Transient errors are retried while the database is busy or unavailable;
/// other errors go to the host.
/// </summary>
internal sealed class Startup(
    IWorkflowStore store,
    DefinitionRegistry registry,
    LeaseKeeper leaseKeeper,
    EngineOptions options,
    DatabaseClock clock,
    ILogger<Startup> log
)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private volatile bool isOpen;

    /// <summary>Whether the database has been reached and its schema is up to date.</summary>
    public bool IsOpen => isOpen;

    /// <summary>Opens the store and registers the executor. After that, the database's time is known.</summary>
    /// <exception cref="StoreSetupException">The database cannot be used, and retrying cannot help.</exception>
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
                await ReportWorkNotHereAsync(stop);
            },
            cancellation
        );

    private async Task RetryAsync(Func<CancellationToken, Task> action, CancellationToken cancellation)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                // Not every driver reacts to the token while it waits for a server.
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

    /// <summary>
    /// Logs a warning about unfinished workflows that this process cannot run: those on versions that it does not have, and deliveries to
    /// webhooks that are not in its settings.
    /// </summary>
    private async Task ReportWorkNotHereAsync(CancellationToken cancellation)
    {
        var notHere = (await store.CountsAsync(cancellation))
            .Where(count => IsExpectedHere(count.WorkflowType) && !count.Status.IsFinal())
            .GroupBy(count => new DefinitionKey(count.WorkflowType, count.Version))
            .Where(version => !registry.CanRun(version.Key));
        foreach (var version in notHere)
        {
            var waiting = version.Sum(count => count.Count);
            if (version.Key.Name == WebhookRule.DeliveryType)
            {
                log.WebhookNotHere(waiting, version.Key.Version);
            }
            else
            {
                log.VersionNotHere(waiting, version.Key.Name, version.Key.Version);
            }
        }
    }

    private bool IsExpectedHere(string workflowType) =>
        workflowType == WebhookRule.DeliveryType ? options.IsEnabled : registry.TryFind(workflowType, out _);

    private bool IsTransient(Exception trouble) =>
        store.IsTransient(trouble)
        || (trouble is StoreSetupException { InnerException: { } reason } && store.IsTransient(reason));

    private static string Describe(Exception trouble) =>
        trouble is SetupException setup ? string.Join(' ', setup.Faults) : trouble.Message;
}
