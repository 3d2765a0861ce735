using GopherFlow.Crash;
using GopherFlow.Settings;

if (args is ["executor"])
{
    return await ExecutorProgram.RunAsync();
}

const string Usage = """
    Kills, stalls and restarts executors over one database, then checks that nothing is lost or done twice.

    dotnet fsi build.fsx crash [--name value ...]

      --database W     sqlite, postgres, mariadb, or           (default sqlite)
                       postgres-pair: a server and its replica, which is promoted when the server is killed, or
                       galera: a MariaDB cluster of three, one of which is killed or cut off
      --seconds N      duration of the blows                   (default 60; 30 for postgres-pair)
      --workflows N    workflows created from outside          (default 2000)
      --seed N         determines the blows                    (default: by the clock)
    """;

var values = new Dictionary<string, string>();
for (var index = 0; index + 1 < args.Length; index += 2)
{
    values[args[index]] = args[index + 1];
}

var settings = new SettingsReader(name => values.Remove($"--{name}", out var value) ? value : null);
var database = settings.Choice("database", "sqlite", CrashDatabase.Choices.ToDictionary(kind => kind));
var options = new CrashOptions(
    database,
    TimeSpan.FromSeconds(settings.WholeNumber("seconds", database == CrashDatabase.Pair ? 30 : 60, 1, 86_400)),
    settings.WholeNumber("workflows", 2000, 1, 1_000_000),
    settings.WholeNumber("seed", Environment.TickCount & 0xFFFF, 0, int.MaxValue)
);
if (settings.Faults.Count > 0 || values.Count > 0 || args.Length % 2 != 0)
{
    Console.Error.WriteLine(
        string.Join(
            Environment.NewLine,
            [.. settings.Faults, .. values.Keys.Select(name => $"{name} is not an option."), Usage]
        )
    );
    return 1;
}

Console.WriteLine($"{options.Database}, {options.Workflows} workflows, seed {options.Seed}");
var report = await new CrashRun(options, line => Console.WriteLine($"{DateTime.Now:HH:mm:ss} {line}")).RunAsync(
    CancellationToken.None
);
Console.WriteLine(
    $"{report.Workflows} workflows with children, {report.Repaired} takeovers, "
        + string.Join(", ", report.Blows.Select(blow => $"{blow.Value} x {blow.Key}"))
);
Console.WriteLine($"the latest deadline was {report.LatestDeadline.TotalSeconds:0.00} s late");
var faults = report.Faults.ToList();
if (report.LatestDeadline > CrashOptions.DeadlineTolerance)
{
    faults.Add(
        $"a deadline passed more than {CrashOptions.DeadlineTolerance.TotalSeconds} s after the blow or the takeover"
    );
}

foreach (var fault in faults)
{
    Console.WriteLine($"FAULT {fault}");
}

Console.WriteLine(faults.Count == 0 ? "Nothing is lost or done twice." : $"{faults.Count} faults.");
return faults.Count == 0 ? 0 : 1;
