using System.CommandLine;
using GopherFlow.Tool.Takeover;

namespace GopherFlow.Tool.Commands;

/// <summary><c>gopherflow takeover postgres://user:password@host/workflows --apply</c>.</summary>
internal static class TakeoverCommand
{
    private const string SourceVariable = "GOPHERFLOW_TAKEOVER_SOURCE";

    public static Command Of(Connection connection)
    {
        var source = new Argument<string?>("source")
        {
            Description =
                $"The Go system's database: its GFLOW_DATABASE_URL, or its SQLite file. It is only read. Default: {SourceVariable}.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var apply = new Option<bool>("--apply")
        {
            Description = "Take the workflows over. Without this option, only a preview is shown.",
        };
        var failed = new Option<bool>("--failed")
        {
            Description = "Also take over FAILED and ERROR workflows. They run their state again at once.",
        };
        var running = new Option<bool>("--while-running")
        {
            Description =
                "Proceed although an executor of the Go system is alive. Workflows that both systems run are run twice.",
        };
        var parsed = Several("--parse", "Variables whose text is JSON and is to be parsed into a value.");
        var awaiting = Several(
            "--awaits-children",
            "States in which a parent waits for its children. It continues when the last child has ended."
        );
        var command = new Command("takeover", "Takes over unfinished workflows of the Go system.")
        {
            source,
            apply,
            failed,
            running,
            parsed,
            awaiting,
        };
        command.SetAction(RunAsync);
        return command;

        async Task<int> RunAsync(ParseResult given, CancellationToken cancellation)
        {
            var address =
                given.GetValue(source)
                ?? Environment.GetEnvironmentVariable(SourceVariable)
                ?? throw new CommandException(
                    $"The source is missing; expected the Go system's database, as an argument or in {SourceVariable}."
                );
            var options = new TakeoverOptions
            {
                Apply = given.GetValue(apply),
                WithFailed = given.GetValue(failed),
                WhileRunning = given.GetValue(running),
                Parsed = given.GetValue(parsed)!.ToHashSet(StringComparer.Ordinal),
                AwaitingChildren = given.GetValue(awaiting)!.ToHashSet(StringComparer.Ordinal),
            };
            await using var database = await GoDatabase.OpenAsync(address, cancellation);
            var report = await new TakeoverRun(database, connection.Client(given), options).RunAsync(cancellation);
            connection.Printer(given).Print(report, made => made.ToText());
            return report.Refused.Count == 0 ? 0 : 1;
        }
    }

    private static Option<string[]> Several(string name, string description) =>
        new(name) { Description = description, DefaultValueFactory = _ => [] };
}
