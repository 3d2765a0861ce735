using System.Globalization;
using GopherFlow.Definitions;
using GopherFlow.Storage;
using Npgsql;

namespace GopherFlow.Stores.Postgres;

/// <summary>
/// Notifies other processes of work that is due or soon will be, and listens to theirs (NOTIFY and LISTEN). Sent after the commit and
/// on another connection, for transactions that notify commit one after the other; what gathers meanwhile is sent together.
/// </summary>
internal sealed class PostgresHints
{
    /// <summary>What is due later is found by looking, which every executor does more often than this.</summary>
    private static readonly TimeSpan Horizon = TimeSpan.FromHours(1);

    /// <summary>The server takes a little less than 8,000 bytes.</summary>
    private const int LongestHint = 7000;

    /// <summary>Writers tell of every transaction: listeners read together what gathers in this time.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(20);

    /// <summary>Of a name's kind, so at most 63 bytes; a schema has its own.</summary>
    private const string Channel = "'gopherflow_' || md5(current_schema())";

    internal const string Notify = $"""
        SELECT pg_notify({Channel}, hint)
          FROM unnest($1::text[]) AS hint
        """;

    private const string Listen = $"""
        DO $$ BEGIN EXECUTE 'LISTEN ' || {Channel}; END $$
        """;

    /// <summary>Something was written to the change log.</summary>
    private const string Changed = "changed";

    /// <summary>A process has begun to listen to changes.</summary>
    private const string Listening = "listening";

    /// <summary>The sender of notifications in the caller's transaction.</summary>
    private const string Anybody = "-";

    /// <summary>How long hints about workflows that need permits are gathered: those mostly wait for a permit anyway.</summary>
    private static readonly TimeSpan GatheringForPermits = TimeSpan.FromMilliseconds(50);

    private readonly PostgresDatabase database;
    private readonly string sender = Guid.NewGuid().ToString("N");
    private readonly Lock gate = new();
    private readonly Throttle gathered;
    private readonly Dictionary<Place, DateTimeOffset> needsPermit = [];
    private readonly Dictionary<Place, DateTimeOffset> sent = [];
    private Dictionary<Place, DateTimeOffset> unsent = [];
    private HashSet<string> unsentMessages = [];
    private bool isSending;
    private Task sending = Task.CompletedTask;

    public PostgresHints(PostgresDatabase database)
    {
        this.database = database;
        gathered = new Throttle(SendGathered, GatheringForPermits, TimeProvider.System);
    }

    /// <summary>Tells of what a transaction has left. Never waits, never throws: it is a hint.</summary>
    public void Tell(IReadOnlyList<WorkflowChange> changes, DateTimeOffset now)
    {
        foreach (var change in changes)
        {
            if (change.NextActivation is { } due && due <= now + Horizon)
            {
                Tell(
                    new Place(change.ExecutorGroup, change.WorkflowType, change.Version),
                    due,
                    now,
                    change.NeedsPermit
                );
            }
        }
    }

    /// <summary>
    /// What <see cref="Notify"/> is to send within a transaction, so that all processes are notified with the commit, this one included.
    /// </summary>
    public static string[] PayloadsOf(IReadOnlyList<WorkflowChange> changes) =>
        [
            .. changes
                .Where(change => change.NextActivation is not null)
                .GroupBy(change => new Place(change.ExecutorGroup, change.WorkflowType, change.Version))
                .Select(place => Payload(Anybody, place.Key, place.Min(change => change.NextActivation!.Value))),
        ];

    /// <summary>Tells that something was written to the change log. Never waits, never throws.</summary>
    public void TellOfChanges() => Tell(Changed);

    /// <summary>Tells that this process listens to changes from now on. Never waits, never throws.</summary>
    public void TellOfListening() => Tell(Listening);

