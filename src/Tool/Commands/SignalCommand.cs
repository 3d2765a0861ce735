using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using GopherFlow.Client;

namespace GopherFlow.Tool.Commands;

/// <summary><c>gopherflow signal 17 paid '{"amount":250}'</c>.</summary>
internal static class SignalCommand
{
    public static Command Of(Connection connection)
    {
        var id = new Argument<string>("workflow") { Description = "The id or external id of the workflow." };
        var name = new Argument<string>("name") { Description = "The name of the signal." };
        var payload = new Argument<string?>("payload")
        {
            Description = "JSON; anything else is sent as text. Default: null.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var key = new Option<string?>("--signal-key")
        {
            Description = "An idempotency key: the same signal is not received twice.",
        };
        var command = new Command("signal", "Sends a signal to a workflow.") { id, name, payload, key };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                var client = connection.Client(parsed);
                var workflow = await Connection.FindAsync(client, parsed.GetValue(id)!, cancellation);
                var sent = await client.SignalWorkflowAsync(
                    workflow.Id.ToString(CultureInfo.InvariantCulture),
                    new SignalWorkflowRequest
                    {
                        Name = parsed.GetValue(name)!,
                        Key = parsed.GetValue(key),
                        Payload = parsed.GetValue(payload) is { } text
                            ? JsonSerializer.SerializeToElement(GivenVariables.ValueOf(text))
                            : null,
                    },
                    cancellation
                );
                connection.Printer(parsed).Print(sent, _ => $"sent to {workflow.Id}");
                return 0;
            }
        );
        return command;
    }
}
