using GopherFlow.Authoring;
using GopherFlow.Storage;

namespace GopherFlow.Stores.MySql;

/// <summary>Takes unfinished workflows to another version of their definition.</summary>
internal sealed class MySqlVersionMoves(MySqlSession session)
{
    /// <summary>By the index of statuses, so that those that have finished, which may be most, are not looked at.</summary>
    private const string Unfinished = """
          SELECT w.id
            FROM workflow AS w FORCE INDEX (workflow_by_status)
           WHERE w.status IN ('NEW', 'SCHEDULED', 'EXECUTING', 'IN_PROGRESS', 'WAITING', 'PAUSED')
             AND w.workflow_type = CAST(@type AS BINARY)
             AND w.version = CAST(@version AS BINARY)
             AND (SELECT count(*)
                    FROM JSON_TABLE(@states, '$[*]' COLUMNS (
                             state LONGTEXT CHARACTER SET utf8mb4 PATH '$')) AS leaving
                   WHERE CAST(leaving.state AS BINARY) = w.state) > 0
        ORDER BY w.id
           LIMIT @limit
        """;

    private const string Named = """
                 SELECT w.id
                   FROM (SELECT DISTINCT id FROM JSON_TABLE(@ids, '$[*]' COLUMNS (id BIGINT PATH '$')) AS given) AS named
          STRAIGHT_JOIN workflow AS w FORCE INDEX (PRIMARY) ON w.id = named.id
                  WHERE w.status IN ('NEW', 'SCHEDULED', 'EXECUTING', 'IN_PROGRESS', 'WAITING', 'PAUSED')
                    AND w.workflow_type = CAST(@type AS BINARY)
                    AND w.version = CAST(@version AS BINARY)
                    AND (SELECT count(*)
                           FROM JSON_TABLE(@states, '$[*]' COLUMNS (
                                    state LONGTEXT CHARACTER SET utf8mb4 PATH '$')) AS leaving
                          WHERE CAST(leaving.state AS BINARY) = w.state) > 0
               ORDER BY w.id
                  LIMIT @limit
        """;

    private const string SetVersion = """
               UPDATE JSON_TABLE(@ids, '$[*]' COLUMNS (id BIGINT PATH '$')) AS moved
        STRAIGHT_JOIN workflow AS w FORCE INDEX (PRIMARY) ON w.id = moved.id
                  SET w.version = CAST(@version AS BINARY)
        """;

    /// <summary>
    /// Moves as many as the limit says. When others have changed all that was found before it was locked, it looks again: nothing
    /// moved means that there is nothing left.
    /// </summary>
    public async Task<IReadOnlyList<WorkflowChange>> MoveAsync(VersionMove move)
    {
        var states = move.States.ToDictionary(state => state.From);
        while (true)
        {
            var found = await FoundAsync(move);
            if (found.Count == 0)
            {
                return [];
            }

            var draft = new MySqlDraft(session, move.Now);
            await draft.LockAsync(found);
            foreach (var row in found.Select(id => draft.Find(id)).OfType<MySqlWorkflow>())
            {
                if (
                    row.Record.Version == move.FromVersion
                    && !row.Record.Status.IsFinal()
                    && states.TryGetValue(row.Record.State, out var state)
                )
                {
                    MoveOne(draft, row, move, state);
                }
            }

            if (draft.Changes.Count > 0)
            {
                await session.RunAsync(
                    SetVersion,
                    ("@ids", MySqlArray.Of(draft.Changes.Select(change => change.Id))),
                    ("@version", move.ToVersion)
                );
                await draft.FinishAsync();
                return draft.Changes;
            }
        }
    }

    private Task<List<long>> FoundAsync(VersionMove move)
    {
        var states = MySqlArray.Of(move.States.Select(state => state.From));
        return move.WorkflowIds.Count == 0
            ? session.QueryAsync(
                Unfinished,
                row => row.Number(),
                ("@type", move.Name),
                ("@version", move.FromVersion),
                ("@states", states),
                ("@limit", move.Limit)
            )
            : session.QueryAsync(
                Named,
                row => row.Number(),
                ("@type", move.Name),
                ("@version", move.FromVersion),
                ("@states", states),
                ("@limit", move.Limit),
                ("@ids", MySqlArray.Of(move.WorkflowIds))
            );
    }

    private static void MoveOne(MySqlDraft draft, MySqlWorkflow row, VersionMove move, StateMove state)
    {
        var after = move.Apply(row.Record, state);
        draft.Replace(row, after, row.Woken && move.KeepsWake(after));
        draft.Log(
            after,
            executorId: null,
            new NewAction(ActionTypes.Moved, row.Record.State, ActionTexts.Moved(move, state))
        );
    }
}
