using GopherFlow.Bench.Databases;
using GopherFlow.Settings;
using GopherFlow.Stores.Sqlite;

namespace GopherFlow.Bench;

/// <summary>What to measure.</summary>
/// <param name="Database">Which database.</param>
/// <param name="Workflows">How many workflows one load run creates.</param>
/// <param name="Warmup">How many workflows are run before anything is measured.</param>
/// <param name="Idle">How many workflows are run one by one for the idle latency.</param>
/// <param name="Creators">How many callers create at the same time.</param>
/// <param name="Slots">How many workflows the executor runs at once.</param>
/// <param name="Batch">The most members of one transaction.</param>
/// <param name="Executors">How many executor processes there are.</param>
/// <param name="Listeners">How many listeners hear every change, in one further process that runs no workflows.</param>
/// <param name="Runs">How often everything is run; the medians are told.</param>
/// <param name="Finished">How many finished workflows are there before the load begins.</param>
/// <param name="Retention">Workflows per second beside which the finished ones are deleted; with 0 that is not measured.</param>
/// <param name="Large">Workflows in a table in which single transactions and searches are measured; with 0 that is not done.</param>
/// <param name="Variables">Workflows of a round in which changed variables are priced; with 0 that is not measured.</param>
/// <param name="Limits">Workflows under limits; with 0 that is not measured.</param>
/// <param name="Crowd">Executors that have nothing to do; with 0 that is not measured.</param>
/// <param name="Http">Clients that create over HTTP; with 0 that is not measured.</param>
/// <param name="Seconds">How long a run of <see cref="Crowd"/> or <see cref="Http"/> lasts.</param>
/// <param name="Changes">Changes that three processes make and hear of; with 0 that is not measured.</param>
/// <param name="Children">How many children the parent of the large family has.</param>
/// <param name="Parked">How many parked workflows fall due at once.</param>
/// <param name="Synchronous">The durability of SQLite.</param>
/// <param name="Folder">Where the database files go: put it on the disk that is to be measured.</param>
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
        Measures the engine beside its raw-SQL control.

        dotnet fsi build.fsx bench [--name value ...]
        dotnet fsi build.fsx bench scripts FOLDER                 compiling, loading and a step of the scripts of a folder

          --database W       sqlite, postgres or mariadb          (default sqlite)
          --workflows N      workflows of one load run            (default 60000)
          --warmup N         workflows before the measurement     (default 150000)
          --idle N           workflows one by one, for latency    (default 500)
          --creators N       callers that create at once          (default 512)
          --slots N          workflows that run at once           (default 512)
          --batch N          most members of one transaction      (default 512)
          --executors N      executor processes, each with slots  (default 1)
          --listeners N      listeners to everything elsewhere    (default 0)
          --runs N           runs; the medians are told           (default 3)
          --finished N       finished workflows there before      (default 0)
          --retention N      instead of all else: the finished are deleted
                             beside N workflows a second          (default 0)
          --large N          instead of all else: N workflows are made, and single
                             transactions and searches are timed; PostgreSQL (default 0)
          --variables N      instead of all else: rounds of N workflows that change
                             a variable, with and without history   (default 0)
          --limits N         instead of all else: N workflows under limits over
                             three executors, two of which are killed (default 0)
          --crowd N          instead of all else: N executors have nothing to do,
                             all in one process                   (default 0)
          --http N           instead of all else: N clients create over HTTP,
                             beside as many callers of the engine (default 0)
          --seconds N        how long these two last              (default 60)
          --changes N        instead of all else: three processes make N changes
                             and hear of those of the others      (default 0)
          --children N       children of one parent               (default 1000)
          --parked N         workflows that fall due at once      (default 100000)
          --synchronous W    SQLite: FULL or NORMAL               (default FULL)
          --folder PATH      SQLite: where its files go           (default artifacts/bench)

        PostgreSQL and MariaDB are servers that the target starts for the run, with their data in the temporary folder (TMPDIR names
        another disk), or those that GFLOW_BENCH_POSTGRES and GFLOW_BENCH_MARIADB name by an administrator's connection string.
        """;

    /// <summary>The command line that says all this.</summary>
    public IReadOnlyList<string> Arguments { get; private init; } = [];

    /// <summary>Reads the command line; null when it is not one, after saying why.</summary>
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
