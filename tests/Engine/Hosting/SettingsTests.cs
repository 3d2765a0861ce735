using GopherFlow.Hosting;

namespace GopherFlow.Engine.Tests.Hosting;

/// <summary>Settings by name.</summary>
public sealed class SettingsTests
{
    [Fact]
    public void What_is_not_set_has_its_default() => Assert.Equivalent(new EngineOptions(), Read([]));

    [Fact]
    public void What_is_set_is_taken()
    {
        var options = Read(
            new()
            {
                ["GFLOW_DATABASE_TYPE"] = "sqllite",
                ["GFLOW_DATABASE_SQLLITE_FILE_NAME"] = "/data/flow.db",
                ["GFLOW_DATABASE_SQLITE_SYNCHRONOUS"] = "NORMAL",
                ["EXECUTOR_NAME"] = "night shift",
                ["GFLOW_ENGINE_EXECUTOR_GROUP"] = "fast, slow",
                ["GFLOW_ENGINE_EXECUTOR_SIZE"] = "7",
                ["GFLOW_ENGINE_BATCH_SIZE"] = "8",
                ["GFLOW_ENGINE_CHECK_DB_INTERVAL"] = "1m30s",
                ["GFLOW_ENGINE_STUCK_WORKFLOWS_INTERVAL"] = "500ms",
                ["GFLOW_ENGINE_STUCK_WORKFLOWS_REPAIR_AFTER_MINUTES"] = "5",
                ["GFLOW_ENGINE_GRACE_PERIOD"] = "1.5s",
            }
        );
        Assert.Equivalent(
            new EngineOptions
            {
                SqliteFile = "/data/flow.db",
                SqliteSynchronous = SqliteSynchronous.Normal,
                ExecutorName = "night shift",
                ExecutorGroups = ["fast", "slow"],
                ExecutorSize = 7,
                BatchSize = 8,
                CheckDbInterval = TimeSpan.FromSeconds(90),
                StuckWorkflowsInterval = TimeSpan.FromMilliseconds(500),
                Lease = TimeSpan.FromMinutes(5),
                GracePeriod = TimeSpan.FromSeconds(1.5),
            },
            options
        );
    }

    [Fact]
    public void A_file_named_memory_is_no_file() =>
        Assert.Equal(DatabaseType.InMemory, Read(new() { ["GFLOW_DATABASE_SQLLITE_FILE_NAME"] = "memory" }).Database);

    [Fact]
    public void Every_fault_is_told_at_once_with_what_came_and_what_is_expected()
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
                }
            )
        );

        Assert.Equal(5, fault.Faults.Count);
        Assert.Contains(
            "GFLOW_DATABASE_TYPE is 'ORACLE'; expected one of POSTGRES, MYSQL, SQLITE, SQLLITE.",
            fault.Faults
        );
        Assert.Contains("GFLOW_ENGINE_EXECUTOR_SIZE is '0'; expected a whole number from 1 to 10000.", fault.Faults);
        Assert.Contains(
            "GFLOW_ENGINE_LEASE is '15'; expected a duration from 1s to 24h, such as 3s, 500ms or 1m30s.",
            fault.Faults
        );
        Assert.All(fault.Faults, each => Assert.Contains(each, fault.Message));
    }

    private static EngineOptions Read(Dictionary<string, string> settings)
    {
        var reader = new SettingsReader(settings.GetValueOrDefault);
        var options = EngineSettings.Read(reader);
        reader.ThrowIfFaulty();
        return options;
    }
}
