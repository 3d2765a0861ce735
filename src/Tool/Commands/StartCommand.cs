using System.CommandLine;
using GopherFlow.Client;
using GopherFlow.Tool.Output;

namespace GopherFlow.Tool.Commands;

/// <summary><c>gopherflow start Order --business-key "customer 4" --var amount=250</c>.</summary>
internal static class StartCommand
{
    public static Command Of(Connection connection)
    {
        var type = new Argument<string>("type") { Description = "The name of a definition." };
        var businessKey = new Option<string>("--business-key", "-b")
        {
            Description = "What the workflow is about. Default: the external id.",
        };
        var externalId = new Option<string>("--external-id", "-e")
        {
            Description =
                "Your id for the workflow. If one with this id already exists, it is returned. Default: a new id.",
            DefaultValueFactory = _ => Guid.NewGuid().ToString("N"),
        };
        var group = new Option<string>("--group")
        {
            Description = "The executor group that runs it.",
            DefaultValueFactory = _ => "default",
        };
        var wait = new Option<int>("--wait", "-w")
        {
            Description = "The maximum number of seconds to wait until it has ended or waits for a person.",
        };
        var variables = new GivenVariables();
        var command = new Command("start", "Starts a workflow.") { type, businessKey, externalId, group, wait };
        variables.AddTo(command);
        command.SetAction(RunAsync);
        return command;

        async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
        {
            var client = connection.Client(parsed);
            var printer = connection.Printer(parsed);
            var id = parsed.GetValue(externalId)!;
            var request = new CreateWorkflowRequest
            {
                ExternalId = id,
                ExecutorGroup = parsed.GetValue(group)!,
                WorkflowType = parsed.GetValue(type)!,
                BusinessKey = parsed.GetValue(businessKey) ?? id,
                StateVars = variables.Read(parsed),
            };
            try
            {
                var created = await client.CreateWorkflowAsync(request, cancellation: cancellation);
                foreach (var warning in created.Warnings)
                {
                    await Console.Error.WriteLineAsync(warning);
                }

                if (parsed.GetValue(wait) is > 0 and var seconds)
                {
                    printer.Print(await WaitAsync(client, request, seconds, cancellation), WorkflowText.Standing);
                }
                else
                {
                    printer.Print(created, made => made.Existed ? $"{made.Id} already existed" : $"{made.Id}");
                }

                return 0;
            }
            catch (OperationCanceledException late) when (late.InnerException is TimeoutException)
            {
                throw new CommandException(
                    $"The server did not respond. The workflow may have been created: check with 'gopherflow show {id}'."
                );
            }
        }
    }

    /// <summary>Waits for the workflow, which already exists and is found by its external id.</summary>
    private static Task<Workflow> WaitAsync(
        GopherFlowClient client,
        CreateWorkflowRequest request,
        int seconds,
        CancellationToken cancellation
    ) =>
        client.CreateAndWaitAsync(
            new CreateAndWaitRequest
            {
                CreateWorkflowRequest = new CreateAndWaitRequestCreateWorkflowRequest
                {
                    ExternalId = request.ExternalId!,
                    ExecutorGroup = request.ExecutorGroup,
                    WorkflowType = request.WorkflowType,
                    BusinessKey = request.BusinessKey,
                    StateVars = request.StateVars,
                },
                WaitSeconds = seconds,
            },
            cancellation
        );
}
