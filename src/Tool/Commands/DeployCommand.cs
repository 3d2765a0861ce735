using System.CommandLine;
using GopherFlow.Client;

namespace GopherFlow.Tool.Commands;

/// <summary><c>gopherflow deploy Greeting.fsx</c>.</summary>
internal static class DeployCommand
{
    public static Command Of(Connection connection)
    {
        var script = new ScriptFile();
        var command = new Command("deploy", "Deploys an F# script, so that new workflows start on it.");
        script.AddTo(command);
        command.SetAction(
            async (parsed, cancellation) =>
            {
                var (name, source) = await script.ReadAsync(parsed, cancellation);
                var client = connection.Client(parsed);
                var found = await client.CheckScriptAsync(
                    new CheckScriptRequest { Name = name, Source = source },
                    cancellation
                );
                if (found.Definition is null)
                {
                    await Console.Error.WriteLineAsync(ScriptFile.Text(found.Diagnostics));
                    return 1;
                }

                var deployed = await client.DeployScriptAsync(
                    name,
                    new DeployScriptRequest { Source = source },
                    cancellation
                );
                connection
                    .Printer(parsed)
                    .Print(
                        deployed,
                        now => now.Changed ? $"{name} {now.Version}" : $"{name} {now.Version} is already current"
                    );
                return 0;
            }
        );
        return command;
    }
}
