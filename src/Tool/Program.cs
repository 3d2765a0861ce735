using System.CommandLine;
using GopherFlow.Client;
using GopherFlow.Tool;
using GopherFlow.Tool.Commands;

var connection = new Connection();
var root = new RootCommand("GopherFlow from the command line.")
{
    DevCommand.Of(),
    StartCommand.Of(connection),
    ListCommand.Of(connection),
    ShowCommand.Of(connection),
    SignalCommand.Of(connection),
    RetryCommand.Of(connection),
    CancelCommand.Of(connection),
    DeployCommand.Of(connection),
    TryCommand.Of(connection),
    ExportCommand.Of(connection),
    ReplayCommand.Of(connection),
    TakeoverCommand.Of(connection),
    CompletionsCommand.Of(),
};
connection.AddTo(root);
var parsed = root.Parse(args);

// 1 is an answer of that command.
var failure = parsed.CommandResult.Command.Name == "replay" ? 2 : 1;
try
{
    var code = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    return parsed.Errors.Count > 0 ? failure : code;
}
catch (Exception fault)
    when (fault is CommandException or GopherFlowException or IOException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync(fault.Message);
    return failure;
}
catch (HttpRequestException fault)
{
    await Console.Error.WriteLineAsync(
        $"The server cannot be reached: {fault.Message} 'gopherflow dev' starts one; --server names another."
    );
    return 1;
}
catch (OperationCanceledException)
{
    return 130;
}
