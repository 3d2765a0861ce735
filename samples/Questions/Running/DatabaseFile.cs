using Microsoft.Data.Sqlite;

namespace GopherFlow.Questions.Running;

/// <summary>A temporary SQLite database, deleted after the sample.</summary>
internal sealed class DatabaseFile : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gopherflow-");

    public string Path => System.IO.Path.Combine(folder.FullName, "gflow.db");

    public async Task<SqliteConnection> OpenAsync(string setUp)
    {
        var connection = new SqliteConnection($"Data Source={Path};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = setUp;
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    public void Dispose() => folder.Delete(recursive: true);
}
