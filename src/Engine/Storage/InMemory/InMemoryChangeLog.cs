using GopherFlow.Rules;

namespace GopherFlow.Storage.InMemory;

/// <summary>
/// The change log of the in-memory store, for one of the stores that share it. Callers of <see cref="Write"/> hold the store's lock.
/// </summary>
internal sealed class InMemoryChangeLog(InMemoryTables tables, Lock gate, TimeProvider clock) : IChangeLog
{
    private readonly int self = tables.NextLogReader();

    public TimeSpan Notice => TimeSpan.Zero;

    public TimeSpan ReadInterval => TimeSpan.FromMilliseconds(250);

    private DateTimeOffset Now => clock.GetUtcNow().AsStored();

    public Task<bool> ListenAsync(TimeSpan time, CancellationToken cancellation) =>
        gate.Locked(() =>
        {
            var wasListening = tables.Listeners.TryGetValue(self, out var expires) && expires >= Now;
            tables.Listeners[self] = Now + time;
            return wasListening;
        });

    public Task StopListeningAsync(CancellationToken cancellation) => gate.Locked(() => tables.Listeners.Remove(self));

    public Task<LogPage> ReadAsync(long after, long read, int limit, CancellationToken cancellation) =>
        gate.Locked(() =>
            new LogPage(
                [
                    .. tables
                        .Log.Where(entry => entry.Position > after && entry.Position <= read)
                        .Select(entry => entry.Position),
                ],
                [
                    .. tables
                        .Log.Where(entry => entry.Position > read)
                        .Take(limit)
                        .Select(entry => new LogEntry(entry.Position, entry.Sender == self ? [] : entry.Changes)),
                ]
            )
        );

    public Task ForgetAsync(CancellationToken cancellation) =>
        gate.Locked(() => tables.Log.RemoveAll(entry => Now - entry.Written > IChangeLog.Kept));

    /// <summary>Logs the changes of a transaction, if any other store listens. Every new workflow has its id.</summary>
    public void Write(IReadOnlyList<WorkflowChange> changes)
    {
        if (changes.Count > 0 && tables.Listeners.Any(other => other.Key != self && other.Value >= Now))
        {
            tables.Log.Add(new InMemoryLogEntry(tables.NextLogPosition(), self, Now, changes));
            tables.NotifyChanges(self);
        }
    }

    /// <summary>Calls back when other stores write entries, until it is cancelled.</summary>
    public async Task HearAsync(Action written, CancellationToken cancellation)
    {
        lock (gate)
        {
            tables.LogListeners[self] = written;
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, cancellation)
            .ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        lock (gate)
        {
            tables.LogListeners.Remove(self);
        }
    }
}

/// <summary>An entry of the change log in memory.</summary>
internal sealed record InMemoryLogEntry(
    long Position,
    int Sender,
    DateTimeOffset Written,
    IReadOnlyList<WorkflowChange> Changes
);
