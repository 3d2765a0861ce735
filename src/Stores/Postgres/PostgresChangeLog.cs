using GopherFlow.Storage.Sql;

namespace GopherFlow.Stores.Postgres;

/// <summary>
/// The change log of a PostgreSQL database. A process that begins to listen notifies the others at once, and they notify it of each write.
/// So polling only finds changes whose notifications were lost with the connection.
/// </summary>
internal sealed class PostgresChangeLog(PostgresSessions sessions, PostgresHints hints)
    : SqlChangeLog(sessions, notice: TimeSpan.FromSeconds(1), readInterval: TimeSpan.FromSeconds(1))
{
    public override async Task<bool> ListenAsync(TimeSpan time, CancellationToken cancellation)
    {
        var wasThere = await base.ListenAsync(time, cancellation);
        if (!wasThere)
        {
            hints.NotifyListening();
        }

        return wasThere;
    }
}
