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
            Description = "Take the workflows over. Without it, it is only said what would become of them.",
        };
        var failed = new Option<bool>("--failed")
        {
            Description = "Also those that are FAILED or ERROR there: they run their state again, at once.",
        };
        var running = new Option<bool>("--while-running")
        {
            Description = "Do it although an executor of the Go system is alive. What both run is run twice.",
        };
        var parsed = Several("--parse", "Variables whose text is JSON: here they are the value, not the text.");
        var awaiting = Several(
            "--awaits-children",
            "States in which a parent waits for its children: it goes on when the last one has ended."
        );
        var command = new Command("takeover", "Takes unfinished workflows of the Go system over.")
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
