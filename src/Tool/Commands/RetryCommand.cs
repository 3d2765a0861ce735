using System.CommandLine;
using System.Globalization;

namespace GopherFlow.Tool.Commands;

/// <summary><c>gopherflow retry 17</c>.</summary>
internal static class RetryCommand
{
    public static Command Of(Connection connection)
    {
        var id = new Argument<string>("workflow") { Description = "The id or external id of the workflow." };
        var command = new Command("retry", "Retries a state now that has failed, or that waits for its next attempt.")
        {
            id,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                var client = connection.Client(parsed);
                var workflow = await Connection.FindAsync(client, parsed.GetValue(id)!, cancellation);
                var changed = await client.RetryWorkflowAsync(
                    workflow.Id.ToString(CultureInfo.InvariantCulture),
                    cancellation: cancellation
                );
                connection.Printer(parsed).Print(changed, now => $"{workflow.Id}  {now.Status} in {now.State}");
                return 0;
            }
        );
        return command;
    }
}
