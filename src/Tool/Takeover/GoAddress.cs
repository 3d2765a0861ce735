using System.Data.Common;
using System.Text.RegularExpressions;
using GopherFlow.Settings;
using GopherFlow.Stores.MySql;
using GopherFlow.Stores.Postgres;
using Microsoft.Data.Sqlite;
using MySqlConnector;
using Npgsql;

namespace GopherFlow.Tool.Takeover;

/// <summary>The address of the Go system's database: the URL from its settings, or a SQLite file.</summary>
internal static partial class GoAddress
{
    /// <summary>Parameters of the Go system's MySQL driver that this driver does not support.</summary>
    private static readonly HashSet<string> OfGoDriver = new(StringComparer.OrdinalIgnoreCase)
    {
        "parseTime",
        "loc",
        "collation",
        "multiStatements",
        "timeout",
        "readTimeout",
        "writeTimeout",
        "interpolateParams",
        "clientFoundRows",
        "allowNativePasswords",
        "time_zone",
    };

    /// <summary>Creates a connection without opening it. Error messages contain no part of the password.</summary>
    /// <exception cref="CommandException">The address is not that of a database.</exception>
    public static DbConnection ConnectionTo(string source)
    {
        if (HasScheme(source, PostgresRegistration.Keys))
        {
            return new NpgsqlConnection(Parsed(PostgresRegistration.Keys, source));
        }

        if (HasScheme(source, MySqlRegistration.Keys))
        {
            return new MySqlConnection(Parsed(MySqlRegistration.Keys, WithoutGoWords(source)));
        }

        var file = source.StartsWith("sqlite3://", StringComparison.Ordinal) ? source["sqlite3://".Length..] : source;
        return File.Exists(file)
            ? new SqliteConnection(
                new SqliteConnectionStringBuilder
                {
                    DataSource = file,
                    Mode = SqliteOpenMode.ReadOnly,
                    Pooling = false,
                }.ConnectionString
            )
            : throw new CommandException(
                $"There is no file '{file}'; expected postgres://..., mysql://... or the SQLite file of the Go system."
            );
    }

    private static bool HasScheme(string source, DriverKeys keys) =>
        keys.Schemes.Any(scheme => source.StartsWith($"{scheme}://", StringComparison.OrdinalIgnoreCase));

    private static string Parsed(DriverKeys keys, string source) =>
        DatabaseUrl.TryParse(keys, source, out var url, out var fault)
            ? url.ConnectionString
            : throw new CommandException($"The address of the Go system's database {fault}.");

    /// <summary>Converts the format of the Go driver, which writes <c>tcp(host:port)</c> and has parameters of its own.</summary>
    private static string WithoutGoWords(string source)
    {
        var query = source.IndexOf('?', StringComparison.Ordinal);
        var address = InTcp().Replace(query < 0 ? source : source[..query], "@$1");
        var parameters = query < 0 ? [] : source[(query + 1)..].Split('&').Select(Known).OfType<string>().ToList();
        return parameters.Count == 0 ? address : $"{address}?{string.Join('&', parameters)}";
    }

    private static string? Known(string parameter)
    {
        var name = parameter.Split('=')[0];
        return OfGoDriver.Contains(name) ? null
            : name != "tls" ? parameter
            : parameter switch
            {
                "tls=true" => "sslmode=verify-full",
                "tls=skip-verify" => "sslmode=require",
                _ => null,
            };
    }

    [GeneratedRegex(@"@tcp\(([^)]*)\)")]
    private static partial Regex InTcp();
}
