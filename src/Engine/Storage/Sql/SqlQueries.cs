namespace GopherFlow.Storage.Sql;

/// <summary>Runs single queries.</summary>
internal static class SqlQueries
{
    /// <summary>All rows of a query.</summary>
    public static Task<IReadOnlyList<T>> AllAsync<T>(
        this ISqlDatabase database,
        string sql,
        Func<IStoredRow, T> read,
        CancellationToken cancellation,
        params (string Name, object? Value)[] values
    ) =>
        database.ReadAsync<IReadOnlyList<T>>(
            async session => await session.ReadAsync(sql, read, cancellation, values),
            cancellation
        );

    /// <summary>The first row of a query, or null.</summary>
    public static Task<T?> FindAsync<T>(
        this ISqlDatabase database,
        string sql,
        Func<IStoredRow, T> read,
        CancellationToken cancellation,
        params (string Name, object? Value)[] values
    )
        where T : class =>
        database.ReadAsync(session => session.FindAsync(sql, read, cancellation, values), cancellation);

    /// <summary>The first row of a query, or null.</summary>
    public static async Task<T?> FindAsync<T>(
        this SqlSession session,
        string sql,
        Func<IStoredRow, T> read,
        CancellationToken cancellation,
        params (string Name, object? Value)[] values
    )
        where T : class
    {
        var rows = await session.ReadAsync(sql, read, cancellation, values);
        return rows.Count == 0 ? null : rows[0];
    }
}
