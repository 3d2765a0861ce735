using System.CommandLine;
using System.Globalization;

namespace GopherFlow.Tool.Commands;

/// <summary><c>gopherflow retry 17</c>.</summary>
internal static class RetryCommand
{
    public static Command Of(Connection connection)
    {
        var id = new Argument<string>("workflow") { Description = "Its id or external id." };
        var command = new Command("retry", "Runs a failed state again, or one that waits for its next attempt, now.")
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
