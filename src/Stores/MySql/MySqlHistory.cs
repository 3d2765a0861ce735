using System.Text.Json;
using GopherFlow.Authoring;
using GopherFlow.Rules;
using GopherFlow.Storage;
using MySqlConnector;

namespace GopherFlow.Stores.MySql;

/// <summary>Writes the variables and the history of workflows, new ones included.</summary>
internal static class MySqlHistory
{
    private const string SetVariables = $"""
        INSERT INTO workflow_variables (workflow_id, state_vars)
        SELECT {MySqlCreating.IdOfGiven}, state_vars
          FROM JSON_TABLE(@rows, '$[*]' COLUMNS (
                   id         BIGINT PATH '$[0]',
                   place      INT    PATH '$[1]',
                   state_vars LONGTEXT CHARACTER SET utf8mb4 PATH '$[2]')) AS given
            ON DUPLICATE KEY UPDATE state_vars = VALUES(state_vars)
        """;

    private const string InsertActions = $"""
        INSERT INTO workflow_actions
               (workflow_id, executor_id, execution_count, retry_count, type, name, text, date_time)
        SELECT {MySqlCreating.IdOfGiven}, executor_id, execution_count, retry_count, type, name, text, @now
          FROM JSON_TABLE(@rows, '$[*]' COLUMNS (
                   id              BIGINT      PATH '$[0]',
                   place           INT         PATH '$[1]',
                   executor_id     BIGINT      PATH '$[2]',
                   execution_count INT         PATH '$[3]',
                   retry_count     INT         PATH '$[4]',
                   type            VARCHAR(40) PATH '$[5]',
                   name            LONGTEXT CHARACTER SET utf8mb4 PATH '$[6]',
                   text            LONGTEXT CHARACTER SET utf8mb4 PATH '$[7]')) AS given
        """;

    /// <summary>Sets variables. Whoever does so has locked the workflow.</summary>
    public static void AddVariables(this MySqlBatch batch, RowSet rows)
    {
        (long? Id, long? Place, string StateVars)[] variables =
        [
            .. rows
                .Creates.Select((create, place) => ((long?)null, (long?)place, create.Row.StateVars))
                .Where(given => given.StateVars != Variables.EmptyJson),
            .. rows.Variables.Select(pair => ((long?)pair.Key, (long?)null, pair.Value)),
        ];
        if (variables.Length > 0)
        {
            batch
                .Statement(SetVariables)
                .WithRows(
                    variables,
                    static (json, given) =>
                    {
                        json.Add(given.Id);
                        json.Add(given.Place);
                        json.Add(given.StateVars);
                    }
                );
        }
    }

    /// <summary>
    /// Adds entries to histories, in their order. It changes what LAST_INSERT_ID gives, so it comes after all that asks for the
    /// ids of new workflows.
    /// </summary>
    public static void AddHistory(this MySqlBatch batch, RowSet rows)
    {
        (long? Id, long? Place, HistoryEntry Entry)[] history =
        [
            .. rows.Creates.Select((create, place) => ((long?)null, (long?)place, create.History)),
            .. rows.History.Select(row => ((long?)row.WorkflowId, (long?)null, row.Entry)),
        ];
        if (history.Length > 0)
        {
            batch
                .Statement(InsertActions)
                .WithRows(
                    history,
                    (json, given) =>
                    {
                        json.Add(given.Id);
                        json.Add(given.Place);
                        Add(json, given.Entry, rows.AuthorOf(given.Entry));
                    }
                )
                .With("@now", rows.Now);
        }
    }

    private static void Add(Utf8JsonWriter json, HistoryEntry entry, long? author)
    {
        json.Add(author);
        json.Add(entry.ExecutionCount);
        json.Add(entry.RetryCount);
        json.Add(entry.Type);
        json.Add(entry.Name);
        json.Add(entry.Text);
    }
}
