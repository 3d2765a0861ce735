using System.CommandLine;
using GopherFlow.Testing;
using GopherFlow.Tool.Replaying;
using Microsoft.Extensions.DependencyInjection;

namespace GopherFlow.Tool.Commands;

/// <summary><c>gopherflow replay run.json</c>: checks whether the current code takes the same path as an exported workflow.</summary>
internal static class ReplayCommand
{
    private const int Same = 0;
    private const int Differs = 1;

    private static readonly Argument<FileInfo> File = new("file")
    {
        Description = "A file that 'gopherflow export' or the test kit has written.",
    };

    private static readonly Option<DirectoryInfo> Scripts = new("--scripts", "-s")
    {
        Description = "The folder of scripts with the current code.",
        DefaultValueFactory = _ => new DirectoryInfo("scripts"),
    };

    private static readonly Option<FileInfo?> Assembly = new("--assembly", "-a")
    {
        Description = "A built assembly with the workflow class, instead of the folder.",
    };

    private static readonly Option<string[]> Ignored = new("--ignore")
    {
        Description = "Variables not to compare, because they differ in every run.",
        DefaultValueFactory = _ => [],
        AllowMultipleArgumentsPerToken = true,
    };

    public static Command Of(Connection connection)
    {
        var known = new GivenVariables("that the history does not keep, such as secrets");
        var command = new Command(
            "replay",
            "Runs an exported history against the current code. The exit code is 0 if it takes the same path, 1 if it does not, "
                + "and 2 if this cannot be determined."
        )
        {
            File,
            Scripts,
            Assembly,
            Ignored,
        };
        known.AddTo(command);
        command.SetAction(
            async (parsed, cancellation) =>
            {
                var export = await ExportFile.ReadAsync(parsed.GetValue(File)!, cancellation);
                await using var services = new ServiceCollection()
                    .AddLogging()
                    .AddSingleton(TimeProvider.System)
                    .BuildServiceProvider();
                using var today = parsed.GetValue(Assembly) is { } assembly
                    ? CurrentDefinition.OfAssembly(assembly, export.WorkflowType!, services)
                    : await CurrentDefinition.OfScriptsAsync(
                        parsed.GetValue(Scripts)!,
                        export.WorkflowType!,
                        cancellation
                    );
                var report = await Replay.RunAsync(
                    export,
                    today.Definition,
                    services,
                    new ReplayOptions { Known = known.Read(parsed), Ignored = parsed.GetValue(Ignored)! }
                );
                var same = report.IsSame && report.Compared > 0;
                connection
                    .Printer(parsed)
                    .Print(
                        new
                        {
                            same,
                            report.Compared,
                            report.Differences,
                            report.NotComparable,
                        },
                        _ => $"{report}"
                    );
                return same ? Same : Differs;
            }
        );
        return command;
    }
}
