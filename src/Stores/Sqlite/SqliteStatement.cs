using System.Text;
using GopherFlow.Storage;
using GopherFlow.Storage.Sql;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace GopherFlow.Stores.Sqlite;

/// <summary>
/// A prepared statement that is used repeatedly. It uses SQLite's native interface, because an ADO.NET command
/// looks up every parameter by name at each execution, which costs more than writing the row. Parameters are positional
/// (<c>?1</c>, <c>?2</c>, ...) and are bound in that order. Columns are read in the order of the select list.
/// </summary>
internal sealed class SqliteStatement : IStoredRow, IValues<SqliteStatement>, IDisposable
{
    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;
    private readonly byte[] utf8 = new byte[512];
    private int bound;
    private int column;

    public SqliteStatement(SqliteConnection connection, string sql)
    {
        database = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(database, sql, out statement));
    }

    /// <summary>Resets the statement for new values.</summary>
    public SqliteStatement Begin()
    {
        raw.sqlite3_reset(statement);
        bound = 0;
        return this;
    }

    public SqliteStatement With(long value)
    {
        Check(raw.sqlite3_bind_int64(statement, ++bound, value));
        return this;
    }

    public SqliteStatement With(long? value)
    {
        Check(
            value is { } number
                ? raw.sqlite3_bind_int64(statement, ++bound, number)
                : raw.sqlite3_bind_null(statement, ++bound)
        );
        return this;
    }

    public SqliteStatement With(int value) => With((long)value);

    public SqliteStatement With(bool value) => With(value ? 1L : 0L);

    public SqliteStatement With(string? value)
    {
        bound++;
        Check(
            value switch
            {
                null => raw.sqlite3_bind_null(statement, bound),
                // Most texts are short and need no array of their own. SQLite treats an empty span as null.
                { Length: > 0 } when Encoding.UTF8.TryGetBytes(value, utf8, out var length) => raw.sqlite3_bind_text(
                    statement,
                    bound,
                    utf8.AsSpan(0, length)
                ),
                _ => raw.sqlite3_bind_text(statement, bound, value),
            }
        );
        return this;
    }

    public SqliteStatement With(DateTimeOffset value) => With(SqlDialect.Microseconds(value));

    public SqliteStatement With(DateTimeOffset? value) =>
        With(value is { } instant ? SqlDialect.Microseconds(instant) : (long?)null);

    /// <summary>Runs a statement that returns no rows or whose rows are not needed.</summary>
    /// <returns>The number of rows that were changed.</returns>
    public int Run()
    {
        while (Read()) { }

        return raw.sqlite3_changes(database);
    }

    /// <summary>Steps to the next row. After the last row the statement no longer holds a lock on the database.</summary>
    public bool Read()
    {
        column = 0;
        var code = raw.sqlite3_step(statement);
        if (code == raw.SQLITE_ROW)
        {
            return true;
        }

        var failed = code != raw.SQLITE_DONE;
        if (failed)
        {
            // The error message must be read before the statement is reset.
            var error = new SqliteException(
                $"SQLite Error {code}: '{raw.sqlite3_errmsg(database).utf8_to_string()}'.",
                code,
                raw.sqlite3_extended_errcode(database)
            );
            raw.sqlite3_reset(statement);
            throw error;
        }

        raw.sqlite3_reset(statement);
        return false;
    }

    /// <summary>Stops reading before the last row.</summary>
    public void End() => raw.sqlite3_reset(statement);

    public long Number() => raw.sqlite3_column_int64(statement, column++);

    public int SmallNumber() => (int)Number();

    public bool Flag() => Number() != 0;

    public long? OptionalNumber() => IsNull() ? Skip<long?>() : Number();

    public string? OptionalText() => IsNull() ? Skip<string?>() : Text();

    public string Text() => raw.sqlite3_column_text(statement, column++).utf8_to_string();

    public DateTimeOffset Instant() => SqlDialect.Instant(Number());

    public DateTimeOffset? OptionalInstant() => IsNull() ? Skip<DateTimeOffset?>() : Instant();

    public void Dispose() => statement.Dispose();

    private bool IsNull() => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    private T? Skip<T>()
    {
        column++;
        return default;
    }

    private void Check(int code) => SqliteException.ThrowExceptionForRC(code, database);
}
