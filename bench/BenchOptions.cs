using GopherFlow.Bench.Databases;
using GopherFlow.Settings;
using GopherFlow.Stores.Sqlite;

namespace GopherFlow.Bench;

/// <summary>The options of a benchmark.</summary>
/// <param name="Database">The database to measure.</param>
/// <param name="Workflows">The number of workflows that one load run creates.</param>
/// <param name="Warmup">The number of workflows that run before the measurement.</param>
/// <param name="Idle">The number of workflows that run one by one for the idle latency.</param>
/// <param name="Creators">The number of concurrent callers that create workflows.</param>
/// <param name="Slots">The number of workflows that an executor runs concurrently.</param>
/// <param name="Batch">The maximum number of members of one transaction.</param>
/// <param name="Executors">The number of executor processes.</param>
/// <param name="Listeners">The number of subscribers to all changes, in an additional process that runs no workflows.</param>
/// <param name="Runs">How often everything runs. The medians are reported.</param>
/// <param name="Finished">The number of finished workflows that exist before the load begins.</param>
/// <param name="Retention">The load in workflows per second while finished workflows are deleted; 0 to skip this measurement.</param>
/// <param name="Large">The size of a large table for measuring single transactions and searches; 0 to skip this measurement.</param>
/// <param name="Variables">The workflows per round for measuring the cost of changed variables; 0 to skip this measurement.</param>
/// <param name="Limits">The number of workflows under limits; 0 to skip this measurement.</param>
/// <param name="Crowd">The number of idle executors; 0 to skip this measurement.</param>
/// <param name="Http">The number of clients that create workflows over HTTP; 0 to skip this measurement.</param>
/// <param name="Seconds">The duration of <see cref="Crowd"/> or <see cref="Http"/>.</param>
/// <param name="Changes">The number of changes that three processes make and receive; 0 to skip this measurement.</param>
/// <param name="Children">The number of children of the parent of the large family.</param>
/// <param name="Parked">The number of parked workflows that become due at once.</param>
/// <param name="Synchronous">The durability of SQLite.</param>
/// <param name="Folder">The folder for SQLite files. It should be on the disk to measure.</param>
internal sealed record BenchOptions(
    string Database,
    int Workflows,
    int Warmup,
    int Idle,
    int Creators,
    int Slots,
    int Batch,
    int Executors,
    int Listeners,
    int Runs,
    int Finished,
    int Retention,
    int Large,
    int Variables,
    int Limits,
    int Crowd,
    int Http,
    int Seconds,
    int Changes,
    int Children,
    int Parked,
    SqliteSynchronous Synchronous,
    string Folder
)
{
    public const string Usage = """
        Benchmarks the engine against its raw-SQL control.

        dotnet fsi build.fsx bench [--name value ...]
        dotnet fsi build.fsx bench scripts FOLDER                 compiling, loading and running scripts of a folder

          --database W       sqlite, postgres or mariadb          (default sqlite)
          --workflows N      workflows of one load run            (default 60000)
          --warmup N         workflows before the measurement     (default 150000)
          --idle N           workflows one by one, for latency    (default 500)
          --creators N       concurrent callers that create       (default 512)
          --slots N          workflows that run concurrently      (default 512)
          --batch N          maximum members of one transaction   (default 512)
          --executors N      executor processes, each with slots  (default 1)
          --listeners N      subscribers in another process       (default 0)
          --runs N           runs; medians are reported           (default 3)
          --finished N       finished workflows before the load   (default 0)
          --retention N      only this: delete finished workflows under a load
                             of N workflows per second            (default 0)
          --large N          only this: time single transactions and searches in a
                             table of N workflows; PostgreSQL     (default 0)
          --variables N      only this: rounds of N workflows that change a
                             variable, with and without history   (default 0)
          --limits N         only this: N workflows under limits on three
                             executors, two of which are killed   (default 0)
          --crowd N          only this: N idle executors in one process
                                                                  (default 0)
          --http N           only this: N clients create over HTTP, compared with
                             N callers of the engine              (default 0)
          --seconds N        duration of --crowd and --http       (default 60)
          --changes N        only this: three processes make N changes and
                             receive those of the others          (default 0)
          --children N       children of one parent               (default 1000)
          --parked N         workflows that become due at once    (default 100000)
          --synchronous W    SQLite: FULL or NORMAL               (default FULL)
          --folder PATH      SQLite: folder of its files          (default artifacts/bench)

        For PostgreSQL and MariaDB the target starts a server for the run, with its data in the temporary folder (set TMPDIR to use
        another disk). To use another server, set GFLOW_BENCH_POSTGRES or GFLOW_BENCH_MARIADB to an administrator's connection string.
        """;

    /// <summary>The command-line arguments that these options were read from.</summary>
    public IReadOnlyList<string> Arguments { get; private init; } = [];

    /// <summary>Parses the command line. Returns null after printing the errors if it is invalid.</summary>
    public static BenchOptions? Parse(string[] arguments)
    {
        var values = new Dictionary<string, string>();
        for (var index = 0; index < arguments.Length; index += 2)
        {
            if (!arguments[index].StartsWith("--", StringComparison.Ordinal) || index + 1 == arguments.Length)
            {
                Console.Error.WriteLine($"'{arguments[index]}' is not --name value.{Environment.NewLine}{Usage}");
                return null;
            }

            values[arguments[index][2..]] = arguments[index + 1];
        }

        var settings = new SettingsReader(name => values.Remove(name, out var value) ? value : null);
        var options = new BenchOptions(
            settings.Choice(
                "database",
                "sqlite",
                BenchDatabase.All.ToDictionary(database => database.Name, database => database.Name)
            ),
            settings.WholeNumber("workflows", 60_000, 1, 10_000_000),
            settings.WholeNumber("warmup", 150_000, 0, 10_000_000),
            settings.WholeNumber("idle", 500, 1, 1_000_000),
            settings.WholeNumber("creators", 512, 1, 10_000),
            settings.WholeNumber("slots", 512, 1, 10_000),
            settings.WholeNumber("batch", 512, 1, 10_000),
            settings.WholeNumber("executors", 1, 1, 64),
            settings.WholeNumber("listeners", 0, 0, 1_000),
            settings.WholeNumber("runs", 3, 1, 99),
            settings.WholeNumber("finished", 0, 0, 10_000_000),
            settings.WholeNumber("retention", 0, 0, 1_000_000),
            settings.WholeNumber("large", 0, 0, 100_000_000),
            settings.WholeNumber("variables", 0, 0, 10_000_000),
            settings.WholeNumber("limits", 0, 0, 10_000_000),
            settings.WholeNumber("crowd", 0, 0, 1_000),
            settings.WholeNumber("http", 0, 0, 10_000),
            settings.WholeNumber("seconds", 60, 1, 86_400),
            settings.WholeNumber("changes", 0, 0, 1_000_000),
            settings.WholeNumber("children", 1000, 1, 100_000),
            settings.WholeNumber("parked", 100_000, 0, 10_000_000),
            settings.Choice(
                "synchronous",
                SqliteSynchronous.Full,
                new Dictionary<string, SqliteSynchronous>
                {
                    ["FULL"] = SqliteSynchronous.Full,
                    ["NORMAL"] = SqliteSynchronous.Normal,
                }
            ),
            settings.Text("folder", Path.Combine("artifacts", "bench"))
        )
        {
            Arguments = arguments,
        };
        string[] faults = [.. settings.Faults, .. values.Keys.Select(name => $"--{name} is not an option.")];
        if (faults.Length == 0)
        {
            return options;
        }

        Console.Error.WriteLine($"{string.Join(Environment.NewLine, faults)}{Environment.NewLine}{Usage}");
        return null;
    }
}
