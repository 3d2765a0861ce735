using System.Globalization;
using GopherFlow.Definitions;
using GopherFlow.Storage;
using Npgsql;

namespace GopherFlow.Stores.Postgres;

/// <summary>
/// Notifies other processes of work that is due now or soon, and listens to their notifications (NOTIFY and LISTEN). Hints are sent after
/// the commit on another connection, because transactions with NOTIFY commit one after the other. Hints that accumulate meanwhile are sent
/// together.
/// </summary>
internal sealed class PostgresHints
{
    /// <summary>Work that is due later than this is found by polling: every executor polls more often.</summary>
    private static readonly TimeSpan Horizon = TimeSpan.FromHours(1);

    /// <summary>The server accepts a little less than 8,000 bytes.</summary>
    private const int LongestHint = 7000;

    /// <summary>Writers notify of every transaction; listeners read at most once in this time.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(20);

    /// <summary>The channel of the schema. A channel name has at most 63 bytes.</summary>
    private const string Channel = "'gopherflow_' || md5(current_schema())";

    internal const string Notify = $"""
        SELECT pg_notify({Channel}, hint)
          FROM unnest($1::text[]) AS hint
        """;

    private const string Listen = $"""
        DO $$ BEGIN EXECUTE 'LISTEN ' || {Channel}; END $$
        """;

    /// <summary>Sent after a write to the change log.</summary>
    private const string Changed = "changed";

    /// <summary>Sent by a process that begins to listen to changes.</summary>
    private const string Listening = "listening";

    /// <summary>The sender of notifications in the caller's transaction.</summary>
    private const string Anybody = "-";

    /// <summary>How long hints about workflows that need permits are collected: most of these workflows wait for a permit anyway.</summary>
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

    /// <summary>
    /// Sends hints about the work in the changes of a transaction. Never blocks and never throws, because hints are optional.
    /// </summary>
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
    /// The payloads for <see cref="Notify"/> within a transaction, so that the commit notifies all processes, including this one.
    /// </summary>
    public static string[] PayloadsOf(IReadOnlyList<WorkflowChange> changes) =>
        [
            .. changes
                .Where(change => change.NextActivation is not null)
                .GroupBy(change => new Place(change.ExecutorGroup, change.WorkflowType, change.Version))
                .Select(place => Payload(Anybody, place.Key, place.Min(change => change.NextActivation!.Value))),
        ];

    /// <summary>Notifies other processes of a write to the change log. Never blocks and never throws.</summary>
    public void NotifyChanges() => Tell(Changed);

    /// <summary>Notifies other processes that this one now listens to changes. Never blocks and never throws.</summary>
    public void NotifyListening() => Tell(Listening);

    /// <summary>Listens to the notifications of other processes until it is cancelled.</summary>
    /// <param name="news">Receives due work and changes.</param>
    /// <param name="listenersChanged">Called when another process begins to listen to changes.</param>
    /// <param name="cancellation">Stops listening.</param>
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
    /// Sends a hint about due work, unless one with an earlier time in the future has been sent: the executor polls at that time and finds
    /// this work too.
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
                // The executors find the work with their next poll.
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

    /// <summary>A payload that is too long is sent empty; receivers ignore it.</summary>
    private static string Payload(string sender, Place place, DateTimeOffset due)
    {
        var (group, type, version) = place;
        var payload = string.Join(' ', sender, due.UtcTicks, Escape(group), Escape(type), Escape(version));
        return payload.Length <= LongestHint ? payload : "";
    }

    /// <summary>Parses a hint of another process; null for this process's own hints and for notifications of other programs.</summary>
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

    /// <summary>Names may contain spaces.</summary>
    private static string Escape(string name) => Uri.EscapeDataString(name);

    /// <summary>The group, type and version that determine which executors can run the work.</summary>
    private readonly record struct Place(string ExecutorGroup, string WorkflowType, string Version);
}
