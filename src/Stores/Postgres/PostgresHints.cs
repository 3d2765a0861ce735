using System.Globalization;
using GopherFlow.Storage;
using Npgsql;

namespace GopherFlow.Stores.Postgres;

/// <summary>
/// Tells other processes of work that is due or soon will be, and hears it from them (NOTIFY and LISTEN). Sent after the commit and
/// on another connection, for transactions that notify commit one after the other; what gathers meanwhile is sent together.
/// </summary>
internal sealed class PostgresHints(PostgresDatabase database)
{
    /// <summary>What is due later is found by looking, which every executor does more often than this.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    private const int LongestGroup = 1000;

    /// <summary>Of a name's kind, so at most 63 bytes; a schema has its own.</summary>
    private const string Channel = "'gopherflow_' || md5(current_schema())";

    private const string Notify = $"""
        SELECT pg_notify({Channel}, hint)
          FROM unnest($1::text[]) AS hint
        """;

    private const string Listen = $"""
        DO $$ BEGIN EXECUTE 'LISTEN ' || {Channel}; END $$
        """;

    private readonly string sender = Guid.NewGuid().ToString("N");
    private readonly Lock gate = new();
    private Dictionary<string, DateTimeOffset> unsent = [];
    private bool isSending;
    private Task sending = Task.CompletedTask;

    /// <summary>Tells of what a transaction has left. Never waits, never throws: it is a hint.</summary>
    public void Tell(IReadOnlyList<WorkflowChange> changes, DateTimeOffset now)
    {
        foreach (var change in changes)
        {
            if (change.NextActivation is { } due && due <= now + Soon && change.ExecutorGroup.Length <= LongestGroup)
            {
                Tell(change.ExecutorGroup, due);
            }
        }
    }

    /// <summary>Hears what others tell until it is cancelled.</summary>
    public async Task ListenAsync(Action<DueHint> told, CancellationToken cancellation)
    {
        await using var connection = await database.Listening.OpenConnectionAsync(cancellation);
        connection.Notification += (_, notification) =>
        {
            if (Read(notification.Payload) is { } hint)
            {
                told(hint);
            }
        };
        await using (var listen = new NpgsqlCommand(Listen, connection))
        {
            await listen.ExecuteNonQueryAsync(cancellation);
        }

        while (true)
        {
            await connection.WaitAsync(cancellation);
        }
    }

    /// <summary>Waits until everything has been sent.</summary>
    public Task FlushAsync()
    {
        lock (gate)
        {
            return sending;
        }
    }

    private void Tell(string group, DateTimeOffset due)
    {
        lock (gate)
        {
            if (!unsent.TryGetValue(group, out var earliest) || due < earliest)
            {
                unsent[group] = due;
            }

            if (!isSending)
            {
                isSending = true;
                sending = SendAsync();
            }
        }
    }

    private async Task SendAsync()
    {
        while (TakeUnsent() is { Length: > 0 } hints)
        {
            try
            {
                await database.Keeper.RunAsync(batch => batch.Statement(Notify).With(hints), CancellationToken.None);
            }
            catch (Exception trouble) when (trouble is NpgsqlException or ObjectDisposedException)
            {
                // Whoever would have heard it finds the work by looking.
            }
        }
    }

    private string[] TakeUnsent()
    {
        lock (gate)
        {
            var taken = unsent;
            unsent = [];
            isSending = taken.Count > 0;
            return [.. taken.Select(hint => $"{sender} {hint.Value.UtcTicks} {hint.Key}")];
        }
    }

    /// <summary>What another sent; null for what came from here, or from some other program.</summary>
    private DueHint? Read(string payload) =>
        payload.Split(' ', 3) is [var from, var ticks, var group]
        && from != sender
        && long.TryParse(ticks, CultureInfo.InvariantCulture, out var due)
        && due >= 0
        && due <= DateTimeOffset.MaxValue.UtcTicks
            ? new DueHint(group, new DateTimeOffset(due, TimeSpan.Zero))
            : null;
}
