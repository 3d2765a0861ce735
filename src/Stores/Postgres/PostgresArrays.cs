using GopherFlow.Rules;
using GopherFlow.Storage;
using Npgsql;

namespace GopherFlow.Stores.Postgres;

/// <summary>The columns of the input rows of a statement. Each column is an array parameter that the statement unnests.</summary>
/// <param name="Names">Their names, separated by a comma and a space.</param>
internal sealed record PostgresColumns(string Names)
{
    /// <summary>The columns, qualified with <c>given</c>.</summary>
    public string Given => Each((name, _) => $"given.{name}");

    /// <summary>Assignments that set the columns of a row to the input values.</summary>
    public string Assignments => Each((name, _) => $"{name} = given.{name}");

    /// <summary>The input rows, as a function for FROM.</summary>
    public string Unnested => $"unnest({Each((name, index) => $"${index + 1}::{TypeOf(name)}[]")})";

    /// <summary>The input rows, named <c>given</c>.</summary>
    public string AsGiven => $"{Unnested} AS given ({Names})";

    /// <summary>The input rows, named <c>given</c>, with their position in the arrays in the column <c>place</c>.</summary>
    public string AsGivenInOrder => $"{Unnested} WITH ORDINALITY AS given ({Names}, place)";

    /// <summary>These columns, followed by others.</summary>
    public PostgresColumns And(PostgresColumns others) => new($"{Names}, {others.Names}");

    private string Each(Func<string, int, string> part) => string.Join(", ", Names.Split(", ").Select(part));

    private static string TypeOf(string column) =>
        column switch
        {
            "id" or "workflow_id" or "parent_workflow_id" or "executor_id" or "token" or "user_id" or "api_key_id" =>
                "bigint",
            "lease" or "revision" or "duration" or "known_lease" or "known_revision" or "by" => "bigint",
            "step" or "retry_count" or "execution_count" or "open_children" or "priority" or "permit" => "integer",
            "created"
            or "modified"
            or "started"
            or "finished"
            or "next_activation"
            or "held_activation"
            or "due"
            or "date_time" => "timestamptz",
            "begun" or "cleaning_up" or "awaits_children" or "woken" or "pause_requested" => "boolean",
            _ => "text",
        };
}

/// <summary>Fills the arrays of a statement row by row.</summary>
internal sealed class PostgresArrays(NpgsqlBatchCommand statement, int rows) : IValues<PostgresArrays>
{
    private readonly List<Array> columns = [];
    private int row = -1;
    private int column;

    /// <summary>Begins a row.</summary>
    public PostgresArrays Row()
    {
        row++;
        column = 0;
        return this;
    }

    public PostgresArrays With(long value) => Put(value);

    public PostgresArrays With(long? value) => Put(value);

    public PostgresArrays With(int value) => Put(value);

    public PostgresArrays With(bool value) => Put(value);

    public PostgresArrays With(string? value) => Put(value);

    public PostgresArrays With(DateTimeOffset value) => Put(value.AsStored());

    public PostgresArrays With(DateTimeOffset? value) => Put(value.AsStored());

    private PostgresArrays Put<T>(T value)
    {
        if (row == 0)
        {
            var values = new T[rows];
            columns.Add(values);
            statement.With(values);
        }

        ((T[])columns[column++])[row] = value;
        return this;
    }
}