    /// <summary>Hears what others tell until it is cancelled.</summary>
    /// <param name="news">Hears of work and of changes.</param>
    /// <param name="listenersChanged">Called when another process begins to listen to changes.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task ListenAsync(StoreNews news, Action listenersChanged, CancellationToken cancellation)
    {
        await using var connection = await database.Listening.OpenConnectionAsync(cancellation);
        var changed = new Throttle(news.Changed, Gathering, TimeProvider.System);
        connection.Notification += (_, notification) =>
        {
            var payload = notification.Payload;
            if (Read(payload) is { } hint)
            {
                news.Due(hint);
            }
            else if (IsFromAnother(payload, Changed))
            {
                changed.Ask();
            }
            else if (IsFromAnother(payload, Listening))
            {
                listenersChanged();
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
        SendGathered();
        lock (gate)
        {
            return sending;
        }
    }

    /// <summary>
    /// Tells an executor of due work, unless it knows of an earlier instant that is still to come: it looks then, and finds this one, too.
    /// </summary>
    private void Tell(Place place, DateTimeOffset due, DateTimeOffset now, bool withPermit)
    {
        lock (gate)
        {
            if (sent.TryGetValue(place, out var earlier) && earlier > now && earlier <= due)
            {
                return;
            }

            Add(withPermit ? needsPermit : unsent, place, due);
            if (!withPermit)
            {
                Send();
            }
        }

        if (withPermit)
        {
            gathered.Ask();
        }
    }

    private void SendGathered()
    {
        lock (gate)
        {
            foreach (var (place, due) in needsPermit)
            {
                Add(unsent, place, due);
            }

            needsPermit.Clear();
            Send();
        }
    }

    private static void Add(Dictionary<Place, DateTimeOffset> hints, Place place, DateTimeOffset due)
    {
        if (!hints.TryGetValue(place, out var earliest) || due < earliest)
        {
            hints[place] = due;
        }
    }

    private void Tell(string message)
    {
        lock (gate)
        {
            unsentMessages.Add(message);
            Send();
        }
    }

    private void Send()
    {
        if (!isSending)
        {
            isSending = true;
            sending = SendAsync();
        }
    }

    private async Task SendAsync()
    {
        while (TakeUnsent() is ({ } hints, { } messages))
        {
            try
            {
                string[] payloads =
                [
                    .. hints.Select(hint => Payload(sender, hint.Key, hint.Value)),
                    .. messages.Select(message => $"{sender} {message}"),
                ];
                await database.Keeper.RunAsync(batch => batch.Statement(Notify).With(payloads), CancellationToken.None);
                Remember(hints);
            }
            catch (Exception trouble) when (trouble is NpgsqlException or ObjectDisposedException)
            {
                // The executors find the work at their next look.
            }
        }
    }

    private void Remember(KeyValuePair<Place, DateTimeOffset>[] hints)
    {
        lock (gate)
        {
            foreach (var (place, due) in hints)
            {
                sent[place] = due;
            }
        }
    }

    private (KeyValuePair<Place, DateTimeOffset>[] Hints, HashSet<string> Messages)? TakeUnsent()
    {
        lock (gate)
        {
            var (hints, messages) = (unsent, unsentMessages);
            isSending = hints.Count + messages.Count > 0;
            (unsent, unsentMessages) = ([], []);
            return isSending ? ([.. hints], messages) : null;
        }
    }

    /// <summary>One that is too long is sent empty, which nobody reads.</summary>
    private static string Payload(string sender, Place place, DateTimeOffset due)
    {
        var (group, type, version) = place;
        var payload = string.Join(' ', sender, due.UtcTicks, Escape(group), Escape(type), Escape(version));
        return payload.Length <= LongestHint ? payload : "";
    }

    /// <summary>What another sent; null for what came from here, or from some other program.</summary>
    private DueHint? Read(string payload) =>
        payload.Split(' ') is [var from, var ticks, var group, var type, var version]
        && from != sender
        && long.TryParse(ticks, CultureInfo.InvariantCulture, out var due)
        && due >= 0
        && due <= DateTimeOffset.MaxValue.UtcTicks
            ? new DueHint(
                Uri.UnescapeDataString(group),
                new DefinitionKey(Uri.UnescapeDataString(type), Uri.UnescapeDataString(version)),
                new DateTimeOffset(due, TimeSpan.Zero)
            )
            : null;

    private bool IsFromAnother(string payload, string message) =>
        payload.Split(' ') is [var from, var said] && from != sender && said == message;

    /// <summary>A name may have spaces.</summary>
    private static string Escape(string name) => Uri.EscapeDataString(name);

    /// <summary>Which executors the work is for.</summary>
    private readonly record struct Place(string ExecutorGroup, string WorkflowType, string Version);
}
