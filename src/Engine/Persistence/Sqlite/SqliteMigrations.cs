using System.Globalization;
using System.Reflection;
using Microsoft.Data.Sqlite;

namespace GopherFlow.Persistence.Sqlite;

/// <summary>
/// Brings the schema up to date: numbered scripts, each once, forward only. The number of the last one is the file's
/// user_version, changed in the same transaction; the lock is SQLite's own, taken before the number is read.
/// </summary>
internal static class SqliteMigrations
{
    private const string Folder = ".Persistence.Sqlite.Migrations.";

    public static void Apply(SqliteConnection connection)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        var current = VersionOf(connection);
        var scripts = Scripts();
        var newest = scripts[^1].Number;
        if (current > newest)
        {
            throw new StoreSetupException(
                $"The database has schema version {current}, but this program only knows versions up to {newest}. "
                    + "It was written by a newer program: use that one, or another file."
            );
        }

        foreach (var (number, resource) in scripts.Where(script => script.Number > current))
        {
            Execute(connection, TextOf(resource));
            Execute(connection, $"PRAGMA user_version = {number.ToString(CultureInfo.InvariantCulture)};");
        }

        transaction.Commit();
    }

    private static List<(int Number, string Resource)> Scripts() =>
        [
            .. Assembly
                .GetExecutingAssembly()
                .GetManifestResourceNames()
                .Where(name => name.Contains(Folder, StringComparison.Ordinal))
                .Select(name => (NumberOf(name), name))
                .OrderBy(script => script.Item1),
        ];

    private static int NumberOf(string resource)
    {
        var start = resource.IndexOf(Folder, StringComparison.Ordinal) + Folder.Length;
        return int.Parse(resource.AsSpan(start, 4), CultureInfo.InvariantCulture);
    }

    private static string TextOf(string resource)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
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
