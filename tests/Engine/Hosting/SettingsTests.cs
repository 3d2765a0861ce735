using GopherFlow.Hosting;
using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.Storage.InMemory;
using GopherFlow.Stores.MySql;
using GopherFlow.Stores.Postgres;
using GopherFlow.Stores.Sqlite;

namespace GopherFlow.Engine.Tests.Hosting;

/// <summary>Settings by name.</summary>
public sealed class SettingsTests
{
    [Fact]
    public void Unset_settings_have_their_defaults() => Assert.Equivalent(new EngineOptions(), Read([]));

    [Fact]
    public void Set_values_are_used()
    {
        var options = Read(
            new()
            {
                ["GFLOW_DATABASE_TYPE"] = "sqllite",
                ["EXECUTOR_NAME"] = "night shift",
                ["GFLOW_ENGINE_ENABLED"] = "False",
                ["GFLOW_ENGINE_EXECUTOR_GROUP"] = "fast, slow",
                ["GFLOW_ENGINE_EXECUTOR_SIZE"] = "7",
                ["GFLOW_ENGINE_BATCH_SIZE"] = "8",
                ["GFLOW_ENGINE_CHECK_DB_INTERVAL"] = "1m30s",
                ["GFLOW_ENGINE_PRIORITY_STEP"] = "90s",
                ["GFLOW_ENGINE_STUCK_WORKFLOWS_INTERVAL"] = "500ms",
                ["GFLOW_ENGINE_STUCK_WORKFLOWS_REPAIR_AFTER_MINUTES"] = "5",
                ["GFLOW_ENGINE_GRACE_PERIOD"] = "1.5s",
                ["GFLOW_ENGINE_RETENTION_FINISHED"] = "7d",
                ["GFLOW_ENGINE_RETENTION_FAILED"] = "0s",
                ["GFLOW_ENGINE_RETENTION_CANCELLED"] = "1d12h",
                ["GFLOW_ENGINE_RETENTION_SIGNALS"] = "2h",
                ["GFLOW_ENGINE_RETENTION_SCRIPT_VERSIONS"] = "3",
                ["GFLOW_ENGINE_RETENTION_AUDIT"] = "90d",
                ["GFLOW_ENGINE_RETENTION_INTERVAL"] = "0s",
            }
        );
        Assert.Equivalent(
            new EngineOptions
            {
                ExecutorName = "night shift",
                IsEnabled = false,
                ExecutorGroups = ["fast", "slow"],
                ExecutorSize = 7,
                BatchSize = 8,
                CheckDbInterval = TimeSpan.FromSeconds(90),
                PriorityStep = TimeSpan.FromSeconds(90),
                StuckWorkflowsInterval = TimeSpan.FromMilliseconds(500),
                Lease = TimeSpan.FromMinutes(5),
                GracePeriod = TimeSpan.FromSeconds(1.5),
                RetentionFinished = TimeSpan.FromDays(7),
                RetentionFailed = TimeSpan.Zero,
                RetentionCancelled = TimeSpan.FromHours(36),
                RetentionSignals = TimeSpan.FromHours(2),
                RetentionScriptVersions = 3,
                RetentionAudit = TimeSpan.FromDays(90),
                RetentionInterval = TimeSpan.Zero,
            },
            options
        );
    }

    [Theory]
    [InlineData("memory", typeof(InMemoryStore))]
    [InlineData("/data/flow.db", typeof(SqliteStore))]
    public void The_file_name_memory_selects_the_in_memory_store(string file, Type store) =>
        Assert.IsType(store, Open(new() { ["GFLOW_DATABASE_SQLLITE_FILE_NAME"] = file }).Workflows);

    [Theory]
    [InlineData("sqllite", typeof(SqliteStore))]
    [InlineData("POSTGRES", typeof(PostgresStore))]
    [InlineData("mysql", typeof(MySqlStore))]
    [InlineData(null, typeof(SqliteStore))]
    public void The_type_selects_among_the_registered_databases(string? type, Type store) =>
        Assert.IsType(
            store,
            Open(
                new()
                {
                    ["GFLOW_DATABASE_TYPE"] = type!,
                    ["GFLOW_DATABASE_URL"] = type == "mysql" ? "mysql://h/d" : "postgres://h/d",
                }
            ).Workflows
        );

    [Fact]
    public void An_application_without_a_database_cannot_start() =>
        Assert.Contains(
            "UseSqlite()",
            Assert.Throws<StoreSetupException>(() => new GopherFlowRegistration().OpenStores(clock: null)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void All_errors_are_reported_at_once_with_the_received_and_expected_values()
    {
        var fault = Assert.Throws<InvalidSettingsException>(() =>
            Read(
                new()
                {
                    ["GFLOW_DATABASE_TYPE"] = "ORACLE",
                    ["GFLOW_ENGINE_EXECUTOR_SIZE"] = "0",
                    ["GFLOW_ENGINE_BATCH_SIZE"] = "many",
                    ["GFLOW_ENGINE_LEASE"] = "15",
                    ["GFLOW_ENGINE_EXECUTOR_GROUP"] = " , ",
                    ["GFLOW_ENGINE_RETENTION_FINISHED"] = "-1h",
                }
            )
        );

        Assert.Equal(6, fault.Faults.Count);
        Assert.Contains(
            "GFLOW_DATABASE_TYPE is 'ORACLE'; expected one of SQLITE, SQLLITE, POSTGRES, MYSQL.",
            fault.Faults
        );
        Assert.Contains("GFLOW_ENGINE_EXECUTOR_SIZE is '0'; expected a whole number from 1 to 10000.", fault.Faults);
        Assert.Contains(
            "GFLOW_ENGINE_LEASE is '15'; expected a duration from 1s to 24h, such as 3s, 500ms or 1m30s.",
            fault.Faults
        );
        Assert.Contains(fault.Faults, each => each.StartsWith("GFLOW_ENGINE_RETENTION_FINISHED is '-1h'"));
        Assert.All(fault.Faults, each => Assert.Contains(each, fault.Message));
    }

    private static EngineOptions Read(Dictionary<string, string> settings)
    {
        var reader = new SettingsReader(settings.GetValueOrDefault);
        var options = EngineSettings.Read(reader);
        AllDatabases().ReadSettings(reader);
        reader.ThrowIfFaulty();
        return options;
    }

    private static GopherFlowRegistration AllDatabases() =>
        new GopherFlowRegistration().UseSqlite().UsePostgres().UseMySql();

    private static OpenedStores Open(Dictionary<string, string> settings)
    {
        var reader = new SettingsReader(settings.GetValueOrDefault);
        var registration = AllDatabases();
        registration.ReadSettings(reader);
        reader.ThrowIfFaulty();
        return registration.OpenStores(clock: null);
    }
}
