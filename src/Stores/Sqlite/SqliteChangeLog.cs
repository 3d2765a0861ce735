using GopherFlow.Storage;
using GopherFlow.Storage.Sql;

namespace GopherFlow.Stores.Sqlite;

/// <summary>
/// The change log of a SQLite file. A transaction itself reads whether another process listens. It holds the lock of the file, so it cannot
/// miss a listener.
/// </summary>
internal sealed class SqliteChangeLog(SqliteSessions sessions, TimeProvider clock)
    : SqlChangeLog(sessions, notice: TimeSpan.Zero, readInterval: TimeSpan.FromMilliseconds(250))
{
    private const string HasListener = """
        SELECT 1
          FROM change_listeners
         WHERE id <> ?1
           AND expires >= ?2
         LIMIT 1
        """;

    private const string Insert = """
        INSERT INTO workflow_changes (sender, written, content)
        VALUES (?1, ?2, ?3)
        """;

    /// <summary>Records the changes of a transaction if another process listens. All new workflows must have their ids.</summary>
    public void Write(SqliteReader statements, RowSet rows)
    {
        var now = clock.GetUtcNow();
        var listener = statements.Statement(HasListener).With(Self).With(now);
        var hasListener = listener.Read();
        listener.End();
        if (hasListener && rows.AllChanges is { Count: > 0 } changes)
        {
            statements.Statement(Insert).With(Self).With(now).With(ChangeText.Of(changes)).Run();
        }
    }
}
