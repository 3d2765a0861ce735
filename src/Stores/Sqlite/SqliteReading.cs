namespace GopherFlow.Stores.Sqlite;

/// <summary>Reads the results of statements.</summary>
internal static class SqliteReading
{
    public static List<T> ReadAll<T>(this SqliteStatement statement, Func<SqliteStatement, T> read)
    {
        var rows = new List<T>();
        while (statement.Read())
        {
            rows.Add(read(statement));
        }

        return rows;
    }

    public static T? ReadFirst<T>(this SqliteStatement statement, Func<SqliteStatement, T> read)
        where T : class
    {
        var found = statement.Read() ? read(statement) : null;
        statement.End();
        return found;
    }

    /// <summary>The instant in the first row; null if there is no row or the value is NULL.</summary>
    public static DateTimeOffset? ReadInstant(this SqliteStatement statement)
    {
        var found = statement.Read() ? statement.OptionalInstant() : null;
        statement.End();
        return found;
    }
}
