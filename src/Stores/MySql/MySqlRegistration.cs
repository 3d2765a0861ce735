using GopherFlow.Hosting;
using GopherFlow.Settings;

namespace GopherFlow.Stores.MySql;

/// <summary>Registers MySQL or MariaDB as the store.</summary>
public static class MySqlRegistration
{
    /// <summary>Stores workflows in the MySQL or MariaDB database that the setting GFLOW_DATABASE_URL specifies.</summary>
    public static GopherFlowRegistration UseMySql(this GopherFlowRegistration registration)
    {
        ArgumentNullException.ThrowIfNull(registration);
        return registration.UseDatabase(new ServerDatabase(null));
    }

    /// <summary>Stores workflows in the database of this ADO.NET connection string, regardless of the settings.</summary>
    public static GopherFlowRegistration UseMySql(this GopherFlowRegistration registration, string connectionString)
    {
        ArgumentNullException.ThrowIfNull(registration);
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        return registration.UseDatabase(new ServerDatabase(connectionString));
    }

    /// <summary>The driver's names for the parts of a database URL.</summary>
    internal static DriverKeys Keys { get; } =
        new()
        {
            Schemes = ["mysql", "mariadb"],
            Host = "Server",
            User = "User ID",
            SslMode = "SslMode",
            Parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
            {
                ["sslmode"] = "SslMode",
                ["ssl-mode"] = "SslMode",
                ["charset"] = "CharSet",
                ["connect_timeout"] = "Connection Timeout",
            },
            SslModes = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
            {
                ["disable"] = "None",
                ["disabled"] = "None",
                ["prefer"] = "Preferred",
                ["require"] = "Required",
                ["verify-ca"] = "VerifyCA",
                ["verify_ca"] = "VerifyCA",
                ["verify-full"] = "VerifyFull",
                ["verify_identity"] = "VerifyFull",
            },
            Example =
                "mysql://user:password@host:port/database, or a connection string such as Server=...;User ID=...;Password=...;Database=...",
        };

    private sealed class ServerDatabase(string? given) : Database
    {
        public override IReadOnlyList<string> Names => ["MYSQL"];

        public override Func<TimeProvider?, OpenedStores> Read(SettingsReader settings)
        {
            var connectionString = given ?? DatabaseUrl.Read(settings, Keys)?.ConnectionString;
            return clock =>
            {
                var store = new MySqlStore(connectionString!, clock);
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
