using System.CommandLine;
using System.Globalization;
using System.Net;
using GopherFlow.Client;
using GopherFlow.Tool.Output;

namespace GopherFlow.Tool.Commands;

/// <summary><c>gopherflow show 17</c>: the status of a workflow, its diagram, variables and history.</summary>
internal static class ShowCommand
{
    private const int Entries = 200;

    public static Command Of(Connection connection)
    {
        var id = new Argument<string>("workflow") { Description = "The id or external id of the workflow." };
        var command = new Command("show", "Shows a workflow with its diagram, variables and history.") { id };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                var client = connection.Client(parsed);
                var workflow = await Connection.FindAsync(client, parsed.GetValue(id)!, cancellation);
                var number = workflow.Id.ToString(CultureInfo.InvariantCulture);
                var definition = await DefinitionAsync(client, workflow, cancellation);
                var path = await client.GetPathAsync(number, cancellation);
                var history = await client.GetHistoryAsync(number, limit: Entries, cancellation: cancellation);
                connection
                    .Printer(parsed)
                    .Print(
                        new
                        {
                            workflow,
                            path,
                            history = history.Entries,
                        },
                        _ => WorkflowText.Whole(workflow, definition, path, history)
                    );
                return 0;
            }
        );
        return command;
    }

    /// <summary>The definition of the workflow's version; null if it no longer exists.</summary>
    private static async Task<Definition?> DefinitionAsync(
        GopherFlowClient client,
        Workflow workflow,
        CancellationToken cancellation
    )
    {
        try
        {
            return await client.GetDefinitionAsync(workflow.WorkflowType, workflow.Version, cancellation);
        }
        catch (GopherFlowException refusal) when (refusal.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }
}
