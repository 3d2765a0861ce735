using GopherFlow.Storage;
using GopherFlow.Storage.Sql;

namespace GopherFlow.Stores.MySql;

/// <summary>Records the changes of transactions in the change log for listening processes.</summary>
internal sealed class MySqlChanges
{
    /// <summary>The server assigns consecutive ids to the new workflows of one statement, so the first and the last are enough.</summary>
    private static readonly string Insert = $"""
        INSERT INTO workflow_changes (sender, written, new_ids, content)
        SELECT @self, {MySqlSessions.Dialect.Now},
               (SELECT concat(w.id, '+', coalesce((l.id - w.id) DIV @steps, 1))
                  FROM workflow AS w
                  JOIN workflow AS l ON l.external_id = CAST(@last AS BINARY)
                 WHERE w.external_id = CAST(@first AS BINARY)),
               @content
        """;

    private readonly TimeProvider? clock;

    public MySqlChanges(MySqlDatabase database, TimeProvider? clock)
    {
        this.clock = clock;
        Log = new SqlChangeLog(
            new MySqlSessions(database.Keeper, clock),
            notice: TimeSpan.FromSeconds(1),
            readInterval: TimeSpan.FromMilliseconds(250)
        );
        Audience = new SqlAudience(Log);
    }

    /// <summary>The change log.</summary>
    public SqlChangeLog Log { get; }

    /// <summary>The processes that listen.</summary>
    public SqlAudience Audience { get; }

    /// <summary>Adds a statement that records changes. It must be the last statement before the commit.</summary>
    /// <param name="batch">The batch to which the statement is added.</param>
    /// <param name="changes">The changes, those of creates first.</param>
    /// <param name="creates">The new workflows that have no id yet.</param>
    public void Add(MySqlStatements batch, IReadOnlyList<WorkflowChange> changes, IReadOnlyList<NewRow> creates)
    {
        if (changes.Count > 0)
        {
            batch
                .Statement(Insert)
                .With("@self", Log.Self)
                .With("@now", clock?.GetUtcNow())
                .With("@first", creates.Count > 0 ? creates[0].Row.ExternalId : null)
                .With("@last", creates.Count > 0 ? creates[^1].Row.ExternalId : null)
                .With("@steps", creates.Count > 1 ? creates.Count - 1L : null)
                .With("@content", ChangeText.Of(changes));
        }
    }
}
