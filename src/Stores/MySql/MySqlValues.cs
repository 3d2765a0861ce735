using System.Globalization;
using System.Text;
using GopherFlow.Storage;
using GopherFlow.Storage.Sql;
using MySqlConnector;

namespace GopherFlow.Stores.MySql;

/// <summary>
/// Builds an INSERT of any number of rows: numbers as literals, each distinct text as one parameter. MariaDB reads this in half the
/// time that it needs for the same rows in JSON.
/// </summary>
internal sealed class MySqlValues : IValues<MySqlValues>
{
    private readonly MySqlBatchCommand statement;
    private readonly StringBuilder sql;
    private readonly Dictionary<string, string> texts = new(StringComparer.Ordinal);
    private bool isFirstRow = true;
    private bool isFirstValue;

    /// <param name="batch">The batch to which the statement is added.</param>
    /// <param name="insert">The beginning of the statement, before the rows.</param>
    public MySqlValues(MySqlStatements batch, string insert)
    {
        statement = batch.Statement("");
        sql = new StringBuilder(insert).Append(" VALUES");
    }

    /// <summary>Begins a row.</summary>
    public MySqlValues Row()
    {
        sql.Append(isFirstRow ? " (" : "), (");
        isFirstRow = false;
        isFirstValue = true;
        return this;
    }

    public MySqlValues With(long? number) => number is { } given ? With(given) : Expression("NULL");

    public MySqlValues With(long number)
    {
        Next().Append(CultureInfo.InvariantCulture, $"{number}");
        return this;
    }

    public MySqlValues With(int number) => With((long)number);

    public MySqlValues With(bool flag) => With(flag ? 1L : 0L);

    public MySqlValues With(DateTimeOffset? instant) => instant is { } given ? With(given) : Expression("NULL");

    public MySqlValues With(DateTimeOffset instant) => With(SqlDialect.Microseconds(instant));

    public MySqlValues With(string? text) => Expression(text is null ? "NULL" : Parameter(text));

    /// <summary>
    /// The id of a new workflow, by its position (from 0) among those of the last insert. The server assigns consecutive ids to the rows of
    /// such a statement, whatever the value of innodb_autoinc_lock_mode is.
    /// </summary>
    public MySqlValues WithNewId(int place)
    {
        Next().Append(CultureInfo.InvariantCulture, $"LAST_INSERT_ID() + {place} * @@auto_increment_increment");
        return this;
    }

    /// <summary>
    /// The slot of counts for a connection. In a cluster in which all servers accept writes, they have different offsets and so different
    /// slots: if two servers change the same row at once, one of the transactions fails.
    /// </summary>
    public MySqlValues WithSlot(int connection)
    {
        Next().Append(CultureInfo.InvariantCulture, $"{connection % 16} + 16 * ((@@auto_increment_offset - 1) % 7)");
        return this;
    }

    /// <summary>The id of a workflow by its external id.</summary>
    public MySqlValues WithIdOf(string externalId) =>
        Expression($"(SELECT id FROM workflow WHERE external_id = {Parameter(externalId)})");

    /// <summary>Ends the statement.</summary>
    public void End(string rest = "") => statement.CommandText = sql.Append(") ").Append(rest).ToString();

    private string Parameter(string text)
    {
        if (!texts.TryGetValue(text, out var name))
        {
            name = $"@t{texts.Count.ToString(CultureInfo.InvariantCulture)}";
            texts.Add(text, name);
            statement.With(name, text);
        }

        return name;
    }

    private MySqlValues Expression(string expression)
    {
        Next().Append(expression);
        return this;
    }

    private StringBuilder Next()
    {
        if (!isFirstValue)
        {
            sql.Append(", ");
        }

        isFirstValue = false;
        return sql;
    }
}
