using System.Globalization;
using GopherFlow.Storage;
using Microsoft.Data.Sqlite;

namespace GopherFlow.Stores.Sqlite;

/// <summary>
/// Migrates the schema: numbered scripts, each applied once, forward only. The number of the last one is stored in the file's
/// user_version in the same transaction. SQLite's write lock is taken before the number is read.
/// </summary>
internal static class SqliteMigrations
{
    public static void Apply(SqliteConnection connection)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        foreach (var script in MigrationScripts.After(typeof(SqliteMigrations).Assembly, VersionOf(connection)))
        {
            Execute(connection, script.Sql);
            Execute(connection, $"PRAGMA user_version = {script.Number.ToString(CultureInfo.InvariantCulture)};");
        }

        transaction.Commit();
    }

    private static int VersionOf(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version;";
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
