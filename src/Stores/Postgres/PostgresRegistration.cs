using GopherFlow.Hosting;
using GopherFlow.Settings;

namespace GopherFlow.Stores.Postgres;

/// <summary>Registers PostgreSQL as the store.</summary>
public static class PostgresRegistration
{
    /// <summary>Stores workflows in the PostgreSQL database that the setting GFLOW_DATABASE_URL specifies.</summary>
    public static GopherFlowRegistration UsePostgres(this GopherFlowRegistration registration)
    {
        ArgumentNullException.ThrowIfNull(registration);
        return registration.UseDatabase(new ServerDatabase(null));
    }

    /// <summary>Stores workflows in the database of this ADO.NET connection string, regardless of the settings.</summary>
    public static GopherFlowRegistration UsePostgres(this GopherFlowRegistration registration, string connectionString)
    {
        ArgumentNullException.ThrowIfNull(registration);
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        return registration.UseDatabase(new ServerDatabase(connectionString));
    }

    /// <summary>The driver's names for the parts of a database URL.</summary>
    internal static DriverKeys Keys { get; } =
        new()
        {
            Schemes = ["postgres", "postgresql"],
            Host = "Host",
            User = "Username",
            SslMode = "SSL Mode",
            Parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
            {
                ["sslmode"] = "SSL Mode",
                ["sslrootcert"] = "Root Certificate",
                ["sslcert"] = "SSL Certificate",
                ["sslkey"] = "SSL Key",
                ["application_name"] = "Application Name",
                ["connect_timeout"] = "Timeout",
                ["search_path"] = "Search Path",
            },
            Example =
                "postgres://user:password@host:port/database, or a connection string such as Host=...;Username=...;Password=...;Database=...",
            FaultOf = static text =>
                PostgresDatabase.Understands(text)
                    ? null
                    : "names no host, or has a parameter that PostgreSQL's driver does not take",
        };

    private sealed class ServerDatabase(string? given) : Database
    {
        public override IReadOnlyList<string> Names => ["POSTGRES"];

        public override Func<TimeProvider?, OpenedStores> Read(SettingsReader settings)
        {
            var connectionString = given ?? DatabaseUrl.Read(settings, Keys)?.ConnectionString;
            return clock =>
            {
                var store = new PostgresStore(connectionString!, clock);
                return new OpenedStores(
                    store,
                    store.Accounts,
                    store.Audit,
                    store.Throughput,
                    store.Scripts,
                    store.Jobs,
                    store.Schedules
                );
            };
        }
    }
}
