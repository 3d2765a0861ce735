using GopherFlow.Storage.Sql;

namespace GopherFlow.Stores.Postgres;

/// <summary>
/// The change log of a PostgreSQL database. A process that begins to listen tells the others at once, and they notify it of what they write. So
/// reading now and then only finds what was notified while the connection was lost.
/// </summary>
internal sealed class PostgresChangeLog(PostgresSessions sessions, PostgresHints hints)
    : SqlChangeLog(sessions, notice: TimeSpan.FromSeconds(1), readInterval: TimeSpan.FromSeconds(1))
{
    public override async Task<bool> ListenAsync(TimeSpan time, CancellationToken cancellation)
    {
        var wasThere = await base.ListenAsync(time, cancellation);
        if (!wasThere)
        {
            hints.TellOfListening();
        }

        return wasThere;
    }
}
