using System.CommandLine;
using GopherFlow.Client;
using GopherFlow.Tool.Output;

namespace GopherFlow.Tool.Commands;

/// <summary><c>gopherflow try Greeting.fsx --var name=Ann</c>.</summary>
internal static class TryCommand
{
    public static Command Of(Connection connection)
    {
        var script = new ScriptFile();
        var variables = new GivenVariables();
        var command = new Command("try", "Runs an F# script once and skips all waits. Nothing is stored.");
        script.AddTo(command);
        variables.AddTo(command);
        command.SetAction(
            async (parsed, cancellation) =>
            {
                var (name, source) = await script.ReadAsync(parsed, cancellation);
                var tried = await connection
                    .Client(parsed)
                    .TryScriptAsync(
                        new TryScriptRequest
                        {
                            Name = name,
                            Source = source,
                            StateVars = variables.Read(parsed),
                        },
                        cancellation
                    );
                if (tried.Trial is null)
                {
                    await Console.Error.WriteLineAsync(ScriptFile.Text(tried.Diagnostics));
                    return 1;
                }

                connection.Printer(parsed).Print(tried.Trial, Text);
                return 0;
            }
        );
        return command;
    }

    private static string Text(Trial trial) =>
        string.Join(
            Environment.NewLine,
            [
                .. trial.Steps.Select(step =>
                    $"  {step.State} -> {step.NextState}"
                    + (step.SkippedSeconds is { } skipped ? $"  (waits {TimeSpan.FromSeconds(skipped)}, skipped)" : "")
                    + string.Concat(step.Log.Select(line => $"\n      {line}"))
                    + (step.Error is { } error ? $"\n      {error.Text}" : "")
                ),
                $"{trial.Status} in {trial.State}",
                Printer.Line(trial.StateVars),
            ]
        );
}
