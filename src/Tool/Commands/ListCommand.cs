using System.CommandLine;
using GopherFlow.Client;
using GopherFlow.Tool.Output;

namespace GopherFlow.Tool.Commands;

/// <summary><c>gopherflow list --type Order --status FAILED</c>.</summary>
internal static class ListCommand
{
    public static Command Of(Connection connection)
    {
        var type = Several("--type", "Only workflows of these definitions.");
        var status = Several("--status", "Only workflows with these statuses, such as FAILED.");
        var state = Several("--state", "Only workflows in these states.");
        var key = new Option<string?>("--business-key", "-b") { Description = "Only with this business key." };
        var limit = new Option<int>("--limit", "-n")
        {
            Description = "The maximum number of workflows to list, newest first.",
            DefaultValueFactory = _ => 20,
        };
        var command = new Command("list", "Lists workflows.") { type, status, state, key, limit };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                var page = await connection
                    .Client(parsed)
                    .SearchWorkflowsAsync(
                        new SearchWorkflowsRequest
                        {
                            Filter = new SearchWorkflowsRequestFilter
                            {
                                WorkflowTypes = parsed.GetValue(type),
                                Statuses = parsed.GetValue(status),
                                States = parsed.GetValue(state),
                                BusinessKey = parsed.GetValue(key),
                            },
                            Limit = parsed.GetValue(limit),
                        },
                        cancellation
                    );
                connection.Printer(parsed).Print(page, WorkflowText.List);
                return 0;
            }
        );
        return command;
    }

    private static Option<string[]?> Several(string name, string description) =>
        new(name) { Description = description, AllowMultipleArgumentsPerToken = true };
}
