using System.CommandLine;
using System.Globalization;
using GopherFlow.Client;

namespace GopherFlow.Tool.Commands;

/// <summary><c>gopherflow cancel 17 --children</c>.</summary>
internal static class CancelCommand
{
    public static Command Of(Connection connection)
    {
        var id = new Argument<string>("workflow") { Description = "The id or external id of the workflow." };
        var children = new Option<bool>("--children") { Description = "Also cancel its unfinished descendants." };
        var command = new Command("cancel", "Cancels a workflow.") { id, children };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                var client = connection.Client(parsed);
                var workflow = await Connection.FindAsync(client, parsed.GetValue(id)!, cancellation);
                var cancelled = await client.CancelWorkflowAsync(
                    workflow.Id.ToString(CultureInfo.InvariantCulture),
                    new CancelWorkflowRequest { Children = parsed.GetValue(children) },
                    cancellation
                );
                connection.Printer(parsed).Print(cancelled, now => $"{workflow.Id}  {now.Status} in {now.State}");
                return 0;
            }
        );
        return command;
    }
}
